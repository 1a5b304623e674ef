//! The calls by name: JSON arguments to typed calls, typed answers to JSON.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::future::Future;
use core::pin::Pin;

use client::account::{self, SignUp};
use client::json::{Json, Object};
use client::redirect::{Redirect, Returned};
use client::sign_in::Delivery;
use client::{Answer, Ask, Auth, Call, Error, Factor, Flow, Kind, Result, Session, SignIn, Step, Wanted};
use zeroize::Zeroizing;

use crate::host::Desk;

/// JSON, wiped when dropped.
pub(crate) type Text = Zeroizing<String>;

fn required(arguments: &mut Json, name: &str) -> Result<Text> {
    arguments.take_text(name).ok_or_else(|| Error::new(Kind::InvalidParameter, &[name, " is missing"].concat()))
}

fn plain(arguments: &Json, name: &str) -> Result<String> {
    arguments
        .text(name)
        .map(str::to_owned)
        .ok_or_else(|| Error::new(Kind::InvalidParameter, &[name, " is missing"].concat()))
}

fn attributes(arguments: &Json) -> Vec<(String, String)> {
    let pair = |(name, value): &(String, Json)| match value {
        Json::Text(value) => Some((name.clone(), value.clone())),
        _ => None,
    };
    arguments.get("attributes").unwrap_or(&Json::Null).members().iter().filter_map(pair).collect()
}

fn id(arguments: &Json) -> u32 {
    arguments.integer("id").and_then(|id| u32::try_from(id).ok()).unwrap_or_default()
}

fn nothing<T>(_: T) -> Text {
    Zeroizing::new("null".to_owned())
}

/// A call under way. Boxed, so that each is its own small state machine and none contains all the others.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Text>>>>;

/// Begins the call `name`; the answer is JSON.
pub(crate) fn begin(auth: &Rc<Auth<Desk>>, name: &str, mut arguments: Json) -> Result<Work> {
    let auth = Rc::clone(auth);
    Ok(match name {
        "signUp" => {
            let (username, password) = (plain(&arguments, "username")?, required(&mut arguments, "password")?);
            let request = SignUp { username, password, attributes: attributes(&arguments) };
            perform(auth, account::sign_up(&request), signed_up)
        }
        "confirmSignUp" => {
            let code = required(&mut arguments, "code")?;
            perform(auth, account::confirm_sign_up(&plain(&arguments, "username")?, &code), |_| nothing(()))
        }
        "resendCode" => perform(auth, account::resend_code(&plain(&arguments, "username")?), delivered),
        "resend" => {
            let call = auth.resend(id(&arguments))?;
            perform(auth, call, delivered)
        }
        "resetPassword" => perform(auth, account::reset_password(&plain(&arguments, "username")?), delivered),
        "confirmResetPassword" => {
            let (code, password) = (required(&mut arguments, "code")?, required(&mut arguments, "password")?);
            let username = plain(&arguments, "username")?;
            perform(auth, account::confirm_reset_password(&username, &code, &password), |_| nothing(()))
        }
        "changePassword" => {
            let (old, new) = (required(&mut arguments, "oldPassword")?, required(&mut arguments, "newPassword")?);
            perform(auth, account::change_password(&old, &new), |_| nothing(()))
        }
        "getUser" => perform(auth, account::user(), user),
        "updateAttributes" => perform(auth, account::update_attributes(&attributes(&arguments)), all_delivered),
        "sendAttributeCode" => perform(auth, account::send_attribute_code(&plain(&arguments, "attribute")?), delivered),
        "verifyAttribute" => {
            let code = required(&mut arguments, "code")?;
            perform(auth, account::verify_attribute(&plain(&arguments, "attribute")?, &code), |_| nothing(()))
        }
        "warmUp" => Box::pin(async move { auth.warm_up().map(nothing) }),
        "signIn" => {
            let password = arguments.text("flow") == Some("USER_PASSWORD_AUTH");
            let request = SignIn {
                username: plain(&arguments, "username")?,
                password: required(&mut arguments, "password")?,
                flow: if password { Flow::Password } else { Flow::Srp },
            };
            Box::pin(async move { auth.sign_in(request).await.map(step) })
        }
        "answer" => {
            let answer = Answer {
                code: arguments.take_text("code"),
                password: arguments.take_text("password"),
                choice: arguments.text("choice").and_then(Factor::from_name),
                attributes: attributes(&arguments),
                device_name: arguments.own("deviceName"),
            };
            Box::pin(async move { auth.answer(id(&arguments), answer).await.map(step) })
        }
        "setUpTotp" => Box::pin(async move { auth.set_up_totp().await.map(step) }),
        "tokens" => {
            let validity = arguments.integer("minValidity").unwrap_or_default().saturating_mul(1000);
            let wanted = Wanted { validity, not: arguments.own("not") };
            Box::pin(async move { auth.tokens(&wanted).await.map(|session| tokens(&session)) })
        }
        "user" => {
            Box::pin(
                async move { Ok(auth.session().await?.map_or_else(|| nothing(()), |session| session.user().finish())) },
            )
        }
        "beginRedirect" => {
            let request = Redirect {
                provider: arguments.own("provider"),
                idp_identifier: arguments.own("idpIdentifier"),
                prompt: arguments.own("prompt"),
                lang: arguments.own("lang"),
                login_hint: arguments.own("loginHint"),
                app_state: arguments.own("appState"),
            };
            Box::pin(
                async move { auth.begin_redirect(request).await.map(|url| Object::new().text("url", &url).finish()) },
            )
        }
        "handleRedirect" => {
            let url = required(&mut arguments, "url")?;
            Box::pin(async move {
                let returned = auth.handle_redirect(&url).await?;
                Ok(returned.map_or_else(|| nothing(()), |returned| returned_to(&returned)))
            })
        }
        "signOut" => Box::pin(async move {
            let url = auth.sign_out(arguments.flag("global")).await?;
            Ok(Object::new().maybe("url", url.as_deref()).finish())
        }),
        "leave" => Box::pin(async move { auth.leave().await.map(nothing) }),
        "sync" => Box::pin(async move { auth.sync().await.map(nothing) }),
        _ => return Err(Error::new(Kind::Engine, "the engine has no such call")),
    })
}

