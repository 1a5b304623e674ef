//! A value of the wrong JSON type in every place.

use latchkey_protocol::{Call, ErrorName, Invalid, Kind, idp, validate};
use serde_json::{Value, json};

use crate::place::{each_input_place, leaf, with};

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
                (Kind::Map(_, of, _), "map") if leaf(of) => "NUMBER_VALUE can not be converted to a String".to_owned(),
                (Kind::Map(..), "map") => "Unexpected field type".to_owned(),
                (_, "list") => "Start of list found where not expected".to_owned(),
                (_, "map") => "Start of structure or map found where not expected.".to_owned(),
                (Kind::Structure(_) | Kind::List(..) | Kind::Map(..), _) => "Unexpected field type".to_owned(),
                (Kind::Text(..) | Kind::Word(_), _) => {
                    format!("{token} can not be converted to a String")
                }
                (Kind::Integer(_), _) => format!("{token} can not be converted to an Integer"),
                (Kind::Long(_), _) => format!("{token} can not be converted to a Long"),
                (Kind::Boolean, _) => format!("{token} can not be converted to a Boolean"),
                (Kind::Blob(_), _) => format!("{token} can not be converted to a Blob"),
                (Kind::Timestamp, _) => format!("{token} can not be converted to a Timestamp"),
                (kind, _) => panic!("{kind:?}"),
            };
            let expected = Invalid { error: ErrorName::Serialization, message };
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
    for wrong in [json!(1.0), json!(1.5), json!(2_147_483_648_i64), json!(u64::MAX)] {
        let invalid = validate(operation, &json!({"MaxResults": wrong})).unwrap_err();
        assert_eq!(invalid.error, ErrorName::Serialization);
        assert_eq!(invalid.message, "NUMBER_VALUE can not be converted to an Integer");
    }
}
