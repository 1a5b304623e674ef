//! OpenID Connect providers: any by its own word (type OIDC), and Google and Apple, which everybody knows.

mod authorization;
mod discovery;
mod id_token;
mod keys;
mod token;
mod user_info;

pub use authorization::{AuthorizationRequest, RequestSecrets, authorization_url, validate_callback};
pub use discovery::{DISCOVERY_LIMITS, DiscoveryDocument, DiscoveryFault, discovery_request, parse_discovery};
pub use id_token::{Expectations, key_id, validate_id_token};
pub use keys::{keys_request, parse_keys};
pub use token::{ProviderTokens, parse_tokens, tokens_request};
pub use user_info::{parse_user_info, user_info_request};

use domain::IdentityProvider;

use crate::ProviderConfigError;
use crate::provider::required;

/// The claims of a provider about a user.
pub type Claims = serde_json::Map<String, serde_json::Value>;

const GOOGLE: &str = "https://accounts.google.com";
/// Google's ID tokens may leave out the scheme; it says so itself.
const GOOGLE_WITHOUT_SCHEME: &str = "accounts.google.com";

/// An OpenID Connect provider, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcProvider {
    /// Whose it is.
    pub service: Service,
    /// What `iss` may say; the first is the issuer proper.
    pub issuers: Vec<String>,
    /// Whether every answer to the browser names the issuer (RFC 9207 §3, as announced).
    pub iss_in_response: bool,
    /// Where browsers are sent.
    pub authorize_url: String,
    /// Where codes are redeemed.
    pub token_url: String,
    /// Where claims are asked for, if anywhere.
    pub user_info_url: Option<String>,
    /// How they are asked for.
    pub user_info_method: UserInfoMethod,
    /// Where its keys are.
    pub jwks_url: String,
    /// Who we are there.
    pub client_id: String,
    /// What proves it.
    pub client_authentication: ClientAuthentication,
    /// What we ask for, separated by blanks.
    pub scopes: String,
    /// How the answer comes.
    pub response_mode: ResponseMode,
}

/// Whose OpenID Connect it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Anybody's.
    Other,
    /// Google's.
    Google,
    /// Apple's.
    Apple,
}

/// `attributes_request_method`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserInfoMethod {
    /// The access token in a header of a GET.
    Get,
    /// The same of a POST (OpenID Connect Core §5.3.1).
    Post,
}

/// How we say at the token endpoint who we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_post`; where there is no secret PKCE alone proves us.
    Secret,
    /// A client secret that is a JWT, signed with the provider's `private_key` (Sign in with Apple).
    SignedSecret {
        /// Apple's name for the developer's team.
        team_id: String,
        /// Apple's name for the key.
        key_id: String,
    },
}

/// How the authorization endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of a redirect: what `response_type=code` has without being asked.
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl OidcProvider {
    /// Type OIDC: all endpoints are in ProviderDetails.
    pub(crate) fn parse(stored: &IdentityProvider) -> Result<Self, ProviderConfigError> {
        let posts =
            stored.detail("attributes_request_method").is_some_and(|method| method.eq_ignore_ascii_case("POST"));
        Ok(Self {
            service: Service::Other,
            issuers: vec![required(stored, "oidc_issuer")?],
            iss_in_response: stored.iss_in_response,
            authorize_url: required(stored, "authorize_url")?,
            token_url: required(stored, "token_url")?,
            user_info_url: stored.detail("attributes_url").map(str::to_owned),
            user_info_method: if posts { UserInfoMethod::Post } else { UserInfoMethod::Get },
            jwks_url: required(stored, "jwks_uri")?,
            client_id: required(stored, "client_id")?,
            client_authentication: ClientAuthentication::Secret,
            scopes: stored.detail("authorize_scopes").unwrap_or("openid").to_owned(),
            response_mode: ResponseMode::Query,
        })
    }

    /// Type Google. The addresses in ProviderDetails are those that Cognito shows, which are older than Google's
    /// discovery document says.
    pub(crate) fn parse_google(stored: &IdentityProvider) -> Result<Self, ProviderConfigError> {
        Ok(Self {
            service: Service::Google,
            issuers: vec![GOOGLE.to_owned(), GOOGLE_WITHOUT_SCHEME.to_owned()],
            iss_in_response: false,
            authorize_url: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token_url: "https://oauth2.googleapis.com/token".to_owned(),
            user_info_url: Some("https://openidconnect.googleapis.com/v1/userinfo".to_owned()),
            user_info_method: UserInfoMethod::Get,
            jwks_url: "https://www.googleapis.com/oauth2/v3/certs".to_owned(),
            client_id: required(stored, "client_id")?,
            client_authentication: ClientAuthentication::Secret,
            scopes: with_openid(stored.detail("authorize_scopes").unwrap_or_default()),
            response_mode: ResponseMode::Query,
        })
    }

    /// Type SignInWithApple: Apple has no userInfo, and posts its answer where a name or an address is asked for.
    pub(crate) fn parse_apple(stored: &IdentityProvider) -> Result<Self, ProviderConfigError> {
        Ok(Self {
            service: Service::Apple,
            issuers: vec![required(stored, "oidc_issuer")?],
            iss_in_response: false,
            authorize_url: required(stored, "authorize_url")?,
            token_url: required(stored, "token_url")?,
            user_info_url: None,
            user_info_method: UserInfoMethod::Get,
            jwks_url: "https://appleid.apple.com/auth/keys".to_owned(),
            client_id: required(stored, "client_id")?,
            client_authentication: ClientAuthentication::SignedSecret {
                team_id: required(stored, "team_id")?,
                key_id: required(stored, "key_id")?,
            },
            scopes: with_openid(stored.detail("authorize_scopes").unwrap_or_default()),
            response_mode: ResponseMode::FormPost,
        })
    }

    /// The same client at another issuer, which stands in for this one (`--google-issuer`).
    #[must_use]
    pub fn at_issuer(self, other: DiscoveryDocument) -> Self {
        let without_scheme = Some(GOOGLE_WITHOUT_SCHEME.to_owned()).filter(|_| other.issuer == GOOGLE);
        Self {
            issuers: [other.issuer].into_iter().chain(without_scheme).collect(),
            iss_in_response: other.authorization_response_iss_parameter_supported,
            authorize_url: other.authorization_endpoint,
            token_url: other.token_endpoint,
            user_info_url: other.userinfo_endpoint,
            jwks_url: other.jwks_uri,
            ..self
        }
    }

    /// The issuer proper.
    pub fn issuer(&self) -> &str {
        self.issuers.first().map_or("", String::as_str)
    }

    /// Parameters of the app's own request that are passed on. Cognito: `prompt` to every provider, `login_hint` to
    /// type OIDC only. `max_age` goes with them, since a sign-in that the app wants fresh must be fresh at the provider.
    pub fn forwarded_params(&self) -> &'static [&'static str] {
        match self.service {
            Service::Other => &["prompt", "login_hint", "max_age"],
            Service::Google | Service::Apple => &["prompt"],
        }
    }
}

/// Without `openid` there is no ID token, and Cognito's examples leave it out.
fn with_openid(scopes: &str) -> String {
    let known = scopes.split_whitespace().any(|scope| scope == "openid");
    if known { scopes.to_owned() } else { format!("openid {scopes}").trim_end().to_owned() }
}
