//! Every published constraint of every operation, broken one at a time, is answered in the service's words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;

use latchkey_protocol::samples::{self, Fill};
use latchkey_protocol::{
    Bounds, Call, CallVisitor, ErrorName, Invalid, Kind, OPERATIONS, Operation, Pattern, Service,
    Shape, identity, idp, validate, visit_calls,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Where a value sits in an input: the JSON steps to it and the path a message names.
#[derive(Clone)]
struct Place {
    steps: Vec<String>,
    path: String,
    /// A sensitive shape encloses it, or it is one.
    hidden: bool,
}

impl Place {
    fn then(&self, step: &str, path: String, hidden: bool) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step.to_owned());
        Self {
            steps,
            path,
            hidden: self.hidden || hidden,
        }
    }

    fn member(&self, name: &str, shape: &Shape) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        let (first, rest) = name.split_at(1);
        self.then(
            name,
            format!("{}{dot}{}{rest}", self.path, first.to_lowercase()),
            shape.sensitive,
        )
    }

    fn pointer(&self) -> String {
        self.steps
            .iter()
            .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
            .collect()
    }
}

/// Calls `see` with every shape an input holds, each in its place, with a value that is valid there.
fn each_place(
    shape: &Shape,
    value: &Value,
    place: &Place,
    see: &mut impl FnMut(&Shape, &Value, &Place),
) {
    see(shape, value, place);
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            for member in *members {
                if let Some(value) = object.get(member.name) {
                    each_place(
                        member.shape,
                        value,
                        &place.member(member.name, member.shape),
                        see,
                    );
                }
            }
        }
        (Kind::List(member, _), Value::Array(list)) if !leaf(member) => {
            for (index, value) in list.iter().enumerate() {
                let path = format!("{}.{}.member", place.path, index + 1);
                each_place(
                    member,
                    value,
                    &place.then(&index.to_string(), path, member.sensitive),
                    see,
                );
            }
        }
        (Kind::Map(_, of, _), Value::Object(object)) if !leaf(of) => {
            for (key, value) in object {
                let path = format!("{}.{key}.member", place.path);
                each_place(of, value, &place.then(key, path, of.sensitive), see);
            }
        }
        _ => {}
    }
}

fn leaf(shape: &Shape) -> bool {
    !matches!(
        shape.kind,
        Kind::Structure(_) | Kind::List(..) | Kind::Map(..)
    )
}

