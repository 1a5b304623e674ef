//! What is wrong with an app client's settings or secrets.

use crate::PoolId;

/// Why CreateUserPoolClient, UpdateUserPoolClient or a change of a client's secrets is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFault {
    /// ExplicitAuthFlows of both generations, with `ALLOW_` and without.
    AuthFlowNamesMixed,
    /// ALLOW_CLIENT_TOKEN_AUTH beside another flow.
    ClientTokenAuthNotAlone,
    /// ALLOW_CLIENT_TOKEN_AUTH for a client without secret.
    ClientTokenAuthWithoutSecret,
    /// ALLOW_REFRESH_TOKEN_AUTH while refresh tokens rotate.
    RefreshTokenAuthWithRotation,
    /// A lifetime of a token outside its range.
    TokenValidityOutOfRange,
    /// An access or ID token that outlives the refresh token.
    TokenValidityOrder,
    /// ReadAttributes names an attribute that the schema lacks.
    ReadAttributes {
        /// Whether the client is being made.
        is_new: bool,
    },
    /// WriteAttributes names an attribute that nobody can write, or lacks a required one.
    WriteAttributes {
        /// Whether the client is being made.
        is_new: bool,
    },
    /// SupportedIdentityProviders names one that the pool lacks.
    ProviderUnknown {
        /// Its name.
        name: String,
        /// The pool.
        pool: PoolId,
    },
    /// DefaultRedirectURI is not one of CallbackURLs.
    DefaultRedirectUriUnknown {
        /// The address.
        uri: String,
    },
    /// AllowedOAuthScopes names a scope that is neither a standard one nor a resource server's.
    ScopeUnknown {
        /// The scope.
        scope: String,
    },
    /// OAuth is on without AllowedOAuthFlows or AllowedOAuthScopes.
    OAuthFlowsOrScopesMissing,
    /// client_credentials beside another OAuth flow.
    ClientCredentialsNotAlone,
    /// client_credentials for a client without secret.
    ClientCredentialsWithoutSecret,
    /// client_credentials with a scope that opens a user's data.
    ClientCredentialsScope {
        /// The scope.
        scope: String,
    },
    /// The code or implicit flow without CallbackURLs.
    CallbackUrlMissing,
    /// AnalyticsConfiguration names its application neither by ARN nor by id, role and external id.
    Analytics,
    /// PublishSecretsInAWSSecretsManager.
    SecretsNotPublished,
    /// Both GenerateSecret and ClientSecret.
    SecretGivenAndGenerated,
    /// A further secret for a client that has none.
    SecretOfPublicClient,
    /// More secrets than a client can have.
    TooManySecrets {
        /// How many it can have.
        most: usize,
    },
    /// No such secret of the client.
    SecretNotFound {
        /// As asked.
        id: String,
    },
    /// The last secret cannot be deleted.
    LastSecret,
}
