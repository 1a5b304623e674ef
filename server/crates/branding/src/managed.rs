//! Managed login branding: one client's settings and pictures.

use domain::{BrandingFault, ClientId, Error, Feature, Pool, PoolId, Result};
use jiff::Timestamp;
use protocol::Document;
use protocol::idp::{AssetCategoryType, AssetExtensionType, ColorSchemeModeType};
use serde::{Deserialize, Serialize};

use crate::assets::{check_place, extension_of};
use crate::settings::unknown_member;

/// Brandings a pool can have.
const MOST: i64 = 20;
/// Pictures one branding can have.
const MOST_ASSETS: usize = 40;
/// Bytes of one request, its pictures in base64.
const LARGEST_REQUEST: usize = 2_000_000;

/// A managed login branding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManagedLoginBranding {
    /// A UUID of version 4.
    pub id: String,
    /// The pool.
    pub pool: PoolId,
    /// The client whose pages wear it.
    pub client: ClientId,
    /// Whether the settings are the service's own; then it has none of its own.
    pub use_cognito_provided_values: bool,
    /// The settings as spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Document>,
    /// Its pictures, in the order in which they came.
    pub assets: Vec<BrandAsset>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
}

/// A picture of a branding. Its bytes are kept apart, under the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandAsset {
    /// Where it is shown.
    pub category: AssetCategoryType,
    /// In which mode it is shown; DYNAMIC in both.
    pub color_mode: ColorSchemeModeType,
    /// What kind of picture it is.
    pub extension: AssetExtensionType,
    /// The resource it belongs to, such as the provider of a button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// What its bytes are kept under, and its address.
    pub hash: String,
    /// Width and height in pixels, where the picture tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
}

impl BrandAsset {
    /// The address of its bytes, where pictures are served below `base`.
    pub fn href(&self, base: &str) -> String {
        format!("{base}/{}.{}", self.hash, extension_of(self.extension))
    }

    /// Whether both stand in the same place: one replaces the other.
    fn is_for(&self, other: &SentAsset) -> bool {
        (self.category, self.color_mode, self.resource_id.as_deref())
            == (other.category, other.color_mode, other.resource_id.as_deref())
    }
}

/// A picture as a call sends it. Without new bytes it keeps those of the picture it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentAsset {
    /// As in [`BrandAsset`].
    pub category: AssetCategoryType,
    /// As in [`BrandAsset`].
    pub color_mode: ColorSchemeModeType,
    /// As in [`BrandAsset`].
    pub extension: AssetExtensionType,
    /// As in [`BrandAsset`].
    pub resource_id: Option<String>,
    /// The hash and size of new bytes, which passed [`crate::check_picture`].
    pub picture: Option<(String, Option<(u32, u32)>)>,
}

/// What a call says of a branding; what it leaves out stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrandingChange {
    /// `UseCognitoProvidedValues`
    pub use_cognito_provided_values: Option<bool>,
    /// `Settings`
    pub settings: Option<Document>,
    /// `Assets`
    pub assets: Vec<SentAsset>,
}

/// Makes a branding (CreateManagedLoginBranding). Pictures may come with the service's own values as well as with
/// settings of the client's: the service refuses only both kinds of settings at once.
///
/// # Errors
/// [`domain::Reason::FeatureNotInTier`]; [`BrandingFault`]
pub fn new_branding(
    pool: &Pool,
    client: ClientId,
    id: String,
    change: BrandingChange,
    now: Timestamp,
) -> Result<ManagedLoginBranding> {
    pool.tier().check(Feature::ManagedLoginBranding)?;
    let provided = change.use_cognito_provided_values == Some(true);
    if provided == change.settings.is_some() {
        return Err(one_of_two());
    }
    check_settings(change.settings.as_ref())?;
    Ok(ManagedLoginBranding {
        id,
        pool: pool.id.clone(),
        client,
        use_cognito_provided_values: provided,
        settings: change.settings,
        assets: placed(Vec::new(), change.assets)?,
        created_at: now,
        modified_at: now,
    })
}

