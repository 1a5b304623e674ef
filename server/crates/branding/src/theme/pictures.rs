//! The pictures of a brand: which one is shown where, in which mode.

use hosted_ui::{Favicon, Image, Logo, Scheme};
use protocol::idp::{AssetCategoryType as Category, ColorSchemeModeType as ColorMode};

use super::document::{Document, Mode};
use super::{FAVICONS, modes};
use crate::BrandAsset;

/// What a logo is taken to measure where nobody knows.
const LOGO: (u32, u32) = (160, 40);
/// More is no picture of use, and nothing a page should reckon with.
const MOST: u32 = 32_767;

/// Width and height as a page may say them.
pub(super) fn measure(size: Option<(u32, u32)>) -> (u32, u32) {
    let (width, height) = size.filter(|(width, height)| *width > 0 && *height > 0).unwrap_or(LOGO);
    (width.min(MOST), height.min(MOST))
}

/// The pictures of a brand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pictures<'a> {
    pub(super) assets: &'a [BrandAsset],
    /// Below which address they are served.
    pub(super) base: &'a str,
    pub(super) scheme: Scheme,
}

impl<'a> Pictures<'a> {
    /// The pictures of a category whose addresses can stand in a page and in a style sheet.
    fn of(self, category: Category) -> impl Iterator<Item = &'a BrandAsset> {
        self.assets.iter().filter(move |asset| asset.category == category && is_plain(&asset.href(self.base)))
    }

    /// The picture for a mode: the mode's own before the one for both.
    pub(super) fn find(self, category: Category, mode: Mode) -> Option<&'a BrandAsset> {
        let own = match mode {
            Mode::Light => ColorMode::Light,
            Mode::Dark => ColorMode::Dark,
        };
        let of_mode = |mode: ColorMode| self.of(category).find(|asset| asset.color_mode == mode);
        of_mode(own).or_else(|| of_mode(ColorMode::Dynamic))
    }

    pub(super) fn logo(self, category: Category) -> Option<Logo> {
        let image = |asset: &BrandAsset| Image { src: asset.href(self.base), size: measure(asset.size) };
        let [light, dark] = [Mode::Light, Mode::Dark]
            .map(|mode| self.find(category, mode).filter(|_| modes(self.scheme).contains(&mode)).map(image));
        let (image, dark, only) = match (light, dark) {
            (Some(light), Some(dark)) if light == dark => (light, None, Scheme::System),
            (Some(light), Some(dark)) => (light, Some(dark), Scheme::System),
            (Some(light), None) => (light, None, Scheme::Light),
            (None, Some(dark)) => (dark, None, Scheme::Dark),
            (None, None) => return None,
        };
        let only = if self.scheme == Scheme::System { only } else { Scheme::System };
        Some(Logo { image, dark, only, spells_name: true })
    }

    pub(super) fn favicons(self, document: Document<'_>) -> Vec<Favicon> {
        let enabled = document.words(FAVICONS);
        let is_on = |kind: &str| !document.names(FAVICONS) || enabled.contains(&kind);
        // An SVG is sharper: browsers that can take the last one they understand.
        let mut all = Vec::new();
        for (kind, category, media) in
            [("ICO", Category::FaviconIco, "image/x-icon"), ("SVG", Category::FaviconSvg, "image/svg+xml")]
        {
            for asset in self.of(category).filter(|_| is_on(kind)) {
                let scheme = match asset.color_mode {
                    ColorMode::Light => Scheme::Light,
                    ColorMode::Dark => Scheme::Dark,
                    ColorMode::Dynamic => Scheme::System,
                };
                all.push(Favicon { href: asset.href(self.base), kind: media.to_owned(), scheme });
            }
        }
        all
    }

    /// The marks of providers. Buttons look the same in both modes, so one picture is taken: the one for both, else
    /// the first.
    pub(super) fn marks(self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let category = Category::IdpButtonIcon;
        for asset in self.of(category).filter(|one| one.color_mode == ColorMode::Dynamic).chain(self.of(category)) {
            let Some(provider) = &asset.resource_id else { continue };
            if !all.iter().any(|(known, _)| known == provider) {
                all.push((provider.clone(), asset.href(self.base)));
            }
        }
        all
    }
}

/// Whether an address is whole and made of the letters that our own addresses have: none that ends a string, a function
/// or a rule of CSS, and none that HTML would read otherwise. A relative one would mean another place in the style
/// sheet than in the page.
pub(super) fn is_plain(href: &str) -> bool {
    ["/", "https://", "http://"].iter().any(|start| href.starts_with(start))
        && href.len() <= 512
        && href.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-~:%?=&".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_used() {
        for href in ["/assets/brands/0a1b2c.svg", "http://localhost:9229/x/y-z_1.png?v=2"] {
            assert!(is_plain(href), "{href}");
        }
        for letter in [" ", ")", "(", "\"", "'", "\\", ";", "{", "<", "\n", "*", "é"] {
            let href = format!("/a{letter}b");
            assert!(!is_plain(&href), "{href}");
        }
        for href in ["", "logo.svg", "./logo.svg", "javascript:alert%281%29", "data:image/svg%2bxml,x"] {
            assert!(!is_plain(href), "{href}");
        }
    }
}
