//! Named samples of every page: plain, with errors, with long words, with many fields. Tests render them all in
//! every language, and so does the gallery.

use crate::look::{Favicon, FooterLink, Frame, LanguageLink, Look, Scheme};
use crate::message::{Message, Notice, Problem, Reason};
use crate::page::*;
use crate::words::Language;

/// A page with a name for it: lower case, words joined by `-`, unique.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The name.
    pub name: &'static str,
    /// The page.
    pub page: Page,
}

/// A key that every sample authenticator has.
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";

/// The brand of the samples.
pub fn look() -> Look {
    Look {
        name: "Acme".to_owned(),
        links: vec![
            FooterLink { label: "Help".to_owned(), href: "https://acme.example/help".to_owned() },
            FooterLink { label: "Privacy".to_owned(), href: "https://acme.example/privacy".to_owned() },
        ],
        ..Look::plain("Acme")
    }
}

/// Another brand: a long name, a favicon, always dark.
pub fn long_look() -> Look {
    Look {
        favicons: vec![Favicon {
            href: "/favicon.svg".to_owned(),
            kind: "image/svg+xml".to_owned(),
            scheme: Scheme::System,
        }],
        scheme: Scheme::Dark,
        ..Look::plain("Stadtwerke Niederösterreich Donaudampfschifffahrtsgesellschaft")
    }
}

/// The frame of the samples, with assets under `folder` (such as `.` or `/assets/HASH`).
pub fn frame(folder: &str) -> Frame {
    let link =
        |language: &Language| LanguageLink { tag: language.tag.to_owned(), href: format!("?lang={}", language.tag) };
    Frame {
        request_id: "5f0c1d9e-6b1a-4a5e-9a53-0a3d2f7c4b18".to_owned(),
        style: format!("{folder}/style.css"),
        script: Some(format!("{folder}/island.js")),
        favicon: format!("{folder}/favicon.svg"),
        languages: Language::all().iter().map(link).collect(),
    }
}

fn form(action: &str) -> FormState {
    FormState { action: action.to_owned(), csrf: "c3JmLXRva2Vu".to_owned(), state: "sealed.AAECAwQFBgcICQ".to_owned() }
}

fn rules() -> PasswordRules {
    PasswordRules { length: 8, lower: true, upper: true, digit: true, symbol: true, history: 0 }
}

fn resend(wait: u32) -> Option<Resend> {
    Some(Resend { action: "/resendcode".to_owned(), wait })
}

fn by_mail() -> Option<Destination> {
    Some(Destination { medium: Medium::Email, masked: "a***@e***".to_owned() })
}

fn sign_in() -> SignIn {
    SignIn {
        form: form("/login?client_id=demo"),
        kind: UsernameKind::Email,
        username: String::new(),
        problems: Vec::new(),
        notice: None,
        password: PasswordEntry::Allowed,
        providers: Vec::new(),
        sign_up: Some("/signup?client_id=demo".to_owned()),
        forgot: Some("/forgotPassword?client_id=demo".to_owned()),
    }
}

fn providers() -> Vec<ProviderButton> {
    let button = |name: &str, mark, last_used| ProviderButton {
        name: name.to_owned(),
        href: "/oauth2/authorize?identity_provider=x".to_owned(),
        mark,
        last_used,
    };
    vec![
        button("Google", ProviderMark::Google, true),
        button("Apple", ProviderMark::Apple, false),
        button("Facebook", ProviderMark::Facebook, false),
        button("Contoso Staff", ProviderMark::Initial, false),
    ]
}

fn sign_up() -> SignUp {
    SignUp {
        form: form("/signup"),
        kind: UsernameKind::Email,
        username: String::new(),
        fields: vec![Field::required("given_name"), Field::required("family_name")],
        rules: rules(),
        problems: Vec::new(),
        sign_in: "/login".to_owned(),
    }
}

fn code() -> SentCode {
    SentCode {
        form: form("/confirm"),
        username: "ada@example.com".to_owned(),
        destination: by_mail(),
        problems: Vec::new(),
        notice: None,
        resend: resend(42),
        other: None,
        back: Some("/login".to_owned()),
    }
}

fn reset() -> Reset {
    Reset {
        form: form("/confirmforgotPassword"),
        username: "ada@example.com".to_owned(),
        destination: by_mail(),
        rules: rules(),
        problems: Vec::new(),
        notice: None,
        resend: resend(42),
        sign_in: "/login".to_owned(),
    }
}

