//! Each constraint broken alone, and what is said about it.

use latchkey_protocol::{Bounds, Invalid, Kind, Operation, Pattern, Shape, validate};
use serde_json::{Value, json};

use crate::place::{constraint_error, each_input_place, leaf, with};

/// Expects exactly these failures, given as (echo, path, rule).
fn expect(operation: &Operation, input: &Value, failures: &[(Option<String>, String, String)]) {
    let lines: Vec<String> = failures
        .iter()
        .map(|(echo, path, rule)| {
            let echo = echo.as_ref().map(|echo| format!(" '{echo}'")).unwrap_or_default();
            format!("Value{echo} at '{path}' failed to satisfy constraint: {rule}")
        })
        .collect();
    let count = lines.len();
    let plural = if count == 1 { "error" } else { "errors" };
    let expected = Invalid {
        error: constraint_error(operation),
        message: format!("{count} validation {plural} detected: {}", lines.join("; ")),
    };
    assert_eq!(validate(operation, input), Err(expected), "{}", operation.name);
}

fn length_rule(word: &str, bound: i64) -> String {
    format!("Member must have length {word} than or equal to {bound}")
}

/// What a text breaks, told from the tables without the walker.
fn broken_by(text: &str, bounds: &Bounds, pattern: Option<&Pattern>) -> Vec<String> {
    let size = text.chars().count() as i64;
    let mut rules = Vec::new();
    rules.extend(bounds.min.filter(|min| size < *min).map(|min| length_rule("greater", min)));
    if let Some(pattern) = pattern.filter(|pattern| !pattern.matches(text)) {
        rules.push(format!("Member must satisfy regular expression pattern: {}", pattern.text));
    }
    rules.extend(bounds.max.filter(|max| size > *max).map(|max| length_rule("less", max)));
    rules
}

fn whole_rules(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Word(words) => format!("Member must satisfy enum value set: [{}]", words.join(", ")),
        Kind::Text(bounds, pattern) => {
            let mut rules: Vec<String> = bounds.max.map(|max| length_rule("less", max)).into_iter().collect();
            rules.extend(bounds.min.map(|min| length_rule("greater", min)));
            rules.extend(pattern.map(|p| format!("Member must satisfy regular expression pattern: {}", p.text)));
            rules.join(", ")
        }
        other => panic!("{other:?}"),
    }
}

/// Texts that break something: too short, too long, out of pattern at a length that is right.
fn bad_texts(shape: &Shape) -> Vec<String> {
    let (bounds, pattern) = match &shape.kind {
        Kind::Text(bounds, pattern) => (bounds, pattern),
        Kind::Word(_) => return vec!["NOT_A_WORD".to_owned(), String::new()],
        _ => return Vec::new(),
    };
    let mut texts = Vec::new();
    let fill = |count: i64, letter: &str| letter.repeat(usize::try_from(count).unwrap());
    if let Some(min) = bounds.min.filter(|min| *min > 0) {
        texts.push(fill(min - 1, "a"));
    }
    if let Some(max) = bounds.max {
        texts.push(fill(max + 1, "a"));
        // One character of two UTF-16 units and four bytes is one.
        texts.push(fill(max + 1, "𝒳"));
    }
    if let Some(pattern) = pattern {
        let size = bounds.min.unwrap_or(1).max(1);
        let out: Vec<String> = ["\u{1}", " ", "é", "\n"]
            .iter()
            .map(|letter| fill(size, letter))
            .filter(|text| !pattern.matches(text))
            .collect();
        // The one pattern that everything matches.
        assert!(!out.is_empty() || pattern.text == "(?s).*", "nothing breaks {}", pattern.text);
        texts.extend(out);
    }
    texts
}

#[test]
fn a_broken_text_says_which_rule() {
    let (mut texts, mut words, mut twice) = (0, 0, 0);
    each_input_place(|operation, input, shape, _, place| {
        for text in bad_texts(shape) {
            let rules = match &shape.kind {
                Kind::Text(bounds, pattern) => broken_by(&text, bounds, *pattern),
                _ => vec![whole_rules(shape)],
            };
            if operation.name == "SignUp" && place.path == "password" && text.is_empty() {
                continue;
            }
            assert!(!rules.is_empty(), "{text:?} at {}", place.path);
            let shown: String = text.chars().take(1024).collect();
            let echo = (!place.hidden).then_some(shown);
            let failures: Vec<_> = rules.iter().map(|rule| (echo.clone(), place.path.clone(), rule.clone())).collect();
            expect(operation, &with(input, place, json!(text)), &failures);
            twice += usize::from(failures.len() == 2);
            if matches!(shape.kind, Kind::Word(_)) { words += 1 } else { texts += 1 }
        }
    });
    assert!(texts > 1500 && words > 150 && twice > 300, "{texts} texts, {words} words, {twice} twice");
}

