//! What Cognito's ID and access tokens say.
//!
//! Arrays are left out when they are empty and stay arrays when they hold one thing; times are
//! whole seconds. Which claims a token has follows the Developer Guide, "Understanding the ID
//! token" and "Understanding the access token".

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientId, DeviceKey, GroupName, Sub, Username};
use jiff::fmt::serde::timestamp::second;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use world::Entropy;

use crate::ExtraClaims;

/// `token_use`: which of the two a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenUse {
    /// An ID token: who signed in.
    Id,
    /// An access token: what the bearer may do.
    Access,
}

/// The claims of an ID token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdClaims {
    /// The user's permanent id.
    pub sub: Sub,
    /// Groups, in order of precedence.
    #[serde(rename = "cognito:groups", default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupName>,
    /// IAM role ARNs of the groups.
    #[serde(rename = "cognito:roles", default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The role of the group that takes precedence, if a single one does.
    #[serde(rename = "cognito:preferred_role", default, skip_serializing_if = "Option::is_none")]
    pub preferred_role: Option<String>,
    /// The issuer URL.
    pub iss: String,
    /// The user's name in the pool.
    #[serde(rename = "cognito:username")]
    pub username: Username,
    /// The `nonce` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// [`derive_at_hash`] of the access token that came with it, from the OAuth endpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Ties together all tokens of one refresh token; with `jti`, only where tokens can be revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_jti: Option<String>,
    /// The app client.
    pub aud: ClientId,
    /// Upstream identities, as objects of strings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Value>,
    /// The sign-in's event id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Always [`TokenUse::Id`].
    pub token_use: TokenUse,
    /// When the user signed in; survives refreshes.
    #[serde(with = "second::required")]
    pub auth_time: Timestamp,
    /// When the token stops being valid.
    #[serde(with = "second::required")]
    pub exp: Timestamp,
    /// When the token was made.
    #[serde(with = "second::required")]
    pub iat: Timestamp,
    /// This token's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<Uuid>,
    /// Authentication context class (step-up authentication).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Authentication methods (RFC 8176 and Cognito's own).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Attributes and claims added by a trigger.
    #[serde(flatten)]
    pub extra: ExtraClaims,
}

/// The claims of an access token, a user's or a machine's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The user's permanent id; the client id in a machine's token.
    pub sub: String,
    /// The device that signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_key: Option<DeviceKey>,
    /// Groups, in order of precedence.
    #[serde(rename = "cognito:groups", default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupName>,
    /// The issuer URL.
    pub iss: String,
    /// 2 in tokens from the OAuth endpoints, absent from the API's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The app client.
    pub client_id: ClientId,
    /// Ties together all tokens of one refresh token; with `jti`, only where tokens can be revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_jti: Option<String>,
    /// The resource asked for (RFC 8707), or the client id if a trigger says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    /// The sign-in's event id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Always [`TokenUse::Access`].
    pub token_use: TokenUse,
    /// Granted scopes, with spaces between them.
    pub scope: String,
    /// When the user signed in; survives refreshes.
    #[serde(with = "second::required")]
    pub auth_time: Timestamp,
    /// When the token stops being valid.
    #[serde(with = "second::required")]
    pub exp: Timestamp,
    /// When the token was made.
    #[serde(with = "second::required")]
    pub iat: Timestamp,
    /// This token's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<Uuid>,
    /// The user's name in the pool; absent from a machine's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Username>,
    /// Authentication context class (step-up authentication).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Authentication methods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// Claims added by a trigger.
    #[serde(flatten)]
    pub extra: ExtraClaims,
}

impl AccessClaims {
    /// Whether `scope` is among the granted ones.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}

/// What the ID and access tokens of one sign-in have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct UserClaims {
    /// The issuer URL.
    pub issuer: String,
    /// The app client.
    pub client_id: ClientId,
    /// The user's permanent id.
    pub sub: Sub,
    /// The user's name in the pool.
    pub username: Username,
    /// Groups, in order of precedence.
    pub groups: Vec<GroupName>,
    /// When the user signed in.
    pub auth_time: Timestamp,
    /// When these tokens are made.
    pub issued_at: Timestamp,
    /// From [`make_origin_jti`] at sign-in, when the client has token revocation or refresh token
    /// rotation enabled; without it tokens carry neither `origin_jti` nor `jti`.
    pub origin_jti: Option<String>,
    /// The sign-in's event id.
    pub event_id: Option<String>,
    /// Authentication context class.
    pub acr: Option<String>,
    /// Authentication methods.
    pub amr: Vec<String>,
}

