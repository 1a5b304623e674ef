//! Three sample brands: invented companies, each with a settings document as Cognito exports one and pictures of its
//! own. Tests wear them, and so does the gallery.

use hosted_ui::Scheme;
use serde_json::Value;

use super::{Theme, managed_theme};
use crate::BrandAsset;

/// A sample brand.
#[derive(Clone, Copy, Debug)]
pub struct SampleBrand {
    /// Its folder in `samples`, and in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its settings document, JSON.
    pub settings: &'static str,
    /// Its pictures.
    pub files: &'static [SampleFile],
}

/// A picture of a sample brand.
#[derive(Clone, Copy, Debug)]
pub struct SampleFile {
    /// Its file name: category, mode and extension joined by dots.
    pub name: &'static str,
    /// The provider it belongs to.
    pub resource_id: Option<&'static str>,
    /// The file.
    pub bytes: &'static [u8],
}

/// A file of a brand's folder.
macro_rules! file {
    ($slug:literal, $name:literal) => {
        file!($slug, $name, None)
    };
    ($slug:literal, $name:literal, $resource_id:expr) => {
        SampleFile {
            name: $name,
            resource_id: $resource_id,
            bytes: include_bytes!(concat!("../../samples/", $slug, "/", $name)),
        }
    };
}

/// The sample brands.
pub const SAMPLES: &[SampleBrand] = &[
    SampleBrand {
        slug: "bank",
        name: "Brae & Holm",
        settings: include_str!("../../samples/bank/settings.json"),
        files: &[
            file!("bank", "FAVICON_SVG.DYNAMIC.svg"),
            file!("bank", "PAGE_BACKGROUND.DARK.svg"),
            file!("bank", "PAGE_BACKGROUND.LIGHT.svg"),
            file!("bank", "PAGE_HEADER_LOGO.DYNAMIC.svg"),
        ],
    },
    SampleBrand {
        slug: "game",
        name: "Driftbeard",
        settings: include_str!("../../samples/game/settings.json"),
        files: &[
            file!("game", "FAVICON_SVG.DYNAMIC.svg"),
            file!("game", "FORM_LOGO.DARK.svg"),
            file!("game", "FORM_LOGO.LIGHT.svg"),
            file!("game", "PAGE_BACKGROUND.DARK.svg"),
            file!("game", "PAGE_BACKGROUND.LIGHT.svg"),
        ],
    },
    SampleBrand {
        slug: "clinic",
        name: "Lumen Eye Care",
        settings: include_str!("../../samples/clinic/settings.json"),
        files: &[
            file!("clinic", "FAVICON_SVG.DYNAMIC.svg"),
            file!("clinic", "FORM_LOGO.DARK.svg"),
            file!("clinic", "FORM_LOGO.LIGHT.svg"),
            file!("clinic", "IDP_BUTTON_ICON.DYNAMIC.svg", Some("Contoso Staff")),
            file!("clinic", "PAGE_BACKGROUND.DARK.svg"),
            file!("clinic", "PAGE_BACKGROUND.LIGHT.svg"),
        ],
    },
];

impl SampleBrand {
    /// The settings document; null would it not be JSON, which a test rules out.
    pub fn document(&self) -> Value {
        serde_json::from_str(self.settings).unwrap_or(Value::Null)
    }

    /// The pictures. Where stored ones have the hash of their bytes, these have the file's name, so that they can be
    /// served from a folder.
    pub fn assets(&self) -> Vec<BrandAsset> {
        let asset = |file: &SampleFile| {
            let (hash, extension) = file.name.rsplit_once('.')?;
            let (category, mode) = hash.split_once('.')?;
            Some(BrandAsset {
                category: category.parse().ok()?,
                color_mode: mode.parse().ok()?,
                extension: extension.to_ascii_uppercase().parse().ok()?,
                resource_id: file.resource_id.map(str::to_owned),
                hash: hash.to_owned(),
                size: file.size(),
            })
        };
        self.files.iter().filter_map(asset).collect()
    }

    /// What pages wear of it, its pictures below a folder. `scheme` other than [`Scheme::System`] shows that mode
    /// whatever browsers ask for.
    pub fn theme(&self, folder: &str, scheme: Scheme) -> Theme {
        let mut settings = self.document();
        let word = match scheme {
            Scheme::System => None,
            Scheme::Light => Some("LIGHT"),
            Scheme::Dark => Some("DARK"),
        };
        if let (Some(word), Some(mode)) = (word, settings.pointer_mut("/categories/global/colorSchemeMode")) {
            *mode = word.into();
        }
        managed_theme(self.name, &settings, &self.assets(), folder)
    }
}

impl SampleFile {
    /// Width and height as the picture's root element says them.
    fn size(&self) -> Option<(u32, u32)> {
        let text = std::str::from_utf8(self.bytes).ok()?;
        let root = text.split('>').next()?;
        let number = |name: &str| root.split_once(name)?.1.split('"').next()?.parse().ok();
        Some((number(" width=\"")?, number(" height=\"")?))
    }
}
