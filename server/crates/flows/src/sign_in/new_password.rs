//! NEW_PASSWORD_REQUIRED: the temporary password of an administrator gives way to one's own.

use super::step::{Answer, Expects, Outcome, Progress};
use crate::{App, Latchkey};
use domain::{Error, Pool, Result, User, UserStatus, Writer, check_attributes};
use protocol::ErrorName;
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
        let password = answer.required("NEW_PASSWORD")?;
        let given: BTreeMap<String, String> = answer
            .responses
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())))
            .collect();
        check_given(app, answer, &user, &given)?;
        app.pool.password_rules().check(password)?;
        self.replace_password(&app.pool, &mut user, password, self.now(), false)?;
        user.attributes.extend(given);
        if let Some(name) = missing_attributes(&app.pool, &user).next() {
            return Err(Error::invalid_parameter(format!("Invalid attributes given, {name} is missing")));
        }
        user.status = UserStatus::Confirmed;
        user.modified_at = self.now();
        let (id, expires_at, pool, new) = (opened.id, opened.expires_at, app.pool.clone(), user.clone());
        let first = self
            .store
            .write(move |tx| -> Result<bool> {
                if !tx.spend(&id, expires_at)? {
                    return Ok(false);
                }
                tx.update_user(&pool, &new.username, |row| -> Result<()> {
                    // Someone else may have changed the row since it was read: only what this step owns is set.
                    row.password.clone_from(&new.password);
                    row.old_passwords.clone_from(&new.old_passwords);
                    row.attributes.clone_from(&new.attributes);
                    row.status = new.status;
                    row.modified_at = new.modified_at;
                    Ok(())
                })?;
                Ok(true)
            })
            .await?;
        if !first {
            return Err(crate::carried::spent_session());
        }
        self.next(app, answer.door, &opened.value, user).await
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
            return Err(Error::new(ErrorName::NotAuthorized, format!("Cannot modify an already provided {name}")));
        }
        if !app.client.writes(name) && answer.door != super::Door::Admin {
            return Err(Error::not_authorized("A client attempted to write unauthorized attribute"));
        }
    }
    check_attributes(&app.pool, Writer::AdminCreate, given)
}
