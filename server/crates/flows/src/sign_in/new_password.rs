//! NEW_PASSWORD_REQUIRED: the temporary password of an administrator gives way to one's own.

use super::password::salt;
use super::step::{Answer, Expects, Outcome, Progress};
use crate::{App, Latchkey};
use domain::{Error, Medium, Pool, Reason, Result, User, UserStatus, Writer, check_attributes};
use protocol::idp::ChallengeNameType;
use std::collections::BTreeMap;

const PREFIX: &str = "userAttributes.";

impl Latchkey {
    pub(super) fn ask_new_password(&self, app: &App, progress: &Progress, user: &User) -> Result<Outcome> {
        let attributes = serde_json::to_string(&user.attributes).map_err(Error::internal)?;
        let missing: Vec<String> = missing_attributes(&app.pool, user).map(|name| format!("{PREFIX}{name}")).collect();
        let missing = serde_json::to_string(&missing).map_err(Error::internal)?;
        self.challenge(
            app,
            progress,
            user,
            ChallengeNameType::NewPasswordRequired,
            Expects::NewPassword,
            [("userAttributes", attributes), ("requiredAttributes", missing)],
        )
    }

    pub(super) async fn set_new_password(&self, answer: &Answer<'_>) -> Result<Outcome> {
        let (opened, mut user) = self.resume(answer).await?;
        let app = answer.app;
        check_asked(&user)?;
        let password = answer.required("NEW_PASSWORD")?;
        let given: BTreeMap<String, String> = answer
            .responses
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())))
            .collect();
        check_given(app, answer, &user, &given)?;
        app.pool.password_rules().check(password)?;
        self.replace_password(&app.pool, &mut user, password, self.now(), false)?;
        apply(&mut user.attributes, &given);
        if let Some(name) = missing_attributes(&app.pool, &user).next() {
            return Err(Reason::RequiredAttributeMissing { attribute: name.to_owned() }.into());
        }
        user.status = UserStatus::Confirmed;
        user.modified_at = self.now();
        let (id, expires_at, pool, new) = (opened.id, opened.expires_at, app.pool.clone(), user.clone());
        let first = self
            .store
            .write(move |tx| -> Result<bool> {
                if !tx.consume(&id, expires_at)? {
                    return Ok(false);
                }
                tx.update_user(&pool, &new.username, |row| -> Result<()> {
                    // Someone else may have changed the row since it was read: only what this step owns is set.
                    check_asked(row)?;
                    row.password.clone_from(&new.password);
                    row.old_passwords.clone_from(&new.old_passwords);
                    apply(&mut row.attributes, &given);
                    row.status = new.status;
                    row.modified_at = new.modified_at;
                    Ok(())
                })?;
                Ok(true)
            })
            .await?;
        if !first {
            return Err(Reason::SessionUsed.into());
        }
        let progress = Progress { proven_with: salt(&user), ..opened.value };
        self.next(app, answer.door, &progress, user).await
    }
}

/// Whether a new password is still to be set: another session may have answered first.
fn check_asked(user: &User) -> Result<()> {
    if user.status == UserStatus::ForceChangePassword { Ok(()) } else { Err(Reason::SessionUsed.into()) }
}

/// Writes attributes; who vouched for the old address did not for a new one.
fn apply(attributes: &mut BTreeMap<String, String>, given: &BTreeMap<String, String>) {
    for (name, value) in given {
        let verified = format!("{name}_verified");
        let changed = attributes.insert(name.clone(), value.clone()).as_ref() != Some(value);
        if changed && Medium::of_attribute(name).is_some() && !given.contains_key(&verified) {
            attributes.insert(verified, "false".to_owned());
        }
    }
}

/// Required attributes that have no value yet.
fn missing_attributes<'a>(pool: &'a Pool, user: &'a User) -> impl Iterator<Item = &'a str> {
    pool.required_attributes().filter(|name| user.attribute(name).is_none_or(str::is_empty))
}

fn check_given(app: &App, answer: &Answer<'_>, user: &User, given: &BTreeMap<String, String>) -> Result<()> {
    for name in given.keys() {
        let required = app.pool.required_attributes().any(|required| required == name);
        if required && user.attribute(name).is_some_and(|value| !value.is_empty()) {
            return Err(Reason::AttributeAlreadyProvided { attribute: name.clone() }.into());
        }
        let unwritable = !app.client.writes(name) || name.starts_with("dev:");
        if unwritable && answer.door != super::Door::Admin {
            return Err(Reason::AttributeNotWritable.into());
        }
        let immutable = app.pool.attribute(name).is_some_and(|definition| definition.mutable == Some(false));
        if immutable && user.attribute(name).is_some_and(|value| !value.is_empty()) {
            return Err(Reason::AttributeImmutable { attribute: name.clone() }.into());
        }
    }
    check_attributes(&app.pool, Writer::AdminCreate, given)
}
