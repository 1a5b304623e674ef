//! Named samples of every page: plain, with errors, with long words, with many fields. They stand beside the pages, in
//! `pages`; here is what they share. Tests render them all in every language, and so does the gallery.

use crate::look::{Favicon, FooterLink, Frame, LanguageLink, Look, Scheme};
use crate::page::{Destination, FormState, Medium, PasswordRules, Resend};
use crate::pages::{self, Page};
use crate::words::Language;

/// A page with a name for it: lower case, words joined by `-`, unique.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The name.
    pub name: &'static str,
    /// The page.
    pub page: Page,
}

/// The brand of the samples.
pub fn look() -> Look {
    Look {
        name: "Acme".to_owned(),
        links: vec![
            FooterLink { label: "Help".to_owned(), href: "https://acme.example/help".to_owned() },
            FooterLink { label: "Privacy".to_owned(), href: "https://acme.example/privacy".to_owned() },
        ],
        ..Look::plain("Acme")
    }
}

/// Another brand: a long name, a favicon, always dark.
pub fn long_look() -> Look {
    Look {
        favicons: vec![Favicon {
            href: "/favicon.svg".to_owned(),
            kind: "image/svg+xml".to_owned(),
            scheme: Scheme::System,
        }],
        scheme: Scheme::Dark,
        ..Look::plain("Stadtwerke Niederösterreich Donaudampfschifffahrtsgesellschaft")
    }
}

/// The frame of the samples, with assets under `folder` (such as `.` or `/assets/HASH`).
pub fn frame(folder: &str) -> Frame {
    let link =
        |language: &Language| LanguageLink { tag: language.tag.to_owned(), href: format!("?lang={}", language.tag) };
    Frame {
        request_id: "5f0c1d9e-6b1a-4a5e-9a53-0a3d2f7c4b18".to_owned(),
        style: format!("{folder}/style.css"),
        script: Some(format!("{folder}/island.js")),
        favicon: format!("{folder}/favicon.svg"),
        languages: Language::all().iter().map(link).collect(),
    }
}

/// Every sample there is.
pub fn samples() -> Vec<Sample> {
    samples_with(&str::to_owned)
}

/// Every sample there is, with each of its texts passed through `text`: how tests put hostile ones in all places.
pub fn samples_with(text: &dyn Fn(&str) -> String) -> Vec<Sample> {
    pages::samples(text)
}

/// What a sample's texts are passed through.
pub(crate) type Text<'a> = &'a dyn Fn(&str) -> String;

pub(crate) fn form_state(t: Text<'_>, action: &str) -> FormState {
    FormState { action: t(action), csrf: t("c3JmLXRva2Vu"), state: t("sealed.AAECAwQFBgcICQ") }
}

pub(crate) fn rules() -> PasswordRules {
    PasswordRules { length: 8, lower: true, upper: true, digit: true, symbol: true, history: 0 }
}

pub(crate) fn resend(t: Text<'_>, wait: u32) -> Option<Resend> {
    Some(Resend { action: t("/resendcode"), wait })
}

pub(crate) fn by_mail(t: Text<'_>) -> Option<Destination> {
    Some(Destination { medium: Medium::Email, shown: t("a***@e***") })
}
