//! Values made from shapes, for tests: whatever comes out is what `validate` and `check_output` take.

use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::shape::{Bounds, Kind, Shape};

/// How much of a structure a sample fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Required members only.
    Required,
    /// Every member.
    All,
}

/// Texts that between them satisfy every pattern of the services.
const TEXTS: &[&str] = &[
    "Sample1",
    "123456",
    "us-east-1_Sample123",
    "us-east-1_00000000-0000-4000-8000-000000000000",
    "us-east-1:00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000-8000-000000000000",
    "arn:aws:iam::123456789012:role/Sample",
    "arn:aws:s3:::sample-bucket",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret/sample",
    "alice@example.com",
    "Your code is {####}",
    "{##Verify##}",
    "https://example.com/terms",
    "import-Sample1",
    "cognito:default",
    "Level1",
    "tkn0123456789abcdefghijklmno",
    "terms-of-use",
    "authenticated",
    "sample-domain",
    "0f1e2d",
    "us-east-1",
];

/// A sample input of an operation.
pub fn input(operation: &Operation, fill: Fill) -> Value {
    value(operation.input, fill)
}

/// A sample answer of an operation; `Value::Null` where the body is empty.
pub fn output(operation: &Operation, fill: Fill) -> Value {
    operation.output.map_or(Value::Null, |shape| value(shape, fill))
}

/// A sample of a shape.
pub fn value(shape: &Shape, fill: Fill) -> Value {
    walk(shape, fill, &mut Place::default(), &mut |_, shape| text(shape))
}

/// A sample of a shape with every member, in which the free texts are what `choose` makes of their places.
pub fn with_texts(shape: &Shape, mut choose: impl FnMut(&Place, &Shape) -> String) -> Value {
    walk(shape, Fill::All, &mut Place::default(), &mut choose)
}

/// A text that the shape takes: of these the first that it does, else one of the samples.
pub fn text_of(shape: &Shape, wanted: &[&str]) -> String {
    wanted.iter().find(|text| fits(shape, text)).map_or_else(|| text(shape), |text| (*text).to_owned())
}

/// Where a text stands in a value.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The shapes it stands in, from the outside in, and the members (`Structure.Member`) between them.
    pub path: Vec<String>,
    /// Whether the description calls any of these shapes sensitive.
    pub sensitive: bool,
}

impl Place {
    /// The innermost member, and the shapes from there on.
    pub fn innermost(&self) -> &[String] {
        let from = self.path.iter().rposition(|part| part.contains('.')).unwrap_or(0);
        self.path.get(from..).unwrap_or_default()
    }

    /// Whether the description calls it sensitive, or a name within [`Place::innermost`] sounds like a secret.
    pub fn may_be_secret(&self) -> bool {
        self.sensitive || self.innermost().iter().any(|name| sounds_secret(name))
    }
}

/// In names of members and shapes: what they hold may be a secret.
const SECRET_WORDS: &[&str] = &[
    "answer",
    "assertion",
    "auth",
    "challenge",
    "code",
    "credential",
    "key",
    "otp",
    "parameter",
    "password",
    "pin",
    "private",
    "proof",
    "response",
    "salt",
    "secret",
    "seed",
    "session",
    "signature",
    "token",
    "verifier",
];

/// Whether a member's or a shape's name, in camel case, has such a word.
fn sounds_secret(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    let mut words = vec![String::new()];
    let mut was_upper = true;
    for c in name.chars() {
        if c.is_uppercase() && !was_upper {
            words.push(String::new());
        }
        was_upper = c.is_uppercase();
        words.iter_mut().last().into_iter().for_each(|word| word.extend(c.to_lowercase()));
    }
    words.iter().any(|word| SECRET_WORDS.contains(&word.trim_end_matches('s')))
}

fn walk(shape: &Shape, fill: Fill, place: &mut Place, choose: &mut impl FnMut(&Place, &Shape) -> String) -> Value {
    let outside = place.sensitive;
    place.sensitive |= shape.sensitive;
    place.path.push(shape.name.to_owned());
    let made = match &shape.kind {
        Kind::Structure(members) => {
            let mut object = Map::new();
            for member in members.iter().filter(|member| member.required || fill == Fill::All) {
                place.path.push(format!("{}.{}", shape.name, member.name));
                object.insert(member.name.to_owned(), walk(member.shape, fill, place, choose));
                place.path.pop();
            }
            object.into()
        }
        Kind::List(member, length) => (0..count(*length)).map(|_| walk(member, fill, place, choose)).collect(),
        Kind::Map(key, of, length) => {
            // One key is enough for every shape there is; a test says so.
            let entry = |_| (text(key), walk(of, fill, place, choose));
            (0..count(*length).min(1)).map(entry).collect::<Map<_, _>>().into()
        }
        Kind::Text(..) => choose(place, shape).into(),
        Kind::Word(_) => text(shape).into(),
        Kind::Integer(range) | Kind::Long(range) => range.min.or(range.max.map(|max| max.min(1))).unwrap_or(1).into(),
        Kind::Boolean => true.into(),
        Kind::Timestamp => json!(1_470_957_431.965),
        Kind::Blob(_) => "c2FtcGxl".into(),
        Kind::Document => json!({"sample": [1, "two", null]}),
    };
    place.path.pop();
    place.sensitive = outside;
    made
}

/// One entry, or the fewest there may be.
fn count(length: Bounds) -> i64 {
    length.min.unwrap_or(1).max(1)
}

fn text(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Word(words) => words.first().copied().unwrap_or_default().to_owned(),
        Kind::Text(length, _) => {
            let fits = |text: &String| fits(shape, text);
            let plain = TEXTS.iter().map(|text| (*text).to_owned());
            let padded = TEXTS.iter().map(|text| pad(text, length.min));
            let cut = TEXTS.iter().map(|text| cut(text, length.max));
            plain.chain(padded).chain(cut).find(fits).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// Whether a free text keeps the shape's bounds.
fn fits(shape: &Shape, text: &str) -> bool {
    let Kind::Text(length, pattern) = &shape.kind else {
        return false;
    };
    let size = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    length.min.is_none_or(|min| size >= min)
        && length.max.is_none_or(|max| size <= max)
        && pattern.is_none_or(|pattern| pattern.matches(text))
}

fn pad(text: &str, min: Option<i64>) -> String {
    let missing = usize::try_from(min.unwrap_or(0)).unwrap_or(0).saturating_sub(text.len());
    format!("{text}{}", "0".repeat(missing))
}

fn cut(text: &str, max: Option<i64>) -> String {
    text.chars().take(max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX)).collect()
}
