//! English, and so the keys: what there is to say. Another language is a copy of this file without `declare`, with its
//! own texts; a key that it leaves out does not compile.

use std::borrow::Cow;

words! {
    declare
    /// The summary above a form with errors.
    problem_title: "Please check this",
    /// Put before the page title when there are errors.
    title_error: "Error",
    /// Label of the language menu.
    languages: "Language",
    /// Marks a field that may stay empty.
    optional: "optional",
    /// Between a form and its alternatives.
    or: "or",
    /// Quiet link back to the sign-in page.
    back_to_sign_in: "Back to sign in",
    /// Quiet link back to the app.
    back_to_app: "Back to the app",
    /// Leaves a started sign-in.
    start_over: "Start over",
    /// The account a page is about: `{account}`.
    account_line: "Signing in as {account}",
    /// On the steps of a sign-in: how long they may take.
    time_limit: "You have an hour for this step. After that, you sign in again.",
    /// Who is signed in: `{account}`.
    signed_in_line: "Signed in as {account}",

    /// Heading of the sign-in page: `{brand}`.
    sign_in_heading: "Sign in to {brand}",
    /// Title of the sign-in page.
    sign_in_title: "Sign in",
    /// The sign-in button.
    sign_in_button: "Sign in",
    /// The sign-in button while it works.
    sign_in_busy: "Signing in…",
    /// Asks whether there is an account yet.
    no_account: "New here?",
    /// Link to sign-up.
    create_account_link: "Create an account",
    /// Link to the recovery.
    forgot_link: "Forgot your password?",
    /// Provider button: `{provider}`.
    continue_with: "Continue with {provider}",
    /// Badge on the provider used last.
    last_used: "Last used",
    /// Shown where SRP runs: what becomes of the password.
    password_stays: "Your password stays in this browser. Only a proof of it is sent.",
    /// Shown without scripts where the app asks for SRP.
    scripts_needed: "This app takes passwords only through a script that keeps them in your browser. Turn on JavaScript for this page to sign in.",
    /// The browser could not reach the server.
    offline: "We could not reach the server. Check your connection and try again.",

    /// Label.
    username: "Username",
    /// Label.
    email: "Email",
    /// Label.
    phone: "Phone number",
    /// Label: either will do.
    email_or_phone: "Email or phone number",
    /// Label: any of the three will do.
    any_username: "Username, email or phone number",
    /// Help under a phone field.
    phone_help: "With the country code, like +44\u{a0}20\u{a0}7946\u{a0}0018",
    /// Help under the field for a username on sign-up.
    username_help: "You will sign in with this name. It cannot be changed later.",
    /// Label.
    password: "Password",
    /// Label.
    new_password: "New password",
    /// Label.
    current_password: "Current password",
    /// Toggle: `show_password` in short, the part that is seen.
    show: "Show",
    /// Toggle, the part that is seen.
    hide: "Hide",
    /// Toggle, the part that only screen readers say, after Show or Hide.
    show_hide_what: "password",
    /// Hint while caps lock is on.
    caps_lock: "Caps Lock is on",

    /// Above the list of rules.
    rules_title: "Your password needs",
    /// Rule: `{count}` characters.
    rule_length: "{count} characters or more",
    /// Rule.
    rule_lower: "a lower-case letter",
    /// Rule.
    rule_upper: "an upper-case letter",
    /// Rule.
    rule_digit: "a number",
    /// Rule.
    rule_symbol: "a symbol, or a space inside",
    /// Said after a rule that is met.
    rule_met: "done",
    /// Said after a rule that is not met yet.
    rule_unmet: "still needed",
    /// Rule.
    rule_ends: "no space at its start or end",
    /// Rule: none of the last `{count}` passwords.
    rule_history: "to differ from your last {count}",
    /// Live summary of a password.
    strength_weak: "Easy to guess",
    /// Live summary of a password.
    strength_fair: "Could be stronger: length helps most",
    /// Live summary of a password.
    strength_good: "Good password",
    /// Live summary of a password.
    strength_strong: "Strong password",

    /// Heading: `{brand}`.
    sign_up_heading: "Create your {brand} account",
    /// Title.
    sign_up_title: "Create an account",
    /// Button.
    sign_up_button: "Create account",
    /// Button while it works.
    sign_up_busy: "Creating your account…",
    /// Asks whether there is an account already.
    have_account: "Already have an account?",
    /// Link to sign-in.
    sign_in_link: "Sign in",

    /// Heading of the page for a code sent by mail.
    check_email_heading: "Check your email",
    /// Heading of the page for a code sent by text message.
    check_phone_heading: "Check your phone",
    /// Heading where it is not known how the code was sent.
    enter_code_heading: "Enter your code",
    /// Where the code went: `{destination}`.
    code_sent_to: "We sent a code to {destination}. It may take a minute to arrive.",
    /// What to do where a code was sent earlier.
    code_latest: "Enter the code from the newest message we sent you, or ask for a new one below.",
    /// Where the link went: `{destination}`.
    link_sent_to: "We sent a link to {destination}. Open it to confirm your account, then come back here. It may take a minute to arrive.",
    /// What to do where a link was sent earlier.
    link_latest: "Open the link in the newest message we sent you, then come back here. You can ask for a new one below.",
    /// Button, once the link was opened.
    link_opened_button: "I have opened the link",
    /// Opens the form for another address.
    change_email: "Wrong address? Change it",
    /// Opens the form for another number.
    change_phone: "Wrong number? Change it",
    /// Button.
    change_button: "Save and send there",
    /// Label of a code field.
    code: "Code",
    /// Beside the label, where scripts send a complete code.
    code_sends_itself: "goes on by itself after 6 digits",
    /// Button.
    confirm_button: "Confirm",
    /// Button while it works.
    confirm_busy: "Checking…",
    /// Button.
    resend_button: "Send a new code",
    /// Button while it works.
    resend_busy: "Sending…",
    /// Live countdown: `{time}`.
    resend_wait: "You can ask for a new code in {time}",
    /// Before the resend button.
    no_code: "No code yet?",
    /// Button.
    resend_link_button: "Send a new link",
    /// Live countdown: `{time}`.
    resend_link_wait: "You can ask for a new link in {time}",
    /// Before the button that asks for a new link.
    no_link: "No mail yet?",

    /// Heading.
    forgot_heading: "Reset your password",
    /// Sentence.
    forgot_intro: "Tell us how you sign in. We will send you a code to set a new password.",
    /// Button.
    forgot_button: "Send code",
    /// Button while it works.
    forgot_busy: "Sending…",

    /// Heading.
    reset_heading: "Set a new password",
    /// Where a code goes, if there is an account that may have one: `{destination}`.
    reset_code_sent_to: "If you have an account here whose password can be reset by a code, we sent one to {destination}. It may take a minute to arrive.",
    /// What to do where none arrives.
    reset_no_code: "Nothing arrives? Look into your spam folder and check how you typed your name. If that does not help, ask the people who run the app.",
    /// Button.
    reset_button: "Save password",
    /// Button while it works.
    reset_busy: "Saving…",

    /// Heading.
    new_password_heading: "Choose your own password",
    /// Sentence.
    new_password_intro: "You signed in with a temporary password. Choose one that only you know.",
    /// Button.
    new_password_button: "Save and continue",
    /// Button while it works.
    new_password_busy: "Saving…",

    /// Heading.
    change_password_heading: "Change your password",
    /// Button.
    change_password_button: "Change password",
    /// Heading where a page of the account is opened and nobody is signed in.
    not_signed_in_heading: "You are not signed in",
    /// Sentence: `{brand}`.
    not_signed_in_intro: "You have not signed in to {brand} in this browser, or your session is over. Go to the app, sign in there, and open this page again.",
    /// Heading where an identity provider keeps the password.
    no_password_heading: "Your password is not kept here",
    /// Sentence: `{brand}`.
    no_password_intro: "You sign in to {brand} through another service, such as the one of your work or school. Change your password there.",

    /// Heading.
    totp_setup_heading: "Set up your authenticator",
    /// Sentence.
    totp_setup_intro: "From now on you sign in with your password and a code from an app on your phone.",
    /// Step one.
    totp_step_scan: "Scan this with your authenticator app",
    /// What the picture is, for screen readers: `{account}`.
    totp_qr_label: "QR code that adds {account} to an authenticator app. The key is below as text.",
    /// Opens the app on a phone.
    totp_open_app: "On this device? Open your authenticator",
    /// Before the key to type.
    totp_key_label: "Or type this key",
    /// Step two.
    totp_step_code: "Enter the code it shows",
    /// Label.
    totp_device_name: "Name this authenticator",
    /// Help.
    totp_device_help: "To tell it from others later, like “My phone”.",
    /// Button.
    totp_setup_button: "Turn on",

    /// Heading.
    totp_heading: "Enter the code from your app",
    /// Sentence.
    totp_intro: "Open your authenticator app and type the code it shows now.",
    /// Sentence with the authenticator's name: `{device}`.
    totp_intro_device: "Open the authenticator “{device}” and type the code it shows now.",
    /// Link to the choice of factors.
    other_factor: "Use another way",
    /// Help where the code is refused again and again.
    totp_clock_help: "Refused again? Check that your phone sets its clock automatically.",

    /// Heading.
    select_heading: "One more step",
    /// Sentence.
    select_intro: "How would you like to prove that it is you?",
    /// Choice.
    factor_totp: "Code from my authenticator app",
    /// Choice: `{destination}`.
    factor_sms: "Text message to {destination}",
    /// Choice: `{destination}`.
    factor_email: "Email to {destination}",
    /// Button.
    continue_button: "Continue",
    /// Button while it works.
    continue_busy: "One moment…",

    /// Heading after a mail's link was opened.
    confirmed_heading: "Your email address is confirmed",
    /// Sentence under it: `{brand}`.
    confirmed_intro: "Your {brand} account is ready: sign in with it now.",
    /// What to do where no address of the app is known.
    confirmed_close: "You can close this page and go back to the app.",
    /// Button that leads to the app: `{brand}`.
    to_app: "Go to {brand}",

    /// Heading.
    signed_out_heading: "You are signed out",
    /// Sentence: `{brand}`.
    signed_out_intro: "Your {brand} session in this browser has ended. On a shared computer, close the window too.",
    /// Button.
    sign_in_again: "Sign in again",

    /// Heading of the error page: an app that is not known.
    error_client_heading: "This app is not known here",
    /// Heading of the error page: an address that is not registered.
    error_redirect_heading: "We stopped for your safety",
    /// Heading of the error page: a request that lacks something.
    error_request_heading: "The app asked for something we cannot do",
    /// Heading of the error page: no such page, or nothing to sign in to.
    error_not_found_heading: "There is nothing here",
    /// Heading of the error page: a fault of ours.
    error_server_heading: "Something went wrong",
    /// Heading of the error page: too many requests.
    error_busy_heading: "Too many people at once",
    /// Heading of the error page: a mail's link.
    error_link_heading: "This link does not work any more",
    /// Heading of the error page: a sign-in that cannot go on.
    error_interrupted_heading: "This sign-in could not be finished",
    /// Heading of the error page: a way in that does not work yet.
    error_not_yet_heading: "This way to sign in does not work yet",
    /// Before what the app sent, shown to developers: `{parameter}`.
    error_sent: "Sent as {parameter}",
    /// Before what is registered for the app, shown to developers.
    error_registered: "Registered",
    /// Stands for something that was not sent, shown to developers.
    error_nothing: "nothing",
    /// Before the request id.
    error_reference: "Reference",
    /// Before the error's code.
    error_code: "Reason",
    /// What to do with the request id.
    error_help: "If you ask for help, send these along. They contain nothing private.",

    /// Label of a standard attribute.
    attr_name: "Full name",
    /// Label of a standard attribute.
    attr_given_name: "First name",
    /// Label of a standard attribute.
    attr_family_name: "Last name",
    /// Label of a standard attribute.
    attr_middle_name: "Middle name",
    /// Label of a standard attribute.
    attr_nickname: "Nickname",
    /// Label of a standard attribute.
    attr_preferred_username: "Preferred username",
    /// Label of a standard attribute.
    attr_profile: "Profile page",
    /// Label of a standard attribute.
    attr_picture: "Picture address",
    /// Label of a standard attribute.
    attr_website: "Website",
    /// Label of a standard attribute.
    attr_gender: "Gender",
    /// Label of a standard attribute.
    attr_birthdate: "Date of birth",
    /// Label of a standard attribute.
    attr_zoneinfo: "Time zone",
    /// Label of a standard attribute.
    attr_locale: "Language and region",
    /// Label of a standard attribute.
    attr_address: "Address",

    /// Notice.
    notice_signed_out: "You are signed out.",
    /// Notice.
    notice_password_changed: "Your password is changed. Sign in with the new one.",
    /// Notice on the page that changed it.
    notice_password_saved: "Your password is changed. From now on, sign in with the new one.",
    /// Notice: `{destination}`.
    notice_code_sent: "A new code is on its way to {destination}.",
    /// Notice: `{destination}`.
    notice_link_sent: "A new link is on its way to {destination}.",
    /// Notice where it is not to be said whether there is an account: `{destination}`.
    notice_code_sent_perhaps: "If there is such an account, a new code is on its way to {destination}.",
    /// Notice.
    notice_account_created: "Your account is ready.",
    /// Notice.
    notice_account_waits: "Your account is made. The people who run the app have to confirm it before you can sign in.",

    /// Problem.
    wrong_credentials: "That username and password do not match. Check both and try again.",
    /// Problem.
    account_disabled: "This account is switched off. Ask the people who run the app.",
    /// Problem.
    not_confirmed: "This account is not confirmed yet. Confirm it, and you are signed in.",
    /// Problem.
    link_not_opened: "This account is not confirmed yet. Open the link in the newest message we sent you first.",
    /// Problem.
    awaits_administrator: "This account is not confirmed yet. Ask the people who run the app to confirm it.",
    /// Problem.
    recovery_by_administrator: "This app does not reset passwords by code. Ask the people who run it.",
    /// Problem.
    reset_required: "This account needs a new password before you can sign in.",
    /// Problem.
    too_many_attempts: "Too many tries. Wait a little, then try again.",
    /// Problem.
    too_many_codes: "Too many codes were asked for. Wait a while before asking again.",
    /// Problem.
    wrong_code: "That code is not right. Check the latest one and try again.",
    /// Problem.
    expired_code: "That code is too old. Ask for a new one.",
    /// Problem.
    password_policy: "This password does not meet every point below.",
    /// Problem.
    password_history: "You used this password before. Choose another one.",
    /// Problem.
    wrong_password: "That is not your current password. Check it and try again.",
    /// Problem.
    username_taken: "This username is taken. Choose another one.",
    /// Problem.
    alias_taken: "An account with this email or phone number already exists.",
    /// Problem: `{field}`.
    field_required: "Fill in: {field}.",
    /// Problem: `{field}`.
    field_invalid: "Check this: {field}.",
    /// Problem.
    email_invalid: "This does not look like an email address, such as name@example.com.",
    /// Problem.
    username_invalid: "This username cannot be used here. Choose another one.",
    /// Problem.
    username_like_address: "Choose a username that is neither an email address nor a phone number.",
    /// Problem.
    birthdate_invalid: "Check your date of birth: it lies in the future, or too far back.",
    /// Problem.
    phone_invalid: "Write the number with its country code, like +44\u{a0}20\u{a0}7946\u{a0}0018.",
    /// Problem.
    session_expired: "That took too long, so we stopped for your safety. Sign in again.",
    /// Problem.
    temporary_password_expired: "Your temporary password has expired. Ask your administrator for a new one.",
    /// Problem.
    cookies_needed: "This browser keeps no cookies of this page, and without them nobody can sign in here. Allow cookies for this site, then try again.",
    /// Problem.
    form_stale: "This page was open too long. Please send it again.",
    /// Problem.
    secret_refused: "That code does not belong to this key. Wait for the next code and type that one.",
    /// Problem.
    cannot_deliver: "We could not send the code there. Try again later.",
    /// Problem.
    sign_up_closed: "New accounts are made by the people who run the app.",
    /// Problem.
    not_allowed: "This app does not allow that.",
    /// Problem.
    password_needs_scripts: "This app takes passwords only through a script that keeps them in your browser. Turn on JavaScript for this page and sign in again.",
    /// Problem.
    something_wrong: "Something went wrong on our side. Please try again.",

    /// Reason on the error page.
    reason_client: "The app that sent you here is not known to us, or its address has changed. Go back to the app and start again.",
    /// Reason on the error page.
    reason_redirect: "The app asked to send you to an address that it has not registered. For your safety we stopped here.",
    /// Reason on the error page.
    reason_request: "The app sent an incomplete request. Go back to the app and start again.",
    /// Reason on the error page.
    reason_link: "This link is too old or incomplete, or a newer one has taken its place. Use the latest mail, or ask for a new one where you signed up.",
    /// Reason on the error page.
    reason_pool: "There is nothing to sign in to at this address.",
    /// Reason on the error page.
    reason_not_found: "There is no page at this address.",
    /// Reason on the error page.
    reason_server: "Something went wrong on our side. Please try again in a moment.",
    /// Reason on the error page.
    reason_busy: "Too many people are asking at once. Please try again in a moment.",
    /// Reason on the error page: a provider's answer that fits nothing begun in this browser.
    reason_interrupted: "This sign-in could not be finished. Go back to the app and start again.",
    /// Reason on the error page: a provider of a kind that does not work yet.
    reason_not_yet: "This way to sign in is not available yet. Go back to the app and choose another one.",
}
