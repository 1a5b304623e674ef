//! Closed sets of words on the wire, declared once.

/// A text that is none of the words the service publishes for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord;

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a word of this set")
    }
}

impl std::error::Error for UnknownWord {}

/// Declares an enum whose variants are wire words: `ALL`, `as_str`, `FromStr`, `Display` and serde as the word.
macro_rules! wire_words {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(clippy::enum_variant_names, reason = "the words are the service's own")]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $variant,)+
        }

        impl $name {
            /// Every word of the set, in the service's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err($crate::words::UnknownWord) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::words::deserialize_word(deserializer)
            }
        }
    };
}
pub(crate) use wire_words;

/// Reads a text and parses it; shared so that every set of words does not carry its own visitor.
pub(crate) fn deserialize_word<'de, D, W>(deserializer: D) -> Result<W, D::Error>
where
    D: serde::Deserializer<'de>,
    W: std::str::FromStr<Err = UnknownWord>,
{
    struct Text<W>(std::marker::PhantomData<W>);
    impl<W: std::str::FromStr<Err = UnknownWord>> serde::de::Visitor<'_> for Text<W> {
        type Value = W;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("one of the service's words")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<W, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(std::marker::PhantomData))
}
