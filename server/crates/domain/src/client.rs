//! An app client: what it may do, and how long what it is given lives.

use jiff::{SignedDuration, Timestamp};
use protocol::idp::{
    AuthFlowType, ExplicitAuthFlowsType, FeatureType, OAuthFlowType, PreventUserExistenceErrorTypes, TimeUnitsType,
    UserPoolClientType,
};
use serde::{Deserialize, Serialize};

use crate::{ClientId, Pool, PoolId, Sealed};

/// An app client of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// 26 characters of `[a-z0-9]`.
    pub id: ClientId,
    /// The pool it belongs to.
    pub pool: PoolId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its settings last changed.
    pub modified_at: Timestamp,
    /// DescribeUserPoolClient's `UserPoolClient` as last spoken; ids, secret and dates are filled in when read.
    pub settings: UserPoolClientType,
    /// Active secrets, oldest first; empty for a public client.
    #[serde(default)]
    pub secrets: Vec<ClientSecret>,
    /// Our own setting: the hosted pages never take this client's passwords in clear.
    #[serde(default)]
    pub srp_only: bool,
    /// Our own setting: as a public client it may ask for codes without a `code_challenge`.
    #[serde(default)]
    pub pkce_optional: bool,
}

/// One active secret of a confidential client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// `CLIENTID--EPOCH`.
    pub id: String,
    /// The secret, sealed.
    pub value: Sealed,
    /// When it was added.
    pub created_at: Timestamp,
}

/// OAuth grants a client can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// `authorization_code` (`response_type=code`)
    Code,
    /// `response_type=token`
    Implicit,
    /// `client_credentials`
    ClientCredentials,
}

/// Which token's lifetime is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// access token
    Access,
    /// ID token
    Id,
    /// refresh token
    Refresh,
}