fn each_input_place(mut see: impl FnMut(&'static Operation, &Value, &Shape, &Value, &Place)) {
    for operation in OPERATIONS {
        let input = samples::input(operation, Fill::All);
        let root = Place {
            steps: Vec::new(),
            path: String::new(),
            hidden: false,
        };
        each_place(
            operation.input,
            &input,
            &root,
            &mut |shape, value, place| {
                see(operation, &input, shape, value, place);
            },
        );
    }
}

fn with(input: &Value, place: &Place, value: Value) -> Value {
    let mut input = input.clone();
    *input.pointer_mut(&place.pointer()).unwrap() = value;
    input
}

fn constraint_error(operation: &Operation) -> ErrorName {
    match operation.service {
        Service::Idp => ErrorName::InvalidParameter,
        Service::Identity => ErrorName::Validation,
    }
}

/// Expects exactly these failures, given as (echo, path, rule).
fn expect(operation: &Operation, input: &Value, failures: &[(Option<String>, String, String)]) {
    let lines: Vec<String> = failures
        .iter()
        .map(|(echo, path, rule)| {
            let echo = echo
                .as_ref()
                .map(|echo| format!(" '{echo}'"))
                .unwrap_or_default();
            format!("Value{echo} at '{path}' failed to satisfy constraint: {rule}")
        })
        .collect();
    let count = lines.len();
    let plural = if count == 1 { "error" } else { "errors" };
    let expected = Invalid {
        error: constraint_error(operation),
        message: format!("{count} validation {plural} detected: {}", lines.join("; ")),
    };
    assert_eq!(
        validate(operation, input),
        Err(expected),
        "{}",
        operation.name
    );
}

fn length_rule(word: &str, bound: i64) -> String {
    format!("Member must have length {word} than or equal to {bound}")
}

/// What a text breaks, told from the tables without the walker.
fn broken_by(text: &str, bounds: &Bounds, pattern: Option<&Pattern>) -> Vec<String> {
    let size = text.chars().count() as i64;
    let mut rules = Vec::new();
    rules.extend(
        bounds
            .min
            .filter(|min| size < *min)
            .map(|min| length_rule("greater", min)),
    );
    if let Some(pattern) = pattern.filter(|pattern| !pattern.matches(text)) {
        rules.push(format!(
            "Member must satisfy regular expression pattern: {}",
            pattern.text
        ));
    }
    rules.extend(
        bounds
            .max
            .filter(|max| size > *max)
            .map(|max| length_rule("less", max)),
    );
    rules
}

fn whole_rules(shape: &Shape) -> String {
    match &shape.kind {
        Kind::Word(words) => format!("Member must satisfy enum value set: [{}]", words.join(", ")),
        Kind::Text(bounds, pattern) => {
            let mut rules: Vec<String> = bounds
                .max
                .map(|max| length_rule("less", max))
                .into_iter()
                .collect();
            rules.extend(bounds.min.map(|min| length_rule("greater", min)));
            rules
                .extend(pattern.map(|p| {
                    format!("Member must satisfy regular expression pattern: {}", p.text)
                }));
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
        assert!(
            !out.is_empty() || pattern.text == "(?s).*",
            "nothing breaks {}",
            pattern.text
        );
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
            let failures: Vec<_> = rules
                .iter()
                .map(|rule| (echo.clone(), place.path.clone(), rule.clone()))
                .collect();
            expect(operation, &with(input, place, json!(text)), &failures);
            twice += usize::from(failures.len() == 2);
            if matches!(shape.kind, Kind::Word(_)) {
                words += 1
            } else {
                texts += 1
            }
        }
    });
    assert!(
        texts > 1500 && words > 150 && twice > 300,
        "{texts} texts, {words} words, {twice} twice"
    );
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
            assert_eq!(
                validate(operation, &with(input, place, json!(edge))),
                Ok(())
            );
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
            without
                .pointer_mut(&place.pointer())
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(member.name);
            let null = with(input, &inner, Value::Null);
            for changed in [without, null] {
                if member.required {
                    let expected = format!(
                        "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                        inner.path
                    );
                    let invalid = validate(operation, &changed).unwrap_err();
                    assert_eq!(
                        (invalid.error, invalid.message),
                        (constraint_error(operation), expected)
                    );
                    seen += 1;
                } else {
                    assert_eq!(
                        validate(operation, &changed),
                        Ok(()),
                        "{} {}",
                        operation.name,
                        inner.path
                    );
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
                    let echo =
                        (!place.hidden && !member.sensitive).then(|| format!("[{}]", cut(&text)));
                    let rule = format!("Member must satisfy constraint: [{}]", whole_rules(member));
                    let entries = vec![json!(text); bounds.min.unwrap_or(1).max(1) as usize];
                    if entries.len() == 1 && text.chars().count() < 1000 {
                        expect(
                            operation,
                            &with(input, place, json!(entries)),
                            &[(echo, place.path.clone(), rule)],
                        );
                        lists += 1;
                    }
                }
            }
            for (count, word, bound) in [
                (
                    bounds.min.filter(|min| *min > 0).map(|min| min - 1),
                    "greater",
                    bounds.min,
                ),
                (bounds.max.map(|max| max + 1), "less", bounds.max),
            ] {
                let (Some(count), Some(bound)) = (count, bound) else {
                    continue;
                };
                let entries = vec![value[0].clone(); usize::try_from(count).unwrap()];
                let invalid = validate(operation, &with(input, place, json!(entries))).unwrap_err();
                assert!(
                    invalid
                        .message
                        .starts_with("1 validation error detected: Value"),
                    "{}",
                    invalid.message
                );
                let end = format!(
                    "at '{}' failed to satisfy constraint: {}",
                    place.path,
                    length_rule(word, bound)
                );
                assert!(
                    invalid.message.ends_with(&end),
                    "{} is not {end}",
                    invalid.message
                );
                sizes += 1;
            }
        }
        Kind::Map(key, of, bounds) => {
            let (name, entry) = value.as_object().unwrap().iter().next().unwrap();
            if leaf(of) {
                for text in bad_texts(of)
                    .into_iter()
                    .filter(|text| text.chars().count() < 1000)
                {
                    let shown = if of.sensitive {
                        "***".to_owned()
                    } else {
                        text.clone()
                    };
                    let echo =
                        (!place.hidden && !of.sensitive).then(|| format!("{{{name}={shown}}}"));
                    let rule = format!("Map value must satisfy constraint: [{}]", whole_rules(of));
                    expect(
                        operation,
                        &with(input, place, json!({ name: text })),
                        &[(echo, place.path.clone(), rule)],
                    );
                    maps += 1;
                }
            }
            for text in bad_texts(key)
                .into_iter()
                .filter(|text| text.chars().count() < 900)
            {
                let changed = with(input, place, json!({ text.as_str(): entry }));
                let invalid = validate(operation, &changed).unwrap_err();
                let end = format!(
                    "at '{}' failed to satisfy constraint: Map keys must satisfy constraint: [{}]",
                    place.path,
                    whole_rules(key)
                );
                assert!(
                    invalid.message.ends_with(&end),
                    "{} is not {end}",
                    invalid.message
                );
                keys += 1;
            }
            if let Some(min) = bounds.min.filter(|min| *min > 0) {
                let invalid = validate(operation, &with(input, place, json!({}))).unwrap_err();
                assert!(
                    invalid.message.ends_with(&length_rule("greater", min)),
                    "{}",
                    invalid.message
                );
                sizes += 1;
            }
            if let Some(max) = bounds.max {
                let many: Value = (0..=max)
                    .map(|n| (format!("{name}{n}"), entry.clone()))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
                let invalid = validate(operation, &with(input, place, many)).unwrap_err();
                assert!(
                    invalid.message.contains(&length_rule("less", max)),
                    "{}",
                    invalid.message
                );
                sizes += 1;
            }
        }
        _ => {}
    });
    assert!(
        lists > 40 && maps > 5 && keys > 10 && sizes > 25,
        "{lists} {maps} {keys} {sizes}"
    );
}

