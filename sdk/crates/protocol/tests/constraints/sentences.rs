//! Whole sentences, some of them seen in public reports of the service itself.

use latchkey_protocol::{Call, ErrorName, Operation, drop_null_entries, identity, idp, validate};
use serde_json::{Value, json};

/// Sentences seen in public reports of the service itself.
#[test]
fn the_service_was_seen_to_say_this() {
    let said = |operation: &'static Operation, input: Value| validate(operation, &input).unwrap_err().message;
    let create = idp::ops::CreateUserPool::OPERATION;
    assert_eq!(
        said(create, json!({"PoolName": "p", "Schema": [{"Name": "phone_number_verified"}]})),
        "1 validation error detected: Value 'phone_number_verified' at 'schema.1.member.name' failed to satisfy \
         constraint: Member must have length less than or equal to 20"
    );
    let wide = "MapEntry(CognitoUserAttributeKey \"custom:center\": fb5f6e61-1b0f-43dc-a8e2-b239c173ac72)";
    let update = idp::ops::UpdateUserAttributes::OPERATION;
    let message = said(update, json!({"AccessToken": "a.b.c", "UserAttributes": [{"Name": "ok"}, {"Name": wide}]}));
    // The pattern has since learnt blanks; the length has not.
    assert_eq!(
        message,
        format!(
            "1 validation error detected: Value '{wide}' at 'userAttributes.2.member.name' failed to satisfy \
             constraint: Member must have length less than or equal to 32"
        )
    );
    assert_eq!(
        said(idp::ops::SignUp::OPERATION, json!({"ClientId": "abc", "Username": "", "Password": " "})),
        "3 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length \
         greater than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+; Value at 'password' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$"
    );
    let long = "x".repeat(1025);
    let client = idp::ops::CreateUserPoolClient::OPERATION;
    let message = said(client, json!({"UserPoolId": "us-east-1_a", "ClientName": "c", "CallbackURLs": [long]}));
    assert!(
        message.ends_with(
            "at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: [Member must have length \
         less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular \
         expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+]"
        ),
        "{message}"
    );
    let invalid = validate(identity::ops::GetId::OPERATION, &json!({"IdentityPoolId": "nonsense"})).unwrap_err();
    assert_eq!(invalid.error, ErrorName::Validation);
    assert_eq!(
        invalid.message,
        "1 validation error detected: Value 'nonsense' at 'identityPoolId' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+"
    );
}

#[test]
fn nulls_inside_lists_are_named() {
    let message = |operation: &'static Operation, input: Value| validate(operation, &input).unwrap_err().message;
    assert_eq!(
        message(
            idp::ops::UntagResource::OPERATION,
            json!({"ResourceArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a", "TagKeys": ["a", null]})
        ),
        "1 validation error detected: Value '[a, null]' at 'tagKeys' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn an_entry_without_a_value_is_none() {
    let operation = idp::ops::UpdateIdentityProvider::OPERATION;
    let mut input = json!({
        "UserPoolId": "us-east-1_a", "ProviderName": "p", "ProviderDetails": {"client_secret": "hunter2", "x": null}
    });
    assert_eq!(validate(operation, &input), Ok(()));
    drop_null_entries(operation.input, &mut input);
    assert_eq!(input["ProviderDetails"], json!({"client_secret": "hunter2"}));
    input["ProviderDetails"]["y"] = json!("y".repeat(200_000));
    input["ProviderDetails"]["x"] = json!(null);
    let said = validate(operation, &input).unwrap_err().message;
    assert!(said.contains("Value at 'providerDetails'") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_blank_sign_up_password_is_none() {
    let operation = idp::ops::SignUp::OPERATION;
    assert_eq!(validate(operation, &json!({"ClientId": "c", "Username": "u", "Password": ""})), Ok(()));
    let change = idp::ops::ChangePassword::OPERATION;
    assert!(validate(change, &json!({"AccessToken": "a.b.c", "ProposedPassword": ""})).is_err());
}
