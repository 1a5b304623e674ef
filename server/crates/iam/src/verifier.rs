//! Whether a signature is genuine, for this service, and of now.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use cache::Bounded;
use jiff::{SignedDuration, Timestamp};
use protocol::ErrorName;

use crate::canonical::{canonical_request, hex};
use crate::credentials::{Credentials, Secret};
use crate::presented::{Presented, SignedRequest};
use crate::stamp;
use crate::{Error, Result};

/// How far a caller's clock may be off, either way.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
const TERMINATOR: &str = "aws4_request";

/// The Regions a credential scope may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regions {
    /// Any; for development, where clients are configured in many ways.
    Any,
    /// These only.
    Only(Vec<String>),
}

/// Who signed a request, established.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// The access key id.
    pub access_key: String,
    /// The Region of the credential scope.
    pub region: String,
    /// The service of the credential scope, such as `cognito-idp`.
    pub service: String,
    /// The instant the request was signed, in whole seconds.
    pub signed_at: Timestamp,
}

/// Verifies signatures, and keeps the signing keys it derived.
pub struct Verifier {
    regions: Regions,
    services: Vec<String>,
    /// Each is good for one day, so few are in use at a time.
    keys: Bounded<Scope, Derived>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Scope {
    access_key: String,
    date: String,
    region: String,
    service: String,
}

#[derive(Clone)]
struct Derived {
    /// Of the secret it was derived from, which may have been replaced since.
    secret_hash: [u8; 32],
    key: Key,
}

impl Verifier {
    /// A verifier for requests to the named services (as credential scopes name them) in the given
    /// Regions.
    pub fn new<S: Into<String>>(regions: Regions, services: impl IntoIterator<Item = S>) -> Self {
        let services = services.into_iter().map(Into::into).collect();
        Self { regions, services, keys: Bounded::default() }
    }

    /// Reads and verifies a request's signature; `lookup` finds the credentials of an access key.
    ///
    /// # Errors
    /// Those of [`Presented::read`] and [`Verifier::verify`].
    pub fn authenticate(
        &self,
        request: &SignedRequest<'_>,
        now: Timestamp,
        lookup: impl FnOnce(&str) -> Option<Credentials>,
    ) -> Result<SignedBy> {
        let presented = Presented::read(request)?;
        let credentials = lookup(presented.access_key());
        self.verify(request, &presented, credentials.as_ref(), now)
    }