impl UserClaims {
    /// An ID token's claims, valid for `valid_for` from `issued_at`; what only some ID tokens have
    /// (roles, nonce, `at_hash`, identities, attributes) is left for the caller to set.
    pub fn make_id(&self, valid_for: SignedDuration, entropy: &(impl Entropy + ?Sized)) -> IdClaims {
        IdClaims {
            sub: self.sub.clone(),
            groups: self.groups.clone(),
            roles: Vec::new(),
            preferred_role: None,
            iss: self.issuer.clone(),
            username: self.username.clone(),
            nonce: None,
            at_hash: None,
            origin_jti: self.origin_jti.clone(),
            aud: self.client_id.clone(),
            identities: Vec::new(),
            event_id: self.event_id.clone(),
            token_use: TokenUse::Id,
            auth_time: self.auth_time,
            exp: derive_expiry(self.issued_at, valid_for),
            iat: self.issued_at,
            jti: self.make_jti(entropy),
            acr: self.acr.clone(),
            amr: self.amr.clone(),
            extra: ExtraClaims::new(),
        }
    }

    /// An access token's claims for `scope` (space separated), valid for `valid_for` from
    /// `issued_at`; version, device key and audience are left for the caller to set.
    pub fn make_access(
        &self,
        scope: impl Into<String>,
        valid_for: SignedDuration,
        entropy: &(impl Entropy + ?Sized),
    ) -> AccessClaims {
        AccessClaims {
            sub: self.sub.as_str().to_owned(),
            device_key: None,
            groups: self.groups.clone(),
            iss: self.issuer.clone(),
            version: None,
            client_id: self.client_id.clone(),
            origin_jti: self.origin_jti.clone(),
            aud: None,
            event_id: self.event_id.clone(),
            token_use: TokenUse::Access,
            scope: scope.into(),
            auth_time: self.auth_time,
            exp: derive_expiry(self.issued_at, valid_for),
            iat: self.issued_at,
            jti: self.make_jti(entropy),
            username: Some(self.username.clone()),
            acr: self.acr.clone(),
            amr: self.amr.clone(),
            extra: ExtraClaims::new(),
        }
    }

    fn make_jti(&self, entropy: &(impl Entropy + ?Sized)) -> Option<Uuid> {
        self.origin_jti.as_ref().map(|_| world::uuid_v4(entropy))
    }
}

/// What goes into the token of a client that signed in for itself (`client_credentials`).
#[derive(Debug, Clone, PartialEq)]
pub struct MachineClaims {
    /// The issuer URL.
    pub issuer: String,
    /// The app client, which is also the subject.
    pub client_id: ClientId,
    /// Granted scopes, with spaces between them.
    pub scope: String,
    /// When the token is made.
    pub issued_at: Timestamp,
}

impl MachineClaims {
    /// The access token's claims: `version` 2, and nothing of a user's.
    pub fn make_access(&self, valid_for: SignedDuration, entropy: &(impl Entropy + ?Sized)) -> AccessClaims {
        AccessClaims {
            sub: self.client_id.as_str().to_owned(),
            device_key: None,
            groups: Vec::new(),
            iss: self.issuer.clone(),
            version: Some(2),
            client_id: self.client_id.clone(),
            origin_jti: None,
            aud: None,
            event_id: None,
            token_use: TokenUse::Access,
            scope: self.scope.clone(),
            auth_time: self.issued_at,
            exp: derive_expiry(self.issued_at, valid_for),
            iat: self.issued_at,
            jti: Some(world::uuid_v4(entropy)),
            username: None,
            acr: None,
            amr: Vec::new(),
            extra: ExtraClaims::new(),
        }
    }
}

/// A new `origin_jti`: a UUIDv7 whose first 48 bits are the sign-in instant in milliseconds.
pub fn make_origin_jti(signed_in_at: Timestamp, entropy: &(impl Entropy + ?Sized)) -> String {
    world::uuid_v7(entropy, signed_in_at).to_string()
}

/// When the sign-in that `origin_jti` names took place, to the millisecond: a sign-out everywhere
/// revokes what lies before it. `None` for an id that [`make_origin_jti`] did not make.
pub fn origin_instant(origin_jti: &str) -> Option<Timestamp> {
    let id = Uuid::try_parse(origin_jti).ok().filter(|id| id.get_version_num() == 7)?;
    let millis = id.as_bytes().first_chunk::<6>()?.iter().fold(0, |n, b| n << 8 | i64::from(*b));
    Timestamp::from_millisecond(millis).ok()
}

/// `at_hash` for tokens signed with SHA-256 (OpenID Connect Core §3.1.3.6): base64url of the left
/// half of the access token's hash.
pub fn derive_at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let (left, _) = hash.as_ref().split_at(16);
    URL_SAFE_NO_PAD.encode(left)
}

fn derive_expiry(issued_at: Timestamp, valid_for: SignedDuration) -> Timestamp {
    issued_at.checked_add(valid_for).unwrap_or(Timestamp::MAX)
}
