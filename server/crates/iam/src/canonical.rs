//! The canonical request: one way to write down what was signed.
//!
//! IAM User Guide, "Create a signed AWS API request", step 1; not S3's variant of it.

use aws_lc_rs::digest::{SHA256, digest};
use http::{HeaderMap, Uri};

use crate::SignedRequest;

/// Query parameter left out of what it signs.
pub(crate) const SIGNATURE_PARAMETER: &[u8] = b"X-Amz-Signature";

/// The canonical request, or `None` if a header that is said to be signed is not there.
pub(crate) fn canonical_request(request: &SignedRequest<'_>, signed_headers: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(request.method.as_str().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(canonical_path(request.uri.path()).as_bytes());
    out.push(b'\n');
    out.extend_from_slice(canonical_query(request.uri.query().unwrap_or_default()).as_bytes());
    out.push(b'\n');
    for name in signed_headers.split(';') {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        canonical_values(&mut out, name, request.headers, request.uri)?;
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(signed_headers.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(hex(digest(&SHA256, request.body).as_ref()).as_bytes());
    Some(out)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The path as it was sent, without dot segments and doubled slashes (RFC 3986 §5.2.4), encoded
/// once more: what is a `%` on the wire is `%25` here.
pub(crate) fn canonical_path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut out = String::from("/");
    for (i, segment) in kept.iter().enumerate() {
        if i > 0 {
            out.push('/');
        }
        encode(&mut out, segment.as_bytes());
    }
    if path.ends_with('/') && !kept.is_empty() {
        out.push('/');
    }
    out
}

/// Parameters encoded one way and sorted by name, then value; the signature itself is left out.
pub(crate) fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = parameters(query)
        .filter(|(name, _)| name != SIGNATURE_PARAMETER)
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| name + "=" + &value).collect();
    pairs.join("&")
}

/// The decoded parameters of a query, in the order they stand. A `+` is a plus sign.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

fn decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escaped = match (byte, after) {
            (b'%', [high, low, after @ ..]) => nibble(*high).zip(nibble(*low)).map(|n| (n, after)),
            _ => None,
        };
        match escaped {
            Some(((high, low), after)) => {
                out.push(high << 4 | low);
                rest = after;
            }
            None => out.push(byte),
        }
    }
    out
}

fn nibble(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

fn encoded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    encode(&mut out, bytes);
    out
}

/// Everything but the unreserved characters (RFC 3986 §2.3), in upper-case hexadecimal.
fn encode(out: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex(&[byte]).to_ascii_uppercase());
        }
    }
}

/// A header's values, trimmed, inner white space made one space, joined by commas.
fn canonical_values(out: &mut Vec<u8>, name: &str, headers: &HeaderMap, uri: &Uri) -> Option<()> {
    let mut values = headers.get_all(name).iter().peekable();
    if values.peek().is_none() {
        // HTTP/2 has `:authority` in the place of the header.
        let authority = uri.authority().filter(|_| name == "host")?;
        out.extend_from_slice(authority.as_str().as_bytes());
        return Some(());
    }
    for (i, value) in values.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let words = value.as_bytes().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        for (j, word) in words.enumerate() {
            if j > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word);
        }
    }
    Some(())
}
