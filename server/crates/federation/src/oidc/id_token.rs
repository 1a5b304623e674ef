//! Whether to believe a provider's ID token (OpenID Connect Core §3.1.3.7, RFC 8725).
//!
//! Algorithms: those of public keys, RS, PS, ES and EdDSA, each key pinned to one. HS256 is refused although Cognito
//! knows it: the secret that would sign is the one we send to the token endpoint, every copy of the settings could
//! make users of the provider, and one verifier for both families is what key confusion needs (RFC 8725 §2.1, §3.1).
//! OpenID Connect Core §15.1 obliges every provider to RS256.

use aws_lc_rs::digest::{Algorithm, SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokens::{TokenError, VerifyingKeys, verify_signed};

use super::{Claims, OidcProvider};
use crate::UpstreamError;

/// How far a provider's clock may be off.
const LEEWAY: i64 = 60;
/// OpenID Connect Core §2, in ASCII characters.
const LONGEST_SUBJECT: usize = 255;

/// What the token must answer to.
pub struct Expectations<'a> {
    /// The nonce that was asked with.
    pub nonce: &'a str,
    /// The access token that came with it.
    pub access_token: &'a str,
    /// The freshness that was asked for.
    pub max_age: Option<SignedDuration>,
    /// The present.
    pub now: Timestamp,
}

/// The key a token names, before anything of it is believed.
pub fn key_id(token: &str) -> Option<String> {
    header(token)?.get("kid")?.as_str().map(str::to_owned)
}

/// The token's claims, if it is to be believed; `sub` is among them.
///
/// # Errors
/// [`UpstreamError::InvalidToken`]
pub fn validate_id_token(
    provider: &OidcProvider,
    keys: &VerifyingKeys,
    token: &str,
    expected: &Expectations<'_>,
) -> Result<Claims, UpstreamError> {
    let claims: Claims = verify_signed(token, keys).map_err(|error| UpstreamError::InvalidToken(describe(error)))?; // RFC 8725 §3.1
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let at = |name: &str| claims.get(name).map(|value| value.as_i64().or(value.as_f64().map(|at| at as i64)));
    let now = expected.now.as_second();

    let foreign = text("iss").is_none_or(|iss| !provider.issuers.iter().any(|known| known == iss));
    let (ours, several) = match claims.get("aud") {
        Some(Value::String(one)) => (*one == provider.client_id, false),
        Some(Value::Array(list)) => (list.iter().any(|one| one.as_str() == Some(&provider.client_id)), list.len() > 1),
        _ => (false, false),
    };
    let party = claims.get("azp");
    let expired = !matches!(at("exp"), Some(Some(exp)) if now < exp.saturating_add(LEEWAY));
    let unborn = !matches!(at("iat"), Some(Some(iat)) if iat <= now.saturating_add(LEEWAY));
    let early = at("nbf").is_some_and(|nbf| nbf.is_none_or(|nbf| nbf > now.saturating_add(LEEWAY)));
    let replayed = text("nonce") != Some(expected.nonce);
    let unbound = claims.get("at_hash").is_some_and(|hash| !is_hash_of(token, hash, expected.access_token));
    let stale = expected.max_age.is_some_and(|most| {
        let limit = most.as_secs().saturating_add(LEEWAY);
        !matches!(at("auth_time"), Some(Some(auth_time)) if now.saturating_sub(auth_time) <= limit)
    });
    let nobody = text("sub").is_none_or(|sub| !is_subject(sub));

    let check = |refused: bool, why: &'static str| if refused { Err(UpstreamError::InvalidToken(why)) } else { Ok(()) };
    check(foreign, "issuer")?; // OpenID Connect Core §3.1.3.7, 2
    check(!ours, "audience")?; // §3.1.3.7, 3
    check(several && party.is_none(), "azp is missing")?; // §3.1.3.7, 4
    check(party.is_some_and(|azp| azp.as_str() != Some(&provider.client_id)), "azp")?; // §3.1.3.7, 5
    check(expired, "expired")?; // §3.1.3.7, 9
    check(unborn, "iat")?; // §3.1.3.7, 10
    check(early, "not yet valid")?; // RFC 7519 §4.1.5
    check(replayed, "nonce")?; // §3.1.3.7, 11
    check(stale, "auth_time")?; // §3.1.3.7, 13
    check(unbound, "at_hash")?; // §3.1.3.8
    check(nobody, "sub")?; // §2
    Ok(claims)
}

fn describe(error: TokenError) -> &'static str {
    match error {
        TokenError::UnknownKey => "unknown key",
        TokenError::WrongAlgorithm => "algorithm",
        TokenError::BadSignature => "signature",
        _ => "not a signed token",
    }
}

/// Printable, and as long as OpenID Connect lets it be. It becomes part of a username.
fn is_subject(sub: &str) -> bool {
    !sub.is_empty() && sub.len() <= LONGEST_SUBJECT && !sub.chars().any(|letter| letter.is_control() || letter == ' ')
}

fn header(token: &str) -> Option<Value> {
    let part = token.split('.').next()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// OpenID Connect Core §3.1.3.6: the left half of the hash that the signature's algorithm uses.
fn is_hash_of(token: &str, hash: &Value, access_token: &str) -> bool {
    let named = header(token);
    let algorithm: &'static Algorithm =
        match named.as_ref().and_then(|header| header.get("alg")).and_then(Value::as_str) {
            Some("RS256" | "PS256" | "ES256") => &SHA256,
            Some("RS384" | "PS384" | "ES384") => &SHA384,
            Some("RS512" | "PS512" | "EdDSA") => &SHA512,
            _ => return false,
        };
    let whole = digest(algorithm, access_token.as_bytes());
    let (left, _) = whole.as_ref().split_at(whole.as_ref().len() / 2);
    hash.as_str().is_some_and(|said| said == URL_SAFE_NO_PAD.encode(left))
}
