//! Sentences about app clients, their secrets and their redirect URIs.

use domain::{ClientFault, RedirectUriFault};
use protocol::ErrorName as E;

use super::Wire;

pub(super) fn client(fault: ClientFault) -> Wire {
    use ClientFault as F;
    match fault {
        F::AuthFlowNamesMixed => (
            E::InvalidParameter,
            "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.".into(),
        ),
        F::ClientTokenAuthNotAlone => {
            (E::InvalidParameter, "ALLOW_CLIENT_TOKEN_AUTH cannot be used with any other auth flow.".into())
        }
        F::ClientTokenAuthWithoutSecret => (
            E::InvalidParameter,
            "ALLOW_CLIENT_TOKEN_AUTH can not be selected if client does not have a client secret.".into(),
        ),
        F::RefreshTokenAuthWithRotation => (
            E::InvalidParameter,
            "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled.".into(),
        ),
        F::TokenValidityOutOfRange => (E::InvalidParameter, "Invalid range for token validity.".into()),
        F::TokenValidityOrder => (
            E::InvalidParameter,
            "Access and Id Token expiration times must be less than or equal to refresh token expiration times.".into(),
        ),
        F::ReadAttributes { is_new } => {
            (E::InvalidParameter, format!("Invalid read attributes specified while {} a client", doing(is_new)).into())
        }
        F::WriteAttributes { is_new } => {
            (E::InvalidParameter, format!("Invalid write attributes specified while {} a client", doing(is_new)).into())
        }
        F::ProviderUnknown { name, pool } => {
            (E::InvalidParameter, format!("The provider {name} does not exist for User Pool {pool}.").into())
        }
        F::DefaultRedirectUriUnknown { uri } => {
            (E::InvalidParameter, format!("The default redirect URI {uri} is not in the callback URIs list.").into())
        }
        F::ScopeUnknown { scope } => (E::ScopeDoesNotExist, format!("Invalid scope requested: {scope}").into()),
        F::OAuthFlowsOrScopesMissing => (
            E::InvalidOAuthFlow,
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
                .into(),
        ),
        F::ClientCredentialsNotAlone => (
            E::InvalidOAuthFlow,
            "client_credentials flow can not be selected along with code flow or implicit flow.".into(),
        ),
        F::ClientCredentialsWithoutSecret => (
            E::InvalidOAuthFlow,
            "client_credentials flow can not be selected if client does not have a client secret.".into(),
        ),
        F::ClientCredentialsScope { scope } => {
            (E::InvalidOAuthFlow, format!("{scope} is not supported with client_credentials flow").into())
        }
        F::CallbackUrlMissing => (
            E::InvalidOAuthFlow,
            "CallbackUrls can not be empty when code flow or implicit flow is selected".into(),
        ),
        F::Analytics => (
            E::InvalidParameter,
            "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid"
                .into(),
        ),
        F::SecretsNotPublished => {
            (E::InvalidParameter, "PublishSecretsInAWSSecretsManager is not supported.".into())
        }
        F::SecretGivenAndGenerated => {
            (E::InvalidParameter, "ClientSecret can not be specified when GenerateSecret is true.".into())
        }
        F::SecretOfPublicClient => {
            (E::InvalidParameter, "Client secrets can only be added to a client that has a secret.".into())
        }
        F::TooManySecrets { most } => {
            (E::LimitExceeded, format!("A client can have at most {most} active secrets.").into())
        }
        F::SecretNotFound { id } => (E::ResourceNotFound, format!("Client secret {id} does not exist.").into()),
        F::LastSecret => (E::InvalidParameter, "The last secret of a client can not be deleted.".into()),
    }
}

fn doing(is_new: bool) -> &'static str {
    if is_new { "creating" } else { "updating" }
}

pub(super) fn redirect_uri(uri: &str, fault: RedirectUriFault) -> Wire {
    use RedirectUriFault as F;
    let said = match fault {
        F::NotAbsolute => format!("{uri} is not an absolute URI."),
        F::Fragment => format!("{uri} cannot use fragment"),
        F::PlainHttp => format!("{uri} cannot use the HTTP protocol."),
        F::Scheme(scheme) => format!("{uri} cannot use the {scheme} protocol."),
    };
    (E::InvalidParameter, said.into())
}