/// A call that is one operation.
fn perform(auth: Rc<Auth<Desk>>, call: Call, words: fn(&Json) -> Text) -> Work {
    Box::pin(async move { auth.perform(call).await.map(|answer| words(&answer)) })
}

fn returned_to(returned: &Returned) -> Text {
    let out = Object::new().text("kind", "done").object("user", returned.session.user());
    out.maybe("appState", returned.app_state.as_deref()).finish()
}

fn delivered(answer: &Json) -> Text {
    delivery(&account::delivered(answer)).finish()
}

fn all_delivered(answer: &Json) -> Text {
    let mut out = Zeroizing::new(String::from("["));
    for (index, to) in account::all_delivered(answer).iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&delivery(to).finish());
    }
    out.push(']');
    out
}

fn step(step: Step) -> Text {
    let out = match step.id {
        Some(id) => Object::new().integer("id", i64::from(id)),
        None => Object::new(),
    };
    let kind = |kind| out.text("kind", kind);
    match step.ask {
        Ask::Done(session) => kind("done").object("user", session.user()),
        Ask::Totp { device_name } => kind("totp").maybe("deviceName", device_name.as_deref()),
        Ask::TotpSetup { secret, username } => kind("totp-setup").text("secret", &secret).text("username", &username),
        Ask::ChooseMfa(choices) => kind("choose-mfa").texts("choices", choices.iter().map(|choice| choice.name())),
        Ask::Code(to) => kind("code").object("deliveredTo", delivery(&to)),
        Ask::NewPassword { required } => {
            kind("new-password").texts("requiredAttributes", required.iter().map(String::as_str))
        }
        Ask::ConfirmSignUp => kind("confirm-sign-up"),
        Ask::ResetRequired => kind("reset-required"),
    }
    .finish()
}

fn delivery(to: &Delivery) -> Object {
    Object::new()
        .maybe("medium", to.medium.as_deref())
        .maybe("destination", to.destination.as_deref())
        .maybe("attribute", to.attribute.as_deref())
}

fn signed_up(answer: &Json) -> Text {
    let done = account::signed_up(answer);
    let out = Object::new().flag("confirmed", done.confirmed).maybe("sub", done.sub.as_deref());
    match &done.delivery {
        Some(to) => out.object("deliveredTo", delivery(to)),
        None => out,
    }
    .finish()
}

fn user(answer: &Json) -> Text {
    let found = account::found(answer);
    let mut attributes = Object::new();
    for (name, value) in &found.attributes {
        attributes = attributes.text(name, value);
    }
    Object::new()
        .text("username", &found.username)
        .object("attributes", attributes)
        .texts("mfa", found.mfa.iter().map(String::as_str))
        .maybe("preferredMfa", found.preferred_mfa.as_deref())
        .finish()
}

/// What a page may hold: never the refresh token.
fn tokens(session: &Session) -> Text {
    Object::new()
        .text("accessToken", &session.access_token)
        .maybe("idToken", session.id_token.as_deref())
        .integer("expiresAt", session.expires_at)
        .finish()
}
