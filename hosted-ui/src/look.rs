//! The look of a brand, and the frame of one request: what surrounds every page.

/// A brand as the pages show it. Colours come as custom properties in a style sheet of the brand's own
/// ([`Look::brand_style`]), never as inline styles, so the content security policy stays strict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The brand's name: in headings, titles, and, where there is no logo, at the top of the page. Empty where the page is
    /// nobody's.
    pub name: String,
    /// The brand's picture at the form; without one its name stands there, with the initial in the accent colour.
    pub logo: Option<Logo>,
    /// Where in its line the logo stands.
    pub logo_at: Place,
    /// Whether the logo stands on the form's card, not above it.
    pub logo_inside: bool,
    /// A bar across the top of the page, which takes the brand's name where there is no logo.
    pub header: Option<Bar>,
    /// A bar across the foot of the page, which takes the language menu and the links.
    pub footer: Option<Bar>,
    /// The favicons; without one, [`Frame::favicon`].
    pub favicons: Vec<Favicon>,
    /// Address of a style sheet that sets the custom properties named at the top of `style.css`, loaded after ours.
    pub brand_style: Option<String>,
    /// Light, dark, or as the browser asks.
    pub scheme: Scheme,
    /// Browser chrome colour in light and dark mode, `#rrggbb`.
    pub theme_color: Option<(String, String)>,
    /// What the form lies on.
    pub ground: Ground,
    /// The brand's links at the foot of the page (help, terms, privacy).
    pub links: Vec<FooterLink>,
    /// How providers are offered on the sign-in page.
    pub providers: Offer,
}

/// Where in a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Where lines start: at the left, from right to left at the right.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// Where lines end.
    End,
}

impl Place {
    /// As CSS says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Center => "center",
            Self::End => "end",
        }
    }
}

/// What the form lies on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// The pages' own ground, which phones do not show.
    #[default]
    Own,
    /// A colour of the brand's, on phones too.
    Color,
    /// A picture of the brand's. Nobody knows what it has where text would stand, so text stands beside it.
    Picture,
}

/// A bar across the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// The brand's picture in it.
    pub logo: Option<Logo>,
    /// Where in the bar it stands.
    pub at: Place,
}

/// A brand's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The picture.
    pub image: Image,
    /// The picture for dark mode, where it differs.
    pub dark: Option<Image>,
    /// Light or dark where the brand has a picture for that mode alone: in the other its name stands there.
    pub only: Scheme,
    /// Whether the picture spells the brand's name; if not, the name stands beside it.
    pub spells_name: bool,
}

/// A picture's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its address.
    pub src: String,
    /// Width and height in CSS pixels, so that nothing moves when it arrives. It is shown smaller where it must.
    pub size: (u32, u32),
}

/// A favicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Favicon {
    /// Address.
    pub href: String,
    /// Media type, such as `image/svg+xml`.
    pub kind: String,
    /// The mode it is for.
    pub scheme: Scheme,
}

/// How providers are offered on the sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Whether their buttons stand above the password form.
    pub first: bool,
    /// The names of those that come first, in this order; the others follow as they are given.
    pub order: Vec<String>,
    /// Whether the buttons bear no marks.
    pub bare: bool,
    /// Marks of the brand's: a provider's name, and the address of its picture.
    pub marks: Vec<(String, String)>,
}

#[cfg(feature = "ssr")]
impl Offer {
    /// Whether a name of the brand's means a provider: its own name, or Cognito's for a provider that people call
    /// otherwise.
    pub(crate) fn means(name: &str, provider: &str) -> bool {
        let known = match name {
            "SignInWithApple" => "Apple",
            "LoginWithAmazon" => "Amazon",
            name => name,
        };
        name == provider || known == provider
    }
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
            logo_at: Place::Start,
            logo_inside: false,
            header: None,
            footer: None,
            favicons: Vec::new(),
            brand_style: None,
            scheme: Scheme::System,
            theme_color: None,
            ground: Ground::Own,
            links: Vec::new(),
            providers: Offer::default(),
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
