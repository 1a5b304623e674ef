//! The wording of messages: the pool's templates with their placeholders filled in, or texts of ours in their place.

use domain::{Delivery, Medium, Pool};
use protocol::idp::{DefaultEmailOptionType, MessageTemplateType, VerificationMessageTemplateType};

use crate::html::{Parts, escape, lay_out, to_text};
use crate::{Brand, Channel, Message, Picture, Purpose};

/// Which of the pool's wordings a message takes.
pub type Kind = Purpose;

/// What a wording may say.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// `{username}`
    pub username: &'a str,
    /// `{####}`
    pub code: &'a str,
    /// Address of `{##Click here##}`, where codes are links.
    pub link: Option<&'a str>,
}

/// Mail subjects hold so many characters (quotas of Amazon Cognito).
const LONGEST_SUBJECT: usize = 140;

const CODE: &str = "{####}";
const USERNAME: &str = "{username}";
const LINK: &str = "{##";
const LINK_END: &str = "##}";

/// A template as configured, or the default in its place.
enum Template<'a> {
    Configured(&'a str),
    Default(&'static str),
}

impl<'a> Template<'a> {
    fn of(configured: Option<&'a String>, default: &'static str) -> Self {
        match given(configured) {
            Some(text) => Self::Configured(text),
            None => Self::Default(default),
        }
    }

    fn text(&self) -> &'a str {
        match *self {
            Self::Configured(text) => text,
            Self::Default(text) => text,
        }
    }
}

/// Words a message as the pool's templates say. Values are escaped in HTML and cannot smuggle placeholders, lines or
/// tags; a link is used where the pool confirms by link and `values` has one. The brand signs what we lay out; a
/// template with tags is sent as it is.
pub fn render(pool: &Pool, kind: Kind, delivery: &Delivery, values: &Values<'_>, brand: &Brand) -> Message {
    let sender = pool.settings.email_configuration.as_ref();
    let mut message = Message {
        channel: Channel::Sms,
        to: delivery.address.clone(),
        purpose: kind,
        subject: None,
        text: String::new(),
        html: None,
        logo: None,
        code: Some(values.code.to_owned()),
        link: None,
        from: None,
        reply_to: None,
    };
    match delivery.medium {
        Medium::Sms => message.text = fill_text(sms_template(pool, kind).text(), values),
        Medium::Email => {
            let by_link = values.link.is_some() && confirms_by_link(pool, kind);
            let (subject, body) = email_template(pool, kind, by_link);
            message.channel = Channel::Email;
            message.subject = Some(one_line(&match given(subject) {
                Some(subject) => fill_text(subject, values),
                None => own_subject(kind, by_link, values, &brand.name),
            }));
            let mail = mail(pool, kind, &body, values, brand, by_link);
            (message.text, message.html, message.logo) = (mail.text, Some(mail.html), mail.logo);
            message.link = by_link.then(|| values.link.map(str::to_owned)).flatten();
            message.from = sender.and_then(|sender| sender.from.clone()).filter(|from| !from.is_empty());
            message.reply_to = sender.and_then(|sender| sender.reply_to_email_address.clone());
        }
    }
    message
}

/// The code comes first, where a list of mails or a lock screen shows it; a temporary password never does.
fn own_subject(kind: Kind, by_link: bool, values: &Values<'_>, brand: &str) -> String {
    let code = grouped(values.code);
    match kind {
        _ if by_link => format!("Confirm your email address for {brand}"),
        Purpose::Invitation => format!("Your {brand} account"),
        Purpose::ForgotPassword => format!("{code} is your {brand} password reset code"),
        Purpose::Authentication => format!("{code} is your {brand} sign-in code"),
        Purpose::SignUp | Purpose::ResendCode | Purpose::VerifyUserAttribute => format!("{code} is your {brand} code"),
    }
}

/// Six digits as people read them out. In the mail itself they stand together, to be copied.
fn grouped(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((first, last)) if code.len() == 6 => format!("{first} {last}"),
        _ => code.to_owned(),
    }
}

/// The parts of a mail.
struct Mail {
    text: String,
    html: String,
    logo: Option<Picture>,
}

