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
    match &shape.kind {
        Kind::Structure(members) => members
            .iter()
            .filter(|member| member.required || fill == Fill::All)
            .map(|member| (member.name.to_owned(), value(member.shape, fill)))
            .collect::<Map<_, _>>()
            .into(),
        Kind::List(member, length) => (0..count(*length)).map(|_| value(member, fill)).collect(),
        Kind::Map(key, of, length) => {
            // One key is enough for every shape there is; a test says so.
            (0..count(*length).min(1)).map(|_| (text(key), value(of, fill))).collect::<Map<_, _>>().into()
        }
        Kind::Text(..) | Kind::Word(_) => text(shape).into(),
        Kind::Integer(range) | Kind::Long(range) => range.min.or(range.max.map(|max| max.min(1))).unwrap_or(1).into(),
        Kind::Boolean => true.into(),
        Kind::Timestamp => json!(1_470_957_431.965),
        Kind::Blob(_) => "c2FtcGxl".into(),
        Kind::Document => json!({"sample": [1, "two", null]}),
    }
}

/// One entry, or the fewest there may be.
fn count(length: Bounds) -> i64 {
    length.min.unwrap_or(1).max(1)
}

fn text(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Word(words) => words.first().copied().unwrap_or_default().to_owned(),
        Kind::Text(length, pattern) => {
            let fits = |text: &String| {
                let size = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                length.min.is_none_or(|min| size >= min)
                    && length.max.is_none_or(|max| size <= max)
                    && pattern.is_none_or(|pattern| pattern.matches(text))
            };
            let plain = TEXTS.iter().map(|text| (*text).to_owned());
            let padded = TEXTS.iter().map(|text| pad(text, length.min));
            let cut = TEXTS.iter().map(|text| cut(text, length.max));
            plain.chain(padded).chain(cut).find(fits).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn pad(text: &str, min: Option<i64>) -> String {
    let missing = usize::try_from(min.unwrap_or(0)).unwrap_or(0).saturating_sub(text.len());
    format!("{text}{}", "0".repeat(missing))
}

fn cut(text: &str, max: Option<i64>) -> String {
    text.chars().take(max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX)).collect()
}
