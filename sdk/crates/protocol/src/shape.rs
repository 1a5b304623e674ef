//! Shapes: what a value on the wire may be, as static tables.

/// A named shape of the service's description.
#[derive(Debug)]
pub struct Shape {
    /// The description's name for it.
    pub name: &'static str,
    /// Whether error messages keep its value to themselves.
    pub sensitive: bool,
    /// What it is.
    pub kind: Kind,
}

impl Shape {
    pub(crate) const fn plain(name: &'static str, kind: Kind) -> Self {
        Self { name, sensitive: false, kind }
    }

    pub(crate) const fn sensitive(name: &'static str, kind: Kind) -> Self {
        Self { name, sensitive: true, kind }
    }
}

/// What a shape is.
#[derive(Debug)]
pub enum Kind {
    /// A JSON object with known members, in the description's order.
    Structure(&'static [Member]),
    /// A JSON array: the shape of every entry, how many there may be.
    List(&'static Shape, Bounds),
    /// A JSON object with free keys: the shape of every key, of every value, how many there may be.
    Map(&'static Shape, &'static Shape, Bounds),
    /// A free text: how many characters, what the whole of it matches.
    Text(Bounds, Option<&'static Pattern>),
    /// A text out of a closed set.
    Word(&'static [&'static str]),
    /// A whole number of 32 bits and its range.
    Integer(Bounds),
    /// A whole number of 64 bits and its range.
    Long(Bounds),
    /// `true` or `false`.
    Boolean,
    /// Seconds since the epoch, a number.
    Timestamp,
    /// Bytes as base64: how many bytes.
    Blob(Bounds),
    /// Any JSON value.
    Document,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Whether an empty text counts as absent.
    pub blank_is_absent: bool,
    /// What it is.
    pub shape: &'static Shape,
}

impl Member {
    pub(crate) const fn required(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: true, blank_is_absent: false, shape }
    }

    pub(crate) const fn optional(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: false, blank_is_absent: false, shape }
    }

    pub(crate) const fn optional_or_blank(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: false, blank_is_absent: true, shape }
    }
}

/// A smallest and a largest value, each included, each optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The smallest.
    pub min: Option<i64>,
    /// The largest.
    pub max: Option<i64>,
}

impl Bounds {
    /// No bound at all.
    pub const NONE: Self = Self { min: None, max: None };

    pub(crate) const fn at_least(min: i64) -> Self {
        Self { min: Some(min), max: None }
    }

    pub(crate) const fn at_most(max: i64) -> Self {
        Self { min: None, max: Some(max) }
    }

    pub(crate) const fn between(min: i64, max: i64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }
}

/// A regular expression that must match the whole of a text.
pub struct Pattern {
    /// As the service writes it (Java's syntax), for messages.
    pub text: &'static str,
    /// The same for the `regex` crate, anchored at both ends.
    #[cfg_attr(not(feature = "validate"), allow(dead_code, reason = "the browser build does not match"))]
    translated: &'static str,
    #[cfg(feature = "validate")]
    compiled: std::sync::OnceLock<Option<regex::Regex>>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pattern").field(&self.text).finish()
    }
}

impl Pattern {
    pub(crate) const fn new(text: &'static str, translated: &'static str) -> Self {
        Self {
            text,
            translated,
            #[cfg(feature = "validate")]
            compiled: std::sync::OnceLock::new(),
        }
    }

    /// The compiled form; made at first use.
    #[cfg(feature = "validate")]
    pub(crate) fn regex(&self) -> Option<&regex::Regex> {
        self.compiled.get_or_init(|| regex::Regex::new(self.translated).ok()).as_ref()
    }

    /// Whether the whole of `text` matches.
    #[cfg(feature = "validate")]
    pub fn matches(&self, text: &str) -> bool {
        // A test compiles every pattern, so `None` does not happen; refusing is the safe side.
        self.regex().is_some_and(|regex| regex.is_match(text))
    }
}