fn cut(text: &str) -> String {
    text.chars().take(1024).collect()
}

#[test]
fn a_wrong_json_type_is_a_serialization_exception() {
    let mut seen = 0;
    each_input_place(|operation, input, shape, _, place| {
        if place.steps.is_empty() {
            return;
        }
        for (wrong, token) in [
            (json!("text"), "STRING_VALUE"),
            (json!(1.5), "NUMBER_VALUE"),
            (json!(true), "TRUE_VALUE"),
            (json!(false), "FALSE_VALUE"),
            (json!([1]), "list"),
            (json!({"a": 1}), "map"),
        ] {
            let fits = matches!(
                (&shape.kind, &wrong),
                (Kind::Document, _)
                    | (Kind::Text(..) | Kind::Word(_), Value::String(_))
                    | (Kind::Boolean, Value::Bool(_))
                    | (Kind::Timestamp, Value::Number(_))
                    | (Kind::Structure(_), Value::Object(_))
            );
            // A list of numbers or a map to numbers fits these only if numbers fit inside, which they never do.
            if fits || (matches!(shape.kind, Kind::Blob(_)) && token == "STRING_VALUE") {
                continue;
            }
            let message = match (&shape.kind, token) {
                (Kind::List(member, _), "list") if leaf(member) => {
                    "NUMBER_VALUE can not be converted to a String".to_owned()
                }
                (Kind::List(..), "list") => "Unexpected field type".to_owned(),
                (Kind::Map(_, of, _), "map") if leaf(of) => {
                    "NUMBER_VALUE can not be converted to a String".to_owned()
                }
                (Kind::Map(..), "map") => "Unexpected field type".to_owned(),
                (_, "list") => "Start of list found where not expected".to_owned(),
                (_, "map") => "Start of structure or map found where not expected.".to_owned(),
                (Kind::Structure(_) | Kind::List(..) | Kind::Map(..), _) => {
                    "Unexpected field type".to_owned()
                }
                (Kind::Text(..) | Kind::Word(_), _) => {
                    format!("{token} can not be converted to a String")
                }
                (Kind::Integer(_), _) => format!("{token} can not be converted to an Integer"),
                (Kind::Long(_), _) => format!("{token} can not be converted to a Long"),
                (Kind::Boolean, _) => format!("{token} can not be converted to a Boolean"),
                (Kind::Blob(_), _) => format!("{token} can not be converted to a Blob"),
                (kind, _) => panic!("{kind:?}"),
            };
            let expected = Invalid {
                error: ErrorName::Serialization,
                message,
            };
            assert_eq!(
                validate(operation, &with(input, place, wrong)),
                Err(expected),
                "{} {}",
                operation.name,
                place.path
            );
            seen += 1;
        }
    });
    assert!(seen > 3000, "{seen}");
    for body in [Value::Null, json!([]), json!("x"), json!(1), json!(true)] {
        let invalid = validate(idp::ops::SignUp::OPERATION, &body).unwrap_err();
        assert_eq!(invalid.error, ErrorName::Serialization, "{body}");
    }
}

