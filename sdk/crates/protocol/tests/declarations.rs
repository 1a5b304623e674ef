//! The tables say what the service descriptions say, and the types speak what the tables say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use latchkey_protocol::samples::{self, Fill};
use latchkey_protocol::{
    CAPABILITIES, Call, CallVisitor, Caller, ErrorName, Kind, OPERATIONS, Operation, Protocol, Resource, Sensitive,
    Service, Shape, Timestamp, check_output, idp, validate, visit_calls,
};
use serde_json::{Value, json};

const OVERLAY: &str = include_str!("../model/overlay.json");

fn model(service: Service) -> Value {
    serde_json::from_str(match service {
        Service::Idp => include_str!("../model/cognito-idp.json"),
        Service::Identity => include_str!("../model/cognito-identity.json"),
        Service::Sts => include_str!("../model/sts.json"),
    })
    .unwrap()
}

fn bound(facts: &Value, key: &str) -> Option<i64> {
    facts.get(key).and_then(Value::as_i64)
}

/// Holds one shape, and what it refers to, against the description; every shape once.
fn compare(shape: &Shape, name: &str, facts: &Value, overlay: &Value, seen: &mut BTreeSet<String>) {
    assert_eq!(shape.name, name);
    if !seen.insert(name.to_owned()) {
        return;
    }
    let fact = &facts["shapes"][name];
    let patch = &overlay[name];
    let at = format!("{name}: {fact}");
    let sensitive = fact["sensitive"] == true || patch["sensitive"] == true;
    assert_eq!(shape.sensitive, sensitive, "{at}");
    let same = |bounds: &latchkey_protocol::Bounds| {
        assert_eq!((bounds.min, bounds.max), (bound(fact, "min"), bound(fact, "max")), "{at}");
    };
    match (&shape.kind, fact["type"].as_str().unwrap()) {
        (Kind::Document, "structure") => assert_eq!(name, "Document"),
        (Kind::Structure(members), "structure") => {
            let facts_members = fact["members"].as_array().unwrap();
            assert_eq!(members.len(), facts_members.len(), "{at}");
            let required: Vec<&str> =
                fact["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            for (member, pair) in members.iter().zip(facts_members) {
                assert_eq!(member.name, pair[0]);
                assert_eq!(member.required, required.contains(&member.name), "{at} {}", member.name);
                compare(member.shape, pair[1].as_str().unwrap(), facts, overlay, seen);
            }
        }
        (Kind::List(member, bounds), "list") => {
            same(bounds);
            compare(member, fact["member"].as_str().unwrap(), facts, overlay, seen);
        }
        (Kind::Map(key, of, bounds), "map") => {
            same(bounds);
            compare(key, fact["key"].as_str().unwrap(), facts, overlay, seen);
            compare(of, fact["value"].as_str().unwrap(), facts, overlay, seen);
        }
        (Kind::Word(words), "string") => {
            let mut published = fact["enum"].as_array().unwrap().clone();
            published.extend(patch["add_values"].as_array().into_iter().flatten().cloned());
            assert_eq!(json!(words), json!(published), "{at}");
        }
        (Kind::Text(bounds, pattern), "string") => {
            same(bounds);
            assert!(fact["enum"].is_null(), "{at}");
            let published = patch["pattern"].as_str().or(fact["pattern"].as_str());
            assert_eq!(pattern.map(|pattern| pattern.text), published, "{at}");
        }
        (Kind::Integer(bounds), "integer") | (Kind::Long(bounds), "long") | (Kind::Blob(bounds), "blob") => {
            same(bounds)
        }
        (Kind::Boolean, "boolean") | (Kind::Timestamp, "timestamp") => {}
        _ => panic!("{at} is {:?}", shape.kind),
    }
}