fn new_password() -> NewPassword {
    NewPassword {
        form: form("/newPassword"),
        username: "ada@example.com".to_owned(),
        fields: Vec::new(),
        rules: rules(),
        problems: Vec::new(),
        back: Some("/login".to_owned()),
    }
}

fn totp_setup() -> TotpSetup {
    let uri = format!("otpauth://totp/Acme:ada%40example.com?secret={SECRET}&issuer=Acme");
    TotpSetup {
        form: form("/mfa/setup"),
        username: "ada@example.com".to_owned(),
        key: TotpKey { secret: SECRET.to_owned(), uri },
        device_name: String::new(),
        problems: Vec::new(),
        back: Some("/login".to_owned()),
    }
}

fn totp() -> TotpCode {
    TotpCode {
        form: form("/mfa"),
        username: "ada@example.com".to_owned(),
        device_name: None,
        problems: Vec::new(),
        other: None,
        back: Some("/login".to_owned()),
    }
}

/// Every sample there is.
pub fn samples() -> Vec<Sample> {
    let mut all = entrances();
    all.extend(codes());
    all.extend(factors());
    all.extend(ends());
    all
}

fn entrances() -> Vec<Sample> {
    let many = [
        "email",
        "phone_number",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "address",
        "custom:team-size",
    ];
    vec![
        Sample { name: "sign-in", page: Page::SignIn(sign_in()) },
        Sample {
            name: "sign-in-wrong",
            page: Page::SignIn(SignIn {
                username: "ada@example.com".to_owned(),
                problems: vec![Problem::of_form(Message::WrongCredentials)],
                ..sign_in()
            }),
        },
        Sample {
            name: "sign-in-providers",
            page: Page::SignIn(SignIn { kind: UsernameKind::Any, providers: providers(), ..sign_in() }),
        },
        Sample {
            name: "sign-in-only-providers",
            page: Page::SignIn(SignIn {
                password: PasswordEntry::Absent,
                providers: providers(),
                sign_up: None,
                forgot: None,
                ..sign_in()
            }),
        },
        Sample {
            name: "sign-in-srp-only",
            page: Page::SignIn(SignIn { kind: UsernameKind::Phone, password: PasswordEntry::SrpOnly, ..sign_in() }),
        },
        Sample {
            name: "sign-in-notice",
            page: Page::SignIn(SignIn {
                kind: UsernameKind::Username,
                notice: Some(Notice::PasswordChanged),
                sign_up: None,
                ..sign_in()
            }),
        },
        Sample { name: "sign-up", page: Page::SignUp(sign_up()) },
        Sample {
            name: "sign-up-errors",
            page: Page::SignUp(SignUp {
                username: "ada@".to_owned(),
                problems: vec![
                    Problem::of_field("username", Message::EmailInvalid),
                    Problem::of_field("given_name", Message::FieldRequired("First name".to_owned())),
                    Problem::of_field("password", Message::PasswordPolicy),
                    Problem::of_form(Message::Foreign("PreSignUp failed with error: only staff may join.".to_owned())),
                ],
                ..sign_up()
            }),
        },
        Sample {
            name: "sign-up-many-fields",
            page: Page::SignUp(SignUp {
                kind: UsernameKind::Username,
                fields: many.into_iter().map(Field::required).collect(),
                rules: PasswordRules { length: 12, history: 5, ..rules() },
                ..sign_up()
            }),
        },
    ]
}

