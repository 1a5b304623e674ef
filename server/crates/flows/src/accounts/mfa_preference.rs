//! Which second factors a user has switched on.

use domain::{Factor, MfaPreference, Pool, Preference, Reason, Result, User};

use crate::{Ctx, Latchkey};

/// What a call wants changed; None leaves a factor as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct MfaChange {
    /// SMSMfaSettings
    pub sms: Option<Preference>,
    /// SoftwareTokenMfaSettings
    pub totp: Option<Preference>,
    /// EmailMfaSettings
    pub email: Option<Preference>,
}

impl Latchkey {
    /// Changes a user's preferences (SetUserMFAPreference and its admin twin).
    ///
    /// # Errors
    /// `InvalidParameterException` for a factor the user cannot have, or two preferred ones.
    pub async fn set_mfa_preference(&self, ctx: &Ctx, pool: &Pool, user: &User, change: MfaChange) -> Result<()> {
        let wanted = judge(pool, user, change)?;
        let (pool, username, now) = (pool.clone(), user.username.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &username, |user| -> Result<()> {
                    user.mfa = wanted;
                    user.modified_at = now;
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }
}

fn judge(pool: &Pool, user: &User, change: MfaChange) -> Result<MfaPreference> {
    let changes = [(Factor::Sms, change.sms), (Factor::Totp, change.totp), (Factor::Email, change.email)];
    for (factor, preference) in changes {
        if preference.is_some_and(|preference| preference.enabled || preference.preferred) {
            check_possible(pool, user, factor)?;
        }
    }
    let newly_preferred = changes.iter().filter(|(_, preference)| preference.is_some_and(|new| new.preferred)).count();
    if newly_preferred > 1 {
        return Err(Reason::SeveralPreferredFactors.into());
    }
    // A newly preferred factor takes the place of the old one.
    let settle = |old: Preference, new: Option<Preference>| match new {
        Some(new) => Preference { enabled: new.enabled, preferred: new.enabled && new.preferred },
        None => Preference { preferred: old.preferred && newly_preferred == 0, ..old },
    };
    Ok(MfaPreference {
        sms: settle(user.mfa.sms, change.sms),
        totp: settle(user.mfa.totp, change.totp),
        email: settle(user.mfa.email, change.email),
    })
}

fn check_possible(pool: &Pool, user: &User, factor: Factor) -> Result<()> {
    let has = |attribute| !user.attribute(attribute).is_none_or(str::is_empty);
    let (registered, offered, reachable) = match factor {
        Factor::Totp => (user.has_totp(), pool.offers_totp(), true),
        Factor::Sms => (true, pool.offers_sms_mfa(), has("phone_number")),
        Factor::Email => (true, pool.offers_email_mfa(), has("email")),
    };
    if !registered {
        let waits = user.pending_totp.is_some();
        Err(if waits { Reason::FactorNotVerified } else { Reason::FactorNotSetUp }.into())
    } else if !offered {
        Err(Reason::FactorNotEnabled(factor).into())
    } else if !reachable {
        Err(Reason::FactorWithoutAddress(factor).into())
    } else {
        Ok(())
    }
}