#[test]
fn the_tables_are_the_descriptions() {
    let overlay: Value = serde_json::from_str(OVERLAY).unwrap();
    for (service, module, count) in
        [(Service::Idp, "idp", 153), (Service::Identity, "identity", 23), (Service::Sts, "sts", 12)]
    {
        let facts = model(service);
        let operations: Vec<&&Operation> = OPERATIONS.iter().filter(|o| o.service == service).collect();
        assert_eq!(operations.len(), count);
        assert_eq!(facts["operations"].as_object().unwrap().len(), count);
        let mut seen = BTreeSet::new();
        for operation in operations {
            let fact = &facts["operations"][operation.name];
            let patches = &overlay["shapes"][module];
            compare(operation.input, fact["input"].as_str().unwrap(), &facts, patches, &mut seen);
            match (operation.output, fact["output"].as_str()) {
                (Some(shape), Some(name)) => compare(shape, name, &facts, patches, &mut seen),
                (None, None) => assert!(operation.answers_empty_body()),
                _ => panic!("{} and its output", operation.name),
            }
            let errors: Vec<&str> = operation.errors.iter().map(|error| error.as_str()).collect();
            let words: Vec<&str> = fact["errors"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .map(|name| facts["shapes"][name]["error"]["code"].as_str().unwrap_or(name))
                .collect();
            assert_eq!(errors, words, "{}", operation.name);
            // Who may call without a signature is what the description marks, but for the two that prove themselves.
            let unsigned = fact["unsigned"] == true;
            assert_eq!(
                unsigned,
                !matches!(operation.caller, Caller::Sigv4 | Caller::AnyoneOrSigv4),
                "{}",
                operation.name
            );
        }
        // What no operation reaches is an exception or a member of one.
        let shapes = facts["shapes"].as_object().unwrap();
        let of_errors: BTreeSet<&str> = shapes
            .values()
            .filter(|shape| shape["exception"] == true)
            .flat_map(|shape| shape["members"].as_array().unwrap())
            .map(|pair| pair[1].as_str().unwrap())
            .collect();
        for (name, shape) in shapes {
            let known = seen.contains(name) || shape["exception"] == true || of_errors.contains(name.as_str());
            assert!(known, "{name} is in no table");
        }
    }
}

#[test]
fn callers_are_who_the_input_can_name() {
    let by =
        |caller: Caller| -> Vec<&str> { OPERATIONS.iter().filter(|o| o.caller == caller).map(|o| o.name).collect() };
    assert_eq!(by(Caller::AnyoneOrSigv4), ["GetClientToken", "GetDerivedToken"]);
    assert_eq!(by(Caller::AccessTokenOrSession), ["AssociateSoftwareToken", "VerifySoftwareToken"]);
    assert_eq!(
        by(Caller::Anyone),
        [
            "ConfirmForgotPassword",
            "ConfirmSignUp",
            "ForgotPassword",
            "GetTokensFromRefreshToken",
            "InitiateAuth",
            "ResendConfirmationCode",
            "RespondToAuthChallenge",
            "RevokeToken",
            "SignUp",
            "UpdateAuthEventFeedback",
            "GetCredentialsForIdentity",
            "GetId",
            "GetOpenIdToken",
            "UnlinkIdentity",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
        ]
    );
    for operation in OPERATIONS.iter().filter(|o| o.caller == Caller::AccessToken) {
        let Kind::Structure(members) = operation.input.kind else { panic!("{}", operation.name) };
        assert!(members.iter().any(|member| member.name == "AccessToken"), "{}", operation.name);
    }
}

#[test]
fn an_action_and_a_resource_are_what_policies_speak_of() {
    let mut kinds = BTreeMap::new();
    for operation in OPERATIONS {
        assert_eq!(operation.action, format!("{}:{}", operation.service.signing_name(), operation.name));
        let Kind::Structure(members) = operation.input.kind else { panic!("{}", operation.name) };
        let has = |name: &str| members.iter().any(|member| member.name == name);
        let member = match operation.resource {
            Resource::Any => {
                let none = ["UserPoolId", "IdentityPoolId", "ResourceArn"];
                assert!(!none.into_iter().any(has), "{} names a resource", operation.name);
                "none"
            }
            Resource::UserPool(member) | Resource::IdentityPool(member) | Resource::Arn(member) => {
                assert!(has(member), "{}", operation.name);
                member
            }
        };
        *kinds.entry(member).or_insert(0) += 1;
    }
    let named: Vec<&str> = kinds.into_keys().collect();
    assert_eq!(named, ["IdentityPoolId", "ResourceArn", "RoleArn", "UserPoolId", "none"]);
    assert_eq!(idp::ops::CreateGroup::OPERATION.resource, Resource::UserPool("UserPoolId"));
}

#[test]
fn a_target_finds_its_operation_and_nothing_else_does() {
    for operation in OPERATIONS {
        assert_eq!(Operation::find(operation.target), Some(*operation));
        assert_eq!(operation.target, format!("{}.{}", operation.service.target_prefix(), operation.name));
        for wrong in [
            operation.name.to_owned(),
            operation.target.to_lowercase(),
            format!("{}x", operation.target),
            format!(" {}", operation.target),
            operation.target.replace('.', "#"),
        ] {
            assert_eq!(Operation::find(&wrong), None, "{wrong}");
        }
    }
    assert_eq!(Operation::find(""), None);
}

#[test]
fn an_action_finds_its_operation_in_its_version() {
    let (version, namespace) = ("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/");
    let facts = model(Service::Sts);
    assert_eq!(facts["service"]["apiVersion"], version);
    assert_eq!(facts["service"]["xmlNamespace"], namespace);
    assert_eq!(Service::Sts.protocol(), Protocol::Query { version, namespace });
    for operation in OPERATIONS {
        let found = Operation::find_action(operation.name, version);
        assert_eq!(found, Some(*operation).filter(|operation| operation.service == Service::Sts));
        assert_eq!(Operation::find_action(operation.name, ""), None);
        assert_eq!(Operation::find_action(operation.target, version), None);
    }
}

#[test]
fn every_capability_has_operations_and_every_operation_a_capability() {
    let used: BTreeSet<_> = OPERATIONS.iter().map(|o| (o.capability, o.service)).collect();
    let declared: BTreeSet<_> = CAPABILITIES.iter().map(|c| (c.name, c.service)).collect();
    assert_eq!(used, declared);
    let names: BTreeSet<_> = CAPABILITIES.iter().map(|c| c.name).collect();
    assert_eq!(names.len(), CAPABILITIES.len(), "a capability's name is one service's");
}

struct RoundTrips {
    seen: Vec<&'static str>,
}

impl CallVisitor for RoundTrips {
    fn visit<C: Call>(&mut self) {
        let operation = C::OPERATION;
        assert_eq!(C::TARGET, operation.target);
        assert_eq!(C::CALLER, operation.caller);
        for fill in [Fill::Required, Fill::All] {
            let input = samples::input(operation, fill);
            assert_eq!(validate(operation, &input), Ok(()), "{} {input}", operation.name);
            let typed: C::Input = serde_json::from_value(input.clone()).unwrap();
            assert_eq!(serde_json::to_value(&typed).unwrap(), input, "{}", operation.name);
            let output = samples::output(operation, fill);
            assert_eq!(check_output(operation, &output), Vec::<String>::new());
            let typed: C::Output = serde_json::from_value(output.clone()).unwrap();
            assert_eq!(serde_json::to_value(&typed).unwrap(), output, "{}", operation.name);
        }
        self.seen.push(operation.target);
    }
}

#[test]
fn every_input_and_output_survives_its_type() {
    let mut visitor = RoundTrips { seen: Vec::new() };
    visit_calls(&mut visitor);
    assert_eq!(visitor.seen, OPERATIONS.iter().map(|o| o.target).collect::<Vec<_>>());
}

#[test]
fn check_output_names_what_is_wrong() {
    let operation = idp::ops::SignUp::OPERATION;
    let good = samples::output(operation, Fill::All);
    assert_eq!(check_output(operation, &good), Vec::<String>::new());
    let mut bad = good;
    bad["Extra"] = json!(1);
    bad["UserConfirmed"] = json!("yes");
    bad["CodeDeliveryDetails"]["DeliveryMedium"] = json!("PIGEON");
    bad.as_object_mut().unwrap().remove("UserSub");
    let found = check_output(operation, &bad);
    assert_eq!(found.len(), 4, "{found:?}");
    for word in
        ["SignUp.Extra is unknown", "SignUp.UserSub is missing", "\"PIGEON\"", "can not be converted to a Boolean"]
    {
        assert!(found.iter().any(|line| line.contains(word)), "{word} in {found:?}");
    }
    assert_eq!(check_output(operation, &Value::Null).len(), 1);
    assert_eq!(check_output(idp::ops::DeleteUser::OPERATION, &json!({})).len(), 1);
}

#[test]
fn debug_keeps_secrets() {
    let request = idp::InitiateAuthRequest {
        auth_flow: idp::AuthFlowType::UserPasswordAuth,
        auth_parameters: Some(BTreeMap::from([("PASSWORD".to_owned(), Sensitive::from("hunter2"))])),
        client_metadata: None,
        client_id: "visible".to_owned(),
        analytics_metadata: None,
        user_context_data: None,
        session: Some("hunter2".into()),
    };
    let text = format!("{request:?}");
    assert!(!text.contains("hunter2") && text.contains("***") && text.contains("visible"), "{text}");
    for (name, value) in [
        (
            "SignUpRequest",
            format!(
                "{:?}",
                idp::SignUpRequest {
                    password: Some("hunter2".into()),
                    secret_hash: Some("hunter2".into()),
                    ..Default::default()
                }
            ),
        ),
        (
            "ChangePasswordRequest",
            format!(
                "{:?}",
                idp::ChangePasswordRequest {
                    previous_password: Some("hunter2".into()),
                    proposed_password: "hunter2".into(),
                    access_token: "hunter2".into()
                }
            ),
        ),
        (
            "VerifySoftwareTokenRequest",
            format!("{:?}", idp::VerifySoftwareTokenRequest { user_code: "hunter2".into(), ..Default::default() }),
        ),
        (
            "DeviceSecretVerifierConfigType",
            format!(
                "{:?}",
                idp::DeviceSecretVerifierConfigType { password_verifier: Some("hunter2".into()), ..Default::default() }
            ),
        ),
        (
            "AuthenticationResultType",
            format!(
                "{:?}",
                idp::AuthenticationResultType {
                    access_token: Some("hunter2".into()),
                    refresh_token: Some("hunter2".into()),
                    ..Default::default()
                }
            ),
        ),
    ] {
        assert!(!value.contains("hunter2") && value.contains("***"), "{name}: {value}");
    }
}

#[test]
fn timestamps_are_numbers_to_the_millisecond() {
    for (millis, wire) in
        [(1_470_957_431_965, "1470957431.965"), (1_470_957_431_000, "1470957431"), (0, "0"), (-1, "-0.001")]
    {
        let stamp = Timestamp::from_millis(millis);
        assert_eq!(serde_json::to_string(&stamp).unwrap(), wire);
        assert_eq!(serde_json::from_str::<Timestamp>(wire).unwrap(), stamp);
        assert_eq!(stamp.as_millis(), millis);
    }
    assert_eq!(Timestamp::from_seconds(1.000_499), Timestamp::from_millis(1000));
    assert!(serde_json::from_str::<Timestamp>("\"2020-01-01T00:00:00Z\"").is_err());
}

#[test]
fn errors_have_their_whole_name_and_status() {
    let status: BTreeMap<&str, u16> = ErrorName::ALL.iter().map(|e| (e.as_str(), e.http_status())).collect();
    assert_eq!(status["UserNotFoundException"], 400);
    assert_eq!(status["UnrecognizedClientException"], 400);
    assert_eq!(status["InternalErrorException"], 500);
    assert_eq!(status["InternalServerException"], 500);
    assert_eq!(status["InternalFailure"], 500);
    assert_eq!(status["MalformedPolicyDocument"], 400);
    assert_eq!(status["IDPRejectedClaim"], 403);
    for error in ErrorName::ALL {
        assert_eq!(error.as_str().parse(), Ok(*error));
        assert_eq!(serde_json::to_value(error).unwrap(), json!(error.as_str()));
    }
}

#[test]
fn words_are_the_wire_words() {
    assert_eq!(idp::AuthFlowType::ALL.len(), 8);
    assert_eq!("USER_SRP_AUTH".parse(), Ok(idp::AuthFlowType::UserSrpAuth));
    assert!("user_srp_auth".parse::<idp::AuthFlowType>().is_err());
    assert_eq!(serde_json::to_value(idp::AliasAttributeType::PhoneNumber).unwrap(), json!("phone_number"));
    assert_eq!(idp::ExplicitAuthFlowsType::AllowClientTokenAuth.as_str(), "ALLOW_CLIENT_TOKEN_AUTH");
    assert!(serde_json::from_value::<idp::AuthFlowType>(json!("NOPE")).is_err());
}
