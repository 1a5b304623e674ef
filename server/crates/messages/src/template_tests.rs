//! What messages say.
#![allow(clippy::unwrap_used, clippy::panic)]

use domain::{Delivery, Medium, Pool, PoolId, PoolMfa};
use jiff::Timestamp;
use protocol::idp::{
    AdminCreateUserConfigType, DefaultEmailOptionType, EmailMfaConfigType, MessageTemplateType, UserPoolType,
    VerificationMessageTemplateType,
};

use crate::{Brand, Channel, Kind, Message, Picture, Values, render};

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
        settings: UserPoolType { name: Some("acme-production".to_owned()), ..settings },
        mfa: PoolMfa::default(),
    }
}

fn mail(pool: &Pool, kind: Kind, username: &str, link: Option<&str>) -> Message {
    let delivery = Delivery { medium: Medium::Email, address: "ann@example.com".to_owned() };
    render(pool, kind, &delivery, &Values { username, code: "482913", link }, &acme())
}

fn acme() -> Brand {
    Brand { name: "Acme".to_owned(), logo: None }
}

fn sms(pool: &Pool, kind: Kind) -> Message {
    let delivery = Delivery { medium: Medium::Sms, address: "+15555550100".to_owned() };
    render(pool, kind, &delivery, &Values { username: "ann", code: "482913", link: None }, &acme())
}

fn verification(template: VerificationMessageTemplateType) -> Pool {
    pool(UserPoolType { verification_message_template: Some(template), ..UserPoolType::default() })
}

#[test]
fn without_templates_a_mail_says_whose_code_it_is_and_holds_cognitos_sentence() {
    let pool = pool(UserPoolType::default());
    let expected = [
        (Kind::SignUp, "482 913 is your Acme code", "Your verification code is 482913."),
        (Kind::ResendCode, "482 913 is your Acme code", "Your verification code is 482913."),
        (Kind::ForgotPassword, "482 913 is your Acme password reset code", "Your verification code is 482913."),
        (Kind::VerifyUserAttribute, "482 913 is your Acme code", "Your verification code is 482913."),
        (Kind::Invitation, "Your Acme account", "Your username is ann and temporary password is 482913."),
        (Kind::Authentication, "482 913 is your Acme sign-in code", "Your authentication code is 482913."),
    ];
    for (kind, subject, text) in expected {
        let message = mail(&pool, kind, "ann", None);
        assert_eq!(message.subject.as_deref(), Some(subject));
        assert!(message.text.starts_with(text) && message.text.ends_with("\nAcme\n"), "{kind:?}: {}", message.text);
        assert_eq!(sms(&pool, kind).text, format!("{text} "));
        assert_eq!(message.code.as_deref(), Some("482913"));
        assert_eq!((message.channel, message.to.as_str()), (Channel::Email, "ann@example.com"));
    }
}

#[test]
fn a_temporary_password_is_not_for_lists_of_mails() {
    let message = mail(&pool(UserPoolType::default()), Kind::Invitation, "ann", None);
    assert!(!message.subject.clone().unwrap().contains("482"));
    assert_eq!(message.html.clone().unwrap().matches("482913").count(), 1, "in the mail's words alone");
}

#[test]
fn the_default_html_shows_brand_and_code_once_each_and_loads_nothing() {
    let pool = pool(UserPoolType::default());
    for kind in KINDS {
        let message = mail(&pool, kind, "ann", None);
        let html = message.html.clone().unwrap();
        assert!(html.contains(">482913</strong>"), "{html}");
        assert!(html.contains(">Acme</div>"), "{html}");
        assert!(!html.contains("src=") && !html.contains("http"), "{html}");
        assert!(message.logo.is_none());
    }
}

#[test]
fn a_logo_stands_in_the_names_place_where_we_lay_out() {
    let logo = Picture { media_type: "image/png".to_owned(), bytes: b"png".to_vec().into() };
    let brand = Brand { name: "A&B \"<x>\"\r\n".to_owned(), logo: Some(logo.clone()) };
    let delivery = Delivery { medium: Medium::Email, address: "ann@example.com".to_owned() };
    let values = Values { username: "ann", code: "482913", link: None };
    let plain = pool(UserPoolType {
        email_verification_message: Some("Hi {username}, it is {####}.".to_owned()),
        ..UserPoolType::default()
    });
    let tagged =
        pool(UserPoolType { email_verification_message: Some("<p>{####}</p>".to_owned()), ..UserPoolType::default() });
    for pool in [pool(UserPoolType::default()), plain] {
        let message = render(&pool, Kind::SignUp, &delivery, &values, &brand);
        let html = message.html.clone().unwrap();
        assert!(html.contains("<img src=\"cid:logo@mail\" alt=\"A&amp;B &quot;&lt;x&gt;&quot;\""), "{html}");
        assert!(html.matches("src=").count() == 1 && !html.contains("http") && !html.contains("<x>"), "{html}");
        assert_eq!(message.logo.as_ref(), Some(&logo));
    }
    let message = render(&tagged, Kind::SignUp, &delivery, &values, &brand);
    assert_eq!((message.html.as_deref(), message.logo.clone()), (Some("<p>482913</p>"), None));
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
            let html = message.html.clone().unwrap();
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
    assert_eq!((by_code.link.clone(), by_code.subject.as_deref()), (None, Some("482 913 is your Acme code")));

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
    // A link confirms sign-ups; everything else is by code, and so is every SMS.
    for kind in [Kind::ForgotPassword, Kind::VerifyUserAttribute, Kind::Authentication, Kind::Invitation] {
        let message = mail(&linked, kind, "ann", link);
        assert!(message.link.is_none() && message.text.contains("482913"), "{kind:?}");
    }
    assert_eq!(sms(&linked, Kind::SignUp).text, "Your verification code is 482913. ");

    let plain = VerificationMessageTemplateType { default_email_option: option, ..Default::default() };
    let message = mail(&verification(plain), Kind::SignUp, "ann", link);
    assert!(message.html.clone().unwrap().contains(">Verify Email</a>"));
    assert!(message.text.contains("Verify Email: https://auth.example/confirm?a=1&b=2"), "{}", message.text);
}

#[test]
fn subjects_are_one_line_of_at_most_140_characters() {
    let pool = pool(UserPoolType {
        email_verification_subject: Some(format!("a\r\nBcc: x@example.com {}", "ü".repeat(200))),
        ..UserPoolType::default()
    });
    let subject = mail(&pool, Kind::SignUp, "ann", None).subject.clone().unwrap();
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