#[test]
fn an_integer_is_whole_and_fits() {
    let operation = idp::ops::ListUserPools::OPERATION;
    assert_eq!(validate(operation, &json!({"MaxResults": 60})), Ok(()));
    for wrong in [
        json!(1.0),
        json!(1.5),
        json!(2_147_483_648_i64),
        json!(u64::MAX),
    ] {
        let invalid = validate(operation, &json!({"MaxResults": wrong})).unwrap_err();
        assert_eq!(invalid.error, ErrorName::Serialization);
        assert_eq!(
            invalid.message,
            "NUMBER_VALUE can not be converted to an Integer"
        );
    }
}

/// Sentences seen in public reports of the service itself.
#[test]
fn the_service_was_seen_to_say_this() {
    let said = |operation: &'static Operation, input: Value| {
        validate(operation, &input).unwrap_err().message
    };
    let create = idp::ops::CreateUserPool::OPERATION;
    assert_eq!(
        said(
            create,
            json!({"PoolName": "p", "Schema": [{"Name": "phone_number_verified"}]})
        ),
        "1 validation error detected: Value 'phone_number_verified' at 'schema.1.member.name' failed to satisfy \
         constraint: Member must have length less than or equal to 20"
    );
    let wide =
        "MapEntry(CognitoUserAttributeKey \"custom:center\": fb5f6e61-1b0f-43dc-a8e2-b239c173ac72)";
    let update = idp::ops::UpdateUserAttributes::OPERATION;
    let message = said(
        update,
        json!({"AccessToken": "a.b.c", "UserAttributes": [{"Name": "ok"}, {"Name": wide}]}),
    );
    // The pattern has since learnt blanks; the length has not.
    assert_eq!(
        message,
        format!(
            "1 validation error detected: Value '{wide}' at 'userAttributes.2.member.name' failed to satisfy \
             constraint: Member must have length less than or equal to 32"
        )
    );
    assert_eq!(
        said(
            idp::ops::SignUp::OPERATION,
            json!({"ClientId": "abc", "Username": "", "Password": " "})
        ),
        "3 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length \
         greater than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+; Value at 'password' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"
    );
    let long = "x".repeat(1025);
    let client = idp::ops::CreateUserPoolClient::OPERATION;
    let message = said(
        client,
        json!({"UserPoolId": "us-east-1_a", "ClientName": "c", "CallbackURLs": [long]}),
    );
    assert!(
        message.ends_with(
            "at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: [Member must have length \
         less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular \
         expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+]"
        ),
        "{message}"
    );
    let invalid = validate(
        identity::ops::GetId::OPERATION,
        &json!({"IdentityPoolId": "nonsense"}),
    )
    .unwrap_err();
    assert_eq!(invalid.error, ErrorName::Validation);
    assert_eq!(
        invalid.message,
        "1 validation error detected: Value 'nonsense' at 'identityPoolId' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+"
    );
}

