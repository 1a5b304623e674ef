//! The settings document as it came: members are read one by one, each into a type. What is not of that type, or not
//! there, says nothing.

use hosted_ui::Place;
use serde_json::Value;

use super::color::Color;

/// The two halves of a member's path that says `MODE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Light,
    Dark,
}

impl Mode {
    /// A path with `MODE` filled in.
    pub(crate) fn of(self, path: &str) -> String {
        path.replace(
            "MODE",
            match self {
                Self::Light => "lightMode",
                Self::Dark => "darkMode",
            },
        )
    }
}

/// A settings document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document<'a>(pub(crate) &'a Value);

impl<'a> Document<'a> {
    /// The value at a path of member names joined by dots.
    fn at(self, path: &str) -> Option<&'a Value> {
        path.split('.').try_fold(self.0, |value, name| value.get(name))
    }

    pub(crate) fn color(self, mode: Mode, path: &str) -> Option<Color> {
        Color::read(self.at(&mode.of(path))?.as_str()?)
    }

    pub(crate) fn flag(self, path: &str) -> Option<bool> {
        self.at(path)?.as_bool()
    }

    pub(crate) fn word(self, path: &str) -> Option<&'a str> {
        self.at(path)?.as_str()
    }

    /// Pixels, whole ones, at most `most`: a radius of 9999 is meant as "round".
    pub(crate) fn pixels(self, path: &str, most: u16) -> Option<u16> {
        let pixels = self.at(path)?.as_f64().filter(|pixels| pixels.is_finite() && *pixels >= 0.0)?;
        Some(pixels.min(f64::from(most)).round() as u16)
    }

    /// The texts of a list.
    pub(crate) fn words(self, path: &str) -> Vec<&'a str> {
        self.at(path)
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |list| list.iter().take(64).filter_map(Value::as_str).collect())
    }

    /// Whether there is a list.
    pub(crate) fn names(self, path: &str) -> bool {
        self.at(path).is_some_and(Value::is_array)
    }

    /// A member of each entry of a list of lists, in order.
    pub(crate) fn inner_words(self, path: &str, member: &str) -> Vec<&'a str> {
        let lists = self.at(path).and_then(Value::as_array).into_iter().flatten();
        let entries = lists.filter_map(Value::as_array).flatten();
        entries.take(64).filter_map(|entry| entry.get(member)?.as_str()).collect()
    }

    pub(crate) fn place(self, path: &str) -> Option<Place> {
        match self.word(path)? {
            "START" => Some(Place::Start),
            "CENTER" => Some(Place::Center),
            "END" => Some(Place::End),
            _ => None,
        }
    }
}
