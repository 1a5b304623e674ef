//! Sentences about managed login branding and UI customization.

use domain::{BrandingFault, CssFault, SvgFault};
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn branding(fault: BrandingFault) -> Wire {
    use BrandingFault as F;
    match fault {
        F::NotFound => (E::ResourceNotFound, "ManagedLoginBranding does not exist.".into()),
        F::NotFoundForClient { client } => {
            (E::ResourceNotFound, format!("ManagedLoginBranding for client {client} does not exist.").into())
        }
        F::Exists { client } => {
            (E::ManagedLoginBrandingExists, format!("A ManagedLoginBranding already exists for client {client}").into())
        }
        F::TooMany { most } => {
            (E::LimitExceeded, format!("A user pool can have at most {most} managed login branding styles.").into())
        }
        F::SettingsOrProvided => {
            (E::InvalidParameter, "useCognitoProvidedValues or settings should be specified (but not both)".into())
        }
        F::SettingsNotObject => (E::InvalidParameter, "Settings must be a JSON object.".into()),
        F::SettingsUnknown { path } => {
            (E::InvalidParameter, format!("Settings have an unknown property: {path}.").into())
        }
        F::RequestTooLarge { most } => (
            E::InvalidParameter,
            format!("The request is larger than {} MB; send it in parts.", most / 1_000_000).into(),
        ),
        F::TooManyAssets { most } => {
            (E::InvalidParameter, format!("A branding style can have at most {most} assets.").into())
        }
        F::AssetWithoutBytes { category } => {
            (E::InvalidParameter, format!("Bytes are required for the asset {category}.").into())
        }
        F::AssetKind { category, extension, allowed } => {
            let allowed: Vec<&str> = allowed.iter().map(|extension| extension.as_str()).collect();
            (
                E::InvalidParameter,
                format!(
                    "An asset of category {category} can not be of type {extension}. Allowed types: {}.",
                    allowed.join(", ")
                )
                .into(),
            )
        }
        F::NotPicture { extension } => {
            (E::InvalidParameter, format!("The asset is not a valid image of type {extension}.").into())
        }
        F::Svg(fault) => {
            (E::InvalidParameter, format!("The asset is not a valid image of type SVG: {}.", svg(fault)).into())
        }
        F::LogoTooLarge { most } => {
            (E::InvalidParameter, format!("The logo must not be larger than {} KB.", most / 1024).into())
        }
        F::LogoKind => (E::InvalidParameter, "The logo must be a PNG, JPG or JPEG image.".into()),
        F::CustomizationTooLarge => (E::InvalidParameter, "request parameters too large".into()),
        F::Css(fault) => (E::InvalidParameter, format!("The CSS is not valid: {}.", css(fault)).into()),
        F::CssSelector { selector } => {
            (E::InvalidParameter, format!("The CSS class {selector} is not in the list of allowed classes.").into())
        }
        F::CssForbidden { word } => (E::InvalidParameter, format!("The CSS must not contain {word}.").into()),
        F::DomainMissing => (E::InvalidParameter, "A domain must be associated with this user pool.".into()),
    }
}

fn css(fault: CssFault) -> String {
    match fault {
        CssFault::Escape => "escapes are not allowed".to_owned(),
        CssFault::Open => "a comment or string has no end".to_owned(),
        CssFault::Brace => "braces do not match".to_owned(),
        CssFault::Nested => "rules must not be nested".to_owned(),
        CssFault::Malformed => "it can not be read".to_owned(),
        CssFault::Character(c) => format!("{c:?} is not allowed"),
    }
}

fn svg(fault: SvgFault) -> &'static str {
    match fault {
        SvgFault::NotUtf8 => "it is not UTF-8",
        SvgFault::Entities => "it declares entities",
        SvgFault::NotXml => "it is not well-formed XML",
        SvgFault::Root => "its root is not an svg element",
        SvgFault::TooDeep => "its elements are nested too deeply",
    }
}
