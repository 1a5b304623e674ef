//! Words: everything the pages say, one file per language.
//!
//! A language is a value of [`Words`]; a key that a language leaves out does not compile. Texts may carry named
//! placeholders, `{brand}` or `{medium}`, which [`fill`] puts values into; a test compares every language's
//! placeholders with English's.

/// Makes a language of its keys and their texts. English also declares the keys: [`Words`], and the ways to walk it.
macro_rules! words {
    (declare $($(#[doc = $doc:literal])* $key:ident: $text:literal,)*) => {
        /// Every text of the pages in one language.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Words {
            $($(#[doc = $doc])* pub $key: Cow<'static, str>,)*
        }

        impl Words {
            /// Each key with its text, in the order of declaration.
            pub fn entries(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($key), self.$key.as_ref()),)*]
            }

            /// The same keys with every text passed through `change`: how a pseudo-language, or a
            /// brand's own wording, is made from a base.
            pub fn map(&self, mut change: impl FnMut(&'static str, &str) -> String) -> Self {
                Self { $($key: Cow::Owned(change(stringify!($key), &self.$key)),)* }
            }
        }

        words! { $($key: $text,)* }
    };
    ($($(#[doc = $doc:literal])* $key:ident: $text:literal,)*) => {
        pub(super) const WORDS: Words = Words { $($key: Cow::Borrowed($text),)* };
    };
}

mod en;
mod pseudo;

use std::sync::LazyLock;

pub use en::Words;

/// Which way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// A language the pages can speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag, as `lang` takes it.
    pub tag: &'static str,
    /// The language's name in itself, for the menu.
    pub own_name: &'static str,
    /// Which way it is written.
    pub direction: Direction,
    /// What it says.
    pub words: Words,
    /// Left out of menus and of content negotiation: reached by its tag alone.
    pub hidden: bool,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    vec![
        Language { tag: "en", own_name: "English", direction: Direction::Ltr, words: en::WORDS, hidden: false },
        Language {
            tag: "ar-XB",
            own_name: "\u{200f}\u{202e}Pseudo-bidi\u{202c}\u{200f}",
            direction: Direction::Rtl,
            words: pseudo::derive_bidi(&en::WORDS),
            hidden: true,
        },
    ]
});

impl Language {
    /// Every language there is, English first.
    pub fn all() -> &'static [Language] {
        &LANGUAGES
    }

    /// The languages for a menu: all but the hidden ones.
    pub fn offered() -> impl Iterator<Item = &'static Language> {
        LANGUAGES.iter().filter(|language| !language.hidden)
    }

    /// English: what is spoken when nothing else is asked for.
    pub fn english() -> &'static Language {
        // The list is a constant of this file and never empty.
        LANGUAGES.first().unwrap_or_else(|| unreachable!())
    }

    /// The language of a tag (RFC 4647 lookup: `en-GB` finds `en`), hidden ones by their full tag only.
    pub fn find(tag: &str) -> Option<&'static Language> {
        let mut wanted = tag.trim();
        if let Some(exact) = LANGUAGES.iter().find(|one| one.tag.eq_ignore_ascii_case(wanted)) {
            return Some(exact);
        }
        while let Some((shorter, _)) = wanted.rsplit_once('-') {
            wanted = shorter;
            let found = LANGUAGES.iter().find(|one| !one.hidden && one.tag.eq_ignore_ascii_case(wanted));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The language to speak: the first of `asked` (the `lang` parameter, then the cookie) that there is,
    /// else the best of an `Accept-Language` header (RFC 9110 §12.5.4), else English.
    pub fn choose(asked: &[&str], accept_language: &str) -> &'static Language {
        if let Some(found) = asked.iter().find_map(|tag| Self::find(tag)) {
            return found;
        }
        let mut best: Option<(f32, &'static Language)> = None;
        for part in accept_language.split(',').take(32) {
            let (tag, weight) = match part.split_once(';') {
                Some((tag, rest)) => {
                    let weight = rest.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
                    (tag, weight.unwrap_or(0.0))
                }
                None => (part, 1.0),
            };
            let better = weight > best.map_or(0.0, |(had, _)| had);
            if let (true, Some(found)) = (better, Self::find(tag)) {
                best = Some((weight, found));
            }
        }
        best.map_or_else(Self::english, |(_, found)| found)
    }
}

/// Puts values into a text's `{placeholders}`. A value is never searched again, so hostile input stays inert; a
/// placeholder without a value is left as it stands (a test finds those).
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after
            .split_once('}')
            .and_then(|(key, tail)| values.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value, tail)))
        {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
