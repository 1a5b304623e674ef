//! How a client's hosted pages look: managed login branding, UI customization for the classic pages, and what of
//! either the pages wear.
//!
//! Documents are kept in wire format; what is wrong with a picture or a style sheet is said when it is sent, and what
//! the pages may not show is left out where it is served, never where it is kept. A [`Theme`] is made of a [`Brand`]
//! by [`Brand::theme`]: pure, values in and values out.

mod assets;
mod classic;
mod classic_css;
mod css;
mod managed;
mod pictures;
mod settings;
mod svg;
mod svg_words;
pub mod theme;

pub use assets::{Picture, check_picture, extension_of, media_type};
pub use classic::{ClassicLogo, UiCustomization, check_classic_logo, check_classic_size};
pub use classic_css::{check_classic_css, shown_classic_css};
pub use managed::{
    BrandAsset, BrandingChange, ManagedLoginBranding, SentAsset, check_branding_count, check_branding_size,
    new_branding, updated_branding,
};
pub use settings::merged_settings;
pub use theme::{ContrastNote, Theme};

/// Below which path pictures are served, as `{hash}.{extension}`.
pub const PICTURES: &str = "/brand";

/// A brand, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Brand {
    /// A managed login branding.
    Managed(ManagedLoginBranding),
    /// A UI customization.
    Classic(UiCustomization),
}

impl Brand {
    /// What pages wear of it; `name` is the brand's, which the client gives.
    pub fn theme(&self, name: &str) -> Theme {
        match self {
            Self::Managed(branding) => {
                let none = protocol::Document::Null;
                let settings = branding.settings.as_ref().unwrap_or(&none);
                theme::managed_theme(name, settings, &branding.assets, PICTURES)
            }
            Self::Classic(customization) => {
                let css = shown_classic_css(customization.css.as_deref().unwrap_or_default());
                theme::classic_theme(name, &css, customization.logo.as_ref(), PICTURES)
            }
        }
    }
}