#[test]
fn a_number_out_of_range_says_which_bound() {
    let mut seen = 0;
    each_input_place(|operation, input, shape, _, place| {
        let (Kind::Integer(bounds) | Kind::Long(bounds)) = &shape.kind else {
            return;
        };
        let low = bounds.min.map(|min| (min - 1, "greater", min));
        let high = bounds.max.map(|max| (max + 1, "less", max));
        for (number, word, bound) in low.into_iter().chain(high) {
            let rule = format!("Member must have value {word} than or equal to {bound}");
            expect(
                operation,
                &with(input, place, json!(number)),
                &[(Some(number.to_string()), place.path.clone(), rule)],
            );
            seen += 1;
        }
        for edge in bounds.min.into_iter().chain(bounds.max) {
            assert_eq!(validate(operation, &with(input, place, json!(edge))), Ok(()));
        }
    });
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_required_member_may_not_be_left_out_or_null() {
    let mut seen = 0;
    each_input_place(|operation, input, shape, _, place| {
        let Kind::Structure(members) = &shape.kind else {
            return;
        };
        for member in *members {
            let inner = place.member(member.name, member.shape);
            let mut without = input.clone();
            without.pointer_mut(&place.pointer()).unwrap().as_object_mut().unwrap().remove(member.name);
            let null = with(input, &inner, Value::Null);
            for changed in [without, null] {
                if member.required {
                    let expected = format!(
                        "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                        inner.path
                    );
                    let invalid = validate(operation, &changed).unwrap_err();
                    assert_eq!((invalid.error, invalid.message), (constraint_error(operation), expected));
                    seen += 1;
                } else {
                    assert_eq!(validate(operation, &changed), Ok(()), "{} {}", operation.name, inner.path);
                }
            }
        }
    });
    assert!(seen > 700, "{seen}");
}

#[test]
fn a_list_or_map_of_plain_values_fails_as_a_whole() {
    let (mut lists, mut maps, mut keys, mut sizes) = (0, 0, 0, 0);
    each_input_place(|operation, input, shape, value, place| match &shape.kind {
        Kind::List(member, bounds) => {
            if leaf(member) {
                for text in bad_texts(member) {
                    let echo = (!place.hidden && !member.sensitive).then(|| format!("[{}]", cut(&text)));
                    let rule = format!("Member must satisfy constraint: [{}]", whole_rules(member));
                    let entries = vec![json!(text); bounds.min.unwrap_or(1).max(1) as usize];
                    if entries.len() == 1 && text.chars().count() < 1000 {
                        expect(operation, &with(input, place, json!(entries)), &[(echo, place.path.clone(), rule)]);
                        lists += 1;
                    }
                }
            }
            for (count, word, bound) in [
                (bounds.min.filter(|min| *min > 0).map(|min| min - 1), "greater", bounds.min),
                (bounds.max.map(|max| max + 1), "less", bounds.max),
            ] {
                let (Some(count), Some(bound)) = (count, bound) else {
                    continue;
                };
                let entries = vec![value[0].clone(); usize::try_from(count).unwrap()];
                let invalid = validate(operation, &with(input, place, json!(entries))).unwrap_err();
                assert!(invalid.message.starts_with("1 validation error detected: Value"), "{}", invalid.message);
                let end = format!("at '{}' failed to satisfy constraint: {}", place.path, length_rule(word, bound));
                assert!(invalid.message.ends_with(&end), "{} is not {end}", invalid.message);
                sizes += 1;
            }
        }
        Kind::Map(key, of, bounds) => {
            let (name, entry) = value.as_object().unwrap().iter().next().unwrap();
            if leaf(of) {
                for text in bad_texts(of).into_iter().filter(|text| text.chars().count() < 1000) {
                    let shown = if of.sensitive { "***".to_owned() } else { text.clone() };
                    let echo = (!place.hidden && !of.sensitive).then(|| format!("{{{name}={shown}}}"));
                    let rule = format!("Map value must satisfy constraint: [{}]", whole_rules(of));
                    expect(operation, &with(input, place, json!({ name: text })), &[(echo, place.path.clone(), rule)]);
                    maps += 1;
                }
            }
            for text in bad_texts(key).into_iter().filter(|text| text.chars().count() < 900) {
                let changed = with(input, place, json!({ text.as_str(): entry }));
                let invalid = validate(operation, &changed).unwrap_err();
                let end = format!(
                    "at '{}' failed to satisfy constraint: Map keys must satisfy constraint: [{}]",
                    place.path,
                    whole_rules(key)
                );
                assert!(invalid.message.ends_with(&end), "{} is not {end}", invalid.message);
                keys += 1;
            }
            if let Some(min) = bounds.min.filter(|min| *min > 0) {
                let invalid = validate(operation, &with(input, place, json!({}))).unwrap_err();
                assert!(invalid.message.ends_with(&length_rule("greater", min)), "{}", invalid.message);
                sizes += 1;
            }
            if let Some(max) = bounds.max {
                let many: Value =
                    (0..=max).map(|n| (format!("{name}{n}"), entry.clone())).collect::<serde_json::Map<_, _>>().into();
                let invalid = validate(operation, &with(input, place, many)).unwrap_err();
                assert!(invalid.message.contains(&length_rule("less", max)), "{}", invalid.message);
                sizes += 1;
            }
        }
        _ => {}
    });
    assert!(lists > 40 && maps > 5 && keys > 10 && sizes > 25, "{lists} {maps} {keys} {sizes}");
}

fn cut(text: &str) -> String {
    text.chars().take(1024).collect()
}
