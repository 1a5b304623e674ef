//! Signing in on the pool's hosted page: authorization code with PKCE (RFC 6749, RFC 7636, RFC 9207), and the check of
//! the ID token that comes back (OpenID Connect Core §3.1.3.7).

use alloc::rc::Rc;
use alloc::string::String;

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::host::{Area, Change, Host};
use crate::json::{Json, Object};
use crate::session::{Session, claims, header};
use crate::wire::{append, query_value};
use crate::{Auth, base64, provider, text};

/// How far the machine's clock may be off before a fresh ID token is refused. Generous on purpose: that the token is
/// fresh is proven by its nonce and the code, and a wrong clock must not lock anybody out.
const CLOCK_TOLERANCE: i64 = 86_400;

/// What an app may say about a redirect sign-in.
#[derive(Clone, Debug, Default)]
pub struct Redirect {
    /// `identity_provider`: go straight to this one.
    pub provider: Option<String>,
    /// `idp_identifier`: go straight to the provider that has this identifier, such as a company's mail domain.
    pub idp_identifier: Option<String>,
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

fn query(url: &str) -> &str {
    text::cut(url, b'?').map_or("", |(_, query)| text::before(query, b'#'))
}

/// The state of an answer; `None` when the address carries no answer.
fn answered(url: &str) -> Result<Option<String>> {
    let query = query(url);
    if query_value(query, "code").is_none() && query_value(query, "error").is_none() {
        return Ok(None);
    }
    query_value(query, "state").map(Some).ok_or_else(|| refused("the answer has no state"))
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
            ("idp_identifier", &request.idp_identifier),
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
            .maybe("provider", request.provider.as_deref())
            .finish();
        self.host.save(Area::Tab, &self.redirect_at(&state), Some(&kept)).await?;
        Ok(url)
    }

    /// Ends a redirect sign-in: takes the address the browser came back to. `None` when it carries no answer.
    ///
    /// # Errors
    /// [`Kind::InvalidRedirect`] when the answer is not to a sign-in begun in this tab, or names another issuer;
    /// [`Kind::ProviderRefused`], [`Kind::ProviderFailed`], [`Kind::ProviderUnavailable`] where an identity provider is
    /// to blame, [`Kind::OAuth`] with the domain's code where the domain itself refused; [`Kind::InvalidIdToken`].
    pub async fn handle_redirect(&self, url: &str) -> Result<Option<Returned>> {
        let Some(state) = answered(url)? else {
            return Ok(None);
        };
        // Taken, not read: an answer counts once.
        let key = self.redirect_at(&state);
        let kept = self.host.load(Area::Tab, &key).await?;
        self.host.save(Area::Tab, &key, None).await?;
        let (kept, form) = self.accept(url, kept.as_deref())?;
        let answer = self.post_form("/oauth2/token", form).await?;
        let mut session = Session::from_answer(&answer, self.host.now())?;
        if let Some(token) = session.id_token.as_deref() {
            let head = self.check_claims(&session, token, kept.text("nonce").unwrap_or_default())?;
            let keys = self.fetch_json(&[&self.config.issuer, "/.well-known/jwks.json"].concat()).await?;
            let key = keys.list("keys").iter().find(|key| key.text("kid") == head.text("kid"));
            let key = key.ok_or_else(|| bad_token("the ID token's key is unknown"))?;
            let (input, signature) = text::cut_last(token, b'.').unwrap_or_default();
            if !self.host.verify(key, head.text("alg").unwrap_or_default(), input, signature).await {
                return Err(bad_token("the ID token's signature is wrong"));
            }
        } else if text::words(&self.config.scopes, b' ').any(|scope| scope == "openid") {
            return Err(bad_token("there is no ID token"));
        }
        session.by_redirect = true;
        let session = self.keep(session).await?;
        self.host.changed(Change::SignedIn(&session));
        Ok(Some(Returned { session, app_state: kept.own("appState") }))
    }

    /// Holds an answer against what this tab kept: gives that, and the form that turns the code into tokens.
    fn accept(&self, url: &str, kept: Option<&str>) -> Result<(Json, Zeroizing<String>)> {
        let not_begun_here = || refused("this tab began no such sign-in");
        let kept = Json::parse(kept.ok_or_else(not_begun_here)?).map_err(|_| not_begun_here())?;
        let query = query(url);
        // RFC 9207 §2.4: an answer that names another issuer was mixed up. Amazon Cognito names none.
        if query_value(query, "iss").is_some_and(|issuer| issuer != self.config.issuer) {
            return Err(refused("the answer comes from another issuer"));
        }
        if let Some(error) = query_value(query, "error") {
            let description = query_value(query, "error_description").unwrap_or_default();
            return Err(provider::judge(&error, &description, kept.text("provider")));
        }
        let mut form = Zeroizing::new(String::with_capacity(1024));
        for (name, value) in [
            ("grant_type", "authorization_code"),
            ("client_id", self.config.client_id.as_str()),
            ("redirect_uri", self.config.redirect_uri.as_deref().unwrap_or_default()),
            ("code", &query_value(query, "code").unwrap_or_default()),
            ("code_verifier", kept.text("verifier").ok_or_else(not_begun_here)?),
        ] {
            append(&mut form, name, value);
        }
        Ok((kept, form))
    }

    /// The checks of OpenID Connect Core §3.1.3.7 that need no key; gives the header. The signature is held against the
    /// issuer's keys afterwards: nothing is asked of the network for a token that is not for us.
    fn check_claims(&self, session: &Session, token: &str, nonce: &str) -> Result<Json> {
        let read = |part: Result<Json>| part.map_err(|_| bad_token("the ID token is not a JSON web token"));
        let (head, body) = (read(header(token))?, read(claims(token))?);
        let now = self.host.now() / 1000;
        // §3.1.3.8: the access token belongs to it.
        let hash = srp::sha256(&[session.access_token.as_bytes()]);
        let half = base64::encode_url(hash.split_at(16).0);
        let faults = [
            // 2. The issuer.
            (body.text("iss") != Some(&self.config.issuer), "the ID token is another issuer's"),
            // 3. The audience: Cognito's is always one string.
            (
                body.text("aud") != Some(&self.config.client_id) || body.text("token_use") != Some("id"),
                "the ID token is not for this client",
            ),
            // 6.–7. An algorithm with public keys, and a key.
            (!matches!(head.text("alg"), Some("RS256" | "ES256" | "EdDSA")), "the ID token's algorithm is not allowed"),
            (head.text("kid").is_none(), "the ID token's key is unknown"),
            // 9.–10. Its time.
            (
                body.integer("exp").is_none_or(|exp| exp + CLOCK_TOLERANCE < now)
                    || body.integer("iat").is_none_or(|iat| iat - CLOCK_TOLERANCE > now),
                "the ID token is not of this time",
            ),
            // 11. The nonce: the token answers the request this tab made.
            (body.text("nonce") != Some(nonce), "the ID token answers another request"),
            (body.text("at_hash").is_some_and(|at_hash| at_hash != half), "the access token is another ID token's"),
        ];
        match faults.iter().find(|(is_fault, _)| *is_fault) {
            Some((_, message)) => Err(bad_token(message)),
            None => Ok(head),
        }
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
