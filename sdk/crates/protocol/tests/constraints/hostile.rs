//! Anything at all comes in: nothing panics, and what validates is read by its type.

use latchkey_protocol::samples::{self, Fill};
use latchkey_protocol::{Call, CallVisitor, ErrorName, OPERATIONS, drop_null_entries, idp, validate, visit_calls};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn a_hostile_input_buys_little() {
    let operation = idp::ops::AdminUpdateUserAttributes::OPERATION;
    let bad = json!({"Name": "x".repeat(10_000)});
    let input = json!({"UserPoolId": "us-east-1_a", "Username": "u", "UserAttributes": vec![bad; 2_000]});
    let message = validate(operation, &input).unwrap_err().message;
    assert!(message.starts_with("100 validation errors detected: "), "{}", &message[..60]);
    assert!(message.len() < 200_000, "{}", message.len());
    // As deep as the JSON reader lets anything be.
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let deep: Value = serde_json::from_str(&deep).unwrap();
    let invalid = validate(operation, &json!({"UserPoolId": deep})).unwrap_err();
    assert_eq!(invalid.error, ErrorName::Serialization);
    let passkey = idp::ops::CompleteWebAuthnRegistration::OPERATION;
    assert_eq!(validate(passkey, &json!({"AccessToken": "a.b.c", "Credential": deep})), Ok(()));
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
            drop_null_entries(C::OPERATION.input, &mut input);
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
