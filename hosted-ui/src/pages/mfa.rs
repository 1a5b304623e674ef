use leptos::prelude::*;

use super::Drawn;
use crate::page::{Factor, SelectMfa, TotpCode, TotpKey, TotpSetup};
use crate::parts::{
    RenderContext, TextField, account_line, code_field, draw_qr, form, heading, lead, primary, quiet_link, secondary,
    summary, text_field,
};
use crate::words::fill;

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
        {page.back.as_ref().map(|href| quiet_link(href, &words.start_over, true))}
    };
    Drawn::with_form(&words.select_heading, content.into_any())
}

/// Left to right and apart from what surrounds it: an address or a number inside a sentence.
fn isolate(masked: &str) -> String {
    format!("\u{2066}{masked}\u{2069}")
}
