//! A step as the page that shows it.

use domain::{Pool, UsernameForm};
use flows::{ClientContext, derive_otpauth_uri, resend_after};
use hosted_ui::{
    ChangeAddress, Confirm, Destination, Factor, Field, Forgot, FormState, Medium, NewPassword, Notice, Page,
    PasswordEntry, PasswordRules, Problem, ProviderButton, Resend, Reset, SelectMfa, SentCode, SignIn, SignUp,
    TotpCode, TotpKey, TotpSetup, UsernameKind,
};
use protocol::idp::RecoveryOptionNameType;

use super::Step;
use super::step::{Asked, AskedBy, ChallengeStep, Confirmation, News, ResetStep, Sent, path};
use crate::http::call::Call;
use crate::http::page_context::PageContext;
use crate::http::params::Params;

/// What every page is drawn from.
struct PageBuilder<'a> {
    call: &'a Call,
    page: PageContext<'a>,
    /// What was typed before; passwords are never read from it.
    typed: &'a Params,
    form: FormState,
    problems: Vec<Problem>,
}

/// Draws the step's page. The sign-in page shows `providers` as further ways in.
pub(super) fn draw(
    call: &Call,
    page: PageContext<'_>,
    step: &Step,
    typed: &Params,
    problems: Vec<Problem>,
    providers: Vec<ProviderButton>,
) -> Page {
    let form = FormState { action: page.link(step.path()), csrf: call.form_token(), state: call.seal_step(page, step) };
    let builder = PageBuilder { call, page, typed, form, problems };
    match step {
        Step::SignIn(step) => builder.sign_in(&step.username, step.news.map(News::notice), providers),
        Step::SignUp => builder.sign_up(),
        Step::Forgot => builder.forgot(),
        Step::Reset(step) => builder.reset(step),
        Step::Challenge(step) => builder.challenge(step),
    }
}

