//! What an issuer says of itself (OpenID Connect Discovery 1.0): the request, and what to make of the answer.

use std::time::Duration;

use bytes::Bytes;
use domain::is_endpoint;
use http::{Request, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use world::FetchLimits;

/// How much of a discovery document is read, and how long it may take.
pub const DISCOVERY_LIMITS: FetchLimits = FetchLimits { max_bytes: 256 * 1024, timeout: Duration::from_secs(5) };

/// An issuer's own description, as far as a relying party uses it. Every endpoint is [`is_endpoint`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoveryDocument {
    /// The issuer, exactly as it was asked for and as its ID tokens say it.
    pub issuer: String,
    /// Where browsers are sent.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where claims are asked, if there is such a place.
    #[serde(default)]
    pub userinfo_endpoint: Option<String>,
    /// Where the keys of its signatures are.
    pub jwks_uri: String,
    /// How a client may say who it is at the token endpoint; empty for `client_secret_basic` (§3).
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// Whether answers of the authorization endpoint name the issuer (RFC 9207 §3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// Why an issuer's description is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryFault {
    /// The issuer is no address that can be asked.
    #[error("the issuer is not an https address without query and fragment")]
    Issuer,
    /// Another answer than the document.
    #[error("the issuer answered {0}")]
    Status(StatusCode),
    /// The document is not JSON, or lacks what is required.
    #[error("the document: {0}")]
    Document(String),
    /// The document speaks for somebody else (§4.3): taking it would be a mix-up.
    #[error("the document is of another issuer: {0}")]
    OtherIssuer(String),
    /// An endpoint that is no https address.
    #[error("{0} is not an https address")]
    Endpoint(&'static str),
}

/// Asks an issuer for its description (§4.1). `allow_http` tells whether there are networks that may be asked without
/// TLS.
///
/// # Errors
/// [`DiscoveryFault::Issuer`].
pub fn discovery_request(issuer: &str, allow_http: bool) -> Result<Request<Bytes>, DiscoveryFault> {
    if !is_endpoint(issuer, allow_http) || issuer.contains(['?', '#', '@']) {
        return Err(DiscoveryFault::Issuer);
    }
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    Request::get(format!("{base}/.well-known/openid-configuration"))
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|_| DiscoveryFault::Issuer)
}

/// Reads the answer.
///
/// # Errors
/// [`DiscoveryFault`].
pub fn parse_discovery(
    issuer: &str,
    allow_http: bool,
    answer: &Response<Bytes>,
) -> Result<DiscoveryDocument, DiscoveryFault> {
    // §4.2: the document comes with 200; what a redirect leads to is not what was asked.
    if answer.status() != StatusCode::OK {
        return Err(DiscoveryFault::Status(answer.status()));
    }
    let discovered: DiscoveryDocument =
        serde_json::from_slice(answer.body()).map_err(|error| DiscoveryFault::Document(error.to_string()))?;
    // §4.3: the issuer is identical to the one whose address was asked.
    if discovered.issuer != issuer {
        return Err(DiscoveryFault::OtherIssuer(discovered.issuer));
    }
    let endpoints = [
        ("authorization_endpoint", Some(&discovered.authorization_endpoint)),
        ("token_endpoint", Some(&discovered.token_endpoint)),
        ("userinfo_endpoint", discovered.userinfo_endpoint.as_ref()),
        ("jwks_uri", Some(&discovered.jwks_uri)),
    ];
    match endpoints.iter().find(|(_, url)| url.is_some_and(|url| !is_endpoint(url, allow_http))) {
        Some((name, _)) => Err(DiscoveryFault::Endpoint(name)),
        None => Ok(discovered),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://idp.example/tenant";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://idp.example/authorize",
            "token_endpoint": "https://idp.example/token",
            "userinfo_endpoint": "https://idp.example/userinfo",
            "jwks_uri": "https://idp.example/keys",
            "response_types_supported": ["code"],
        })
    }

    fn parse(document: &dyn ToString) -> Result<DiscoveryDocument, DiscoveryFault> {
        parse_discovery(ISSUER, false, &Response::new(Bytes::from(document.to_string())))
    }

    #[test]
    fn the_document_lies_below_the_issuer() {
        for issuer in [ISSUER, "https://idp.example/tenant/"] {
            let request = discovery_request(issuer, false).unwrap();
            assert_eq!(request.uri(), "https://idp.example/tenant/.well-known/openid-configuration");
            assert_eq!(request.method(), "GET");
        }
        assert!(discovery_request("http://127.0.0.1:9000", true).is_ok());
        for issuer in [
            "http://idp.example",
            "idp.example",
            "https://",
            "https://idp.example?x=1",
            "https://idp.example#x",
            "https://user@idp.example",
            "https://idp.example/a b",
            "file:///etc/passwd",
        ] {
            assert_eq!(discovery_request(issuer, false).unwrap_err(), DiscoveryFault::Issuer, "{issuer}");
        }
    }

    #[test]
    fn a_document_is_taken_as_it_is() {
        let discovered = parse(&document()).unwrap();
        assert_eq!(discovered.token_endpoint, "https://idp.example/token");
        assert_eq!(discovered.userinfo_endpoint.as_deref(), Some("https://idp.example/userinfo"));
        let mut without = document();
        without.as_object_mut().unwrap().remove("userinfo_endpoint");
        assert_eq!(parse(&without).unwrap().userinfo_endpoint, None);
    }

    #[test]
    fn another_issuers_document_is_refused() {
        for issuer in ["https://evil.example", "https://idp.example/tenant/", "HTTPS://idp.example/tenant", ""] {
            let mut other = document();
            other["issuer"] = json!(issuer);
            assert_eq!(parse(&other).unwrap_err(), DiscoveryFault::OtherIssuer(issuer.to_owned()));
        }
    }

    #[test]
    fn endpoints_are_https() {
        for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
            for url in ["http://idp.example/x", "/relative", "javascript:alert(1)", ""] {
                let mut plain = document();
                plain[name] = json!(url);
                assert_eq!(parse(&plain).unwrap_err(), DiscoveryFault::Endpoint(name), "{url}");
            }
        }
        let mut plain = document();
        plain["jwks_uri"] = json!("http://127.0.0.1:9000/keys");
        assert!(parse_discovery(ISSUER, true, &Response::new(Bytes::from(plain.to_string()))).is_ok());
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for status in [301, 302, 204, 404, 500] {
            let answer = Response::builder().status(status).body(Bytes::from(document().to_string())).unwrap();
            assert!(matches!(parse_discovery(ISSUER, false, &answer), Err(DiscoveryFault::Status(_))), "{status}");
        }
        for text in ["", "<html>", "[]", "null", "{}", "{\"issuer\": 1}", "\u{0}"] {
            assert!(matches!(parse(&text), Err(DiscoveryFault::Document(_))), "{text}");
        }
        for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut without = document();
            without.as_object_mut().unwrap().remove(name);
            assert!(matches!(parse(&without), Err(DiscoveryFault::Document(_))), "{name}");
        }
    }
}
