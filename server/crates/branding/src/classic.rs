//! UI customization: a style sheet and a logo for the classic pages, of one client or of all.

use domain::{BrandingFault, ClientId, PoolId, Result};
use jiff::Timestamp;
use protocol::idp::AssetExtensionType;
use serde::{Deserialize, Serialize};

use crate::assets::extension_of;
use crate::pictures::{size_of_jpeg, size_of_png};

/// Bytes of a logo.
const LARGEST_LOGO: usize = 100 * 1024;
/// Bytes of one request, its logo in base64.
const LARGEST_REQUEST: usize = 135 * 1024;

/// A UI customization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiCustomization {
    /// Our own name for it, a UUID; never spoken.
    pub id: String,
    /// The pool.
    pub pool: PoolId,
    /// The client whose pages wear it; None for all that have none of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The style sheet, as spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub css: Option<String>,
    /// The logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<ClassicLogo>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
}

impl UiCustomization {
    /// What stands for all clients where a client's id is asked for.
    pub const ALL: &'static str = "ALL";

    /// The client's id, or `ALL`.
    pub fn scope(&self) -> &str {
        self.client.as_ref().map_or(Self::ALL, ClientId::as_str)
    }
}

/// The logo of the classic pages. Its bytes are kept apart, under the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassicLogo {
    /// What its bytes are kept under, and its address.
    pub hash: String,
    /// PNG or JPEG.
    pub extension: AssetExtensionType,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

impl ClassicLogo {
    /// The address of its bytes, where pictures are served below `base`.
    pub fn href(&self, base: &str) -> String {
        format!("{base}/{}.{}", self.hash, extension_of(self.extension))
    }
}

/// What kind of logo these bytes are, and its size.
///
/// # Errors
/// [`BrandingFault::LogoKind`], [`BrandingFault::LogoTooLarge`]
pub fn check_classic_logo(bytes: &[u8]) -> Result<(AssetExtensionType, (u32, u32))> {
    if bytes.len() > LARGEST_LOGO {
        return Err(BrandingFault::LogoTooLarge { most: LARGEST_LOGO }.into());
    }
    let png = size_of_png(bytes).map(|size| (AssetExtensionType::Png, size));
    png.or_else(|| size_of_jpeg(bytes).map(|size| (AssetExtensionType::Jpeg, size)))
        .ok_or_else(|| BrandingFault::LogoKind.into())
}

/// Holds a request against its limit.
///
/// # Errors
/// [`BrandingFault::CustomizationTooLarge`]
pub fn check_classic_size(css: &str, logo: &[u8]) -> Result<()> {
    match css.len() + logo.len().div_ceil(3) * 4 > LARGEST_REQUEST {
        true => Err(BrandingFault::CustomizationTooLarge.into()),
        false => Ok(()),
    }
}
