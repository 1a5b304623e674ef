//! OAuth grants: authorization codes (RFC 6749 §4.1, RFC 7636) and client credentials (§4.4).

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ClientId, DeviceKey, Error, Grant, PoolId, Reason, Result, Scope, Sub, TokenKind, User, Username};
use jiff::{SignedDuration, Timestamp};
use protocol::idp::ResourceServerType;
use serde::{Deserialize, Serialize};
use store::Taken;
use tokens::MachineClaims;
use triggers::{PreTokenGeneration, TokenSource};

use crate::documents::RESOURCE_SERVER;
use crate::sign_in::SignedIn;
use crate::token_lifecycle::access::signed_out;
use crate::token_lifecycle::issue::Session;
use crate::{Audience, ClientContext, Ctx, Latchkey, TokenSet};

/// How long a code is good for.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// How long a code is remembered, so that its reuse is noticed.
const CODE_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// What an app asked for, as far as its code is bound to it.
#[derive(Clone, Debug)]
pub struct CodeRequest {
    /// Where the code is sent.
    pub redirect_uri: String,
    /// Whether the app named the address; if so it must name it again.
    pub redirect_uri_named: bool,
    /// PKCE's `code_challenge`, S256.
    pub code_challenge: Option<String>,
    /// Granted scopes.
    pub scopes: Vec<String>,
    /// OpenID Connect's `nonce`.
    pub nonce: Option<String>,
}

/// What an app hands in for its tokens.
#[derive(Clone, Copy)]
pub struct Redemption<'a> {
    /// The code.
    pub code: &'a str,
    /// `redirect_uri`, which must be the authorize request's.
    pub redirect_uri: Option<&'a str>,
    /// PKCE's `code_verifier`.
    pub code_verifier: Option<&'a str>,
}

/// What the store keeps under a code's hash.
#[derive(Clone, Serialize, Deserialize)]
struct CodeDocument {
    client: ClientId,
    username: Username,
    sub: Sub,
    auth_time: Timestamp,
    device: Option<DeviceKey>,
    /// Names the session that the code's tokens will belong to: known before they are made, so that reuse of the
    /// code can revoke them whenever it comes.
    origin_jti: String,
    session_ends_at: Timestamp,
    good_until: Timestamp,
    redirect_uri: String,
    redirect_uri_named: bool,
    code_challenge: Option<String>,
    scopes: Vec<String>,
    nonce: Option<String>,
}

impl CodeDocument {
    fn made_at(&self) -> Timestamp {
        self.good_until - CODE_LIFETIME
    }
}

