//! Signing in on the pool's hosted page: authorization code with PKCE (RFC 6749, RFC 7636, RFC 9207), and the check of
//! the ID token that comes back (OpenID Connect Core §3.1.3.7).

use crate::error::{Error, Kind, Result};
use crate::host::{Area, Change, Host};
use crate::json::{Json, Object};
use crate::session::{Session, claims, header};
use crate::wire::{append, query_value};
use crate::{Auth, base64, text};
use alloc::rc::Rc;
use alloc::string::String;
use zeroize::Zeroizing;

/// How far the machine's clock may be off before a fresh ID token is refused. Generous on purpose: that the token is
/// fresh is proven by its nonce and the code, and a wrong clock must not lock anybody out.
const CLOCK_TOLERANCE: i64 = 86_400;

/// What an app may say about a redirect sign-in.
#[derive(Clone, Debug, Default)]
pub struct Redirect {
    /// `identity_provider`: go straight to this one.
    pub provider: Option<String>,
    /// `prompt`: `none`, `login`, …
    pub prompt: Option<String>,
    /// `lang`: language of the hosted page.
    pub lang: Option<String>,
    /// `login_hint`: prefills the user name.
    pub login_hint: Option<String>,
    /// Comes back from [`Auth::handle_redirect`] as it was.
    pub app_state: Option<String>,
}

/// A redirect sign-in that came back.
pub struct Returned {
    /// The session.
    pub session: Rc<Session>,
    /// What the app had asked to get back.
    pub app_state: Option<String>,
}

fn refused(message: &str) -> Error {
    Error::new(Kind::InvalidRedirect, message)
}

fn bad_token(message: &str) -> Error {
    Error::new(Kind::InvalidIdToken, message)
}

impl<H: Host> Auth<H> {
    /// Begins a redirect sign-in: the address to send the browser to. What must be known on the way back (the code
    /// verifier, the nonce) is kept for this tab.
    ///
    /// # Errors
    /// [`Kind::InvalidConfiguration`] without `domain` or `redirect_uri`, [`Kind::Storage`].
    pub async fn begin_redirect(&self, request: Redirect) -> Result<String> {
        let redirect_uri = self
            .config
            .redirect_uri
            .as_deref()
            .ok_or_else(|| Error::new(Kind::InvalidConfiguration, "redirect sign-in needs redirectUri"))?;
        let (verifier, state, nonce) = (self.random_text(), self.random_text(), self.random_text());
        let mut url = [self.config.domain()?, "/oauth2/authorize?"].concat();
        let challenge = base64::encode_url(&srp::sha256(&[verifier.as_bytes()]));
        let optional = [
            ("identity_provider", &request.provider),
            ("prompt", &request.prompt),
            ("lang", &request.lang),
            ("login_hint", &request.login_hint),
        ];
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", self.config.client_id.as_str()),
            ("redirect_uri", redirect_uri),
            ("scope", self.config.scopes.as_str()),
            ("state", state.as_str()),
            ("nonce", nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ] {
            append(&mut url, name, value);
        }
        for (name, value) in optional {
            if let Some(value) = value {
                append(&mut url, name, value);
            }
        }
        let kept = Object::new()
            .text("verifier", &verifier)
            .text("nonce", &nonce)
            .maybe("appState", request.app_state.as_deref())
            .finish();
        self.host.save(Area::Tab, &self.redirect_at(&state), Some(&kept)).await?;
        Ok(url)
    }

    /// Ends a redirect sign-in: takes the address the browser came back to. `None` when it carries no answer.
    ///
    /// # Errors
    /// [`Kind::InvalidRedirect`] when the answer is not to a sign-in begun in this tab, or names another issuer;
    /// [`Kind::OAuth`] with the domain's code; [`Kind::InvalidIdToken`].
    pub async fn handle_redirect(&self, url: &str) -> Result<Option<Returned>> {
        let query = text::cut(url, b'?').map_or("", |(_, query)| text::before(query, b'#'));
        let (code, error) = (query_value(query, "code"), query_value(query, "error"));
        if code.is_none() && error.is_none() {
            return Ok(None);
        }
        let state = query_value(query, "state").ok_or_else(|| refused("the answer has no state"))?;
        // Taken, not read: an answer counts once.
        let key = self.redirect_at(&state);
        let kept = self.host.load(Area::Tab, &key).await?.ok_or_else(|| refused("this tab began no such sign-in"))?;
        self.host.save(Area::Tab, &key, None).await?;
        let mut kept = Json::parse(&kept).map_err(|_| refused("this tab began no such sign-in"))?;
        // RFC 9207 §2.4: an answer that names another issuer was mixed up. Amazon Cognito names none.
        if query_value(query, "iss").is_some_and(|issuer| issuer != self.config.issuer) {
            return Err(refused("the answer comes from another issuer"));
        }
        if let Some(error) = error {
            let message = query_value(query, "error_description").unwrap_or_else(|| error.clone());
            return Err(Error::new(Kind::OAuth, &message).with_code(&error));
        }
        let verifier = kept.take_text("verifier").ok_or_else(|| refused("this tab began no such sign-in"))?;
        let mut session = self.exchange(&code.unwrap_or_default(), &verifier).await?;
        self.check_id_token(&session, kept.text("nonce").unwrap_or_default()).await?;
        session.by_redirect = true;
        let session = self.keep(session).await?;
        self.host.changed(Change::SignedIn(&session));
        Ok(Some(Returned { session, app_state: kept.own("appState") }))
    }