fn codes() -> Vec<Sample> {
    let sms = || Some(Destination { medium: Medium::Sms, masked: "+*******0018".to_owned() });
    vec![
        Sample { name: "confirm", page: Page::Confirm(code()) },
        Sample {
            name: "confirm-wrong",
            page: Page::Confirm(SentCode {
                problems: vec![Problem::of_field("code", Message::WrongCode)],
                resend: resend(0),
                ..code()
            }),
        },
        Sample {
            name: "confirm-sent-again",
            page: Page::Confirm(SentCode { notice: Some(Notice::CodeSent("a***@e***".to_owned())), ..code() }),
        },
        Sample {
            name: "forgot",
            page: Page::Forgot(Forgot {
                form: form("/forgotPassword"),
                kind: UsernameKind::Email,
                username: String::new(),
                problems: Vec::new(),
                sign_in: "/login".to_owned(),
            }),
        },
        Sample {
            name: "forgot-limited",
            page: Page::Forgot(Forgot {
                form: form("/forgotPassword"),
                kind: UsernameKind::EmailOrPhone,
                username: "ada@example.com".to_owned(),
                problems: vec![Problem::of_form(Message::TooManyCodes)],
                sign_in: "/login".to_owned(),
            }),
        },
        Sample { name: "reset", page: Page::Reset(reset()) },
        Sample {
            name: "reset-errors",
            page: Page::Reset(Reset {
                destination: None,
                problems: vec![
                    Problem::of_field("code", Message::ExpiredCode),
                    Problem::of_field("password", Message::PasswordHistory),
                ],
                ..reset()
            }),
        },
        Sample { name: "new-password", page: Page::NewPassword(new_password()) },
        Sample {
            name: "new-password-attributes",
            page: Page::NewPassword(NewPassword {
                fields: vec![Field::required("name"), Field::required("birthdate")],
                problems: vec![Problem::of_field("birthdate", Message::FieldInvalid("Date of birth".to_owned()))],
                ..new_password()
            }),
        },
        Sample {
            name: "mfa-sms",
            page: Page::MfaCode(SentCode { destination: sms(), other: Some("/mfa/select".to_owned()), ..code() }),
        },
    ]
}

fn factors() -> Vec<Sample> {
    let select = || SelectMfa {
        form: form("/mfa/select"),
        username: "ada@example.com".to_owned(),
        choices: vec![Factor::Totp, Factor::Sms("+*******0018".to_owned()), Factor::Email("a***@e***".to_owned())],
        problems: Vec::new(),
        back: Some("/login".to_owned()),
    };
    vec![
        Sample { name: "totp-setup", page: Page::TotpSetup(totp_setup()) },
        Sample {
            name: "totp-setup-wrong",
            page: Page::TotpSetup(TotpSetup {
                device_name: "Ada’s phone".to_owned(),
                problems: vec![Problem::of_field("code", Message::SecretRefused)],
                ..totp_setup()
            }),
        },
        Sample { name: "totp", page: Page::TotpCode(totp()) },
        Sample {
            name: "totp-wrong",
            page: Page::TotpCode(TotpCode {
                device_name: Some("Ada’s phone".to_owned()),
                problems: vec![Problem::of_field("code", Message::WrongCode)],
                other: Some("/mfa/select".to_owned()),
                ..totp()
            }),
        },
        Sample { name: "select-mfa", page: Page::SelectMfa(select()) },
        Sample {
            name: "select-mfa-long",
            page: Page::SelectMfa(SelectMfa {
                username: "adalovelace.countess.of.lovelace.analytical.engine@averylongsubdomain.example.com"
                    .to_owned(),
                problems: vec![Problem::of_field("choice", Message::NotAllowed)],
                ..select()
            }),
        },
    ]
}

fn ends() -> Vec<Sample> {
    vec![
        Sample { name: "confirmed", page: Page::Confirmed(Confirmed { app: Some("https://app.example/".to_owned()) }) },
        Sample { name: "confirmed-bare", page: Page::Confirmed(Confirmed { app: None }) },
        Sample {
            name: "signed-out",
            page: Page::SignedOut(SignedOut {
                sign_in: Some("/login?client_id=demo".to_owned()),
                app: Some("https://app.example/".to_owned()),
            }),
        },
        Sample { name: "signed-out-bare", page: Page::SignedOut(SignedOut { sign_in: None, app: None }) },
        Sample {
            name: "error-redirect",
            page: Page::Error(ErrorPage { code: "redirect_mismatch".to_owned(), reason: Reason::Redirect, back: None }),
        },
        Sample {
            name: "error-link",
            page: Page::Error(ErrorPage { code: "invalid_code".to_owned(), reason: Reason::Link, back: None }),
        },
        Sample {
            name: "error-interrupted",
            page: Page::Error(ErrorPage {
                code: "invalid_request".to_owned(),
                reason: Reason::Interrupted,
                back: None,
            }),
        },
        Sample {
            name: "error-not-yet",
            page: Page::Error(ErrorPage {
                code: "identity_provider_not_available_yet".to_owned(),
                reason: Reason::NotYet,
                back: None,
            }),
        },
        Sample {
            name: "error-server",
            page: Page::Error(ErrorPage {
                code: "server_error".to_owned(),
                reason: Reason::Server,
                back: Some("https://app.example/".to_owned()),
            }),
        },
    ]
}
