//! A request's signature, taken apart but not yet believed.

use std::fmt;

use http::{HeaderMap, Method, Uri, header};
use jiff::{SignedDuration, Timestamp};
use protocol::ErrorName;

use crate::canonical::parameters;
use crate::{Error, Result, Secret, stamp};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The longest life of a presigned request: seven days, in seconds.
const LONGEST: i64 = 604_800;

/// The parts of a request that a signature covers, as they came over the wire.
#[derive(Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query as they were sent, and over HTTP/2 the authority.
    pub uri: &'a Uri,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// Headers and query may hold a session token, and the body anything.
impl fmt::Debug for SignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", self.method)
            .field("path", &self.uri.path())
            .finish_non_exhaustive()
    }
}

/// What a request says about its signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Presented {
    pub(crate) access_key: String,
    pub(crate) date: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) terminator: String,
    /// Lower-case, sorted, joined by `;`.
    pub(crate) signed_headers: String,
    pub(crate) signature: Secret,
    pub(crate) signed_at: Timestamp,
    /// How long it is valid, where the request itself says so (the query form).
    pub(crate) expires_in: Option<SignedDuration>,
    pub(crate) session_token: Option<Secret>,
}

/// The session token is a secret, and a signature may be presented again as long as it is fresh.
impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("access_key", &self.access_key)
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl Presented {
    /// Reads the `Authorization` header, or the query parameters of a presigned request.
    ///
    /// # Errors
    /// `MissingAuthenticationTokenException` if there is neither, `IncompleteSignatureException` if
    /// what there is cannot be a signature, `InvalidSignatureException` if it leaves unsigned what
    /// must be signed: `host`, every `x-amz-*` header, and the date.
    pub fn read(request: &SignedRequest<'_>) -> Result<Self> {
        let presented = match request.headers.get(header::AUTHORIZATION) {
            Some(_) => Self::from_header(request)?,
            None if is_presigned(request.uri) => Self::from_query(request.uri)?,
            None => {
                return Err(Error::new(ErrorName::MissingAuthenticationToken, "Missing Authentication Token"));
            }
        };
        presented.check_signed_headers(request.headers)?;
        Ok(presented)
    }

    /// The access key the request names; nothing shows yet that it was really used.
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    fn from_header(request: &SignedRequest<'_>) -> Result<Self> {
        let mut values = request.headers.get_all(header::AUTHORIZATION).iter();
        let value = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
        if values.next().is_some() || is_presigned(request.uri) {
            return Err(incomplete("The request carries more than one signature."));
        }
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        let (mut credential, mut headers, mut signature) = (None, None, None);
        if scheme == ALGORITHM {
            for pair in rest.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
                let Some((name, value)) = pair.split_once('=') else {
                    return Err(incomplete(
                        "Authorization header holds what is not a valid key=value pair (missing equal-sign).",
                    ));
                };
                let place = match name {
                    "Credential" => &mut credential,
                    "SignedHeaders" => &mut headers,
                    "Signature" => &mut signature,
                    _ => continue,
                };
                if place.replace(value).is_some() {
                    return Err(incomplete(format!("Authorization header repeats '{name}'.")));
                }
            }
        }
        let amz_date = single(request.headers, "x-amz-date")?;
        let date = match amz_date {
            Some(date) => Some(date),
            None => single(request.headers, "date")?,
        };
        let (Some(credential), Some(headers), Some(signature), Some(date)) = (credential, headers, signature, date)
        else {
            let missing = [
                (credential.is_none(), "Authorization header requires 'Credential' parameter. "),
                (signature.is_none(), "Authorization header requires 'Signature' parameter. "),
                (headers.is_none(), "Authorization header requires 'SignedHeaders' parameter. "),
                (
                    date.is_none(),
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
                ),
            ];
            let said: String = missing.iter().filter(|(is, _)| *is).map(|(_, words)| *words).collect();
            return Err(incomplete(said.trim_end().to_owned()));
        };
        let signed_at = if amz_date.is_some() { stamp::read(date)? } else { stamp::read_http_date(date)? };
        // Without X-Amz-Date the Date header carries the instant, and must itself be signed.
        if amz_date.is_none() && !headers.split(';').any(|name| name == "date") {
            return Err(unsigned("'Date'"));
        }
        let session_token = single(request.headers, "x-amz-security-token")?.map(Secret::new);
        Self::new(credential, headers, signature, signed_at, None, session_token)
    }

    fn from_query(uri: &Uri) -> Result<Self> {
        let mut found: [(&str, Option<String>); 7] = [
            ("X-Amz-Algorithm", None),
            ("X-Amz-Credential", None),
            ("X-Amz-Date", None),
            ("X-Amz-Expires", None),
            ("X-Amz-SignedHeaders", None),
            ("X-Amz-Signature", None),
            ("X-Amz-Security-Token", None),
        ];
        for (name, value) in parameters(uri.query().unwrap_or_default()) {
            if let Some((name, place)) = found.iter_mut().find(|(n, _)| n.as_bytes() == name) {
                let value = String::from_utf8(value).unwrap_or_default();
                if place.replace(value).is_some() {
                    return Err(incomplete(format!("Query-string parameter '{name}' is repeated.")));
                }
            }
        }
        let [algorithm, credential, date, expires, headers, signature, (_, session_token)] = found;
        let needed = |(name, value): (&str, Option<String>)| {
            value.ok_or_else(|| {
                incomplete(format!(
                    "AWS query-string parameters must include '{name}'. Re-examine the query-string parameters."
                ))
            })
        };
        let (algorithm, credential) = (needed(algorithm)?, needed(credential)?);
        let (date, expires) = (needed(date)?, needed(expires)?);
        let (headers, signature) = (needed(headers)?, needed(signature)?);
        if algorithm != ALGORITHM {
            return Err(incomplete("Unsupported AWS 'algorithm'."));
        }
        let seconds = expires.parse::<i64>().ok().filter(|seconds| (1..=LONGEST).contains(seconds));
        let seconds = seconds.ok_or_else(|| incomplete("X-Amz-Expires must be a number between 1 and 604800."))?;
        let expires_in = Some(SignedDuration::from_secs(seconds));
        let signed_at = stamp::read(&date)?;
        Self::new(&credential, &headers, &signature, signed_at, expires_in, session_token.map(Secret::new))
    }

    fn new(
        credential: &str,
        signed_headers: &str,
        signature: &str,
        signed_at: Timestamp,
        expires_in: Option<SignedDuration>,
        session_token: Option<Secret>,
    ) -> Result<Self> {
        let elements: Vec<&str> = credential.split('/').collect();
        let [access_key, date, region, service, terminator] = elements.as_slice() else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
            ));
        };
        let names: Vec<&str> = signed_headers.split(';').collect();
        let ordered = names.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let lower_case =
            |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase());
        if !ordered || !names.iter().all(lower_case) {
            return Err(incomplete("SignedHeaders must be lower-case, sorted and without repetition."));
        }
        Ok(Self {
            access_key: (*access_key).to_owned(),
            date: (*date).to_owned(),
            region: (*region).to_owned(),
            service: (*service).to_owned(),
            terminator: (*terminator).to_owned(),
            signed_headers: signed_headers.to_owned(),
            signature: Secret::new(signature),
            signed_at,
            expires_in,
            session_token,
        })
    }

    fn check_signed_headers(&self, headers: &HeaderMap) -> Result<()> {
        let signed = |name: &str| self.signed_headers.split(';').any(|signed| signed == name);
        if !signed("host") {
            return Err(unsigned("'Host' or ':authority'"));
        }
        match headers.keys().find(|name| name.as_str().starts_with("x-amz-") && !signed(name.as_str())) {
            Some(name) => Err(unsigned(&format!("'{name}'"))),
            None => Ok(()),
        }
    }
}

/// Whether the query says that it carries a signature.
fn is_presigned(uri: &Uri) -> bool {
    parameters(uri.query().unwrap_or_default())
        .any(|(name, _)| name == b"X-Amz-Signature" || name == b"X-Amz-Algorithm")
}

/// A header that may be there once.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    match (value.to_str(), values.next()) {
        (Ok(value), None) => Ok(Some(value.trim())),
        _ => Err(incomplete(format!("Header '{name}' is repeated or not text."))),
    }
}

fn incomplete(said: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorName::IncompleteSignature, said)
}

fn unsigned(what: &str) -> Error {
    let said = format!("{what} must be a 'SignedHeader' in the AWS Authorization.");
    Error::new(ErrorName::InvalidSignature, said)
}
