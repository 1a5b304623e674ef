//! The pictures of a brand: where which kind may stand, and whether the bytes are what they are said to be.

use domain::{BrandingFault, Result};
use protocol::idp::{AssetCategoryType, AssetExtensionType};

use crate::{pictures, svg};

/// A picture that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What is served, where that is not what was sent: a drawing (SVG) without what no picture needs.
    pub served: Option<Vec<u8>>,
    /// Width and height in pixels, where it tells.
    pub size: Option<(u32, u32)>,
    /// What is left out of what is served, for the operator.
    pub left_out: Vec<String>,
}

/// Whether bytes are a picture of the said kind, and what of it may be served.
///
/// # Errors
/// [`BrandingFault::NotPicture`], [`BrandingFault::Svg`]
pub fn check_picture(extension: AssetExtensionType, bytes: &[u8]) -> Result<Picture> {
    use AssetExtensionType as E;
    let size = match extension {
        E::Svg => {
            let drawing = svg::filter(bytes).map_err(BrandingFault::Svg)?;
            return Ok(Picture {
                served: Some(drawing.text.into_bytes()),
                size: drawing.size,
                left_out: drawing.left_out,
            });
        }
        E::Png => pictures::size_of_png(bytes),
        E::Jpeg => pictures::size_of_jpeg(bytes),
        E::Webp => pictures::size_of_webp(bytes),
        E::Ico => pictures::size_of_ico(bytes),
    };
    match size {
        Some(size) => Ok(Picture { served: None, size: Some(size), left_out: Vec::new() }),
        None => Err(BrandingFault::NotPicture { extension }.into()),
    }
}

/// Which kinds of picture may stand where.
pub(crate) fn check_place(category: AssetCategoryType, extension: AssetExtensionType) -> Result<()> {
    use AssetCategoryType as C;
    use AssetExtensionType as E;
    let allowed: &'static [E] = match category {
        C::FaviconIco => &[E::Ico],
        C::FaviconSvg => &[E::Svg],
        C::IdpButtonIcon => &[E::Ico, E::Svg],
        _ => &[E::Png, E::Svg, E::Jpeg, E::Webp],
    };
    if allowed.contains(&extension) {
        return Ok(());
    }
    Err(BrandingFault::AssetKind { category, extension, allowed }.into())
}

/// How the address of a picture ends.
pub fn extension_of(extension: AssetExtensionType) -> &'static str {
    match extension {
        AssetExtensionType::Ico => "ico",
        AssetExtensionType::Jpeg => "jpg",
        AssetExtensionType::Png => "png",
        AssetExtensionType::Svg => "svg",
        AssetExtensionType::Webp => "webp",
    }
}

/// The media type that a picture is served as.
pub fn media_type(extension: AssetExtensionType) -> &'static str {
    match extension {
        AssetExtensionType::Ico => "image/x-icon",
        AssetExtensionType::Jpeg => "image/jpeg",
        AssetExtensionType::Png => "image/png",
        AssetExtensionType::Svg => "image/svg+xml",
        AssetExtensionType::Webp => "image/webp",
    }
}
