#![allow(clippy::unwrap_used)]

use domain::{PoolMfa, Reason, Tier};
use serde_json::{from_value, json};

use super::*;

fn pool(tier: &str) -> Pool {
    Pool {
        id: PoolId::new("us-east-1_Branded"),
        created_at: Timestamp::UNIX_EPOCH,
        modified_at: Timestamp::UNIX_EPOCH,
        settings: from_value(json!({ "UserPoolTier": tier })).unwrap(),
        mfa: PoolMfa::default(),
    }
}

fn asset(category: AssetCategoryType, mode: ColorSchemeModeType, hash: Option<&str>) -> SentAsset {
    SentAsset {
        category,
        color_mode: mode,
        extension: AssetExtensionType::Png,
        resource_id: None,
        picture: hash.map(|hash| (hash.to_owned(), Some((1, 2)))),
    }
}

fn change(provided: Option<bool>, settings: Option<Document>, assets: Vec<SentAsset>) -> BrandingChange {
    BrandingChange { use_cognito_provided_values: provided, settings, assets }
}

fn make(change: BrandingChange) -> Result<ManagedLoginBranding> {
    new_branding(&pool("ESSENTIALS"), ClientId::new("c"), "id".to_owned(), change, Timestamp::UNIX_EPOCH)
}

fn update(old: &ManagedLoginBranding, change: BrandingChange) -> Result<ManagedLoginBranding> {
    updated_branding(&pool("PLUS"), old, change, Timestamp::UNIX_EPOCH)
}

use AssetCategoryType::{FaviconIco, FormLogo, IdpButtonIcon, PageBackground};
use ColorSchemeModeType::{Dark, Light};

#[test]
fn a_branding_has_either_kind_of_settings() {
    for (provided, settings) in [(None, None), (Some(false), None), (Some(true), Some(json!({})))] {
        assert_eq!(
            make(change(provided, settings, Vec::new())).unwrap_err().reason,
            BrandingFault::SettingsOrProvided.into()
        );
    }
    let logo = vec![asset(FormLogo, Light, Some("h"))];
    let provided = make(change(Some(true), None, logo)).unwrap();
    assert_eq!((provided.use_cognito_provided_values, provided.settings, provided.assets.len()), (true, None, 1));
    for use_provided in [None, Some(false)] {
        let own = make(change(use_provided, Some(json!({})), Vec::new())).unwrap();
        assert_eq!((own.use_cognito_provided_values, own.settings), (false, Some(json!({}))));
    }
    for settings in [json!("nope"), json!([1]), json!(null), json!(1)] {
        let error = make(change(None, Some(settings), Vec::new())).unwrap_err();
        assert_eq!(error.reason, BrandingFault::SettingsNotObject.into());
    }
}

#[test]
fn the_lite_plan_has_none() {
    let asked = change(Some(true), None, Vec::new());
    let lite = pool("LITE");
    let made = new_branding(&lite, ClientId::new("c"), "id".to_owned(), asked.clone(), Timestamp::UNIX_EPOCH);
    let unavailable = Reason::FeatureNotInTier { feature: Feature::ManagedLoginBranding, tier: Tier::Lite };
    assert_eq!(made.unwrap_err().reason, unavailable);
    let old = make(asked.clone()).unwrap();
    let updated = updated_branding(&lite, &old, asked, Timestamp::UNIX_EPOCH);
    assert_eq!(updated.unwrap_err().reason, unavailable);
}

#[test]
fn what_is_not_sent_stays() {
    let first = vec![asset(FormLogo, Light, Some("a")), asset(FormLogo, Dark, Some("b"))];
    let old = make(change(None, Some(json!({ "components": 1 })), first)).unwrap();
    assert_eq!(update(&old, BrandingChange::default()).unwrap(), old);
    assert_eq!(update(&old, change(Some(false), None, Vec::new())).unwrap(), old);
    let settings = update(&old, change(None, Some(json!({ "categories": 2 })), Vec::new())).unwrap();
    assert_eq!((settings.settings, settings.assets), (Some(json!({ "categories": 2 })), old.assets.clone()));
    // A picture takes the place of its category, mode and resource, and no other's.
    let sent = vec![asset(FormLogo, Dark, Some("c")), asset(PageBackground, Dark, Some("d"))];
    let assets = update(&old, change(None, None, sent)).unwrap().assets;
    assert_eq!(assets.iter().map(|asset| asset.hash.as_str()).collect::<Vec<_>>(), ["a", "c", "d"]);
    let named = SentAsset { resource_id: Some("one".to_owned()), ..asset(FormLogo, Dark, Some("e")) };
    assert_eq!(update(&old, change(None, None, vec![named])).unwrap().assets.len(), 3);
    // The service's own values again: the client's are gone, its pictures stay.
    let provided = update(&old, change(Some(true), None, Vec::new())).unwrap();
    assert_eq!((provided.settings.clone(), provided.assets.len()), (None, 2));
    assert!(update(&provided, change(Some(false), None, Vec::new())).is_err());
    assert!(update(&old, change(Some(true), Some(json!({})), Vec::new())).is_err());
}

#[test]
fn bytes_may_be_left_out_where_there_are_some_of_that_kind() {
    assert!(make(change(Some(true), None, vec![asset(FormLogo, Light, None)])).is_err());
    let old = make(change(Some(true), None, vec![asset(FormLogo, Light, Some("a"))])).unwrap();
    let kept = update(&old, change(None, None, vec![asset(FormLogo, Light, None)])).unwrap();
    assert_eq!(kept.assets, old.assets);
    let renamed = SentAsset { extension: AssetExtensionType::Jpeg, ..asset(FormLogo, Light, None) };
    assert!(update(&old, change(None, None, vec![renamed])).is_err());
    assert!(update(&old, change(None, None, vec![asset(FormLogo, Dark, None)])).is_err());
}

#[test]
fn each_place_takes_its_kinds() {
    use AssetExtensionType::{Ico, Jpeg, Png, Svg, Webp};
    let allowed = |category: AssetCategoryType| match category {
        FaviconIco => vec![Ico],
        AssetCategoryType::FaviconSvg => vec![Svg],
        IdpButtonIcon => vec![Ico, Svg],
        _ => vec![Png, Svg, Jpeg, Webp],
    };
    for category in AssetCategoryType::ALL {
        for extension in AssetExtensionType::ALL {
            let sent = SentAsset { extension: *extension, ..asset(*category, Light, Some("h")) };
            let made = make(change(Some(true), None, vec![sent]));
            assert_eq!(made.is_ok(), allowed(*category).contains(extension), "{category} {extension}");
        }
    }
}

#[test]
fn numbers_are_bounded() {
    let named =
        |number: usize| SentAsset { resource_id: Some(number.to_string()), ..asset(FormLogo, Light, Some("h")) };
    let full = make(change(Some(true), None, (0..40).map(named).collect())).unwrap();
    assert!(make(change(Some(true), None, (0..41).map(named).collect())).is_err());
    assert!(update(&full, change(None, None, vec![named(40)])).is_err());
    assert!(update(&full, change(None, None, vec![named(39)])).is_ok());
    assert_eq!(check_branding_count(19), Ok(()));
    assert_eq!(check_branding_count(20), Err(BrandingFault::TooMany { most: 20 }.into()));
    assert_eq!(check_branding_size(None, 1_500_000), Ok(()));
    assert!(check_branding_size(None, 1_500_001).is_err());
    assert!(check_branding_size(Some(&json!({ "a": "b" })), 1_500_000).is_err());
}
