//! The look of a brand, and the frame of one request: what surrounds every page.

/// A brand as the pages show it. Colours come as custom properties in a style sheet of the brand's own
/// ([`Look::brand_style`]), never as inline styles, so the content security policy stays strict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The brand's name: in headings, titles, and, where there is no logo, at the top of the page.
    pub name: String,
    /// The brand's picture; without one its initial is drawn in the accent colour.
    pub logo: Option<Logo>,
    /// Address of the favicon, with its media type.
    pub favicon: Option<Favicon>,
    /// Address of a style sheet that sets the custom properties named at the top of `style.css`
    /// (`--accent`, `--on-accent`, `--radius` …), loaded after ours.
    pub brand_style: Option<String>,
    /// Light, dark, or as the browser asks.
    pub scheme: Scheme,
    /// Browser chrome colour in light and dark mode, `#rrggbb`.
    pub theme_color: Option<(String, String)>,
    /// The brand's links at the foot of the page (help, terms, privacy).
    pub links: Vec<FooterLink>,
}

/// A brand's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Address of the picture.
    pub src: String,
    /// Address of the picture for dark mode, where it differs.
    pub dark_src: Option<String>,
    /// Width and height in CSS pixels, so that nothing moves when it arrives. At most 320 × 64 is shown.
    pub size: (u32, u32),
    /// Whether the picture spells the brand's name; if not, the name stands beside it.
    pub spells_name: bool,
}

/// A favicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Favicon {
    /// Address.
    pub href: String,
    /// Media type, such as `image/svg+xml`.
    pub kind: String,
}

/// A link of the brand's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// Which colour scheme a page takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// As the browser asks (`prefers-color-scheme`).
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Look {
    /// A brand of which only the name is known.
    pub fn plain(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            logo: None,
            favicon: None,
            brand_style: None,
            scheme: Scheme::System,
            theme_color: None,
            links: Vec::new(),
        }
    }

    /// The letter drawn where there is no logo: the first one of the name, upper case.
    pub fn initial(&self) -> String {
        let first = self.name.chars().find(|letter| letter.is_alphanumeric());
        first.map_or_else(|| "•".to_owned(), |letter| letter.to_uppercase().collect())
    }
}

/// What one request adds to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The request's id: shown on the error page, and in a `meta` of every page.
    pub request_id: String,
    /// Address of `style.css` (see [`crate::assets`]), fingerprinted by whoever serves it.
    pub style: String,
    /// Address of `island.js`, beside which `islands_glue.js`, `islands_glue_bg.wasm` and `worker.js` are
    /// served. `None` where no scripts are offered: the pages are complete without.
    pub script: Option<String>,
    /// Address of the favicon used when the brand has none.
    pub favicon: String,
    /// The language menu: each with the address of this page in that language. A menu of one is not shown.
    pub languages: Vec<LanguageLink>,
}

/// An entry of the language menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageLink {
    /// The language's tag, one of [`crate::Language::all`].
    pub tag: String,
    /// This page in that language, a GET with `lang=`.
    pub href: String,
}
