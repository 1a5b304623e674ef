//! Which second factors a user has switched on.

use crate::Latchkey;
use domain::{Error, Factor, MfaPreference, Pool, Preference, Result, User};

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
    pub async fn set_mfa_preference(&self, pool: &Pool, user: &User, change: MfaChange) -> Result<()> {
        let wanted = judge(pool, user, change)?;
        let (pool, username, now) = (pool.clone(), user.username.clone(), self.now());
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &username, |user| -> Result<()> {
                    user.mfa = wanted;
                    user.modified_at = now;
                    Ok(())
                })?
                .ok_or_else(Error::user_not_found)
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
        return Err(Error::invalid_parameter("Only one MFA factor can be preferred."));
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
    let refused = |said: &'static str| Err(Error::invalid_parameter(said));
    match factor {
        Factor::Totp if !user.has_totp() => refused("User has not verified software token mfa"),
        Factor::Totp if !pool.offers_totp() => refused("Software token MFA is not enabled for the user pool."),
        Factor::Sms if !pool.offers_sms_mfa() => refused("SMS MFA is not enabled for the user pool."),
        Factor::Sms if user.attribute("phone_number").is_none_or(str::is_empty) => {
            refused("User does not have delivery config set to turn on SMS_MFA")
        }
        Factor::Email if !pool.offers_email_mfa() => refused("Email MFA is not enabled for the user pool."),
        Factor::Email if user.attribute("email").is_none_or(str::is_empty) => {
            refused("User does not have delivery config set to turn on EMAIL_OTP")
        }
        _ => Ok(()),
    }
}
