//! ProviderDetails of the six types: what must be said, and what the service says itself.

use std::collections::BTreeMap;
use std::fmt;

use protocol::Sensitive;
use protocol::idp::IdentityProviderTypeType as Kind;

use crate::identity_provider::PROVIDER_SECRETS;
use crate::{Error, ProviderFault, ProviderSecret, Result, SamlMetadata};

/// ProviderDetails, validated: complete but for what a discovery or a metadata document tells.
#[derive(Clone, PartialEq)]
pub struct ProviderDetails {
    /// What is not secret, with what the service fills in.
    pub plain: BTreeMap<String, String>,
    /// The secrets that were said.
    pub secrets: BTreeMap<String, ProviderSecret>,
    /// Whether answers to browsers name the issuer, where a discovery told (RFC 9207 §3).
    pub iss_in_response: Option<bool>,
    /// A SAML provider's metadata, once it was read.
    pub saml: Option<SamlMetadata>,
}

impl fmt::Debug for ProviderDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderDetails(***)")
    }
}

/// An OIDC provider's endpoints; those left out are discovered at its issuer.
pub const OIDC_ENDPOINTS: &[&str] = &["attributes_url", "authorize_url", "jwks_uri", "token_url"];

/// Facebook's pages and API where no `api_version` is said.
const FACEBOOK: (&str, &str, &str) = (
    "https://graph.facebook.com/me?fields=",
    "https://www.facebook.com/v2.9/dialog/oauth",
    "https://graph.facebook.com/v2.9/oauth/access_token",
);

impl ProviderDetails {
    /// Validates what was said. `keeps` names secrets that are stored and may stay unsaid; `allow_http` tells whether
    /// there are networks that may be asked without TLS.
    ///
    /// # Errors
    /// [`ProviderFault`]
    pub fn validate(kind: Kind, said: BTreeMap<String, Sensitive>, keeps: &[&str], allow_http: bool) -> Result<Self> {
        let mut details = Self { plain: BTreeMap::new(), secrets: BTreeMap::new(), iss_in_response: None, saml: None };
        for (key, value) in said {
            if !PROVIDER_SECRETS.contains(&key.as_str()) {
                details.plain.insert(key, value.into_inner());
            } else if !value.is_empty() {
                details.secrets.insert(key, ProviderSecret::new(value.into_inner()));
            }
        }
        let required: &[&str] = match kind {
            Kind::Google | Kind::Facebook | Kind::LoginWithAmazon => {
                &["client_id", "client_secret", "authorize_scopes"]
            }
            Kind::SignInWithApple => &["client_id", "private_key", "team_id", "key_id", "authorize_scopes"],
            Kind::Oidc => &["client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"],
            Kind::Saml => &[],
        };
        if required.iter().any(|key| !details.says(key) && !keeps.contains(key)) {
            return Err(ProviderFault::DetailMissing { kind }.into());
        }
        match kind {
            Kind::Oidc => details.check_oidc(allow_http)?,
            Kind::Saml => details.check_saml(allow_http)?,
            Kind::Google | Kind::Facebook | Kind::LoginWithAmazon | Kind::SignInWithApple => {}
        }
        details.fill_in(kind);
        Ok(details)
    }

