//! Signing up, recovery, and what a signed-in user may change: calls for [`crate::Auth::perform`].

use crate::call::Call;
use crate::json::{Json, Object};
use crate::sign_in::Delivery;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use zeroize::Zeroizing;

/// A new account.
pub struct SignUp {
    /// The user name.
    pub username: String,
    /// The password (sent: Cognito's API takes no verifier).
    pub password: Zeroizing<String>,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
}

/// What signing up led to.
pub struct SignedUp {
    /// No code is needed.
    pub confirmed: bool,
    /// Where the code went.
    pub delivery: Option<Delivery>,
    /// The user's `sub`.
    pub sub: Option<String>,
    /// As given.
    pub username: String,
}

/// A user as GetUser describes them.
pub struct User {
    /// The user name.
    pub username: String,
    /// Attributes by name.
    pub attributes: Vec<(String, String)>,
    /// Cognito's names of the factors that are on.
    pub mfa: Vec<String>,
    /// The preferred one.
    pub preferred_mfa: Option<String>,
}

fn delivery(json: &Json) -> Delivery {
    let own = |name| json.own(name);
    Delivery { medium: own("DeliveryMedium"), destination: own("Destination"), attribute: own("AttributeName") }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of a call's judge")]
fn delivered(answer: Json) -> Delivery {
    delivery(answer.get("CodeDeliveryDetails").unwrap_or(&Json::Null))
}

fn about(username: &str) -> Object {
    Object::new().text("Username", username)
}

/// SignUp: makes an account. Fails with [`crate::Kind::UsernameExists`], [`crate::Kind::InvalidPassword`] and so on.
#[must_use]
pub fn sign_up(request: SignUp) -> Call<SignedUp> {
    let body =
        about(&request.username).text("Password", &request.password).attributes("UserAttributes", &request.attributes);
    Call::open("SignUp", body, move |answer| SignedUp {
        confirmed: answer.flag("UserConfirmed"),
        delivery: answer.get("CodeDeliveryDetails").filter(|details| !details.members().is_empty()).map(delivery),
        sub: answer.own("UserSub"),
        username: request.username,
    })
}

/// ConfirmSignUp: with the code that was sent.
#[must_use]
pub fn confirm_sign_up(username: &str, code: &str) -> Call<()> {
    Call::open("ConfirmSignUp", about(username).text("ConfirmationCode", code), drop)
}

/// ResendConfirmationCode: sends the sign-up code again.
#[must_use]
pub fn resend_code(username: &str) -> Call<Delivery> {
    Call::open("ResendConfirmationCode", about(username), delivered)
}

/// ForgotPassword: sends a code to reset the password.
#[must_use]
pub fn reset_password(username: &str) -> Call<Delivery> {
    Call::open("ForgotPassword", about(username), delivered)
}

/// ConfirmForgotPassword: sets a new password with the code.
#[must_use]
pub fn confirm_reset_password(username: &str, code: &str, password: &str) -> Call<()> {
    Call::open("ConfirmForgotPassword", about(username).text("ConfirmationCode", code).text("Password", password), drop)
}

/// ChangePassword: [`crate::Kind::NotAuthorized`] when the old one is wrong.
#[must_use]
pub fn change_password(old: &str, new: &str) -> Call<()> {
    Call::as_user("ChangePassword", Object::new().text("PreviousPassword", old).text("ProposedPassword", new), drop)
}

/// GetUser: the signed-in user, asked of the service.
#[must_use]
pub fn user() -> Call<User> {
    let pair = |item: &Json| Some((item.text("Name")?.to_owned(), item.text("Value").unwrap_or_default().to_owned()));
    Call::as_user("GetUser", Object::new(), move |answer| User {
        username: answer.text("Username").unwrap_or_default().to_owned(),
        attributes: answer.list("UserAttributes").iter().filter_map(pair).collect(),
        mfa: answer.get("UserMFASettingList").unwrap_or(&Json::Null).texts().map(str::to_owned).collect(),
        preferred_mfa: answer.own("PreferredMfaSetting"),
    })
}

/// UpdateUserAttributes: says which of them need a code to be verified.
#[must_use]
pub fn update_attributes(attributes: &[(String, String)]) -> Call<Vec<Delivery>> {
    Call::as_user("UpdateUserAttributes", Object::new().attributes("UserAttributes", attributes), |answer| {
        answer.list("CodeDeliveryDetailsList").iter().map(delivery).collect()
    })
}

/// GetUserAttributeVerificationCode: sends a code to verify `email` or `phone_number`.
#[must_use]
pub fn send_attribute_code(attribute: &str) -> Call<Delivery> {
    Call::as_user("GetUserAttributeVerificationCode", Object::new().text("AttributeName", attribute), delivered)
}

/// VerifyUserAttribute: verifies `email` or `phone_number` with the code.
#[must_use]
pub fn verify_attribute(attribute: &str, code: &str) -> Call<()> {
    Call::as_user("VerifyUserAttribute", Object::new().text("AttributeName", attribute).text("Code", code), drop)
}