impl Client {
    /// True for a client with a secret.
    pub fn is_confidential(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Whether `ExplicitAuthFlows` (or its default: SRP, custom, refresh) allows the flow.
    pub fn allows(&self, flow: &AuthFlowType) -> bool {
        use ExplicitAuthFlowsType as E;
        let Some(flows) = self.settings.explicit_auth_flows.as_deref().filter(|flows| !flows.is_empty()) else {
            return matches!(
                flow,
                AuthFlowType::UserSrpAuth
                    | AuthFlowType::CustomAuth
                    | AuthFlowType::RefreshToken
                    | AuthFlowType::RefreshTokenAuth
            );
        };
        // The legacy names only add to what is always on there: SRP and refresh.
        let legacy = flows.iter().all(|flow| !flow.as_str().starts_with("ALLOW_"));
        let has = |wanted: E| flows.contains(&wanted);
        match flow {
            AuthFlowType::UserSrpAuth => has(E::AllowUserSrpAuth) || (legacy && !has(E::CustomAuthFlowOnly)),
            AuthFlowType::RefreshToken | AuthFlowType::RefreshTokenAuth => has(E::AllowRefreshTokenAuth) || legacy,
            AuthFlowType::CustomAuth => has(E::AllowCustomAuth) || has(E::CustomAuthFlowOnly),
            AuthFlowType::UserPasswordAuth => has(E::AllowUserPasswordAuth) || has(E::UserPasswordAuth),
            AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth => {
                has(E::AllowAdminUserPasswordAuth) || has(E::AdminNoSrpAuth)
            }
            AuthFlowType::UserAuth => has(E::AllowUserAuth),
        }
    }

    /// Whether an OAuth grant is allowed (`AllowedOAuthFlows` under `AllowedOAuthFlowsUserPoolClient`).
    pub fn grants(&self, grant: Grant) -> bool {
        let wanted = match grant {
            Grant::Code => OAuthFlowType::Code,
            Grant::Implicit => OAuthFlowType::Implicit,
            Grant::ClientCredentials => OAuthFlowType::ClientCredentials,
        };
        let by_token_auth = grant == Grant::ClientCredentials
            && self
                .settings
                .explicit_auth_flows
                .as_deref()
                .unwrap_or_default()
                .contains(&ExplicitAuthFlowsType::AllowClientTokenAuth);
        by_token_auth
            || (self.settings.allowed_oauth_flows_user_pool_client == Some(true)
                && self.settings.allowed_oauth_flows.as_deref().unwrap_or_default().contains(&wanted))
    }

    /// Scopes the client may ask for.
    pub fn scopes(&self) -> &[String] {
        self.settings.allowed_oauth_scopes.as_deref().unwrap_or_default()
    }

    /// Where codes may be sent. Compared as exact strings (RFC 9700 §2.1).
    pub fn has_callback(&self, uri: &str) -> bool {
        self.settings.callback_urls.as_deref().unwrap_or_default().iter().any(|known| known == uri)
    }

    /// Where a signed-out browser may be sent.
    pub fn has_logout_url(&self, uri: &str) -> bool {
        self.settings.logout_urls.as_deref().unwrap_or_default().iter().any(|known| known == uri)
    }

    /// How long a token of this kind lives.
    pub fn lifetime(&self, kind: TokenKind) -> SignedDuration {
        let units = self.settings.token_validity_units.as_ref();
        let (value, unit, default_unit, default) = match kind {
            TokenKind::Access => (
                self.settings.access_token_validity,
                units.and_then(|units| units.access_token.as_ref()),
                TimeUnitsType::Hours,
                SignedDuration::from_hours(1),
            ),
            TokenKind::Id => (
                self.settings.id_token_validity,
                units.and_then(|units| units.id_token.as_ref()),
                TimeUnitsType::Hours,
                SignedDuration::from_hours(1),
            ),
            TokenKind::Refresh => (
                self.settings.refresh_token_validity,
                units.and_then(|units| units.refresh_token.as_ref()),
                TimeUnitsType::Days,
                SignedDuration::from_hours(30 * 24),
            ),
        };
        match value.filter(|value| *value > 0) {
            None => default,
            Some(value) => SignedDuration::from_secs(i64::from(value) * seconds_in(unit.unwrap_or(&default_unit))),
        }
    }

    /// How long a challenge may stand open (`AuthSessionValidity`, minutes).
    pub fn challenge_lifetime(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.settings.auth_session_validity.unwrap_or(3).clamp(3, 15)))
    }

    /// True where unknown users must look like known ones (`PreventUserExistenceErrors`).
    pub fn hides_unknown_users(&self) -> bool {
        self.settings.prevent_user_existence_errors == Some(PreventUserExistenceErrorTypes::Enabled)
    }

    /// Whether tokens can be revoked, and carry jti and origin_jti; on unless switched off.
    pub fn revokes_tokens(&self) -> bool {
        self.settings.enable_token_revocation != Some(false)
    }

    /// Seconds an old refresh token still works after its rotation; None where tokens do not rotate.
    pub fn rotation_grace(&self) -> Option<SignedDuration> {
        let rotation = self.settings.refresh_token_rotation.as_ref()?;
        (rotation.feature == FeatureType::Enabled)
            .then(|| SignedDuration::from_secs(i64::from(rotation.retry_grace_period_seconds.unwrap_or(0))))
    }

    /// Whether the client may read the attribute (`ReadAttributes`; everything when unset).
    pub fn reads(&self, attribute: &str) -> bool {
        attribute == "sub" || permits(self.settings.read_attributes.as_deref(), attribute)
    }

    /// Whether the client may write the attribute (`WriteAttributes`; everything but `*_verified` when unset).
    pub fn writes(&self, attribute: &str) -> bool {
        !matches!(attribute, "sub" | "email_verified" | "phone_number_verified" | "identities")
            && permits(self.settings.write_attributes.as_deref(), attribute)
    }

    /// Whether those who come through the client may write the attribute of a user: it may, and the attribute is in the
    /// pool's schema and not for developers alone.
    pub fn may_write(&self, pool: &Pool, attribute: &str) -> bool {
        self.writes(attribute) && !attribute.starts_with("dev:") && pool.attribute(attribute).is_some()
    }

    /// Whether the client's users may sign in with the pool's own directory (`COGNITO`) or a named provider.
    /// A client without a list allows the directory only.
    pub fn supports_provider(&self, name: &str) -> bool {
        match self.settings.supported_identity_providers.as_deref() {
            None | Some([]) => name == "COGNITO",
            Some(list) => list.iter().any(|provider| provider == name),
        }
    }
}

fn permits(list: Option<&[String]>, attribute: &str) -> bool {
    list.is_none_or(|list| list.is_empty() || list.iter().any(|name| name == attribute))
}

fn seconds_in(unit: &TimeUnitsType) -> i64 {
    match unit {
        TimeUnitsType::Seconds => 1,
        TimeUnitsType::Minutes => 60,
        TimeUnitsType::Hours => 3_600,
        TimeUnitsType::Days => 86_400,
    }
}