    /// A member that is neither secret nor empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn says(&self, key: &str) -> bool {
        self.get(key).is_some() || self.secrets.contains_key(key)
    }

    fn check_oidc(&self, allow_http: bool) -> Result<()> {
        let method = self.get("attributes_request_method").unwrap_or_default();
        if !matches!(method, "GET" | "POST") {
            return Err(outside("attributes_request_method", &["POST", "GET"]));
        }
        let urls = OIDC_ENDPOINTS.iter().chain(&["oidc_issuer"]).filter_map(|key| self.get(key));
        if urls.into_iter().all(|url| is_endpoint(url, allow_http)) {
            Ok(())
        } else {
            Err(ProviderFault::EndpointNotHttps.into())
        }
    }

    fn check_saml(&self, allow_http: bool) -> Result<()> {
        match (self.get("MetadataURL"), self.get("MetadataFile")) {
            (None, None) => {
                return Err(ProviderFault::DetailMissing { kind: Kind::Saml }.into());
            }
            (Some(_), Some(_)) => {
                return Err(ProviderFault::MetadataTwice.into());
            }
            (Some(url), None) if !is_endpoint(url, allow_http) => {
                return Err(ProviderFault::MetadataUrlNotHttps.into());
            }
            _ => {}
        }
        for key in ["IDPInit", "IDPSignout", "EncryptedResponses"] {
            if let Some(value) = self.get(key)
                && !value.eq_ignore_ascii_case("true")
                && !value.eq_ignore_ascii_case("false")
            {
                return Err(outside(key, &["true", "false"]));
            }
        }
        match self.get("RequestSigningAlgorithm") {
            Some(algorithm) if algorithm != "rsa-sha256" => Err(outside("RequestSigningAlgorithm", &["rsa-sha256"])),
            _ => Ok(()),
        }
    }

    /// Puts in what the service says itself, whatever was said in its place.
    fn fill_in(&mut self, kind: Kind) {
        let own = |plain: &mut BTreeMap<String, String>, members: &[(&str, &str)]| {
            plain.extend(members.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        };
        match kind {
            Kind::Google => own(
                &mut self.plain,
                &[
                    ("attributes_url", "https://people.googleapis.com/v1/people/me?personFields="),
                    ("attributes_url_add_attributes", "true"),
                    ("authorize_url", "https://accounts.google.com/o/oauth2/v2/auth"),
                    ("oidc_issuer", "https://accounts.google.com"),
                    ("token_request_method", "POST"),
                    ("token_url", "https://www.googleapis.com/oauth2/v4/token"),
                ],
            ),
            Kind::Facebook => {
                let version = self.get("api_version").map(str::to_owned);
                let (attributes, authorize, token) = match version {
                    None => (FACEBOOK.0.to_owned(), FACEBOOK.1.to_owned(), FACEBOOK.2.to_owned()),
                    Some(version) => (
                        format!("https://graph.facebook.com/{version}/me?fields="),
                        format!("https://www.facebook.com/{version}/dialog/oauth"),
                        format!("https://graph.facebook.com/{version}/oauth/access_token"),
                    ),
                };
                own(
                    &mut self.plain,
                    &[
                        ("attributes_url", &attributes),
                        ("attributes_url_add_attributes", "true"),
                        ("authorize_url", &authorize),
                        ("token_request_method", "GET"),
                        ("token_url", &token),
                    ],
                );
            }
            Kind::LoginWithAmazon => own(
                &mut self.plain,
                &[
                    ("attributes_url", "https://api.amazon.com/user/profile"),
                    ("attributes_url_add_attributes", "false"),
                    ("authorize_url", "https://www.amazon.com/ap/oa"),
                    ("token_request_method", "POST"),
                    ("token_url", "https://api.amazon.com/auth/o2/token"),
                ],
            ),
            Kind::SignInWithApple => own(
                &mut self.plain,
                &[
                    ("attributes_url_add_attributes", "false"),
                    ("authorize_url", "https://appleid.apple.com/auth/authorize"),
                    ("oidc_issuer", "https://appleid.apple.com"),
                    ("token_request_method", "POST"),
                    ("token_url", "https://appleid.apple.com/auth/token"),
                ],
            ),
            Kind::Oidc => own(&mut self.plain, &[("attributes_url_add_attributes", "false")]),
            // The rest is in the metadata.
            Kind::Saml => {}
        }
    }
}

/// Whether an address may be an endpoint: https with a host, or http where that is taken at all. Where it leads is
/// judged when it is asked.
pub fn is_endpoint(url: &str, allow_http: bool) -> bool {
    let rest = match url.strip_prefix("https://") {
        Some(rest) => rest,
        None => match url.strip_prefix("http://").filter(|_| allow_http) {
            Some(rest) => rest,
            None => return false,
        },
    };
    !rest.is_empty() && !rest.starts_with('/') && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn outside(member: &'static str, allowed: &'static [&'static str]) -> Error {
    ProviderFault::DetailValue { member, allowed }.into()
}

#[cfg(test)]
#[path = "provider_details_tests.rs"]
mod tests;