impl Latchkey {
    /// An authorization code for who has signed in: a UUID, good once and for five minutes.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn make_code_grant(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        signed_in: &SignedIn,
        request: CodeRequest,
    ) -> Result<String> {
        let now = ctx.now;
        let entropy = self.world.entropy();
        let code = world::uuid_v4(entropy).to_string();
        // A session that begins in the very millisecond of a sign-out everywhere must not fall under it.
        let floor = signed_in.user.signed_out_at.map(|at| at + SignedDuration::from_millis(1));
        let began_at = floor.map_or(now, |floor| floor.max(now));
        let document = CodeDocument {
            client: app.client.id.clone(),
            username: signed_in.user.username.clone(),
            sub: signed_in.user.sub.clone(),
            auth_time: signed_in.auth_time,
            device: signed_in.device.clone(),
            origin_jti: tokens::make_origin_jti(began_at, entropy),
            session_ends_at: began_at + app.client.lifetime(TokenKind::Refresh),
            good_until: now + CODE_LIFETIME,
            redirect_uri: request.redirect_uri,
            redirect_uri_named: request.redirect_uri_named,
            code_challenge: request.code_challenge,
            scopes: request.scopes,
            nonce: request.nonce,
        };
        let (pool, hash) = (app.pool.id.clone(), derive_hash(&code));
        self.store
            .write(move |tx| tx.put_grant(&pool, &hash, &document, now + CODE_MEMORY).map_err(Error::from))
            .await?;
        Ok(code)
    }

    /// Tokens for a code of this client. Whoever presents a code uses it up, and presenting it again revokes what
    /// it gave (RFC 6749 §4.1.2).
    ///
    /// # Errors
    /// `NotAuthorizedException`; `UnexpectedLambdaException` where a token trigger is configured.
    pub async fn redeem_code(&self, ctx: &Ctx, app: &ClientContext, redemption: Redemption<'_>) -> Result<TokenSet> {
        let document = self.take_code_grant(ctx, redemption.code).await?;
        check_redemption(&document, app, redemption, ctx.now)?;
        let user = self.user_of_code(app, &document).await?;
        let session = Session {
            auth_time: document.auth_time,
            origin_jti: document.origin_jti,
            event_id: world::uuid_v4(self.world.entropy()).to_string(),
            device: document.device,
            audience: Audience::OAuth { scopes: document.scopes, nonce: document.nonce },
            source: TokenSource::HostedAuth,
        };
        let mut set = self.mint(ctx, app, &user, &session).await?;
        set.refresh = Some(self.make_refresh_token(ctx, app, &user, &session, document.session_ends_at, 0));
        Ok(set)
    }

    async fn take_code_grant(&self, ctx: &Ctx, code: &str) -> Result<CodeDocument> {
        let (hash, now) = (derive_hash(code), ctx.now);
        let taken = self
            .store
            .write(move |tx| -> Result<_> {
                let taken = tx.take_grant::<CodeDocument>(&hash, now)?;
                if let Taken::Reused(document) = &taken {
                    tx.revoke(&document.origin_jti, document.session_ends_at + SignedDuration::from_hours(24))?;
                }
                Ok(taken)
            })
            .await?;
        match taken {
            Taken::Fresh(document) => Ok(document),
            Taken::Reused(_) => Err(refused("the code was used before: what it gave is revoked")),
            Taken::Unknown => Err(refused("no such code")),
        }
    }

    async fn user_of_code(&self, app: &ClientContext, document: &CodeDocument) -> Result<User> {
        let (pool, username) = (app.pool.id.clone(), document.username.clone());
        let user = self.store.read(move |r| r.user(&pool, &username).map_err(Error::from)).await?;
        user.filter(|user| user.sub == document.sub && user.enabled)
            .filter(|user| !signed_out(user, Some(&document.origin_jti), document.auth_time))
            // A password set since the code was made ends what the old one began.
            .filter(|user| user.password.as_ref().is_none_or(|password| password.set_at <= document.made_at()))
            .ok_or_else(|| refused("the user is gone, disabled, signed out everywhere, or has a new password"))
    }

    /// An access token for the client itself (RFC 6749 §4.4): custom scopes only, all of the client's where none
    /// is named.
    ///
    /// # Errors
    /// `InvalidOAuthFlowException` where the client may not; `ScopeDoesNotExistException` for a scope that is
    /// unknown or not the client's; `UnexpectedLambdaException` where a V3 token trigger is configured.
    pub async fn issue_to_client(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        asked: Option<Vec<String>>,
    ) -> Result<TokenSet> {
        if !app.client.is_confidential() || !app.client.grants(Grant::ClientCredentials) {
            return Err(Reason::ClientCredentialsNotEnabled.into());
        }
        let own = || app.client.scopes().iter().filter(|scope| matches!(Scope::parse(scope), Scope::Custom { .. }));
        let scopes = match asked {
            Some(asked) => {
                let known: BTreeSet<&String> = own().collect();
                let mut seen = BTreeSet::new();
                if asked.iter().any(|scope| !known.contains(scope)) {
                    return Err(unknown_scope());
                }
                asked.iter().filter(|scope| seen.insert(*scope)).cloned().collect()
            }
            None => own().cloned().collect::<Vec<_>>(),
        };
        if scopes.is_empty() {
            return Err(unknown_scope());
        }
        self.check_custom_scopes(&app.pool.id, &scopes).await?;
        let event =
            PreTokenGeneration { source: TokenSource::ClientCredentials, user: None, groups: &[], scopes: &scopes };
        // The name that Cognito gives to nobody's tokens.
        let call = ctx.trigger_call(&app.pool, Some(&app.client.id), "ClientCredentials");
        self.triggers.pre_token_generation(&call, &event).await?;
        let lifetime = app.client.lifetime(TokenKind::Access);
        let claims = MachineClaims {
            issuer: self.settings.issuer(&app.pool.id),
            client_id: app.client.id.clone(),
            scope: scopes.join(" "),
            issued_at: ctx.now,
        };
        let keys = self.keys(&app.pool.id).await?;
        let access = keys.access.sign(&claims.make_access(lifetime, self.world.entropy())).map_err(Error::internal)?;
        Ok(TokenSet {
            access: access.into(),
            id: None,
            refresh: None,
            expires_in: lifetime.as_secs(),
            new_device: None,
        })
    }

    /// Whether every custom scope among these is (still) one of the pool's resource servers'.
    ///
    /// # Errors
    /// `ScopeDoesNotExistException`.
    pub async fn check_custom_scopes(&self, pool: &PoolId, scopes: &[String]) -> Result<()> {
        let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for scope in scopes {
            match Scope::parse(scope) {
                Scope::Standard(_) => {}
                Scope::Custom { server, name } => {
                    wanted.entry(server.to_owned()).or_default().push(name.to_owned());
                }
                Scope::Unknown(_) => return Err(unknown_scope()),
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let pool = pool.clone();
        self.store
            .read(move |r| -> Result<()> {
                for (identifier, names) in wanted {
                    let server: Option<ResourceServerType> = r.document(RESOURCE_SERVER, &pool, &identifier)?;
                    let known = server.and_then(|server| server.scopes).unwrap_or_default();
                    if names.iter().any(|name| !known.iter().any(|scope| scope.scope_name == *name)) {
                        return Err(unknown_scope());
                    }
                }
                Ok(())
            })
            .await
    }
}

/// Whether the code may be redeemed like this.
fn check_redemption(
    document: &CodeDocument,
    app: &ClientContext,
    redemption: Redemption<'_>,
    now: Timestamp,
) -> Result<()> {
    let fail_if = |failed: bool, why: &str| if failed { Err(refused(why)) } else { Ok(()) };
    let named = redemption.redirect_uri;
    let differs = named.is_some_and(|uri| uri != document.redirect_uri);
    let proven = match (&document.code_challenge, redemption.code_verifier) {
        (Some(challenge), Some(verifier)) => is_verifier(verifier) && answers(challenge, verifier),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    fail_if(now >= document.good_until, "the code has expired")?; // RFC 6749 §4.1.2
    fail_if(document.client != app.client.id, "the code is another client's")?; // RFC 6749 §4.1.3
    fail_if(document.redirect_uri_named && named.is_none(), "redirect_uri is missing")?; // RFC 6749 §4.1.3
    fail_if(differs, "redirect_uri differs")?; // RFC 6749 §4.1.3
    fail_if(!proven, "code_verifier does not answer code_challenge") // RFC 7636 §4.6; RFC 9700 §2.1.1: no downgrade
}

/// RFC 7636 §4.1.
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// RFC 7636 §4.6, S256.
fn answers(challenge: &str, verifier: &str) -> bool {
    let derived = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    verify_slices_are_equal(derived.as_bytes(), challenge.as_bytes()).is_ok()
}

/// Under which a bearer secret is kept: whoever reads the store cannot use it.
pub(crate) fn derive_hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

fn refused(why: &str) -> Error {
    Error::from(Reason::AuthorizationCodeInvalid).with_detail(why)
}

fn unknown_scope() -> Error {
    Error::from(Reason::ScopeNotAllowed)
}