/// Changes a branding (UpdateManagedLoginBranding). Settings that are sent take the place of the old ones as a
/// whole, a picture that of the one of its category, mode and resource; what is not sent stays.
///
/// # Errors
/// [`domain::Reason::FeatureNotInTier`]; [`BrandingFault`]
pub fn updated_branding(
    pool: &Pool,
    old: &ManagedLoginBranding,
    change: BrandingChange,
    now: Timestamp,
) -> Result<ManagedLoginBranding> {
    pool.tier().check(Feature::ManagedLoginBranding)?;
    check_settings(change.settings.as_ref())?;
    let (provided, settings) = match (change.use_cognito_provided_values, change.settings) {
        (Some(true), Some(_)) => return Err(one_of_two()),
        (Some(true), None) => (true, None),
        (_, Some(settings)) => (false, Some(settings)),
        (Some(false), None) if old.settings.is_none() => return Err(one_of_two()),
        (Some(false) | None, None) => (old.use_cognito_provided_values, old.settings.clone()),
    };
    Ok(ManagedLoginBranding {
        use_cognito_provided_values: provided,
        settings,
        assets: placed(old.assets.clone(), change.assets)?,
        modified_at: now,
        ..old.clone()
    })
}

/// Puts sent pictures in their places.
fn placed(mut assets: Vec<BrandAsset>, sent: Vec<SentAsset>) -> Result<Vec<BrandAsset>> {
    for sent in sent {
        check_place(sent.category, sent.extension)?;
        let old = assets.iter_mut().find(|asset| asset.is_for(&sent));
        let picture = match (&sent.picture, &old) {
            (Some(picture), _) => Some(picture.clone()),
            (None, Some(old)) if old.extension == sent.extension => Some((old.hash.clone(), old.size)),
            (None, _) => None,
        };
        let Some((hash, size)) = picture else {
            return Err(BrandingFault::AssetWithoutBytes { category: sent.category }.into());
        };
        let asset = BrandAsset {
            category: sent.category,
            color_mode: sent.color_mode,
            extension: sent.extension,
            resource_id: sent.resource_id,
            hash,
            size,
        };
        match old {
            Some(old) => *old = asset,
            None => assets.push(asset),
        }
    }
    if assets.len() > MOST_ASSETS {
        return Err(BrandingFault::TooManyAssets { most: MOST_ASSETS }.into());
    }
    Ok(assets)
}

/// Holds a request against its limit, of which base64 takes the largest part.
///
/// # Errors
/// [`BrandingFault::RequestTooLarge`]
pub fn check_branding_size(settings: Option<&Document>, asset_bytes: usize) -> Result<()> {
    let settings = settings.map_or(0, |settings| settings.to_string().len());
    if settings + asset_bytes.div_ceil(3) * 4 > LARGEST_REQUEST {
        return Err(BrandingFault::RequestTooLarge { most: LARGEST_REQUEST }.into());
    }
    Ok(())
}

/// Whether a pool that has so many brandings may have one more.
///
/// # Errors
/// [`BrandingFault::TooMany`]
pub fn check_branding_count(present: i64) -> Result<()> {
    if present < MOST {
        return Ok(());
    }
    Err(BrandingFault::TooMany { most: MOST }.into())
}

fn check_settings(settings: Option<&Document>) -> Result<()> {
    let Some(settings) = settings else { return Ok(()) };
    if !settings.is_object() {
        return Err(BrandingFault::SettingsNotObject.into());
    }
    match unknown_member(settings) {
        Some(path) => Err(BrandingFault::SettingsUnknown { path }.into()),
        None => Ok(()),
    }
}

fn one_of_two() -> Error {
    BrandingFault::SettingsOrProvided.into()
}

#[cfg(test)]
#[path = "managed_tests.rs"]
mod tests;
