//! Setting and checking passwords, which are kept only as SRP verifiers.

use domain::{Error, Password, Pool, PoolId, Reason, Result, User, Username, UsernameForm, is_email, is_phone_number};
use jiff::Timestamp;
use protocol::Blob;
use tokens::Purpose;

use crate::Latchkey;

/// A user's salt and opened verifier, or a dummy of them for a user who does not exist.
pub(crate) struct Verifier {
    pub(crate) salt: [u8; 16],
    pub(crate) bytes: zeroize::Zeroizing<Vec<u8>>,
}

impl Latchkey {
    /// Derives what is kept of a password: one modular exponentiation.
    pub fn make_password(
        &self,
        pool: &PoolId,
        username: &Username,
        password: &str,
        now: Timestamp,
        temporary: bool,
    ) -> Password {
        let mut salt = [0_u8; 16];
        self.world.fill(&mut salt);
        // A leading zero digit would be lost where clients read SALT as an integer.
        salt[0] |= 0x10;
        let verifier = srp::derive_verifier(pool.name(), username.as_str(), password, &salt);
        let verifier = self.seal(Purpose::PasswordVerifier, &context(pool, username), &verifier);
        Password { salt: Blob(salt.to_vec()), verifier, set_at: now, temporary }
    }

    /// Gives the user a new password after checking it against the policy's history. The user's earlier
    /// passwords are kept as far as that history reaches.
    ///
    /// # Errors
    /// `PasswordHistoryPolicyViolationException`. Policy rules are the caller's to check first.
    pub fn replace_password(
        &self,
        pool: &Pool,
        user: &mut User,
        password: &str,
        now: Timestamp,
        temporary: bool,
    ) -> Result<()> {
        let history = pool.password_rules().history;
        if history > 0 && !temporary {
            let earlier = user.password.iter().chain(&user.old_passwords).take(history);
            for old in earlier {
                if self.is_password(user, old, password)? {
                    return Err(Reason::PasswordReused.into());
                }
            }
        }
        let new = self.make_password(&user.pool, &user.username, password, now, temporary);
        if let Some(old) = user.password.replace(new)
            && history > 1
            && !old.temporary
        {
            user.old_passwords.insert(0, old);
        }
        user.old_passwords.truncate(history.saturating_sub(1));
        Ok(())
    }

    /// Whether `password` is the user's present one. Costs one modular exponentiation, also for a user
    /// without a password and for none at all.
    ///
    /// # Errors
    /// An internal error where a stored secret cannot be opened.
    pub fn check_password(&self, pool: &Pool, typed: &str, user: Option<&User>, password: &str) -> Result<bool> {
        match user.and_then(|user| user.password.as_ref().map(|stored| (user, stored))) {
            Some((user, stored)) => self.is_password(user, stored, password),
            None => {
                let dummy = self.dummy_verifier(pool, typed);
                let _ = srp::verify_password(pool.id.name(), typed, password, &dummy.salt, &dummy.bytes);
                Ok(false)
            }
        }
    }

    fn is_password(&self, user: &User, stored: &Password, password: &str) -> Result<bool> {
        let verifier = self.open_verifier(user, stored)?;
        Ok(srp::verify_password(user.pool.name(), user.username.as_str(), password, &verifier.salt, &verifier.bytes))
    }

    /// Salt and verifier of a stored password.
    pub(crate) fn open_verifier(&self, user: &User, stored: &Password) -> Result<Verifier> {
        let bytes = self.unseal(Purpose::PasswordVerifier, &context(&user.pool, &user.username), &stored.verifier)?;
        let salt = stored.salt.0.as_slice().try_into().map_err(|_| Error::internal("a salt is not 16 bytes"))?;
        Ok(Verifier { salt, bytes })
    }

    /// A dummy verifier for a name nobody has: always the same for that name, like a real one.
    pub(crate) fn dummy_verifier(&self, pool: &Pool, typed: &str) -> Verifier {
        let context = format!("{}\0{}", pool.id, pool.fold_case(typed));
        let mut salt = [0_u8; 16];
        self.vault.derive_dummy(b"salt", context.as_bytes(), &mut salt);
        salt[0] |= 0x10;
        let mut bytes = zeroize::Zeroizing::new(vec![0_u8; 383]);
        self.vault.derive_dummy(b"verifier", context.as_bytes(), &mut bytes);
        Verifier { salt, bytes }
    }

    /// The username that a user of a name nobody has would have. Where people choose their names, it is that name, but
    /// for what can only be another name of theirs: then, and where names are made, it looks like one that is made.
    pub(crate) fn dummy_username(&self, pool: &Pool, typed: &str) -> String {
        let is_alias =
            (pool.is_alias("email") && is_email(typed)) || (pool.is_alias("phone_number") && is_phone_number(typed));
        if pool.username_form() == UsernameForm::Name && !is_alias {
            return pool.fold_case(typed);
        }
        let context = format!("{}\0{}", pool.id, pool.fold_case(typed));
        let mut bytes = [0_u8; 16];
        self.vault.derive_dummy(b"username", context.as_bytes(), &mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

fn context(pool: &PoolId, username: &Username) -> String {
    format!("{pool}\0{username}")
}