fn mail(pool: &Pool, kind: Kind, body: &Template<'_>, values: &Values<'_>, brand: &Brand, by_link: bool) -> Mail {
    let foot = foot(pool, kind, by_link);
    let laid_out = |template, foot| lay_out(&parts(kind, template, values, brand, foot));
    match body {
        // Cognito sends configured texts as HTML.
        Template::Configured(template) if template.contains('<') => {
            let html = fill_html(template, values);
            Mail { text: to_text(&html), html, logo: None }
        }
        Template::Configured(template) => Mail {
            text: to_text(&fill_html(template, values)),
            html: laid_out(template, &[]),
            logo: brand.logo.clone(),
        },
        Template::Default(template) => {
            let sentence = fill_text(template, values);
            Mail {
                text: format!("{}\n\n{}\n\n{}\n", sentence.trim_end(), foot.join("\n"), one_line(&brand.name)),
                html: laid_out(template, &foot),
                logo: brand.logo.clone(),
            }
        }
    }
}

/// A template without tags of its own, laid out: what stands before the code, the code, what stands behind.
fn parts(kind: Kind, template: &str, values: &Values<'_>, brand: &Brand, foot: &[String]) -> Parts {
    let mut parts = Parts {
        brand: escape(&one_line(&brand.name)),
        has_logo: brand.logo.is_some(),
        preheader: String::new(),
        before: String::new(),
        code: None,
        button: None,
        after: String::new(),
        foot: foot.iter().map(|line| escape(line)).collect(),
    };
    let words = |text: &str| fill_html(text, values);
    if let Some((before, after)) = template.split_once(CODE).filter(|(_, after)| !after.contains(CODE)) {
        (parts.before, parts.code) = (words(before), Some(escape(values.code).into()));
        parts.after = if after.chars().any(char::is_alphanumeric) { words(after) } else { String::new() };
    } else if let (Some(link), Some((before, rest))) = (values.link, template.split_once(LINK))
        && let Some((label, after)) = rest.split_once(LINK_END)
    {
        (parts.before, parts.after) = (words(before), words(after));
        parts.button = Some((escape(link), label.trim().to_owned()));
    } else {
        parts.before = words(template);
    }
    parts.preheader = match kind {
        Purpose::Invitation => format!("{}: your username and a temporary password", parts.brand),
        _ if parts.code.is_some() => format!("{} is your {} code", escape(&grouped(values.code)), parts.brand),
        _ => parts.before.clone(),
    };
    parts
}

/// A configured text; a blank one is none.
fn given(configured: Option<&String>) -> Option<&String> {
    configured.filter(|text| !text.trim().is_empty())
}

/// How long it lives, and what to do if it was not you.
fn foot(pool: &Pool, kind: Kind, by_link: bool) -> Vec<String> {
    let what = if by_link { "link" } else { "code" };
    let ignore = format!("If you did not ask for this {what}, you can ignore this message.");
    match kind {
        Purpose::SignUp | Purpose::ResendCode | Purpose::VerifyUserAttribute => {
            vec![format!("The {what} works for 24 hours."), ignore]
        }
        Purpose::ForgotPassword => vec![
            "The code works for one hour.".to_owned(),
            "If you did not ask to reset your password, ignore this message: your password stays as it is.".to_owned(),
        ],
        Purpose::Authentication => vec![
            "The code works for a few minutes.".to_owned(),
            "If you are not signing in right now, somebody knows your password: change it, and give this code to nobody."
                .to_owned(),
        ],
        Purpose::Invitation => {
            let days = pool.temporary_password_days();
            let days = if days == 1 { "one day".to_owned() } else { format!("{days} days") };
            vec![format!("The temporary password works for {days}; you choose your own when you first sign in.")]
        }
    }
}

/// Whether mail of this kind carries a link rather than a code. A link confirms a sign-up; a changed address is
/// verified by whoever is signed in, so its mail has a code whatever the pool says, as with Cognito.
pub fn confirms_by_link(pool: &Pool, kind: Kind) -> bool {
    matches!(kind, Purpose::SignUp | Purpose::ResendCode)
        && verification(pool).and_then(|template| template.default_email_option)
            == Some(DefaultEmailOptionType::ConfirmWithLink)
}

