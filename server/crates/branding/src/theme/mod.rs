//! What pages wear of a brand: from the settings document and the pictures of a managed login branding, or the style
//! sheet and the logo of a UI customization, to the [`Look`] of the pages and the text of one small style sheet.
//!
//! Pure: documents in, values out. Every value is parsed into a type before it reaches the style sheet (a colour, a
//! number of pixels, a word of a list), so that nothing of the customer's is ever CSS of ours. What a document does
//! not say keeps the pages' own look; members that nobody knows say nothing.
//!
//! docs/branding.md tells which members act; [`members`] is where it learns that.

mod classic;
mod color;
mod document;
mod note;
mod palette;
mod pictures;
mod samples;
mod shape;
mod sheet;

use hosted_ui::{Bar, Ground, Look, Offer, Place, Scheme};
use protocol::idp::AssetCategoryType as Category;
use serde_json::Value;

use crate::BrandAsset;
use document::{Document, Mode};
use pictures::Pictures;
use sheet::Sheet;

pub use classic::classic_theme;
pub use note::ContrastNote;
pub use samples::{SAMPLES, SampleBrand, SampleFile};

/// A brand as the pages wear it.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// The look. Its [`Look::brand_style`] is to be set by whoever serves [`Theme::style`].
    pub look: Look,
    /// The style sheet; empty where the brand says nothing of colours, corners or places.
    pub style: String,
    /// What is hard to read.
    pub notes: Vec<ContrastNote>,
}

/// The members of the settings document that act, `MODE` standing for `lightMode` and `darkMode`.
pub fn members() -> Vec<&'static str> {
    let colors = palette::PARTS.iter().filter_map(|part| part.member);
    let corners = shape::CORNERS.iter().map(|corner| corner.member);
    colors.chain(corners).chain(CHOICES.iter().copied()).collect()
}

/// The custom properties of colours and what each is without a brand, as `style.css` writes it.
pub fn palette() -> Vec<(&'static str, String)> {
    palette::PARTS.iter().map(|part| (part.property, part.own.to_string())).collect()
}

/// The members that set a colour or a corner, with the custom property each sets.
pub fn palette_members() -> Vec<(&'static str, &'static str)> {
    let shapes = shape::CORNERS.iter().map(|corner| (corner.member, corner.property));
    palette::PARTS.iter().filter_map(|part| Some((part.member?, part.property))).chain(shapes).collect()
}

const SCHEME: &str = "categories.global.colorSchemeMode";
const DENSITY: &str = "categories.global.spacingDensity";
const METHODS: &str = "categories.auth.authMethodOrder";
const PROVIDERS: &str = "categories.auth.federation.order";
const MARKS: &str = "componentClasses.idpButtons.icons.enabled";
const FORM_INLINE: &str = "categories.form.location.horizontal";
const FORM_BLOCK: &str = "categories.form.location.vertical";
const FORM_PICTURE: &str = "components.form.backgroundImage.enabled";
const FORM_LOGO: &str = "components.form.logo.enabled";
const FORM_LOGO_AT: &str = "components.form.logo.location";
const FORM_LOGO_IN: &str = "components.form.logo.formInclusion";
const PAGE_PICTURE: &str = "components.pageBackground.image.enabled";
const HEADER: BarMembers = BarMembers {
    enabled: "categories.global.pageHeader.enabled",
    picture: "components.pageHeader.backgroundImage.enabled",
    logo: "components.pageHeader.logo.enabled",
    logo_at: "components.pageHeader.logo.location",
};
const FOOTER: BarMembers = BarMembers {
    enabled: "categories.global.pageFooter.enabled",
    picture: "components.pageFooter.backgroundImage.enabled",
    logo: "components.pageFooter.logo.enabled",
    logo_at: "components.pageFooter.logo.location",
};
const FAVICONS: &str = "components.favicon.enabledTypes";

struct BarMembers {
    enabled: &'static str,
    picture: &'static str,
    logo: &'static str,
    logo_at: &'static str,
}

/// The members that act and are neither colours nor corners.
const CHOICES: &[&str] = &[
    SCHEME,
    DENSITY,
    METHODS,
    PROVIDERS,
    MARKS,
    FORM_INLINE,
    FORM_BLOCK,
    FORM_PICTURE,
    FORM_LOGO,
    FORM_LOGO_AT,
    FORM_LOGO_IN,
    PAGE_PICTURE,
    HEADER.enabled,
    HEADER.picture,
    HEADER.logo,
    HEADER.logo_at,
    FOOTER.enabled,
    FOOTER.picture,
    FOOTER.logo,
    FOOTER.logo_at,
    FAVICONS,
];

