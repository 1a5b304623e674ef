use std::fmt;

use leptos::prelude::*;

use super::{Drawn, Page};
use crate::message::{Message, Problem};
use crate::page::FormState;
use crate::parts::{
    RenderContext, TextField, account_line, code_field, draw_qr, form, heading, lead, primary, quiet_link, secondary,
    summary, text_field, time_limit,
};
use crate::samples::{Sample, Text, form_state};
use crate::words::fill;

/// A key that every sample authenticator has.
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";

/// Fields: `code`, `device_name` (may be empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpSetup {
    /// The form.
    pub form: FormState,
    /// Whose authenticator.
    pub username: String,
    /// The key.
    pub key: TotpKey,
    /// The name typed before.
    pub device_name: String,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The way back.
    pub back: Option<String>,
}

/// An authenticator's key, in its two spellings.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey {
    /// In base32, ungrouped.
    pub secret: String,
    /// The `otpauth://` URI that the picture carries. Past 1,200 bytes no picture is drawn.
    pub uri: String,
}

impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Field: `code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpCode {
    /// The form.
    pub form: FormState,
    /// Whose code.
    pub username: String,
    /// The authenticator's name, where it has one.
    pub device_name: Option<String>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// Another factor.
    pub other: Option<String>,
    /// The way back.
    pub back: Option<String>,
}

/// Field: `choice`, the value of one of the choices (Cognito's challenge names).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectMfa {
    /// The form.
    pub form: FormState,
    /// Whose sign-in.
    pub username: String,
    /// What there is; the first is chosen already.
    pub choices: Vec<Factor>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// The way back.
    pub back: Option<String>,
}

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// `SOFTWARE_TOKEN_MFA`.
    Totp,
    /// `SMS_MFA`; masked number.
    Sms(String),
    /// `EMAIL_OTP`; masked address.
    Email(String),
}

impl Factor {
    /// The value posted as `choice`.
    pub fn value(&self) -> &'static str {
        match self {
            Self::Totp => "SOFTWARE_TOKEN_MFA",
            Self::Sms(_) => "SMS_MFA",
            Self::Email(_) => "EMAIL_OTP",
        }
    }
}

pub(super) fn set_up(context: RenderContext<'_>, page: &TotpSetup) -> Drawn {
    let words = context.words();
    let name = TextField {
        name: "device_name".to_owned(),
        label: words.totp_device_name.to_string(),
        help: Some(words.totp_device_help.to_string()),
        value: page.device_name.clone(),
        kind: "text",
        inputmode: None,
        autocomplete: "off",
        required: false,
        autofocus: false,
        ltr: false,
        literal: false,
    };
    let fields = view! {
        <ol class="steps">
            <li>
                <p class="step">{words.totp_step_scan.clone()}</p>
                {key(context, &page.key, &page.username)}
            </li>
            <li>{code_field(context, &words.totp_step_code, false, false)}</li>
            <li>{text_field(context, name)}</li>
        </ol>
        {primary(&words.totp_setup_button, &words.confirm_busy)}
    };
    let content = view! {
        {heading(&words.totp_setup_heading)}
        {account_line(context, &page.username)}
        {lead(&words.totp_setup_intro)}
        {summary(context)}
        {form(context, &page.form, None, fields.into_any())}
        {time_limit(context)}
        {page.back.as_ref().map(|href| quiet_link(href, &words.start_over, true))}
    };
    Drawn::with_form(&words.totp_setup_heading, content.into_any())
}

/// The key as a picture, as a link for the device that shows the page, and as text in groups of four.
fn key(context: RenderContext<'_>, key: &TotpKey, account: &str) -> AnyView {
    let words = context.words();
    let picture = draw_qr(&key.uri).map(|(side, path)| {
        let label = fill(&words.totp_qr_label, &[("account", account)]);
        let view_box = format!("0 0 {side} {side}");
        view! {
            <svg class="qr" viewBox=view_box role="img" aria-label=label shape-rendering="crispEdges">
                <path fill="#000" d=path></path>
            </svg>
        }
    });
    let link = key
        .uri
        .starts_with("otpauth://")
        .then(|| view! { <p><a class="small" href=key.uri.clone()>{words.totp_open_app.clone()}</a></p> });
    let letters: Vec<char> = key.secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    view! {
        <div class="key">
            {picture}
            <div class="key-text">
                <p class="help">{words.totp_key_label.clone()}</p>
                <p><code dir="ltr" translate="no">{groups.join(" ")}</code></p>
                {link}
            </div>
        </div>
    }
    .into_any()
}

pub(super) fn code(context: RenderContext<'_>, page: &TotpCode) -> Drawn {
    let words = context.words();
    let intro = match page.device_name.as_deref() {
        Some(device) if !device.is_empty() => fill(&words.totp_intro_device, &[("device", device)]),
        _ => words.totp_intro.to_string(),
    };
    let clock = (!context.has_no_problems()).then(|| view! { <p class="help">{words.totp_clock_help.clone()}</p> });
    let fields = view! {
        {code_field(context, &words.code, true, true)}
        {clock}
        {primary(&words.continue_button, &words.continue_busy)}
    };
    let content = view! {
        {heading(&words.totp_heading)}
        {account_line(context, &page.username)}
        {lead(&intro)}
        {summary(context)}
        {form(context, &page.form, None, fields.into_any())}
        {page.other.as_ref().map(|href| secondary(href, &words.other_factor))}
        {time_limit(context)}
        {page.back.as_ref().map(|href| quiet_link(href, &words.start_over, true))}
    };
    Drawn::with_form(&words.totp_heading, content.into_any())
}

pub(super) fn select(context: RenderContext<'_>, page: &SelectMfa) -> Drawn {
    let words = context.words();
    let choices: Vec<_> = page
        .choices
        .iter()
        .enumerate()
        .map(|(index, choice)| {
            let text = match choice {
                Factor::Totp => words.factor_totp.to_string(),
                Factor::Sms(masked) => fill(&words.factor_sms, &[("destination", &isolate(masked))]),
                Factor::Email(masked) => fill(&words.factor_email, &[("destination", &isolate(masked))]),
            };
            let id = if index == 0 { "f-choice".to_owned() } else { format!("f-choice-{index}") };
            let target = id.clone();
            view! {
                <label class="choice" for=target>
                    <input type="radio" id=id name="choice" value=choice.value() checked={index == 0} required />
                    <span>{text}</span>
                </label>
            }
        })
        .collect();
    let fields = view! {
        <fieldset class="choices">
            <legend>{words.select_intro.clone()}</legend>
            {choices}
        </fieldset>
        {primary(&words.continue_button, &words.continue_busy)}
    };
    let content = view! {
        {heading(&words.select_heading)}
        {account_line(context, &page.username)}
        {summary(context)}
        {form(context, &page.form, None, fields.into_any())}
        {time_limit(context)}
        {page.back.as_ref().map(|href| quiet_link(href, &words.start_over, true))}
    };
    Drawn::with_form(&words.select_heading, content.into_any())
}

/// Left to right and apart from what surrounds it: an address or a number inside a sentence.
fn isolate(masked: &str) -> String {
    format!("\u{2066}{masked}\u{2069}")
}

pub(super) fn samples(t: Text<'_>) -> Vec<Sample> {
    let select = || SelectMfa {
        form: form_state(t, "/mfa/select"),
        username: t("ada@example.com"),
        choices: vec![Factor::Totp, Factor::Sms(t("+*******0018")), Factor::Email(t("a***@e***"))],
        problems: Vec::new(),
        back: Some(t("/login")),
    };
    vec![
        Sample { name: "totp-setup", page: Page::TotpSetup(totp_setup(t)) },
        Sample {
            name: "totp-setup-wrong",
            page: Page::TotpSetup(TotpSetup {
                device_name: t("Ada’s phone"),
                problems: vec![Problem::of_field("code", Message::SecretRefused)],
                ..totp_setup(t)
            }),
        },
        Sample { name: "totp", page: Page::TotpCode(totp(t)) },
        Sample {
            name: "totp-wrong",
            page: Page::TotpCode(TotpCode {
                device_name: Some(t("Ada’s phone")),
                problems: vec![Problem::of_field("code", Message::WrongCode)],
                other: Some(t("/mfa/select")),
                ..totp(t)
            }),
        },
        Sample { name: "select-mfa", page: Page::SelectMfa(select()) },
        Sample {
            name: "select-mfa-long",
            page: Page::SelectMfa(SelectMfa {
                username: t("adalovelace.countess.of.lovelace.analytical.engine@averylongsubdomain.example.com"),
                problems: vec![Problem::of_field("choice", Message::NotAllowed)],
                ..select()
            }),
        },
    ]
}

fn totp_setup(t: Text<'_>) -> TotpSetup {
    let uri = format!("otpauth://totp/Acme:ada%40example.com?secret={SECRET}&issuer=Acme");
    TotpSetup {
        form: form_state(t, "/mfa/setup"),
        username: t("ada@example.com"),
        key: TotpKey { secret: t(SECRET), uri: t(&uri) },
        device_name: t(""),
        problems: Vec::new(),
        back: Some(t("/login")),
    }
}

fn totp(t: Text<'_>) -> TotpCode {
    TotpCode {
        form: form_state(t, "/mfa"),
        username: t("ada@example.com"),
        device_name: None,
        problems: Vec::new(),
        other: None,
        back: Some(t("/login")),
    }
}