    async fn exchange(&self, code: &str, verifier: &str) -> Result<Session> {
        let mut form = Zeroizing::new(String::with_capacity(1024));
        append(&mut form, "grant_type", "authorization_code");
        append(&mut form, "client_id", &self.config.client_id);
        append(&mut form, "redirect_uri", self.config.redirect_uri.as_deref().unwrap_or_default());
        append(&mut form, "code", code);
        append(&mut form, "code_verifier", verifier);
        let answer = self.post_form("/oauth2/token", form).await?;
        Session::from_answer(&answer, self.host.now())
    }

    /// The checks of OpenID Connect Core §3.1.3.7, in its order.
    async fn check_id_token(&self, session: &Session, nonce: &str) -> Result<()> {
        let Some(token) = session.id_token.as_deref() else {
            let asked = text::words(&self.config.scopes, b' ').any(|scope| scope == "openid");
            return if asked { Err(bad_token("there is no ID token")) } else { Ok(()) };
        };
        let read = |part: Result<Json>| part.map_err(|_| bad_token("the ID token is not a JSON web token"));
        let (head, body) = (read(header(token))?, read(claims(token))?);
        let (input, signature) =
            text::cut_last(token, b'.').ok_or_else(|| bad_token("the ID token has no signature"))?;
        // 2. The issuer.
        if body.text("iss") != Some(&self.config.issuer) {
            return Err(bad_token("the ID token is another issuer's"));
        }
        // 3. The audience: Cognito's is always one string.
        if body.text("aud") != Some(&self.config.client_id) || body.text("token_use") != Some("id") {
            return Err(bad_token("the ID token is not for this client"));
        }
        // 6.–7. The signature, under an algorithm with public keys.
        let alg = head
            .text("alg")
            .filter(|alg| matches!(*alg, "RS256" | "ES256" | "EdDSA"))
            .ok_or_else(|| bad_token("the ID token's algorithm is not allowed"))?;
        let keys = self.fetch_json(&[&self.config.issuer, "/.well-known/jwks.json"].concat()).await?;
        let key = keys.list("keys").iter().find(|key| key.text("kid").is_some() && key.text("kid") == head.text("kid"));
        let key = key.ok_or_else(|| bad_token("the ID token's key is unknown"))?;
        if !self.host.verify(key, alg, input, signature).await {
            return Err(bad_token("the ID token's signature is wrong"));
        }
        // 9.–10. Its time.
        let now = self.host.now() / 1000;
        if body.integer("exp").is_none_or(|exp| exp + CLOCK_TOLERANCE < now)
            || body.integer("iat").is_none_or(|iat| iat - CLOCK_TOLERANCE > now)
        {
            return Err(bad_token("the ID token is not of this time"));
        }
        // 11. The nonce: the token answers the request this tab made.
        if body.text("nonce") != Some(nonce) {
            return Err(bad_token("the ID token answers another request"));
        }
        // §3.1.3.8: the access token belongs to it.
        let hash = srp::sha256(&[session.access_token.as_bytes()]);
        let half = base64::encode_url(hash.split_at(16).0);
        if body.text("at_hash").is_some_and(|at_hash| at_hash != half) {
            return Err(bad_token("the access token is another ID token's"));
        }
        Ok(())
    }

    /// Where the browser leaves the hosted page's session (`/logout` with `logout_uri`).
    pub(crate) fn logout_url(&self) -> Option<String> {
        let mut url = [self.config.domain.as_deref()?, "/logout?"].concat();
        append(&mut url, "client_id", &self.config.client_id);
        append(&mut url, "logout_uri", self.config.sign_out_uri.as_deref()?);
        Some(url)
    }

    fn redirect_at(&self, state: &str) -> String {
        [&self.config.prefix, ".redirect.", state].concat()
    }

    /// 256 random bits, base64url: 43 characters, as RFC 7636 §4.1 recommends for a verifier.
    fn random_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0u8; 32]);
        self.host.fill(bytes.as_mut_slice());
        Zeroizing::new(base64::encode_url(bytes.as_slice()))
    }
}
