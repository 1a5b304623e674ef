//! SigV4 as an SDK signs, for the admin operations.

use aws_lc_rs::{digest, hmac};
use jiff::Timestamp;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mac(key: &[u8], data: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data.as_bytes()).as_ref().to_vec()
}

/// What a request is signed with.
#[derive(Clone, Copy)]
pub struct SigningKeys<'a> {
    /// The access key id.
    pub access_key: &'a str,
    /// The secret access key.
    pub secret: &'a str,
    /// The session token of temporary keys.
    pub session_token: Option<&'a str>,
}

/// The headers that sign a POST to `/` in us-east-1 with these `headers`, whose names are in lower case.
#[must_use]
pub fn sign_headers(
    keys: SigningKeys<'_>,
    service: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let at = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let date = at.split('T').next().unwrap_or_default();
    let mut signed = headers.to_vec();
    signed.push(("x-amz-date", &at));
    signed.extend(keys.session_token.map(|token| ("x-amz-security-token", token)));
    signed.sort_unstable();
    let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let hash = hex(digest::digest(&digest::SHA256, body).as_ref());
    let canonical = format!("POST\n/\n\n{lines}\n{names}\n{hash}");
    let scope = format!("{date}/us-east-1/{service}/aws4_request");
    let canonical = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let key = [date, "us-east-1", service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{}", keys.secret).into_bytes(), |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{canonical}")));
    let access_key = keys.access_key;
    let header =
        format!("AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}");
    let token = keys.session_token.map(|token| ("x-amz-security-token", token.to_owned()));
    [("authorization", header)].into_iter().chain(token).chain([("x-amz-date", at)]).collect()
}

/// `X-Amz-Date` and `Authorization` for a POST to `/` in us-east-1, for an access key and its secret.
#[must_use]
pub fn sign(
    (access_key, secret): (&str, &str),
    service: &str,
    host: &str,
    target: &str,
    body: &[u8],
    now: Timestamp,
) -> (String, String) {
    let keys = SigningKeys { access_key, secret, session_token: None };
    let headers = [("content-type", "application/x-amz-json-1.1"), ("host", host), ("x-amz-target", target)];
    let made = sign_headers(keys, service, &headers, body, now);
    let of = |wanted: &str| made.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
    (of("x-amz-date").unwrap_or_default(), of("authorization").unwrap_or_default())
}
