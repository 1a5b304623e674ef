//! What another version has written into a document and this one does not know: it is read around, and kept when the
//! document is written again.

use domain::{UnknownWord, may_be_unknown};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use crate::Result;

/// Reads a document. Members that this version does not know are passed over; a member or item whose word it does not
/// know is taken as absent, and so is what cannot be without it.
///
/// # Errors
/// [`crate::StoreError::Unreadable`], also where [`may_be_unknown`] forbids to take a member as absent.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    match serde_json::from_str(text) {
        Err(error) if names_unknown_word(&error) => read_around(serde_json::from_str(text)?),
        read => Ok(read?),
    }
}

fn names_unknown_word(error: &serde_json::Error) -> bool {
    error.is_data() && error.to_string().starts_with(&UnknownWord.to_string())
}

/// The way to a value in a document, from the outside in.
type Path = Vec<Step>;

#[derive(Clone, PartialEq)]
enum Step {
    Member(String),
    Item(usize),
}

/// Takes out what cannot be read, one thing at a time, until the rest can.
fn read_around<T: DeserializeOwned>(mut document: Value) -> Result<T> {
    // Where something was taken out; what cannot be without it goes too.
    let mut lacking: Vec<Path> = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize(&document) {
            Ok(read) => return Ok(read),
            Err(error) => error,
        };
        let path = path_of(&error);
        let goes = path.filter(|path| names_unknown_word(error.inner()) || lacking.contains(path));
        let Some((path, parent)) = goes.and_then(|path| take_out(&mut document, &path).map(|parent| (path, parent)))
        else {
            return Err(error.into_inner().into());
        };
        // Another item stands in the place of one that was taken out, and lacks nothing.
        lacking.retain(|lacking| !lacking.starts_with(&path));
        lacking.push(parent);
    }
}

fn path_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Option<Path> {
    let steps = error.path().iter().map(|segment| match segment {
        Segment::Map { key } => Some(Step::Member(key.clone())),
        Segment::Enum { variant } => Some(Step::Member(variant.clone())),
        Segment::Seq { index } => Some(Step::Item(*index)),
        Segment::Unknown => None,
    });
    steps.collect()
}

/// Takes a value out of a document; answers the way to what it was in. None where it must not be taken out.
fn take_out(document: &mut Value, path: &[Step]) -> Option<Path> {
    let (last, parents) = path.split_last()?;
    let mut parent = document;
    for step in parents {
        parent = match step {
            Step::Member(name) => parent.get_mut(name)?,
            Step::Item(index) => parent.get_mut(index)?,
        };
    }
    match last {
        Step::Member(name) if may_be_unknown(name) => parent.as_object_mut()?.remove(name).map(drop)?,
        Step::Member(_) => return None,
        Step::Item(index) => {
            let items = parent.as_array_mut()?;
            // A list of which nothing is left says as little as none.
            let keeps_meaning = items.len() > 1
                || parents.last().is_none_or(|list| !matches!(list, Step::Member(name) if !may_be_unknown(name)));
            if !keeps_meaning || *index >= items.len() {
                return None;
            }
            items.remove(*index);
        }
    }
    Some(parents.to_vec())
}

/// A document as an update finds it.
pub(crate) struct Original {
    text: String,
    /// All of it that this version knows, as this version writes it.
    known: String,
}

impl Original {
    /// The document, and what is needed to write it again.
    ///
    /// # Errors
    /// As [`read`].
    pub(crate) fn read<T: Serialize + DeserializeOwned>(text: &str) -> Result<(T, Self)> {
        let value: T = read(text)?;
        let known = serde_json::to_string(&value)?;
        Ok((value, Self { text: text.to_owned(), known }))
    }

    /// The changed document as it is to be stored: with everything of the original that this version does not know.
    ///
    /// # Errors
    /// [`crate::StoreError::Unreadable`].
    pub(crate) fn rewrite<T: Serialize>(&self, changed: &T) -> Result<String> {
        let changed = serde_json::to_string(changed)?;
        // Nearly always: a version like this one has written it.
        if self.known == self.text {
            return Ok(changed);
        }
        let (original, known) = (serde_json::from_str(&self.text)?, serde_json::from_str(&self.known)?);
        Ok(merge(original, &known, serde_json::from_str(&changed)?).to_string())
    }
}

/// What a change made of a value, put over the original. What the change did not touch stays as it was written.
fn merge(original: Value, known: &Value, changed: Value) -> Value {
    if *known == changed {
        return original;
    }
    match (original, known, changed) {
        (Value::Object(original), Value::Object(known), Value::Object(changed)) => {
            Value::Object(merge_members(original, known, changed))
        }
        (Value::Array(original), Value::Array(known), Value::Array(changed)) => {
            Value::Array(merge_items(original, known, changed))
        }
        (_, _, changed) => changed,
    }
}

fn merge_members(
    original: Map<String, Value>,
    known: &Map<String, Value>,
    mut changed: Map<String, Value>,
) -> Map<String, Value> {
    for (name, value) in original {
        let merged = match (known.get(&name), changed.remove(&name)) {
            (Some(known), Some(changed)) => merge(value, known, changed),
            (None, Some(changed)) => changed,
            (None, None) => value,
            // The change has removed it.
            (Some(_), None) => continue,
        };
        changed.insert(name, merged);
    }
    changed
}

/// Items that stay keep what this version does not know of them; those that it cannot read at all stay as long as the
/// change only adds. A list from which it takes something is what the change says: nobody who shortens a list means to
/// keep what was not shown.
fn merge_items(original: Vec<Value>, known: &[Value], changed: Vec<Value>) -> Vec<Value> {
    let whole = original.len() == known.len();
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    let mut rest = known.iter();
    let mut next = rest.next();
    for item in original {
        match next {
            Some(known) if whole || is_part(known, &item) => {
                read.push((known, item));
                next = rest.next();
            }
            _ => unread.push(item),
        }
    }
    if next.is_some() {
        // Which item is which cannot be told.
        return changed;
    }
    let only_adds = known.iter().all(|item| changed.contains(item));
    let mut merged: Vec<Value> = changed
        .into_iter()
        .map(|item| match read.iter().position(|(known, _)| **known == item) {
            Some(at) => read.remove(at).1,
            None => item,
        })
        .collect();
    if only_adds {
        merged.append(&mut unread);
    }
    merged
}

/// Whether the known part of an item can be of this original.
fn is_part(known: &Value, original: &Value) -> bool {
    match (known, original) {
        (Value::Object(known), Value::Object(original)) => known.iter().all(|(name, known)| match original.get(name) {
            Some(original) => is_part(known, original),
            None => known.is_null(),
        }),
        (known, original) => known == original,
    }
}
