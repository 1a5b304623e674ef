//! To the provider and back: the authorization request, and what the browser brings from it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use url::Url;
use world::Entropy;

use crate::{Problem, Upstream};

/// What binds an answer to its request; carried sealed, told to nobody.
#[derive(Clone, Serialize, Deserialize)]
pub struct Handshake {
    /// OpenID Connect's `nonce`.
    pub nonce: String,
    /// PKCE's `code_verifier` (RFC 7636 §4.1).
    pub verifier: String,
}

impl Handshake {
    /// A new one: 32 bytes of chance for each.
    pub fn make(entropy: &(impl Entropy + ?Sized)) -> Self {
        let chance = || URL_SAFE_NO_PAD.encode(world::bytes::<32>(entropy));
        Self { nonce: chance(), verifier: chance() }
    }

    /// PKCE's `code_challenge`, S256 (RFC 7636 §4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.as_bytes()))
    }
}

/// What the authorization request says beside what the provider is like.
pub struct Asked<'a> {
    /// Where the answer comes to: a registered address of ours.
    pub redirect_uri: &'a str,
    /// Comes back unchanged.
    pub state: &'a str,
    /// What binds the answer.
    pub handshake: &'a Handshake,
    /// The app's own parameters, of which the provider's type passes on some.
    pub app: &'a [(&'a str, &'a str)],
}

/// The address a browser is sent to (OpenID Connect Core §3.1.2.1).
///
/// # Errors
/// [`Problem::Settings`] where the provider's address is none.
pub fn authorization_url(upstream: &Upstream, asked: &Asked<'_>) -> Result<String, Problem> {
    let mut url = Url::parse(&upstream.authorize_url).map_err(|_| Problem::Settings("authorize_url is no address"))?;
    url.set_fragment(None);
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", &upstream.client_id)
            .append_pair("redirect_uri", asked.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &upstream.scopes)
            .append_pair("state", asked.state)
            .append_pair("nonce", &asked.handshake.nonce)
            .append_pair("code_challenge", &asked.handshake.challenge())
            .append_pair("code_challenge_method", "S256");
        for (name, value) in asked.app.iter().filter(|(name, _)| upstream.passes_on.contains(name)) {
            query.append_pair(name, value);
        }
    }
    Ok(url.into())
}

/// What the browser brings back (RFC 6749 §4.1.2).
#[derive(Clone, Copy, Default)]
pub struct Callback<'a> {
    /// `code`
    pub code: Option<&'a str>,
    /// `iss` (RFC 9207)
    pub iss: Option<&'a str>,
    /// `error`
    pub error: Option<&'a str>,
    /// `error_description`
    pub description: Option<&'a str>,
}

/// The code, if the answer is this provider's and brings one.
///
/// # Errors
/// What is wrong with it.
pub fn judge_callback<'a>(upstream: &Upstream, callback: &Callback<'a>) -> Result<&'a str, Problem> {
    let other = callback.iss.is_some_and(|iss| iss != upstream.issuer());
    let nameless = callback.iss.is_none() && upstream.names_itself;
    let check = |refused: bool, why: &'static str| if refused { Err(Problem::Callback(why)) } else { Ok(()) };
    check(other, "the answer is another issuer's")?; // RFC 9207 §2.4
    check(nameless, "the answer does not name its issuer")?; // RFC 9207 §2.4
    if let Some(error) = callback.error {
        // RFC 6749 §4.1.2.1
        let description = callback.description.unwrap_or_default().to_owned();
        return Err(Problem::Told { status: 400, error: error.to_owned(), description });
    }
    callback.code.ok_or(Problem::Callback("the answer has no code")) // RFC 6749 §4.1.2
}
