//! SigV4 as an SDK signs, for the admin operations.

use aws_lc_rs::{digest, hmac};
use jiff::Timestamp;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mac(key: &[u8], data: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data.as_bytes()).as_ref().to_vec()
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
    let at = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let date = at.split('T').next().unwrap_or_default();
    let content_type = "application/x-amz-json-1.1";
    let hash = hex(digest::digest(&digest::SHA256, body).as_ref());
    let names = "content-type;host;x-amz-date;x-amz-target";
    let canonical = format!(
        "POST\n/\n\ncontent-type:{content_type}\nhost:{host}\nx-amz-date:{at}\nx-amz-target:{target}\n\n{names}\n{hash}"
    );
    let scope = format!("{date}/us-east-1/{service}/aws4_request");
    let canonical = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let key = [date, "us-east-1", service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{canonical}")));
    let header =
        format!("AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}");
    (at, header)
}
