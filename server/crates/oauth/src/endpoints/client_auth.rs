//! Who calls the token and revocation endpoints (RFC 6749 §2.3).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flows::ClientContext;
use http::header;
use protocol::Sensitive;

use crate::http::call::Call;
use crate::http::json::Refusal;
use crate::http::params::Params;

/// What a client shows of itself.
struct Shown {
    id: String,
    secret: Option<Sensitive>,
}

/// Authenticates the client: none (public clients), `client_secret_basic` or `client_secret_post`.
///
/// # Errors
/// `invalid_request`, `invalid_client`.
pub(crate) async fn authenticate(call: &Call, form: &Params) -> Result<ClientContext, Refusal> {
    let header = call.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let by_header = header.is_some();
    let refused = || Refusal::invalid_client(by_header);
    let shown = match header {
        None => Shown {
            id: form.get("client_id").ok_or_else(refused)?.to_owned(),
            secret: form.get("client_secret").map(Sensitive::from),
        },
        // RFC 6749 §2.3: one method a request.
        Some(_) if form.get("client_secret").is_some() => {
            return Err(Refusal::invalid_request("more than one way of client authentication"));
        }
        Some(header) => {
            let shown = read_basic(header).ok_or_else(refused)?;
            if form.get("client_id").is_some_and(|id| id != shown.id) {
                return Err(refused());
            }
            shown
        }
    };
    let internal = |error| Refusal::of(call, &error);
    let app = call.site.app(call, &shown.id).await.map_err(internal)?.ok_or_else(refused)?;
    let proven = match &shown.secret {
        Some(secret) => call.is_client_secret(&app.client, secret).map_err(internal)?,
        None => !app.client.is_confidential(),
    };
    if proven { Ok(app) } else { Err(refused()) }
}

/// `Basic` credentials: id and secret are form-encoded before they are joined (RFC 6749 §2.3.1). An empty secret is
/// none.
fn read_basic(header: &str) -> Option<Shown> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let secret = Sensitive::from(decode(secret));
    Some(Shown { id: decode(id), secret: Some(secret).filter(|secret| !secret.is_empty()) })
}

fn decode(text: &str) -> String {
    // As a form's name without a value: `+` and `%` are decoded, `=` and `&` stand for themselves.
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn basic_credentials_are_form_encoded() {
        let header = |pair: &str| format!("basic {}", STANDARD.encode(pair));
        let shown = read_basic(&header("a%3Ab:s%26+e=c:&")).unwrap();
        assert_eq!((shown.id.as_str(), shown.secret.as_deref()), ("a:b", Some("s& e=c:&")));
        assert_eq!(read_basic(&header("a:")).unwrap().secret, None);
        assert!(read_basic("Bearer abc").is_none() && read_basic("Basic ?").is_none());
        assert!(read_basic(&header("no colon")).is_none());
    }
}