    /// Verifies what `presented` (read from this very `request`) claims; `credentials` are those of
    /// its access key, if there are any.
    ///
    /// # Errors
    /// `UnrecognizedClientException` for an unknown access key or a session token that is not its
    /// own, `InvalidSignatureException` for a scope that is not ours, a signature out of time, and
    /// one that does not match, `ExpiredTokenException` for a genuine one by credentials that have ended.
    pub fn verify(
        &self,
        request: &SignedRequest<'_>,
        presented: &Presented,
        credentials: Option<&Credentials>,
        now: Timestamp,
    ) -> Result<SignedBy> {
        self.check_scope(presented)?;
        let credentials = credentials
            .filter(|found| found.access_key == presented.access_key)
            .filter(|found| session_matches(found, presented))
            .ok_or_else(|| {
                Error::new(ErrorName::UnrecognizedClient, "The security token included in the request is invalid.")
            })?;
        check_time(presented, now)?;
        self.check_signature(request, presented, &credentials.secret)?;
        if credentials.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::new(ErrorName::ExpiredToken, "The security token included in the request is expired"));
        }
        Ok(SignedBy {
            access_key: presented.access_key.clone(),
            region: presented.region.clone(),
            service: presented.service.clone(),
            signed_at: presented.signed_at,
        })
    }

    fn check_scope(&self, presented: &Presented) -> Result<()> {
        let Presented { date, region, service, terminator, .. } = presented;
        if let Regions::Only(regions) = &self.regions
            && !regions.contains(region)
        {
            return Err(invalid(format!("Credential should be scoped to a valid region, not '{region}'. ")));
        }
        if !self.services.contains(service) {
            let services = self.services.join("' or '");
            return Err(invalid(format!("Credential should be scoped to correct service: '{services}'. ")));
        }
        if terminator != TERMINATOR {
            return Err(invalid(format!(
                "Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{terminator}'. "
            )));
        }
        let signed_at = stamp::write(presented.signed_at);
        let day = signed_at.get(..8).unwrap_or_default();
        if date != day {
            return Err(invalid(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != '{day}', from '{signed_at}'."
            )));
        }
        Ok(())
    }

    fn check_signature(&self, request: &SignedRequest<'_>, presented: &Presented, secret: &Secret) -> Result<()> {
        let mismatch = || {
            invalid(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
            )
        };
        let Presented { date, region, service, .. } = presented;
        let canonical = canonical_request(request, &presented.signed_headers).ok_or_else(mismatch)?;
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{}\n{date}/{region}/{service}/{TERMINATOR}\n{}",
            stamp::write(presented.signed_at),
            hex(digest(&SHA256, &canonical).as_ref()),
        );
        let matches = |key: &Key| {
            let expected = hex(sign(key, to_sign.as_bytes()).as_ref());
            verify_slices_are_equal(expected.as_bytes(), presented.signature.bytes()).is_ok()
        };

        let scope = Scope {
            access_key: presented.access_key.clone(),
            date: date.clone(),
            region: region.clone(),
            service: service.clone(),
        };
        let mut secret_hash = [0; 32];
        secret_hash.copy_from_slice(digest(&SHA256, secret.bytes()).as_ref());
        let cached = self.keys.get(&scope).filter(|derived| derived.secret_hash == secret_hash);
        if let Some(Derived { key, .. }) = cached {
            return if matches(&key) { Ok(()) } else { Err(mismatch()) };
        }
        let key = derive_key(secret, date, region, service);
        if !matches(&key) {
            return Err(mismatch());
        }
        // Only after a match: nobody without a secret can fill the memory or empty it.
        self.keys.insert(scope, Derived { secret_hash, key });
        Ok(())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("regions", &self.regions)
            .field("services", &self.services)
            .finish_non_exhaustive()
    }
}

/// The signing key of a day, Region and service (step 3 of the guide).
fn derive_key(secret: &Secret, date: &str, region: &str, service: &str) -> Key {
    let seed = zeroize::Zeroizing::new([b"AWS4", secret.bytes()].concat());
    [date, region, service, TERMINATOR]
        .iter()
        .fold(Key::new(HMAC_SHA256, &seed), |key, part| Key::new(HMAC_SHA256, sign(&key, part.as_bytes()).as_ref()))
}

fn session_matches(credentials: &Credentials, presented: &Presented) -> bool {
    match (&credentials.session_token, &presented.session_token) {
        (None, None) => true,
        (Some(own), Some(given)) => verify_slices_are_equal(own.bytes(), given.bytes()).is_ok(),
        _ => false,
    }
}

fn check_time(presented: &Presented, now: Timestamp) -> Result<()> {
    let at = presented.signed_at;
    let earliest = now.checked_sub(SKEW).unwrap_or(Timestamp::MIN);
    let latest = now.checked_add(SKEW).unwrap_or(Timestamp::MAX);
    let write = stamp::write;
    if at > latest {
        return Err(invalid(format!(
            "Signature not yet current: {} is still later than {} ({} + 5 min.)",
            write(at),
            write(latest),
            write(now),
        )));
    }
    match presented.expires_in {
        None if at < earliest => Err(invalid(format!(
            "Signature expired: {} is now earlier than {} ({} - 5 min.)",
            write(at),
            write(earliest),
            write(now),
        ))),
        Some(life) if at.checked_add(life).is_ok_and(|end| end < now) => {
            let end = at.checked_add(life).unwrap_or(Timestamp::MAX);
            Err(invalid(format!("Signature expired: {} is now earlier than {}", write(end), write(now))))
        }
        _ => Ok(()),
    }
}

fn invalid(said: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorName::InvalidSignature, said)
}
