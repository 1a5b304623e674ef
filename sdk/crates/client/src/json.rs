//! The engine's own JSON: a strict reader (RFC 8259) and a writer, a few kilobytes of wasm.
//!
//! Numbers keep their spelling: the engine only ever wants integers out of them and hands everything else through
//! unchanged, so there is no floating-point parser to ship.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::text;

/// How deep lists and maps may nest before the reader refuses.
pub const MAX_DEPTH: usize = 64;

/// A JSON value as read.
#[derive(Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, spelled as it was sent.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object in the order sent; where a name repeats, the last one counts.
    Map(Vec<(String, Json)>),
}

/// The text was not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson;

impl Json {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// [`NotJson`] for anything RFC 8259 does not allow, lone surrogates, trailing text, or nesting past [`MAX_DEPTH`].
    pub fn parse(text: &str) -> Result<Json, NotJson> {
        let mut reader = Reader { bytes: text.as_bytes(), text, at: 0 };
        reader.space();
        let value = reader.value(0)?;
        reader.space();
        if reader.at == reader.bytes.len() { Ok(value) } else { Err(NotJson) }
    }

    /// The member `name` of a map.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Map(members) => members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of member `name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A copy of the text of member `name`.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// Takes the text of member `name` out, to be wiped when dropped.
    pub fn take_text(&mut self, name: &str) -> Option<Zeroizing<String>> {
        match self {
            Json::Map(members) => {
                members.iter_mut().rev().find(|(key, _)| key == name).and_then(|(_, value)| match value {
                    Json::Text(text) => Some(Zeroizing::new(core::mem::take(text))),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// The whole number in member `name`; a fraction is cut off, an exponent is not understood.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Json::Number(spelled)) => text::number(text::before(spelled, b'.')),
            _ => None,
        }
    }

    /// The flag in member `name`; absent or of another type counts as false.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Json::Bool(true)))
    }

    /// The items of the list in member `name`; empty when there is none.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Json] {
        match self.get(name) {
            Some(Json::List(items)) => items,
            _ => &[],
        }
    }

    /// The members of a map; empty for every other value.
    #[must_use]
    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Map(members) => members,
            _ => &[],
        }
    }

    /// The strings of a list; other items are left out.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let items: &[Json] = match self {
            Json::List(items) => items,
            _ => &[],
        };
        items.iter().filter_map(|item| match item {
            Json::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Writes the value at the end of `out`.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Number(spelled) => out.push_str(spelled),
            Json::Text(text) => write_text(out, text),
            Json::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Map(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_text(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Writes a JSON object member by member. Wiped when dropped: it may hold a password.
#[derive(Clone)]
pub struct Object(Box<Zeroizing<String>>);

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl Object {
    /// An empty object.
    #[must_use]
    pub fn new() -> Self {
        // Room for most requests: a string that never grows leaves no copies of a password behind.
        let mut out = String::with_capacity(2048);
        out.push('{');
        // One pointer wide: every `.text(…)` passes it on.
        Object(Box::new(Zeroizing::new(out)))
    }

    fn name(&mut self, name: &str) -> &mut String {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write_text(&mut self.0, name);
        self.0.push(':');
        &mut self.0
    }

    /// Adds a string member.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        write_text(self.name(name), value);
        self
    }

    /// Adds a string member if there is a value.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// Adds a flag.
    #[must_use]
    pub fn flag(mut self, name: &str, value: bool) -> Self {
        self.name(name).push_str(if value { "true" } else { "false" });
        self
    }

    /// Adds a whole number.
    #[must_use]
    pub fn integer(mut self, name: &str, value: i64) -> Self {
        self.name(name).push_str(&text::digits(value));
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn json(mut self, name: &str, value: &Json) -> Self {
        value.write(self.name(name));
        self
    }

    /// Adds an object.
    #[must_use]
    pub fn object(mut self, name: &str, value: Object) -> Self {
        let inner = value.finish();
        self.name(name).push_str(&inner);
        self
    }

    /// Adds a list of strings.
    #[must_use]
    pub fn texts<'a>(mut self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let out = self.name(name);
        out.push('[');
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            write_text(out, value);
        }
        out.push(']');
        self
    }

    /// Adds a list of `{"Name":…,"Value":…}`, Cognito's shape for attributes.
    #[must_use]
    pub fn attributes(mut self, name: &str, values: &[(String, String)]) -> Self {
        let out = self.name(name);
        out.push('[');
        for (index, (key, value)) in values.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str("{\"Name\":");
            write_text(out, key);
            out.push_str(",\"Value\":");
            write_text(out, value);
            out.push('}');
        }
        out.push(']');
        self
    }

    /// The object as text, wiped when dropped.
    #[must_use]
    pub fn finish(mut self) -> Zeroizing<String> {
        self.0.push('}');
        *self.0
    }
}

/// Writes `text` as a JSON string at the end of `out`.
pub fn write_text(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\u{0}'..='\u{1f}' => {
                out.push_str("\\u00");
                for nibble in [character as usize >> 4, character as usize & 15] {
                    out.push(HEX.get(nibble).copied().unwrap_or('0'));
                }
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.at += 1;
        }
        found
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, NotJson> {
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(NotJson)
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, NotJson> {
        if depth > MAX_DEPTH {
            return Err(NotJson);
        }
        match self.peek().ok_or(NotJson)? {
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.list(depth),
            b'{' => self.map(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, NotJson> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Json::List(items));
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Json::List(items));
            }
            if !self.take(b',') {
                return Err(NotJson);
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Json, NotJson> {
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        if self.take(b'}') {
            return Ok(Json::Map(members));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(NotJson);
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(NotJson);
            }
            self.space();
            members.push((name, self.value(depth + 1)?));
            self.space();
            if self.take(b'}') {
                return Ok(Json::Map(members));
            }
            if !self.take(b',') {
                return Err(NotJson);
            }
        }
    }

    fn digits(&mut self) -> Result<(), NotJson> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > from { Ok(()) } else { Err(NotJson) }
    }

    fn number(&mut self) -> Result<Json, NotJson> {
        let from = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        self.text.get(from..self.at).map(|spelled| Json::Number(spelled.to_owned())).ok_or(NotJson)
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.at += 1;
        // The unescaped text is never longer than what is left up to the closing quote, so this never grows.
        let mut end = self.at;
        while !matches!(self.bytes.get(end), None | Some(b'"')) {
            end += if self.bytes.get(end) == Some(&b'\\') { 2 } else { 1 };
        }
        let mut out = String::with_capacity(end.saturating_sub(self.at));
        loop {
            let from = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out.push_str(self.text.get(from..self.at).ok_or(NotJson)?);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escaped()?);
                }
                _ => return Err(NotJson),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, NotJson> {
        let byte = self.peek().ok_or(NotJson)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                let code = if (0xd800..0xdc00).contains(&first) {
                    if !(self.take(b'\\') && self.take(b'u')) {
                        return Err(NotJson);
                    }
                    let second = self.unit()?;
                    if !(0xdc00..0xe000).contains(&second) {
                        return Err(NotJson);
                    }
                    0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                } else {
                    first
                };
                char::from_u32(code).ok_or(NotJson)?
            }
            _ => return Err(NotJson),
        })
    }

    fn unit(&mut self) -> Result<u32, NotJson> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16)).ok_or(NotJson)?;
            self.at += 1;
            code = code << 4 | digit;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    /// serde_json's own reading of a float may be off in the last place.
    fn close(a: f64, b: f64) -> bool {
        a == b || (a - b).abs() <= a.abs() * 1e-14
    }

    fn same(ours: &Json, theirs: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (ours, theirs) {
            (Json::Null, Value::Null) => true,
            (Json::Bool(a), Value::Bool(b)) => a == b,
            (Json::Number(a), Value::Number(b)) => close(a.parse().unwrap(), b.as_f64().unwrap()),
            (Json::Text(a), Value::String(b)) => a == b,
            (Json::List(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Json::Map(a), Value::Object(b)) => {
                a.iter().all(|(name, _)| b.contains_key(name))
                    && b.iter().all(|(name, value)| same(ours.get(name).unwrap(), value))
            }
            _ => false,
        }
    }

    fn agree(text: &str) {
        match (Json::parse(text), serde_json::from_str::<serde_json::Value>(text)) {
            (Ok(ours), Ok(theirs)) => assert!(same(&ours, &theirs), "{text}"),
            (Err(NotJson), Err(_)) => {}
            // serde_json refuses numbers past f64; we only carry them.
            (Ok(_), Err(error)) if error.to_string().contains("out of range") => {}
            (ours, theirs) => panic!("{text}: ours {} theirs {theirs:?}", ours.is_ok()),
        }
    }

    fn any_value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(5, 48, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_writes(value in any_value(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            prop_assert!(same(&Json::parse(&text).unwrap(), &value));
        }

        #[test]
        fn writes_what_serde_json_reads(value in any_value()) {
            let ours = Json::parse(&value.to_string()).ok().unwrap();
            let mut text = String::new();
            ours.write(&mut text);
            prop_assert!(same(&ours, &serde_json::from_str::<serde_json::Value>(&text).unwrap()));
            prop_assert!(same(&ours, &value));
        }

        #[test]
        fn damaged_text_is_judged_as_serde_json_judges_it(value in any_value(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9eE+.\\\\u\\- ntf\u{1}]{0,3}", cut in 0usize..4) {
            let text: Vec<char> = value.to_string().chars().collect();
            let at = at.index(text.len() + 1);
            let damaged: String = text[..at].iter().copied().chain(with.chars()).chain(text[(at + cut).min(text.len())..].iter().copied()).collect();
            agree(&damaged);
        }

        #[test]
        fn any_text_is_judged_as_serde_json_judges_it(text in "[\\[\\]{}\",:0-9eE+.\\\\udD8cC/bnrtfalse \\-]{0,24}") {
            agree(&text);
        }
    }

    #[test]
    fn corner_cases() {
        for text in [
            "",
            " ",
            "01",
            "-",
            "-0",
            "1.",
            ".1",
            "1e",
            "1E+2",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\u{1f}\"",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\":1,\"a\":2}",
            "nul",
            "true false",
            "\"\\u00e9\\/\"",
            "\u{feff}1",
            "[",
            "{\"",
            "\"\\",
            "\"\\u12",
        ] {
            agree(text);
        }
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
        assert!(Json::parse("{\"a\":1,\"a\":2}").ok().unwrap().integer("a") == Some(2));
    }

    #[test]
    fn an_object_is_written_with_every_kind_of_member() {
        let text = Object::new()
            .text("t", "a\"\\\n\u{7f}é")
            .maybe("no", None)
            .flag("f", true)
            .integer("i", -7)
            .object("o", Object::new())
            .texts("l", ["x", "y"])
            .attributes("as", &[("name".into(), "Ann".into())])
            .finish();
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            back,
            serde_json::json!({"t":"a\"\\\n\u{7f}é","f":true,"i":-7,"o":{},"l":["x","y"],"as":[{"Name":"name","Value":"Ann"}]})
        );
    }
}
