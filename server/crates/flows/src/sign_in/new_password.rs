//! NEW_PASSWORD_REQUIRED: the temporary password of an administrator gives way to one's own.

use std::collections::BTreeMap;

use domain::{
    AnsweredChallenge, AuthSession, Medium, PendingChallenge, Pool, Reason, Result, User, UserStatus, Writer,
    validate_attributes,
};
use tokens::Opened;

use super::challenge::{Challenge, OpenChallenge};
use super::factor::check_given;
use super::next::Step;
use crate::{ClientContext, Ctx, EntryPoint, Latchkey};

impl Latchkey {
    pub(super) fn ask_new_password(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        session: &AuthSession,
        user: &User,
    ) -> OpenChallenge {
        let missing = missing_attributes(&app.pool, user).map(str::to_owned).collect();
        let challenge = Challenge::NewPassword { attributes: user.attributes.clone(), missing };
        self.challenge(ctx, app, session, user, challenge, PendingChallenge::NewPassword)
    }

    pub(super) async fn set_new_password(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        opened: Opened<AuthSession>,
        mut user: User,
        password: &str,
        given: &BTreeMap<String, String>,
    ) -> Result<Step> {
        check_asked(&user)?;
        check_given(password)?;
        let given = validate_given(ctx, app, &user, given)?;
        app.pool.password_rules().check(password)?;
        self.replace_password(&app.pool, &mut user, password, ctx.now, false)?;
        apply(&mut user.attributes, &given);
        if let Some(name) = missing_attributes(&app.pool, &user).next() {
            return Err(Reason::RequiredAttributeMissing { attribute: name.to_owned() }.into());
        }
        user.status = UserStatus::Confirmed;
        user.modified_at = ctx.now;
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
        let session = AuthSession { proven_with: user.password_salt().cloned(), ..opened.value };
        Step::proven(user, session, AnsweredChallenge::NewPassword)
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

/// The attributes that came with the password. What the user has already stays, also where it was sent as it is; an
/// administrator alone writes what the client may not.
fn validate_given(
    ctx: &Ctx,
    app: &ClientContext,
    user: &User,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    for name in given.keys() {
        let unwritable = !app.client.may_write(&app.pool, name);
        if unwritable && ctx.entry_point != EntryPoint::AdminApi {
            return Err(Reason::AttributeNotWritable.into());
        }
        if user.attribute(name).is_some_and(|value| !value.is_empty()) {
            return Err(Reason::AttributeAlreadyProvided { attribute: name.clone() }.into());
        }
    }
    validate_attributes(&app.pool, Writer::AdminCreate, given.clone())
}