fn verification(pool: &Pool) -> Option<&VerificationMessageTemplateType> {
    pool.settings.verification_message_template.as_ref()
}

fn invitation(pool: &Pool) -> Option<&MessageTemplateType> {
    pool.settings.admin_create_user_config.as_ref()?.invite_message_template.as_ref()
}

fn sms_template(pool: &Pool, kind: Kind) -> Template<'_> {
    let settings = &pool.settings;
    match kind {
        Purpose::Invitation => Template::of(
            invitation(pool).and_then(|template| template.sms_message.as_ref()),
            "Your username is {username} and temporary password is {####}. ",
        ),
        Purpose::Authentication => Template::of(
            pool.mfa
                .sms
                .as_ref()
                .and_then(|sms| sms.sms_authentication_message.as_ref())
                .or(settings.sms_authentication_message.as_ref()),
            "Your authentication code is {####}. ",
        ),
        Purpose::SignUp | Purpose::ResendCode | Purpose::ForgotPassword | Purpose::VerifyUserAttribute => Template::of(
            verification(pool)
                .and_then(|template| template.sms_message.as_ref())
                .or(settings.sms_verification_message.as_ref()),
            "Your verification code is {####}. ",
        ),
    }
}

/// Subject as configured, and body.
fn email_template(pool: &Pool, kind: Kind, by_link: bool) -> (Option<&String>, Template<'_>) {
    let settings = &pool.settings;
    match kind {
        Purpose::Invitation => {
            let template = invitation(pool);
            (
                template.and_then(|template| template.email_subject.as_ref()),
                Template::of(
                    template.and_then(|template| template.email_message.as_ref()),
                    "Your username is {username} and temporary password is {####}. ",
                ),
            )
        }
        Purpose::Authentication => {
            let email = pool.mfa.email.as_ref();
            (
                email.and_then(|email| email.subject.as_ref()),
                Template::of(email.and_then(|email| email.message.as_ref()), "Your authentication code is {####}. "),
            )
        }
        _ if by_link => {
            let template = verification(pool);
            (
                template.and_then(|template| template.email_subject_by_link.as_ref()),
                Template::of(
                    template.and_then(|template| template.email_message_by_link.as_ref()),
                    "Please click the link below to verify your email address. {##Verify Email##} ",
                ),
            )
        }
        Purpose::SignUp | Purpose::ResendCode | Purpose::ForgotPassword | Purpose::VerifyUserAttribute => {
            let template = verification(pool);
            (
                given(template.and_then(|template| template.email_subject.as_ref()))
                    .or(settings.email_verification_subject.as_ref()),
                Template::of(
                    given(template.and_then(|template| template.email_message.as_ref()))
                        .or(settings.email_verification_message.as_ref()),
                    "Your verification code is {####}. ",
                ),
            )
        }
    }
}

/// Fills placeholders in plain text, in one pass: a value that looks like a placeholder stays what it is.
fn fill_text(template: &str, values: &Values<'_>) -> String {
    fill(
        template,
        values,
        |value| value.chars().filter(|c| !c.is_control()).collect(),
        |label, link| format!("{label}: {link}"),
    )
}

/// Fills placeholders in HTML; the template is the administrator's HTML, the values are not.
fn fill_html(template: &str, values: &Values<'_>) -> String {
    fill(template, values, escape, |label, link| format!("<a href=\"{}\">{label}</a>", escape(link)))
}

fn fill(
    template: &str,
    values: &Values<'_>,
    value: impl Fn(&str) -> String,
    anchor: impl Fn(&str, &str) -> String,
) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        if let Some(after) = from.strip_prefix(CODE) {
            filled.push_str(&value(values.code));
            rest = after;
        } else if let Some(after) = from.strip_prefix(USERNAME) {
            filled.push_str(&value(values.username));
            rest = after;
        } else if let (Some(link), Some((label, after))) =
            (values.link, from.strip_prefix(LINK).and_then(|inner| inner.split_once(LINK_END)))
        {
            filled.push_str(&anchor(label.trim(), link));
            rest = after;
        } else {
            filled.push('{');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    filled.push_str(rest);
    filled
}

/// A subject: no lines, no more than it may hold.
fn one_line(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    flat.trim().chars().take(LONGEST_SUBJECT).collect()
}
