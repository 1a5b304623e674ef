//! Hostile settings and assets: whatever a document holds, the style sheet holds properties of ours with typed values.

use hosted_ui::samples::{frame, samples};
use hosted_ui::{Language, Page, render};
use latchkey_branding::theme::managed_theme;
use latchkey_branding::{BrandAsset, PICTURES};
use serde_json::{Value, json};

use super::css::read;

const EVIL: &[&str] = &[
    "ffffffff;}body{display:none}:root{--x:1",
    "ffffff\"f",
    "ffffff)f",
    "url(//evil.example/)",
    "expression(alert(1))",
    "</style><script>alert(1)</script>",
    "\\66\\66",
    "fffffff\u{ff46}",
    "var(--ink)",
    "START;}*{color:red",
    "DARK\" onload=\"alert(1)",
];

/// The document with every leaf replaced.
fn poison(value: &Value, evil: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), poison(value, evil))).collect(),
        Value::Array(list) if !list.is_empty() => list.iter().map(|value| poison(value, evil)).collect(),
        _ => evil.clone(),
    }
}

pub(crate) fn tree() -> Value {
    serde_json::from_str(include_str!("tree.json")).unwrap()
}

/// One asset of each category and mode.
pub(crate) fn every_asset() -> Vec<BrandAsset> {
    let mut all = Vec::new();
    for (category, extension) in [
        ("FAVICON_ICO", "ICO"),
        ("FAVICON_SVG", "SVG"),
        ("EMAIL_GRAPHIC", "SVG"),
        ("SMS_GRAPHIC", "SVG"),
        ("AUTH_APP_GRAPHIC", "SVG"),
        ("PASSWORD_GRAPHIC", "SVG"),
        ("PASSKEY_GRAPHIC", "SVG"),
        ("PAGE_HEADER_LOGO", "SVG"),
        ("PAGE_HEADER_BACKGROUND", "PNG"),
        ("PAGE_FOOTER_LOGO", "SVG"),
        ("PAGE_FOOTER_BACKGROUND", "PNG"),
        ("PAGE_BACKGROUND", "JPEG"),
        ("FORM_BACKGROUND", "WEBP"),
        ("FORM_LOGO", "SVG"),
        ("IDP_BUTTON_ICON", "SVG"),
    ] {
        for mode in ["LIGHT", "DARK"] {
            all.push(BrandAsset {
                category: category.parse().unwrap(),
                color_mode: mode.parse().unwrap(),
                extension: extension.parse().unwrap(),
                resource_id: (category == "IDP_BUTTON_ICON").then(|| "Google".to_owned()),
                hash: format!("{category}.{mode}"),
                size: Some((320, 64)),
            });
        }
    }
    all
}

#[test]
fn no_value_of_a_document_reaches_the_style_sheet_as_text() {
    let assets = every_asset();
    let numbers = [json!(1e308), json!(-4), json!(0.000_001), json!(i64::MIN), json!(u64::MAX)];
    let others = [json!(null), json!(true), json!([]), json!({}), json!([["x"]])];
    let texts = EVIL.iter().map(|evil| json!(evil));
    for evil in texts.chain(numbers).chain(others) {
        for list in [&assets[..], &[]] {
            let settings = poison(&tree(), &evil);
            let brand = managed_theme("Acme", &settings, list, PICTURES);
            read(&brand.style).unwrap_or_else(|fault| panic!("{evil}: {fault}\n{}", brand.style));
        }
    }
}

#[test]
fn documents_of_other_shapes_say_nothing() {
    let long = Value::String("f".repeat(2_000_000));
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!({ "components": deep });
    }
    for settings in [json!(null), json!("x"), json!(7), json!([1, 2]), json!({ "components": [] }), long, deep] {
        let brand = managed_theme("Acme", &settings, &[], PICTURES);
        assert_eq!((brand.style.as_str(), brand.notes.len()), ("", 0));
    }
}

/// Addresses are made of a hash of ours, and are still held against their letters; a name comes from a customer.
#[test]
fn hostile_assets_are_not_worn() {
    let mut settings = tree();
    settings["components"]["form"]["logo"]["enabled"] = json!(true);
    for href in
        ["/x\");}body{display:none}", "javascript:alert(1)", "/x y", "/x'", "\"><script>alert(1)</script>", "/x\\"]
    {
        let assets: Vec<_> =
            every_asset().into_iter().map(|asset| BrandAsset { hash: href.to_owned(), ..asset }).collect();
        let brand = managed_theme(href, &settings, &assets, "");
        read(&brand.style).unwrap();
        assert!(!brand.style.contains("url("), "{}", brand.style);
        assert!(brand.look.logo.is_none() && brand.look.favicons.is_empty() && brand.look.providers.marks.is_empty());
        for sample in samples().iter().filter(|sample| matches!(sample.page, Page::SignIn(_))) {
            let html = render(&sample.page, &brand.look, Language::english(), &frame("/a"));
            assert!(!html.contains("<script>") && !html.contains("src=\"javascript"), "{html}");
        }
    }
}

#[test]
fn a_picture_of_no_size_or_a_giant_one_keeps_the_page_in_shape() {
    let settings = json!({ "components": { "form": { "logo": { "enabled": true } } } });
    for size in [None, Some((0, 0)), Some((u32::MAX, 1))] {
        let assets: Vec<_> = every_asset().into_iter().map(|asset| BrandAsset { size, ..asset }).collect();
        let brand = managed_theme("Acme", &settings, &assets, PICTURES);
        let (width, height) = brand.look.logo.unwrap().image.size;
        assert!(width > 0 && height > 0, "{size:?}");
    }
}