/// What pages wear of a managed login branding: `settings` is its document in wire format, and `assets` are its
/// pictures, served below `base`. Where the document leaves a choice open, Cognito's default stands if a picture hangs
/// on it (a page's background shows, a logo does not), otherwise the pages' own look.
pub fn managed_theme(name: &str, settings: &Value, assets: &[BrandAsset], base: &str) -> Theme {
    let document = Document(settings);
    let scheme = read_scheme(document);
    let pictures = Pictures { assets, base, scheme };
    let bar = |members: &BarMembers, category: Category| {
        document.flag(members.enabled).unwrap_or(false).then(|| Bar {
            logo: pictures.logo(category).filter(|_| document.flag(members.logo).unwrap_or(false)),
            at: document.place(members.logo_at).unwrap_or(Place::Start),
        })
    };
    let header = bar(&HEADER, Category::PageHeaderLogo);
    let footer = bar(&FOOTER, Category::PageFooterLogo);

    let mut sheet = Sheet::new(scheme);
    shape::write(document, &mut sheet);
    let shown = |member: &str, otherwise: bool| document.flag(member).unwrap_or(otherwise);
    for (is_shown, property, category) in [
        (shown(PAGE_PICTURE, true), "--page-image", Category::PageBackground),
        (shown(FORM_PICTURE, false), "--card-image", Category::FormBackground),
        (header.is_some() && shown(HEADER.picture, false), "--header-image", Category::PageHeaderBackground),
        (footer.is_some() && shown(FOOTER.picture, false), "--footer-image", Category::PageFooterBackground),
    ] {
        for mode in modes(scheme).iter().filter(|_| is_shown) {
            if let Some(asset) = pictures.find(category, *mode) {
                sheet.set_picture(*mode, property, &asset.href(base));
            }
        }
    }
    let ground = if sheet.has("--page-image") {
        Ground::Picture
    } else if sheet::gives(document, scheme, &["--page", "--card"]) {
        Ground::Color
    } else {
        Ground::Own
    };
    if ground != Ground::Own {
        sheet.set("--glow", "transparent");
    }
    let colors = sheet::write_colors(document, scheme, &mut sheet);
    let theme = if header.is_some() {
        "--header"
    } else if ground != Ground::Own {
        "--page"
    } else {
        "--card"
    };

    let logo = pictures.logo(Category::FormLogo).filter(|_| shown(FORM_LOGO, false));
    let look = Look {
        logo_at: logo.as_ref().map_or(Place::Start, |_| document.place(FORM_LOGO_AT).unwrap_or(Place::Center)),
        logo_inside: logo.is_some() && document.word(FORM_LOGO_IN) != Some("OUT"),
        logo,
        header,
        footer,
        favicons: pictures.favicons(document),
        scheme,
        theme_color: Some((colors.opaque(Mode::Light, theme), colors.opaque(Mode::Dark, theme))),
        ground,
        providers: Offer {
            first: document.inner_words(METHODS, "type").first() == Some(&"FEDERATED"),
            order: document.words(PROVIDERS).into_iter().map(str::to_owned).collect(),
            bare: !shown(MARKS, true),
            marks: pictures.marks(),
        },
        ..Look::plain(name)
    };
    Theme { look, style: sheet.finish(), notes: colors.notes }
}

/// Which modes the pages have. A document that does not say and has colours for one mode alone means that one.
fn read_scheme(document: Document<'_>) -> Scheme {
    match document.word(SCHEME) {
        Some("LIGHT") => Scheme::Light,
        Some("DARK") => Scheme::Dark,
        Some("DYNAMIC") => Scheme::System,
        _ => {
            let speaks_of = |mode| {
                palette::PARTS.iter().filter_map(|part| part.member).any(|path| document.color(mode, path).is_some())
            };
            match (speaks_of(Mode::Light), speaks_of(Mode::Dark)) {
                (true, false) => Scheme::Light,
                (false, true) => Scheme::Dark,
                _ => Scheme::System,
            }
        }
    }
}

/// The modes in which pages of this scheme are seen.
fn modes(scheme: Scheme) -> &'static [Mode] {
    match scheme {
        Scheme::System => &[Mode::Light, Mode::Dark],
        Scheme::Light => &[Mode::Light],
        Scheme::Dark => &[Mode::Dark],
    }
}