fn each_pattern(shape: &'static Shape, see: &mut impl FnMut(&'static Shape, &'static Pattern)) {
    match &shape.kind {
        Kind::Structure(members) => members
            .iter()
            .for_each(|member| each_pattern(member.shape, see)),
        Kind::List(member, _) => each_pattern(member, see),
        Kind::Map(key, of, _) => {
            each_pattern(key, see);
            each_pattern(of, see);
        }
        Kind::Text(_, Some(pattern)) => see(shape, pattern),
        _ => {}
    }
}

#[test]
fn patterns_keep_javas_meaning() {
    let mut all = BTreeMap::new();
    for shape in OPERATIONS
        .iter()
        .flat_map(|o| [Some(o.input), o.output])
        .flatten()
    {
        each_pattern(shape, &mut |shape, pattern| {
            let sample = samples::value(shape, Fill::All);
            assert!(
                pattern.matches(sample.as_str().unwrap()),
                "{} has no sample: {sample}",
                shape.name
            );
            all.insert(pattern.text, pattern);
        });
    }
    assert!(all.len() > 45, "{}", all.len());
    let pattern = |text: &str| all[text];
    let password = pattern("^[\\S]+.*[\\S]+$");
    for (text, fits) in [
        ("ab", true),
        ("a b", true),
        (" ab", false),
        ("ab ", false),
        ("a", false),
        ("a\nb", false),
        ("a\u{a0}b", true),
        ("\u{a0}x", true),
    ] {
        assert_eq!(password.matches(text), fits, "{text:?}");
    }
    let pool = pattern("[\\w-]+_[0-9a-zA-Z]+");
    for (text, fits) in [
        ("us-east-1_aB3", true),
        ("é_a", false),
        ("us-east-1_aB3\n", false),
        ("x us-east-1_a", false),
    ] {
        assert_eq!(pool.matches(text), fits, "{text:?}");
    }
    let name = pattern("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
    for (text, fits) in [
        ("алиса", true),
        ("a b", false),
        ("😀", true),
        ("", false),
        ("\u{200b}", false),
    ] {
        assert_eq!(name.matches(text), fits, "{text:?}");
    }
    let token = pattern("[A-Za-z0-9-_=.]+");
    for (text, fits) in [
        ("a-b_c=.9", true),
        ("a+b", false),
        (":", false),
        ("[", false),
    ] {
        assert_eq!(token.matches(text), fits, "{text:?}");
    }
    let bucket = "^[0-9A-Za-z\\.\\-_]*(?<!\\.)$";
    let bucket = pattern(bucket);
    for (text, fits) in [
        ("", true),
        ("a.b", true),
        ("a.", false),
        (".", false),
        (".a", true),
        ("a b", false),
    ] {
        assert_eq!(bucket.matches(text), fits, "{text:?}");
    }
}

#[test]
fn a_hostile_input_buys_little() {
    let operation = idp::ops::AdminUpdateUserAttributes::OPERATION;
    let bad = json!({"Name": "x".repeat(10_000)});
    let input =
        json!({"UserPoolId": "us-east-1_a", "Username": "u", "UserAttributes": vec![bad; 2_000]});
    let message = validate(operation, &input).unwrap_err().message;
    assert!(
        message.starts_with("100 validation errors detected: "),
        "{}",
        &message[..60]
    );
    assert!(message.len() < 200_000, "{}", message.len());
    // As deep as the JSON reader lets anything be.
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let deep: Value = serde_json::from_str(&deep).unwrap();
    let invalid = validate(operation, &json!({"UserPoolId": deep})).unwrap_err();
    assert_eq!(invalid.error, ErrorName::Serialization);
    let passkey = idp::ops::CompleteWebAuthnRegistration::OPERATION;
    assert_eq!(
        validate(
            passkey,
            &json!({"AccessToken": "a.b.c", "Credential": deep})
        ),
        Ok(())
    );
}

#[test]
fn nulls_inside_lists_and_maps_are_named() {
    let message = |operation: &'static Operation, input: Value| {
        validate(operation, &input).unwrap_err().message
    };
    assert_eq!(
        message(
            idp::ops::UntagResource::OPERATION,
            json!({"ResourceArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a", "TagKeys": ["a", null]})
        ),
        "1 validation error detected: Value '[a, null]' at 'tagKeys' failed to satisfy constraint: Member must not be null"
    );
    let signing_up = json!({"ClientId": "c", "Username": "u", "ClientMetadata": {"a": null}});
    assert_eq!(
        message(idp::ops::SignUp::OPERATION, signing_up),
        "1 validation error detected: Value '{a=null}' at 'clientMetadata' failed to satisfy constraint: Map value must not be null"
    );
    let secret = json!({"UserPoolId": "us-east-1_a", "ProviderName": "p", "ProviderDetails": {"client_secret": "hunter2", "x": null}});
    let said = message(idp::ops::UpdateIdentityProvider::OPERATION, secret);
    assert!(
        said.contains("Value at 'providerDetails'") && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn a_blank_sign_up_password_is_none() {
    let operation = idp::ops::SignUp::OPERATION;
    assert_eq!(
        validate(
            operation,
            &json!({"ClientId": "c", "Username": "u", "Password": ""})
        ),
        Ok(())
    );
    let change = idp::ops::ChangePassword::OPERATION;
    assert!(
        validate(
            change,
            &json!({"AccessToken": "a.b.c", "ProposedPassword": ""})
        )
        .is_err()
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[A-Za-z]{0,8}", inner, 0..6)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Puts `value` in the place of one member of every operation's input: what validates must also be read by the type.
struct Reads<'a> {
    value: &'a Value,
    at: usize,
    valid: usize,
}

impl CallVisitor for Reads<'_> {
    fn visit<C: Call>(&mut self) {
        let mut input = samples::input(C::OPERATION, Fill::All);
        let object = input.as_object_mut().unwrap();
        let count = object.len().max(1);
        if let Some((_, slot)) = object.iter_mut().nth(self.at % count) {
            *slot = match (&*slot, self.value) {
                // A list or map keeps its kind half of the time, so that the walk goes inside.
                (Value::Array(_), value) if self.at.is_multiple_of(2) => json!([value]),
                (Value::Object(_), value) if self.at.is_multiple_of(2) => json!({ "a": value }),
                (_, value) => value.clone(),
            };
        }
        if validate(C::OPERATION, &input).is_ok() {
            self.valid += 1;
            if let Err(error) = serde_json::from_value::<C::Input>(input.clone()) {
                panic!("{} takes {input}, its type says {error}", C::TARGET);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_json_never_panics(value in any_json()) {
        for operation in OPERATIONS {
            let _ = validate(operation, &value);
            let _ = latchkey_protocol::check_output(operation, &value);
        }
    }

    #[test]
    fn what_validates_is_read_by_its_type(value in any_json(), at in 0usize..10_000) {
        visit_calls(&mut Reads { value: &value, at, valid: 0 });
    }

    #[test]
    fn plain_texts_validate_and_are_read(text in "[a-z0-9]{1,30}", at in 0usize..10_000) {
        let mut reads = Reads { value: &json!(text), at, valid: 0 };
        visit_calls(&mut reads);
        prop_assert!(reads.valid > 0);
    }
}