impl PageBuilder<'_> {
    fn link(&self, path: &str) -> String {
        self.page.link(path)
    }

    fn typed_or(&self, name: &str, otherwise: String) -> String {
        self.typed.get(name).map_or(otherwise, str::to_owned)
    }

    fn sign_in(self, username: &str, notice: Option<Notice>, providers: Vec<ProviderButton>) -> Page {
        let ClientContext { pool, client } = self.page.app;
        let password = match (client.supports_provider("COGNITO"), client.srp_only) {
            (false, _) => PasswordEntry::Absent,
            (true, true) => PasswordEntry::SrpOnly,
            (true, false) => PasswordEntry::Allowed,
        };
        let takes = password != PasswordEntry::Absent;
        let hint = self.call.query.typed("login_hint").to_owned();
        let known = if username.is_empty() { hint } else { username.to_owned() };
        Page::SignIn(SignIn {
            kind: username_kind(pool),
            username: self.typed_or("username", known),
            notice,
            password,
            providers,
            sign_up: (takes && !pool.is_admin_create_only()).then(|| self.link("/signup")),
            forgot: (takes && !recovers_by_admin_only(pool)).then(|| self.link("/forgotPassword")),
            problems: self.problems,
            form: self.form,
        })
    }

    fn sign_up(self) -> Page {
        let app = self.page.app;
        let kind = match username_kind(&app.pool) {
            UsernameKind::Any => UsernameKind::Username,
            kind => kind,
        };
        Page::SignUp(SignUp {
            kind,
            username: self.typed_or("username", String::new()),
            fields: self.fields(&sign_up_attributes(app)),
            rules: rules(&app.pool, true),
            sign_in: self.link("/login"),
            problems: self.problems,
            form: self.form,
        })
    }

    fn confirmation(self, confirmation: &Confirmation) -> Page {
        let sent = confirmation.sent.as_ref();
        let again = sent.filter(|_| confirmation.asked_by == AskedBy::Resend);
        let notice = if confirmation.by_link { Notice::LinkSent } else { Notice::CodeSent };
        Page::Confirm(Confirm {
            by_link: confirmation.by_link,
            notice: again.map(|sent| notice(sent.shown.clone())),
            resend: Some(self.resend(sent)),
            change: self.change_address(sent),
            destination: sent.map(destination),
            back: Some(self.link(path::SIGN_IN)),
            problems: self.problems,
            form: self.form,
        })
    }

    /// The form for another address, where the client may write it.
    fn change_address(&self, sent: Option<&Sent>) -> Option<ChangeAddress> {
        let Sent { medium, shown, is_masked, .. } = sent?;
        let attribute = medium.attribute();
        // What the reader typed is there to be corrected; what is masked is not.
        let known = if *is_masked { String::new() } else { shown.clone() };
        self.page.app.client.writes(attribute).then(|| ChangeAddress {
            action: self.link(path::CONFIRM_ADDRESS),
            medium: shown_medium(*medium),
            value: self.typed_or(attribute, known),
        })
    }

    fn sent_code(self, username: String, sent: &Sent, again: bool) -> Page {
        Page::MfaCode(SentCode {
            username,
            notice: again.then(|| Notice::CodeSent(sent.shown.clone())),
            resend: Some(self.resend(Some(sent))),
            destination: Some(destination(sent)),
            other: None,
            back: Some(self.link(path::SIGN_IN)),
            problems: self.problems,
            form: self.form,
        })
    }

    fn forgot(self) -> Page {
        Page::Forgot(Forgot {
            kind: username_kind(&self.page.app.pool),
            username: self.typed_or("username", self.call.query.typed("login_hint").to_owned()),
            sign_in: self.link("/login"),
            problems: self.problems,
            form: self.form,
        })
    }

    fn reset(self, step: &ResetStep) -> Page {
        let sent = step.sent.as_ref();
        Page::Reset(Reset {
            username: step.username.clone(),
            rules: rules(&self.page.app.pool, false),
            notice: sent.filter(|_| step.again).map(|sent| Notice::CodeSentPerhaps(sent.shown.clone())),
            resend: Some(self.resend(sent)),
            destination: sent.map(destination),
            sign_in: self.link("/login"),
            problems: self.problems,
            form: self.form,
        })
    }

    fn challenge(self, step: &ChallengeStep) -> Page {
        let username = step.username.clone();
        let back = Some(self.link("/login"));
        match &step.asked {
            Asked::Confirmation(confirmation) => self.confirmation(confirmation),
            Asked::NewPassword { attributes } => self.new_password(username, attributes),
            Asked::SetUpTotp { secret } => self.set_up(username, secret.as_str().to_owned()),
            Asked::SentCode { sent, again } => self.sent_code(username, sent, *again),
            Asked::TotpCode { device } => Page::TotpCode(TotpCode {
                back,
                form: self.form,
                username,
                device_name: device.clone(),
                problems: self.problems,
                other: None,
            }),
            Asked::SelectFactor { choices } => Page::SelectMfa(SelectMfa {
                back,
                form: self.form,
                username,
                choices: choices.iter().map(|(factor, masked)| shown_factor(*factor, masked.as_deref())).collect(),
                problems: self.problems,
            }),
        }
    }

    fn new_password(self, username: String, attributes: &[String]) -> Page {
        Page::NewPassword(NewPassword {
            username,
            fields: self.fields(attributes),
            rules: rules(&self.page.app.pool, false),
            back: Some(self.link("/login")),
            problems: self.problems,
            form: self.form,
        })
    }

    fn set_up(self, username: String, secret: String) -> Page {
        let uri = derive_otpauth_uri(&self.call.brand_name(self.page.app), &username, &secret);
        Page::TotpSetup(TotpSetup {
            username,
            key: TotpKey { secret, uri },
            device_name: self.typed_or("device_name", String::new()),
            back: Some(self.link("/login")),
            problems: self.problems,
            form: self.form,
        })
    }

    fn fields(&self, names: &[String]) -> Vec<Field> {
        let field =
            |name: &String| Field { value: self.typed_or(name, String::new()), ..Field::required(name.as_str()) };
        names.iter().map(field).collect()
    }

    fn resend(&self, sent: Option<&Sent>) -> Resend {
        let wait = sent.map_or(0, |sent| resend_after(sent.at).duration_since(self.call.ctx.now).as_secs());
        Resend { action: self.link("/resendcode"), wait: u32::try_from(wait.max(0)).unwrap_or(0) }
    }
}

