//! The keys: what there is to say.

use std::borrow::Cow;

/// Declares [`Words`] and the ways to walk it, so that a key is written once.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $key:ident,)*) => {
        /// Every text of the pages in one language.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Words {
            $($(#[doc = $doc])* pub $key: Cow<'static, str>,)*
        }

        impl Words {
            /// Each key with its text, in the order of declaration.
            pub fn entries(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($key), self.$key.as_ref()),)*]
            }

            /// The same keys with every text passed through `change`: how a pseudo-language, or a
            /// brand's own wording, is made from a base.
            pub fn map(&self, mut change: impl FnMut(&'static str, &str) -> String) -> Self {
                Self { $($key: Cow::Owned(change(stringify!($key), &self.$key)),)* }
            }
        }
    };
}

words! {
    /// The summary above a form with errors.
    problem_title,
    /// Put before the page title when there are errors.
    title_error,
    /// Label of the language menu.
    languages,
    /// Marks a field that may stay empty.
    optional,
    /// Between a form and its alternatives.
    or,
    /// Quiet link back to the sign-in page.
    back_to_sign_in,
    /// Quiet link back to the app.
    back_to_app,
    /// Leaves a started sign-in.
    start_over,
    /// The account a page is about: `{account}`.
    account_line,

    /// Heading of the sign-in page: `{brand}`.
    sign_in_heading,
    /// Title of the sign-in page.
    sign_in_title,
    /// The sign-in button.
    sign_in_button,
    /// The sign-in button while it works.
    sign_in_busy,
    /// Asks whether there is an account yet.
    no_account,
    /// Link to sign-up.
    create_account_link,
    /// Link to the recovery.
    forgot_link,
    /// Provider button: `{provider}`.
    continue_with,
    /// Badge on the provider used last.
    last_used,
    /// Shown where SRP runs: what becomes of the password.
    password_stays,
    /// Shown without scripts where the app asks for SRP.
    scripts_needed,
    /// The browser could not reach the server.
    offline,

    /// Label.
    username,
    /// Label.
    email,
    /// Label.
    phone,
    /// Label: either will do.
    email_or_phone,
    /// Label: any of the three will do.
    any_username,
    /// Help under a phone field.
    phone_help,
    /// Help under the field for a username on sign-up.
    username_help,
    /// Label.
    password,
    /// Label.
    new_password,
    /// Toggle: `show_password` in short, the part that is seen.
    show,
    /// Toggle, the part that is seen.
    hide,
    /// Toggle, the part that only screen readers say, after Show or Hide.
    show_hide_what,
    /// Hint while caps lock is on.
    caps_lock,

    /// Above the list of rules.
    rules_title,
    /// Rule: `{count}` characters.
    rule_length,
    /// Rule.
    rule_lower,
    /// Rule.
    rule_upper,
    /// Rule.
    rule_digit,
    /// Rule.
    rule_symbol,
    /// Said after a rule that is met.
    rule_met,
    /// Said after a rule that is not met yet.
    rule_unmet,
    /// Rule: none of the last `{count}` passwords.
    rule_history,
    /// Live summary of a password.
    strength_weak,
    /// Live summary of a password.
    strength_fair,
    /// Live summary of a password.
    strength_good,
    /// Live summary of a password.
    strength_strong,

    /// Heading: `{brand}`.
    sign_up_heading,
    /// Title.
    sign_up_title,
    /// Button.
    sign_up_button,
    /// Button while it works.
    sign_up_busy,
    /// Asks whether there is an account already.
    have_account,
    /// Link to sign-in.
    sign_in_link,

    /// Heading of the page for a code sent by mail.
    check_email_heading,
    /// Heading of the page for a code sent by text message.
    check_phone_heading,
    /// Heading where it is not known how the code was sent.
    enter_code_heading,
    /// Where the code went: `{destination}`.
    code_sent_to,
    /// Where the code went, when that is not to be said.
    code_sent,
    /// Label of a code field.
    code,
    /// Button.
    confirm_button,
    /// Button while it works.
    confirm_busy,
    /// Button.
    resend_button,
    /// Button while it works.
    resend_busy,
    /// Live countdown: `{time}`.
    resend_wait,
    /// Before the resend button.
    no_code,

    /// Heading.
    forgot_heading,
    /// Sentence.
    forgot_intro,
    /// Button.
    forgot_button,
    /// Button while it works.
    forgot_busy,

    /// Heading.
    reset_heading,
    /// Button.
    reset_button,
    /// Button while it works.
    reset_busy,

    /// Heading.
    new_password_heading,
    /// Sentence.
    new_password_intro,
    /// Button.
    new_password_button,
    /// Button while it works.
    new_password_busy,

    /// Heading.
    totp_setup_heading,
    /// Sentence.
    totp_setup_intro,
    /// Step one.
    totp_step_scan,
    /// What the picture is, for screen readers: `{account}`.
    totp_qr_label,
    /// Opens the app on a phone.
    totp_open_app,
    /// Before the key to type.
    totp_key_label,
    /// Step two.
    totp_step_code,
    /// Label.
    totp_device_name,
    /// Help.
    totp_device_help,
    /// Button.
    totp_setup_button,

    /// Heading.
    totp_heading,
    /// Sentence.
    totp_intro,
    /// Sentence with the authenticator's name: `{device}`.
    totp_intro_device,
    /// Link to the choice of factors.
    other_factor,
    /// Help where the code is refused again and again.
    totp_clock_help,

    /// Heading.
    select_heading,
    /// Sentence.
    select_intro,
    /// Choice.
    factor_totp,
    /// Choice: `{destination}`.
    factor_sms,
    /// Choice: `{destination}`.
    factor_email,
    /// Button.
    continue_button,
    /// Button while it works.
    continue_busy,

    /// Heading after a mail's link was opened.
    confirmed_heading,
    /// Sentence under it: `{brand}`.
    confirmed_intro,
    /// What to do where no address of the app is known.
    confirmed_close,
    /// Button that leads to the app: `{brand}`.
    to_app,

    /// Heading.
    signed_out_heading,
    /// Sentence: `{brand}`.
    signed_out_intro,
    /// Button.
    sign_in_again,

    /// Heading of the error page.
    error_heading,
    /// Before the request id.
    error_reference,
    /// Before the error's code.
    error_code,
    /// What to do with the request id.
    error_help,

    /// Label of a standard attribute.
    attr_name,
    /// Label of a standard attribute.
    attr_given_name,
    /// Label of a standard attribute.
    attr_family_name,
    /// Label of a standard attribute.
    attr_middle_name,
    /// Label of a standard attribute.
    attr_nickname,
    /// Label of a standard attribute.
    attr_preferred_username,
    /// Label of a standard attribute.
    attr_profile,
    /// Label of a standard attribute.
    attr_picture,
    /// Label of a standard attribute.
    attr_website,
    /// Label of a standard attribute.
    attr_gender,
    /// Label of a standard attribute.
    attr_birthdate,
    /// Label of a standard attribute.
    attr_zoneinfo,
    /// Label of a standard attribute.
    attr_locale,
    /// Label of a standard attribute.
    attr_address,

    /// Notice.
    notice_signed_out,
    /// Notice.
    notice_password_changed,
    /// Notice.
    notice_confirmed,
    /// Notice: `{destination}`.
    notice_code_sent,
    /// Notice.
    notice_account_created,

    /// Problem.
    wrong_credentials,
    /// Problem.
    account_disabled,
    /// Problem.
    not_confirmed,
    /// Problem.
    reset_required,
    /// Problem.
    too_many_attempts,
    /// Problem.
    too_many_codes,
    /// Problem.
    wrong_code,
    /// Problem.
    expired_code,
    /// Problem.
    password_policy,
    /// Problem.
    password_history,
    /// Problem.
    username_taken,
    /// Problem.
    alias_taken,
    /// Problem: `{field}`.
    field_required,
    /// Problem: `{field}`.
    field_invalid,
    /// Problem.
    email_invalid,
    /// Problem.
    phone_invalid,
    /// Problem.
    session_expired,
    /// Problem.
    temporary_password_expired,
    /// Problem.
    form_stale,
    /// Problem.
    secret_refused,
    /// Problem.
    cannot_deliver,
    /// Problem.
    sign_up_closed,
    /// Problem.
    not_allowed,
    /// Problem.
    password_needs_scripts,
    /// Problem.
    something_wrong,

    /// Reason on the error page.
    reason_client,
    /// Reason on the error page.
    reason_redirect,
    /// Reason on the error page.
    reason_request,
    /// Reason on the error page.
    reason_link,
    /// Reason on the error page.
    reason_pool,
    /// Reason on the error page.
    reason_not_found,
    /// Reason on the error page.
    reason_server,
    /// Reason on the error page.
    reason_busy,
    /// Reason on the error page: a provider's answer that fits nothing begun in this browser.
    reason_interrupted,
    /// Reason on the error page: a provider of a kind that does not work yet.
    reason_not_yet,
}
