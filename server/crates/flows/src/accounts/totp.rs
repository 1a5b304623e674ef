//! Authenticator apps: registering one, and checking its codes (RFC 6238: SHA-1, 6 digits, 30 s).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use domain::{Error, Pool, Reason, Result, Totp, User};
use tokens::Purpose;

use crate::sign_in::SetUp;
use crate::{Ctx, Latchkey};

const STEP_SECONDS: i64 = 30;
/// How many steps a code may be early or late.
const DRIFT: i64 = 1;

impl Latchkey {
    /// Draws a seed for the user and keeps it until a code confirms it (AssociateSoftwareToken). A registered
    /// app goes on working until then.
    ///
    /// Returns the seed in base32, to be typed or scanned.
    ///
    /// # Errors
    /// `SoftwareTokenMFANotFoundException` where the pool has it off.
    pub async fn associate_totp(&self, pool: &Pool, user: &User) -> Result<String> {
        if !pool.offers_totp() {
            return Err(Reason::TotpNotOffered.into());
        }
        let seed: [u8; 20] = world::bytes(self.world.entropy());
        let sealed = self.seal(Purpose::TotpSeed, &context(user), &seed);
        let (row, username) = (pool.clone(), user.username.clone());
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&row, &username, |user| -> Result<()> {
                    user.pending_totp = Some(sealed);
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await?;
        Ok(base32(&seed))
    }

    /// Registers the app whose first code is shown (VerifySoftwareToken).
    ///
    /// # Errors
    /// `EnableSoftwareTokenMFAException` for a wrong code, `SoftwareTokenMFANotFoundException` where none was
    /// asked for.
    pub(crate) async fn verify_totp(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        user: &User,
        code: &str,
        name: Option<&str>,
    ) -> Result<()> {
        let Some(sealed) = user.pending_totp.clone() else {
            return Err(Reason::TotpNotAssociated.into());
        };
        let seed = self.unseal(Purpose::TotpSeed, &context(user), &sealed)?;
        let Some(step) = matching_step(&seed, code, ctx.now.as_second(), None) else {
            return Err(Reason::TotpCodeWrong.into());
        };
        let totp = Totp { seed: sealed.clone(), friendly_name: name.map(str::to_owned), last_step: Some(step) };
        let (row, username, now) = (pool.clone(), user.username.clone(), ctx.now);
        let registered = self
            .store
            .write(move |tx| -> Result<bool> {
                tx.update_user(&row, &username, |user| -> Result<bool> {
                    if user.pending_totp.as_ref() != Some(&sealed) {
                        return Ok(false);
                    }
                    user.pending_totp = None;
                    user.totp = Some(totp);
                    user.modified_at = now;
                    Ok(true)
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await?;
        if registered { Ok(()) } else { Err(Reason::TotpCodeWrong.into()) }
    }

    /// VerifySoftwareToken within an MFA_SETUP: returns the Session that answers it. The factor is switched on
    /// and preferred, because the pool demands one.
    ///
    /// # Errors
    /// As [`Latchkey::verify_totp`].
    pub async fn verify_totp_set_up(
        &self,
        ctx: &Ctx,
        set_up: &SetUp,
        code: &str,
        name: Option<&str>,
    ) -> Result<String> {
        self.verify_totp(ctx, &set_up.app.pool, &set_up.user, code, name).await?;
        let (pool, username) = (set_up.app.pool.clone(), set_up.user.username.clone());
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &username, |user| -> Result<()> {
                    user.mfa.totp.enabled = true;
                    user.mfa.totp.preferred = user.mfa.preferred().is_none();
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await?;
        self.hand_on_set_up(ctx, set_up, true).await
    }

    /// Whether `code` is right for the user's app now; a right one is used up, so that it counts once.
    ///
    /// # Errors
    /// `ExpiredCodeException` for a code that was used before; an internal error.
    pub(crate) async fn use_totp(&self, ctx: &Ctx, pool: &Pool, user: &User, code: &str) -> Result<bool> {
        let Some(totp) = &user.totp else {
            return Ok(false);
        };
        let seed = self.unseal(Purpose::TotpSeed, &context(user), &totp.seed)?;
        let now = ctx.now.as_second();
        let Some(step) = matching_step(&seed, code, now, totp.last_step) else {
            return match matching_step(&seed, code, now, None) {
                Some(_) => Err(used_before()),
                None => Ok(false),
            };
        };
        let (row, username) = (pool.clone(), user.username.clone());
        let first = self
            .store
            .write(move |tx| -> Result<bool> {
                tx.update_user(&row, &username, |user| -> Result<bool> {
                    match user.totp.as_mut() {
                        Some(totp) if totp.last_step.is_none_or(|last| last < step) => {
                            totp.last_step = Some(step);
                            Ok(true)
                        }
                        _ => Ok(false),
                    }
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await?;
        if first { Ok(true) } else { Err(used_before()) }
    }

    /// Removes a user's app (AdminDeleteSoftwareToken).
    ///
    /// # Errors
    /// `UserNotFoundException`.
    pub async fn forget_totp(&self, ctx: &Ctx, pool: &Pool, user: &User) -> Result<()> {
        let (row, username, now) = (pool.clone(), user.username.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&row, &username, |user| -> Result<()> {
                    user.totp = None;
                    user.pending_totp = None;
                    user.mfa.totp = domain::Preference::default();
                    user.modified_at = now;
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }
}

/// The key URI that authenticator apps scan.
pub fn derive_otpauth_uri(issuer: &str, account: &str, secret: &str) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let issuer = escape(issuer);
    format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escape(account))
}

/// The step, later than `after`, whose code this is.
fn matching_step(seed: &[u8], code: &str, now: i64, after: Option<u64>) -> Option<u64> {
    let present = now.div_euclid(STEP_SECONDS);
    (present - DRIFT..=present + DRIFT)
        .filter_map(|step| u64::try_from(step).ok())
        .filter(|step| after.is_none_or(|after| *step > after))
        .find(|step| verify_slices_are_equal(derive_code(seed, *step).as_bytes(), code.trim().as_bytes()).is_ok())
}

/// RFC 4226 §5.3.
fn derive_code(seed: &[u8], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, seed);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let word = bytes.get(offset..offset + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes);
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// RFC 4648 §6, without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let index = (buffer >> bits & 31) as usize;
            out.push(ALPHABET.get(index).copied().map_or('A', char::from));
        }
    }
    if bits > 0 {
        let index = (buffer << (5 - bits) & 31) as usize;
        out.push(ALPHABET.get(index).copied().map_or('A', char::from));
    }
    out
}

fn used_before() -> Error {
    Error::from(Reason::TotpCodeUsed)
}

fn context(user: &User) -> String {
    format!("{}\0{}", user.pool, user.username)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_rfc_6238() {
        // Appendix B, SHA-1, last six of the eight digits shown there.
        let seed = b"12345678901234567890";
        for (seconds, code) in
            [(59_u64, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(derive_code(seed, seconds / 30), code);
        }
    }

    #[test]
    fn a_step_counts_once_and_drifts_by_one() {
        let seed = b"12345678901234567890";
        let step = 1_111_111_109 / 30;
        for (now, found) in [(-61, false), (-30, true), (0, true), (30, true), (61, false)] {
            assert_eq!(matching_step(seed, "081804", 1_111_111_109 + now, None).is_some(), found, "{now}");
        }
        assert_eq!(matching_step(seed, "081804", 1_111_111_109, Some(step)), None);
        assert_eq!(matching_step(seed, " 081804 ", 1_111_111_109, Some(step - 1)), Some(step));
    }

    #[test]
    fn base32_of_rfc_4648() {
        for (bytes, text) in [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
