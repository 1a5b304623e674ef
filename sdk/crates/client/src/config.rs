//! Which pool, which client, and the addresses that follow.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, Kind, Result};
use crate::text;

/// What an app says about itself. Everything but the first two has a default.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `REGION_id`.
    pub user_pool_id: String,
    /// A public app client (no secret).
    pub client_id: String,
    /// The API's address; Amazon Cognito's own when absent.
    pub endpoint: Option<String>,
    /// The pool domain: a prefix, a host, or an address. With an endpoint and no domain, the endpoint.
    pub domain: Option<String>,
    /// The issuer, where it is not `{endpoint}/{poolId}`.
    pub issuer: Option<String>,
    /// Where redirect sign-in comes back to.
    pub redirect_uri: Option<String>,
    /// Where the hosted sign-out comes back to.
    pub sign_out_uri: Option<String>,
    /// Scopes of redirect sign-in; `openid` and `aws.cognito.signin.user.admin` when empty.
    pub scopes: Vec<String>,
}

/// The settings, checked, with every address worked out.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) pool_name: String,
    pub(crate) client_id: String,
    pub(crate) api: String,
    pub(crate) domain: Option<String>,
    pub(crate) issuer: String,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) sign_out_uri: Option<String>,
    pub(crate) scopes: String,
    pub(crate) prefix: String,
}

fn wrong(message: &str) -> Error {
    Error::new(Kind::InvalidConfiguration, message)
}

/// https, or http on this machine (RFC 8252 §8.3): tokens and passwords travel over it.
fn address(text: &str) -> Result<String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let local = |rest: &str| {
        let host = text::before(rest, b'/');
        let name = if host.starts_with('[') { text::before(host, b']') } else { text::before(host, b':') };
        matches!(name, "localhost" | "127.0.0.1" | "[::1") || name.ends_with(".localhost")
    };
    match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) if !rest.is_empty() => Ok(text.to_owned()),
        (_, Some(rest)) if local(rest) => Ok(text.to_owned()),
        (_, Some(_)) => Err(wrong("plain http is only for localhost")),
        _ => Err(wrong("an address must begin with https://")),
    }
}

impl Config {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Kind::InvalidConfiguration`] when something is missing or not an address over TLS.
    pub fn new(settings: Settings) -> Result<Self> {
        let (region, pool_name) = text::cut(&settings.user_pool_id, b'_')
            .filter(|(region, name)| !region.is_empty() && !name.is_empty())
            .ok_or_else(|| wrong("userPoolId looks like REGION_id"))?;
        if settings.client_id.is_empty() {
            return Err(wrong("clientId is missing"));
        }
        let amazon = ["https://cognito-idp.", region, ".amazonaws.com"].concat();
        let api = settings.endpoint.as_deref().map_or(Ok(amazon), address)?;
        let domain = match settings.domain.as_deref() {
            None if settings.endpoint.is_some() => Some(api.clone()),
            None => None,
            Some(domain) if text::cut(domain, b':').is_some() => Some(address(domain)?),
            Some(host) if text::cut(host, b'.').is_some() => Some(["https://", host].concat()),
            Some(prefix) => Some(match (&settings.endpoint, text::cut(&api, b'/')) {
                (Some(_), Some((scheme, host))) => {
                    [scheme, "//", prefix, ".", host.strip_prefix('/').unwrap_or(host)].concat()
                }
                _ => ["https://", prefix, ".auth.", region, ".amazoncognito.com"].concat(),
            }),
        };
        let issuer = settings.issuer.clone().unwrap_or_else(|| [&api, "/", &settings.user_pool_id].concat());
        let scopes = if settings.scopes.is_empty() {
            "openid aws.cognito.signin.user.admin".to_owned()
        } else {
            settings.scopes.join(" ")
        };
        Ok(Config {
            pool_name: pool_name.to_owned(),
            prefix: ["latchkey.", &settings.user_pool_id, ".", &settings.client_id].concat(),
            client_id: settings.client_id,
            api,
            domain,
            issuer,
            redirect_uri: settings.redirect_uri,
            sign_out_uri: settings.sign_out_uri,
            scopes,
        })
    }

    /// The name under which everything of this pool and client is stored and locked.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(crate) fn domain(&self) -> Result<&str> {
        self.domain.as_deref().ok_or_else(|| wrong("redirect sign-in needs domain"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn settings() -> Settings {
        Settings { user_pool_id: "eu-west-1_AbC".into(), client_id: "c1".into(), ..Settings::default() }
    }

    #[test]
    fn without_an_endpoint_the_addresses_are_amazons() {
        let config = Config::new(Settings { domain: Some("acme".into()), ..settings() }).unwrap();
        assert_eq!(config.api, "https://cognito-idp.eu-west-1.amazonaws.com");
        assert_eq!(config.issuer, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC");
        assert_eq!(config.domain().unwrap(), "https://acme.auth.eu-west-1.amazoncognito.com");
        let custom = Config::new(Settings { domain: Some("login.acme.example".into()), ..settings() }).unwrap();
        assert_eq!(custom.domain().unwrap(), "https://login.acme.example");
        assert_eq!(Config::new(settings()).unwrap().domain().unwrap_err().kind, Kind::InvalidConfiguration);
    }

    #[test]
    fn with_an_endpoint_everything_is_there() {
        let config = Config::new(Settings { endpoint: Some("http://localhost:9229/".into()), ..settings() }).unwrap();
        assert_eq!((config.api.as_str(), config.domain().unwrap()), ("http://localhost:9229", "http://localhost:9229"));
        assert_eq!(config.issuer, "http://localhost:9229/eu-west-1_AbC");
        let named = Config::new(Settings {
            endpoint: Some("https://id.example".into()),
            domain: Some("acme".into()),
            ..settings()
        })
        .unwrap();
        assert_eq!(named.domain().unwrap(), "https://acme.id.example");
    }

    #[test]
    fn passwords_do_not_travel_in_the_clear() {
        for bad in [
            "http://id.example",
            "http://localhost.evil.example",
            "http://127.evil",
            "ftp://x",
            "id.example",
            "https://",
        ] {
            let checked = Config::new(Settings { endpoint: Some(bad.into()), ..settings() });
            assert!(checked.is_err(), "{bad}");
        }
        for good in ["http://127.0.0.1:1", "http://[::1]:9229", "http://demo.localhost:9229", "https://id.example"] {
            assert!(Config::new(Settings { endpoint: Some(good.into()), ..settings() }).is_ok(), "{good}");
        }
    }
}
