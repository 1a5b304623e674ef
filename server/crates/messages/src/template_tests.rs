//! What messages say.
#![allow(clippy::unwrap_used, clippy::panic)]

use crate::{Channel, Kind, Message, Values, word};
use domain::{Delivery, Medium, Pool, PoolId, PoolMfa};
use jiff::Timestamp;
use protocol::idp::{
    AdminCreateUserConfigType, DefaultEmailOptionType, EmailMfaConfigType, MessageTemplateType, UserPoolType,
    VerificationMessageTemplateType,
};

const KINDS: [Kind; 6] = [
    Kind::SignUp,
    Kind::ResendCode,
    Kind::ForgotPassword,
    Kind::VerifyUserAttribute,
    Kind::Invitation,
    Kind::Authentication,
];

fn pool(settings: UserPoolType) -> Pool {
    Pool {
        id: PoolId::from("us-east-1_Example00"),
        created_at: Timestamp::UNIX_EPOCH,
        modified_at: Timestamp::UNIX_EPOCH,
        settings: UserPoolType { name: Some("Acme".to_owned()), ..settings },
        mfa: PoolMfa::default(),
    }
}

fn mail(pool: &Pool, kind: Kind, username: &str, link: Option<&str>) -> Message {
    let delivery = Delivery { medium: Medium::Email, address: "ann@example.com".to_owned() };
    word(pool, kind, &delivery, &Values { username, code: "482913", link })
}

fn sms(pool: &Pool, kind: Kind) -> Message {
    let delivery = Delivery { medium: Medium::Sms, address: "+15555550100".to_owned() };
    word(pool, kind, &delivery, &Values { username: "ann", code: "482913", link: None })
}

fn verification(template: VerificationMessageTemplateType) -> Pool {
    pool(UserPoolType { verification_message_template: Some(template), ..UserPoolType::default() })
}

#[test]
fn without_templates_the_texts_are_cognitos() {
    let pool = pool(UserPoolType::default());
    let expected = [
        (Kind::SignUp, "Your verification code", "Your verification code is 482913. "),
        (Kind::ResendCode, "Your verification code", "Your verification code is 482913. "),
        (Kind::ForgotPassword, "Your verification code", "Your verification code is 482913. "),
        (Kind::VerifyUserAttribute, "Your verification code", "Your verification code is 482913. "),
        (Kind::Invitation, "Your temporary password", "Your username is ann and temporary password is 482913. "),
        (Kind::Authentication, "Your authentication code", "Your authentication code is 482913. "),
    ];
    for (kind, subject, text) in expected {
        let message = mail(&pool, kind, "ann", None);
        assert_eq!(message.subject.as_deref(), Some(subject));
        assert!(message.text.starts_with(text), "{kind:?}: {}", message.text);
        assert_eq!(sms(&pool, kind).text, text);
        assert_eq!(message.code.as_deref(), Some("482913"));
        assert_eq!((message.channel, message.to.as_str()), (Channel::Email, "ann@example.com"));
    }
}

#[test]
fn the_default_html_shows_brand_and_code_once_each_and_loads_nothing() {
    let pool = pool(UserPoolType::default());
    for kind in KINDS {
        let html = mail(&pool, kind, "ann", None).html.unwrap();
        assert!(html.contains("<strong>482913</strong>"), "{html}");
        assert!(html.contains(">Acme</p>"), "{html}");
        assert!(!html.contains("src=") && !html.contains("http"), "{html}");
    }
}

#[test]
fn a_names_tags_and_placeholders_stay_its_letters() {
    let username = "<b>{####}</b>\"{username}";
    for kind in KINDS {
        let template = MessageTemplateType {
            email_message: Some("<p>Hi {username}: {####}</p>".to_owned()),
            email_subject: Some("For {username}".to_owned()),
            sms_message: None,
        };
        let config = AdminCreateUserConfigType {
            invite_message_template: Some(template),
            ..AdminCreateUserConfigType::default()
        };
        for settings in [
            UserPoolType::default(),
            UserPoolType {
                email_verification_message: Some("Hi {username}: {####}".to_owned()),
                admin_create_user_config: Some(config),
                ..UserPoolType::default()
            },
        ] {
            let message = mail(&pool(settings), kind, username, None);
            let html = message.html.unwrap();
            assert!(!html.contains("<b>"), "{html}");
            // The code itself may be there twice (preheader and body), never in the name's place.
            assert!(!html.contains("&lt;b&gt;482913"), "{html}");
            assert!(!message.text.contains("<b>482913"), "{}", message.text);
        }
    }
}

