//! Tokens for who has signed in.

use domain::{
    AnsweredChallenge, Device, DeviceKey, Error, Group, Result, SELF_SERVICE_SCOPE, TokenKind, User, preferred_role,
};
use jiff::Timestamp;
use protocol::Sensitive;
use protocol::idp::{AuthenticationResultType, NewDeviceMetadataType};
use tokens::{ExtraClaims, RefreshToken, UserClaims};
use triggers::{PreTokenGeneration, TokenSource};

use crate::sign_in::SignedIn;
use crate::{ClientContext, Ctx, Latchkey};

/// Whom the tokens are for.
#[derive(Clone, Debug)]
pub enum Audience {
    /// An API sign-in: the self-service scope and no more.
    Api,
    /// An OAuth grant.
    OAuth {
        /// Granted scopes, in the order they are told.
        scopes: Vec<String>,
        /// The authorize request's nonce.
        nonce: Option<String>,
    },
}

impl Audience {
    /// The scopes of the access token.
    fn scopes(&self) -> Vec<String> {
        match self {
            Self::Api => vec![SELF_SERVICE_SCOPE.to_owned()],
            Self::OAuth { scopes, .. } => scopes.clone(),
        }
    }
}

/// Tokens of one sign-in or refresh.
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// The access token.
    pub access: Sensitive,
    /// The ID token; None for OAuth grants without `openid`.
    pub id: Option<Sensitive>,
    /// A refresh token, where a new one is given.
    pub refresh: Option<Sensitive>,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// A device to be confirmed.
    pub new_device: Option<Device>,
}

impl TokenSet {
    /// As the wire says it.
    pub fn into_result(self) -> AuthenticationResultType {
        AuthenticationResultType {
            access_token: Some(self.access),
            expires_in: i32::try_from(self.expires_in).ok(),
            token_type: Some("Bearer".to_owned()),
            refresh_token: self.refresh,
            id_token: self.id,
            new_device_metadata: self.new_device.map(|device| NewDeviceMetadataType {
                device_key: Some(device.key.into_string()),
                device_group_key: Some(device.group_key),
            }),
        }
    }
}

/// What the tokens of one session have in common, over all its refreshes.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) auth_time: Timestamp,
    pub(crate) origin_jti: String,
    pub(crate) event_id: String,
    pub(crate) device: Option<DeviceKey>,
    pub(crate) audience: Audience,
    /// What the tokens at hand are made for.
    pub(crate) source: TokenSource,
}

impl Latchkey {
    /// Tokens for a fresh sign-in.
    ///
    /// # Errors
    /// `UnexpectedLambdaException` where a token trigger is configured.
    pub async fn issue(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        signed_in: SignedIn,
        audience: Audience,
    ) -> Result<TokenSet> {
        let entropy = self.world.entropy();
        // A sign-in in the very millisecond of a sign-out everywhere must not fall under it.
        let floor = signed_in.user.signed_out_at.map(|at| at + jiff::SignedDuration::from_millis(1));
        let auth_time = floor.map_or(signed_in.auth_time, |floor| floor.max(signed_in.auth_time));
        let source = token_source(&signed_in, &audience);
        let session = Session {
            auth_time,
            origin_jti: tokens::make_origin_jti(auth_time, entropy),
            event_id: world::uuid_v4(entropy).to_string(),
            device: signed_in.new_device.as_ref().map(|device| device.key.clone()).or(signed_in.device),
            audience,
            source,
        };
        let mut set = self.mint(ctx, app, &signed_in.user, &session).await?;
        let expires_at = auth_time + app.client.lifetime(TokenKind::Refresh);
        set.refresh = Some(self.make_refresh_token(ctx, app, &signed_in.user, &session, expires_at, 0));
        set.new_device = signed_in.new_device;
        Ok(set)
    }

