//! How a client's hosted pages look: managed login branding, and UI customization for the classic pages.
//!
//! Documents are kept as spoken; what is wrong with a picture or a style sheet is said when it is sent, and what
//! the pages may not show is left out where it is served, never where it is kept.

mod assets;
mod classic;
mod classic_css;
mod css;
mod fault;
mod managed;
mod pictures;
mod settings;
mod svg;
mod svg_words;

pub use assets::{Picture, check_picture, extension_of, media_type};
pub use classic::{ClassicLogo, UiCustomization, check_classic_logo, check_classic_size};
pub use classic_css::{check_classic_css, shown_classic_css};
pub use fault::{BrandingFault, CssFault, SvgFault};
pub use managed::{
    BrandAsset, BrandingChange, ManagedLoginBranding, SentAsset, check_branding_count, check_branding_size,
    new_branding, updated_branding,
};
pub use settings::merged_settings;