#[test]
fn configured_html_is_sent_as_it_is_and_read_as_text() {
    let pool = verification(VerificationMessageTemplateType {
        email_message: Some("<h1>Acme</h1><p>Code: <b>{####}</b></p>".to_owned()),
        email_subject: Some("{####} is your Acme code".to_owned()),
        sms_message: Some("Acme: {####}".to_owned()),
        ..VerificationMessageTemplateType::default()
    });
    let message = mail(&pool, Kind::SignUp, "ann", None);
    assert_eq!(message.html.as_deref(), Some("<h1>Acme</h1><p>Code: <b>482913</b></p>"));
    assert_eq!(message.text, "Acme\nCode: 482913");
    assert_eq!(message.subject.as_deref(), Some("482913 is your Acme code"));
    assert_eq!(sms(&pool, Kind::ForgotPassword).text, "Acme: 482913");
    // A code to sign in with is no verification.
    assert_eq!(sms(&pool, Kind::Authentication).text, "Your authentication code is 482913. ");
}

#[test]
fn links_are_for_pools_that_confirm_by_link() {
    let link = Some("https://auth.example/confirm?a=1&b=2");
    let template = VerificationMessageTemplateType {
        email_message_by_link: Some("<p>{##Click here##} to join</p>".to_owned()),
        email_subject_by_link: Some("Join".to_owned()),
        ..VerificationMessageTemplateType::default()
    };
    let by_code = mail(&verification(template.clone()), Kind::SignUp, "ann", link);
    assert_eq!((by_code.link, by_code.subject.as_deref()), (None, Some("Your verification code")));

    let option = Some(DefaultEmailOptionType::ConfirmWithLink);
    let linked = verification(VerificationMessageTemplateType { default_email_option: option, ..template });
    let message = mail(&linked, Kind::SignUp, "ann", link);
    assert_eq!(message.link.as_deref(), link);
    assert_eq!(
        message.html.as_deref(),
        Some("<p><a href=\"https://auth.example/confirm?a=1&amp;b=2\">Click here</a> to join</p>")
    );
    assert_eq!(message.text, "Click here (https://auth.example/confirm?a=1&b=2) to join");
    assert_eq!(message.subject.as_deref(), Some("Join"));
    // A reset is always by code.
    assert_eq!(mail(&linked, Kind::ForgotPassword, "ann", link).link, None);

    let plain = VerificationMessageTemplateType { default_email_option: option, ..Default::default() };
    let message = mail(&verification(plain), Kind::SignUp, "ann", link);
    assert!(message.html.unwrap().contains(">Verify Email</a>"));
    assert!(message.text.contains("Verify Email: https://auth.example/confirm?a=1&b=2"), "{}", message.text);
}

#[test]
fn subjects_are_one_line_of_at_most_140_characters() {
    let pool = pool(UserPoolType {
        email_verification_subject: Some(format!("a\r\nBcc: x@example.com {}", "ü".repeat(200))),
        ..UserPoolType::default()
    });
    let subject = mail(&pool, Kind::SignUp, "ann", None).subject.unwrap();
    assert!(!subject.contains(['\r', '\n']), "{subject}");
    assert_eq!(subject.chars().count(), 140);
}

#[test]
fn a_second_factor_has_its_own_words() {
    let mut pool = pool(UserPoolType::default());
    pool.mfa.email =
        Some(EmailMfaConfigType { message: Some("Use {####}".to_owned()), subject: Some("Sign in".to_owned()) });
    let message = mail(&pool, Kind::Authentication, "ann", None);
    assert_eq!((message.subject.as_deref(), message.text.as_str()), (Some("Sign in"), "Use 482913"));
}