    /// Access and ID token of a session, as the user is now.
    pub(crate) async fn mint(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        user: &User,
        session: &Session,
    ) -> Result<TokenSet> {
        let groups = self.groups_of(user).await?;
        let scopes = session.audience.scopes();
        let event = PreTokenGeneration { source: session.source, user: Some(user), groups: &groups, scopes: &scopes };
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), user.username.as_str());
        self.triggers.pre_token_generation(&call, &event).await?;
        let keys = self.keys(&app.pool.id).await?;
        let entropy = self.world.entropy();
        let traced = app.client.revokes_tokens() || app.client.rotation_grace().is_some();
        let claims = UserClaims {
            issuer: self.settings.issuer(&app.pool.id),
            client_id: app.client.id.clone(),
            sub: user.sub.clone(),
            username: user.username.clone(),
            groups: groups.iter().map(|group| group.name.clone()).collect(),
            auth_time: session.auth_time,
            issued_at: ctx.now,
            origin_jti: traced.then(|| session.origin_jti.clone()),
            event_id: Some(session.event_id.clone()),
            // Cognito tells levels and methods of authentication only to clients that ask for levels (step-up).
            acr: None,
            amr: Vec::new(),
        };
        let lifetime = app.client.lifetime(TokenKind::Access);
        let mut access = claims.make_access(scopes.join(" "), lifetime, entropy);
        access.device_key = session.device.clone();
        if matches!(session.audience, Audience::OAuth { .. }) {
            access.version = Some(2);
        }
        let access = Sensitive::from(keys.access.sign(&access).map_err(Error::internal)?);
        let id = self.mint_id(app, user, session, &claims, &groups, &keys, &access)?;
        Ok(TokenSet { access, id, refresh: None, expires_in: lifetime.as_secs(), new_device: None })
    }

    #[allow(clippy::too_many_arguments)]
    fn mint_id(
        &self,
        app: &ClientContext,
        user: &User,
        session: &Session,
        claims: &UserClaims,
        groups: &[Group],
        keys: &crate::PoolKeys,
        access: &str,
    ) -> Result<Option<Sensitive>> {
        let mut id = claims.make_id(app.client.lifetime(TokenKind::Id), self.world.entropy());
        if let Audience::OAuth { scopes, nonce } = &session.audience {
            if !scopes.iter().any(|scope| scope == "openid") {
                return Ok(None);
            }
            id.nonce.clone_from(nonce);
            id.at_hash = Some(tokens::derive_at_hash(access));
        }
        id.roles = roles_of(groups);
        id.preferred_role = preferred_role(groups).map(str::to_owned);
        id.identities = user.identities.iter().map(identity_claim).collect();
        id.extra = ExtraClaims::from_attributes(
            user.attributes
                .iter()
                .filter(|(name, value)| !value.is_empty() && readable(app, &session.audience, name))
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        keys.id.sign(&id).map(|token| Some(token.into())).map_err(Error::internal)
    }

    /// The user's groups as they count.
    pub(crate) async fn groups_of(&self, user: &User) -> Result<Vec<Group>> {
        let (pool, username) = (user.pool.clone(), user.username.clone());
        self.store.read(move |r| r.groups_of_user(&pool, &username).map_err(Error::from)).await
    }

    pub(crate) fn make_refresh_token(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        user: &User,
        session: &Session,
        expires_at: Timestamp,
        generation: u32,
    ) -> Sensitive {
        let (oauth, scopes, nonce) = match &session.audience {
            Audience::Api => (false, Vec::new(), None),
            Audience::OAuth { scopes, nonce } => (true, scopes.clone(), nonce.clone()),
        };
        RefreshToken {
            pool: app.pool.id.clone(),
            client: app.client.id.clone(),
            sub: user.sub.clone(),
            username: user.username.clone(),
            origin_jti: session.origin_jti.clone(),
            event_id: Some(session.event_id.clone()),
            auth_time: session.auth_time,
            issued_at: ctx.now,
            expires_at,
            scopes,
            device_key: session.device.clone(),
            generation,
            nonce,
            resource: None,
            acr: None,
            amr: Vec::new(),
            oauth,
        }
        .seal(&self.vault, self.world.entropy())
        .into()
    }
}

/// What the tokens of a fresh sign-in are made for, as the pool's function is told.
fn token_source(signed_in: &SignedIn, audience: &Audience) -> TokenSource {
    let answered = |answer: &AnsweredChallenge| signed_in.history.contains(answer);
    match audience {
        Audience::OAuth { .. } => TokenSource::HostedAuth,
        Audience::Api if answered(&AnsweredChallenge::NewPassword) => TokenSource::NewPasswordChallenge,
        Audience::Api if answered(&AnsweredChallenge::Device) => TokenSource::AuthenticateDevice,
        Audience::Api => TokenSource::Authentication,
    }
}

/// Whether an attribute goes into the ID token: readable for the client, and covered by the scopes.
fn readable(app: &ClientContext, audience: &Audience, name: &str) -> bool {
    if name == "identities" || !app.client.reads(name) {
        return false;
    }
    match audience {
        Audience::Api => true,
        Audience::OAuth { scopes, .. } => scope_covers(scopes, name),
    }
}

/// Whether OAuth scopes cover an attribute, in ID tokens and at userInfo: `openid` alone covers all, `email`
/// and `phone` their own two, `profile` all others.
pub fn scope_covers(scopes: &[String], attribute: &str) -> bool {
    let has = |scope: &str| scopes.iter().any(|granted| granted == scope);
    let narrowed = has("email") || has("phone") || has("profile");
    match attribute {
        _ if !narrowed => has("openid"),
        "email" | "email_verified" => has("email"),
        "phone_number" | "phone_number_verified" => has("phone"),
        _ => has("profile"),
    }
}

fn roles_of(groups: &[Group]) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in groups.iter().filter_map(|group| group.role_arn.clone()) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// One entry of the `identities` claim: there, unlike in the attribute, everything is a string.
fn identity_claim(identity: &domain::Identity) -> serde_json::Value {
    serde_json::json!({
        "userId": identity.user_id,
        "providerName": identity.provider_name,
        "providerType": identity.provider_type,
        "issuer": identity.issuer,
        "primary": identity.primary.to_string(),
        "dateCreated": identity.date_created.to_string(),
    })
}
