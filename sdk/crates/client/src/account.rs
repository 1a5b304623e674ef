//! Signing up, recovery, and what a signed-in user may change: calls for [`crate::Auth::perform`].

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::call::Call;
use crate::json::{Json, Object};
use crate::sign_in::Delivery;

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

/// The answer to whatever sends one code: where it went.
#[must_use]
pub fn delivered(answer: &Json) -> Delivery {
    delivery(answer.get("CodeDeliveryDetails").unwrap_or(&Json::Null))
}

fn pair(item: &Json) -> Option<(String, String)> {
    Some((item.own("Name")?, item.own("Value").unwrap_or_default()))
}

fn about(username: &str) -> Object {
    Object::new().text("Username", username)
}

/// SignUp: makes an account. Fails with [`crate::Kind::UsernameExists`], [`crate::Kind::InvalidPassword`] and so on.
#[must_use]
pub fn sign_up(request: &SignUp) -> Call {
    let body =
        about(&request.username).text("Password", &request.password).attributes("UserAttributes", &request.attributes);
    Call::open("SignUp", body)
}

/// The answer to [`sign_up`].
#[must_use]
pub fn signed_up(answer: &Json) -> SignedUp {
    SignedUp {
        confirmed: answer.flag("UserConfirmed"),
        delivery: answer.get("CodeDeliveryDetails").filter(|details| !details.members().is_empty()).map(delivery),
        sub: answer.own("UserSub"),
    }
}

/// ConfirmSignUp: with the code that was sent.
#[must_use]
pub fn confirm_sign_up(username: &str, code: &str) -> Call {
    Call::open("ConfirmSignUp", about(username).text("ConfirmationCode", code))
}

/// ResendConfirmationCode: sends the sign-up code again.
#[must_use]
pub fn resend_code(username: &str) -> Call {
    Call::open("ResendConfirmationCode", about(username))
}

/// ForgotPassword: sends a code to reset the password.
#[must_use]
pub fn reset_password(username: &str) -> Call {
    Call::open("ForgotPassword", about(username))
}

/// ConfirmForgotPassword: sets a new password with the code.
#[must_use]
pub fn confirm_reset_password(username: &str, code: &str, password: &str) -> Call {
    Call::open("ConfirmForgotPassword", about(username).text("ConfirmationCode", code).text("Password", password))
}

/// ChangePassword: [`crate::Kind::NotAuthorized`] when the old one is wrong.
#[must_use]
pub fn change_password(old: &str, new: &str) -> Call {
    Call::as_user("ChangePassword", Object::new().text("PreviousPassword", old).text("ProposedPassword", new))
}

/// GetUser: the signed-in user, asked of the service.
#[must_use]
pub fn user() -> Call {
    Call::as_user("GetUser", Object::new())
}

/// The answer to [`user`].
#[must_use]
pub fn found(answer: &Json) -> User {
    User {
        username: answer.text("Username").unwrap_or_default().to_owned(),
        attributes: answer.list("UserAttributes").iter().filter_map(pair).collect(),
        mfa: answer.get("UserMFASettingList").unwrap_or(&Json::Null).texts().map(str::to_owned).collect(),
        preferred_mfa: answer.own("PreferredMfaSetting"),
    }
}

/// UpdateUserAttributes: some of them may need a code to be verified.
#[must_use]
pub fn update_attributes(attributes: &[(String, String)]) -> Call {
    Call::as_user("UpdateUserAttributes", Object::new().attributes("UserAttributes", attributes))
}

/// The answer to [`update_attributes`]: where codes went.
#[must_use]
pub fn all_delivered(answer: &Json) -> Vec<Delivery> {
    answer.list("CodeDeliveryDetailsList").iter().map(delivery).collect()
}

/// GetUserAttributeVerificationCode: sends a code to verify `email` or `phone_number`.
#[must_use]
pub fn send_attribute_code(attribute: &str) -> Call {
    Call::as_user("GetUserAttributeVerificationCode", Object::new().text("AttributeName", attribute))
}

/// VerifyUserAttribute: verifies `email` or `phone_number` with the code.
#[must_use]
pub fn verify_attribute(attribute: &str, code: &str) -> Call {
    Call::as_user("VerifyUserAttribute", Object::new().text("AttributeName", attribute).text("Code", code))
}