fn destination(sent: &Sent) -> Destination {
    Destination { medium: shown_medium(sent.medium), shown: sent.shown.clone() }
}

fn shown_medium(medium: domain::Medium) -> Medium {
    match medium {
        domain::Medium::Sms => Medium::Sms,
        domain::Medium::Email => Medium::Email,
    }
}

/// A factor as the page of choices shows it.
pub(super) fn shown_factor(factor: domain::Factor, masked: Option<&str>) -> Factor {
    let masked = masked.unwrap_or_default().to_owned();
    match factor {
        domain::Factor::Totp => Factor::Totp,
        domain::Factor::Sms => Factor::Sms(masked),
        domain::Factor::Email => Factor::Email(masked),
    }
}

/// What a pool's users type as their name.
pub(super) fn username_kind(pool: &Pool) -> UsernameKind {
    match pool.username_form() {
        UsernameForm::Email => UsernameKind::Email,
        UsernameForm::PhoneNumber => UsernameKind::Phone,
        UsernameForm::EmailOrPhoneNumber => UsernameKind::EmailOrPhone,
        UsernameForm::Name => {
            let has_alias = ["email", "phone_number", "preferred_username"].into_iter().any(|name| pool.is_alias(name));
            if has_alias { UsernameKind::Any } else { UsernameKind::Username }
        }
    }
}

/// What sign-up asks for beside name and password: what the pool requires, and an address that its code can go to.
pub(super) fn sign_up_attributes(app: &ClientContext) -> Vec<String> {
    let pool = &app.pool;
    let form = pool.username_form();
    let is_name = |name: &str| match form {
        UsernameForm::Email => name == "email",
        UsernameForm::PhoneNumber => name == "phone_number",
        UsernameForm::Name | UsernameForm::EmailOrPhoneNumber => false,
    };
    let required = pool.required_attributes().filter(|name| !is_name(name));
    let mut names: Vec<String> = required.filter(|name| app.client.writes(name)).map(str::to_owned).collect();
    let reaches =
        |name: &str| pool.is_auto_verified(name) && (is_name(name) || names.iter().any(|known| known == name));
    let reachable = form == UsernameForm::EmailOrPhoneNumber || reaches("email") || reaches("phone_number");
    let missing = ["email", "phone_number"].into_iter().find(|name| pool.is_auto_verified(name));
    if let Some(address) = missing.filter(|name| !reachable && app.client.writes(name)) {
        names.push(address.to_owned());
    }
    names
}

/// The password policy as pages list it; a `new` account has no earlier passwords.
pub(super) fn rules(pool: &Pool, new: bool) -> PasswordRules {
    let rules = pool.password_rules();
    PasswordRules {
        length: u32::try_from(rules.shortest).unwrap_or(u32::MAX),
        lower: rules.lowercase,
        upper: rules.uppercase,
        digit: rules.numbers,
        symbol: rules.symbols,
        history: if new { 0 } else { u32::try_from(rules.history).unwrap_or(0) },
    }
}

pub(super) fn recovers_by_admin_only(pool: &Pool) -> bool {
    let setting = pool.settings.account_recovery_setting.as_ref();
    let mechanisms = setting.and_then(|setting| setting.recovery_mechanisms.as_deref()).unwrap_or_default();
    mechanisms.iter().any(|mechanism| mechanism.name == RecoveryOptionNameType::AdminOnly)
}
