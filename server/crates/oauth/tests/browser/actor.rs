//! A browser: a cookie jar, forms, and redirects within the server. Every page it sees is held against what must be
//! true of all pages.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) host: String,
    pub(crate) jar: BTreeMap<String, String>,
    /// What was typed as passwords: no page may ever repeat it.
    secrets: Vec<String>,
}

/// Where a request ended: a page, or an address outside.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The address of the page, or the redirect that leads out of the server.
    pub(crate) at: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    /// The page's path.
    pub(crate) fn path(&self) -> &str {
        self.at.split('?').next().unwrap()
    }

    /// A parameter of the address.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        let (_, rest) = self.at.split_once(['?', '#'])?;
        form_urlencoded::parse(rest.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The value of an input.
    pub(crate) fn input(&self, name: &str) -> Option<String> {
        let start = self.body.find(&format!("name=\"{name}\""))?;
        let tag = &self.body[self.body[..start].rfind('<')?..];
        let tag = &tag[..tag.find('>')?];
        let value = tag.split("value=\"").nth(1)?.split('"').next()?;
        Some(unescape(value))
    }

    /// The address of the n-th form.
    pub(crate) fn action(&self, form: usize) -> String {
        let tag = self.body.split("<form").nth(form + 1).unwrap_or_else(|| panic!("no form {form}: {}", self.body));
        unescape(tag.split("action=\"").nth(1).unwrap().split('"').next().unwrap())
    }

    /// The address of a link by what it says.
    pub(crate) fn link(&self, text: &str) -> String {
        let at = self.body.find(text).unwrap_or_else(|| panic!("no {text}: {}", self.body));
        let tag = &self.body[self.body[..at].rfind("<a ").unwrap()..at];
        unescape(tag.split("href=\"").nth(1).unwrap().split('"').next().unwrap())
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, host: "localhost:9229".to_owned(), jar: BTreeMap::new(), secrets: Vec::new() }
    }

    /// The cookie of a browser session, with whichever pool.
    pub(crate) fn session(&self) -> Option<&str> {
        let name = |name: &str| name.trim_start_matches("__Host-").starts_with("cognito");
        self.jar.iter().find(|(known, _)| name(known)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has_session(&self) -> bool {
        self.session().is_some()
    }

    /// One request, no redirect followed.
    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let at = request.uri().to_string();
        let cookies: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.headers_mut().entry(header::HOST).or_insert(self.host.parse().unwrap());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let at = parts.headers.get(header::LOCATION).map_or(at, |to| to.to_str().unwrap().to_owned());
        let answer = Answer { status: parts.status, headers: parts.headers, body, at };
        self.inspect(&answer);
        answer
    }

    fn keep(&mut self, cookie: &str) {
        assert!(cookie.contains("; Path=/") && cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"));
        assert!(!cookie.to_ascii_lowercase().contains("domain="), "{cookie}");
        let (name, rest) = cookie.split_once('=').unwrap();
        assert_eq!(name.starts_with("__Host-"), cookie.contains("; Secure"), "{cookie}");
        let value = rest.split(';').next().unwrap();
        if cookie.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }

    fn inspect(&self, answer: &Answer) {
        for secret in &self.secrets {
            let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            for told in [&answer.body, &answer.at] {
                assert!(!told.contains(secret.as_str()) && !told.contains(&encoded), "a password is repeated");
            }
        }
        if !answer.header("content-type").starts_with("text/html") {
            // WebKit never finishes a page that one goes back to over a redirect with this.
            assert_eq!(answer.header("cross-origin-opener-policy"), "");
            assert_ne!(answer.header("content-type"), "text/plain");
            return;
        }
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(answer.header("permissions-policy").contains("geolocation=()"));
        assert_eq!(answer.header("cache-control"), "no-store");
        let inline = answer.body.split("<script").skip(1).any(|tag| !tag.starts_with(" src=\""));
        assert!(!inline && !answer.body.contains("<style") && !answer.body.contains(" style=\""));
    }

    /// Opens an address and follows redirects as long as they stay in the server.
    pub(crate) async fn open(&mut self, address: &str) -> Answer {
        let request = Request::get(address).body(Body::empty()).unwrap();
        let answer = self.send(request).await;
        self.follow(answer).await
    }

    async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..5 {
            if !answer.status.is_redirection() || !answer.at.starts_with('/') {
                return answer;
            }
            let request = Request::get(answer.at.clone()).body(Body::empty()).unwrap();
            answer = self.send(request).await;
        }
        panic!("too many redirects");
    }

    /// Posts fields, exactly these.
    pub(crate) async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let is_secret = |(name, value): &&(&str, &str)| name.ends_with("password") && value.len() > 5;
        self.secrets.extend(fields.iter().filter(is_secret).map(|(_, secret)| (*secret).to_owned()));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", "null")
            .body(Body::from(body))
            .unwrap();
        let answer = self.send(request).await;
        self.follow(answer).await
    }

    /// Posts from another site's page: without cookies, which are SameSite=Lax. The redirect is not followed.
    pub(crate) async fn post_from_elsewhere(&mut self, address: &str, media_type: &str, body: &str) -> Answer {
        let request = Request::post(address)
            .header("content-type", media_type)
            .header("origin", "https://acme.example")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let jar = std::mem::take(&mut self.jar);
        let answer = self.send(request).await;
        self.jar.extend(jar);
        answer
    }

    /// Fills in a page's first form and sends it.
    pub(crate) async fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        self.submit_form(page, 0, fields).await
    }

    pub(crate) async fn submit_form(&mut self, page: &Answer, form: usize, fields: &[(&str, &str)]) -> Answer {
        let (csrf, state) = (page.input("csrf").unwrap(), page.input("state").unwrap());
        let mut all = vec![("csrf", csrf.as_str()), ("state", state.as_str())];
        all.extend_from_slice(fields);
        self.post(&page.action(form), &all).await
    }

    /// Posts JSON, as a page's script does.
    pub(crate) async fn post_json(&mut self, address: &str, body: &Value) -> Answer {
        let request = Request::post(address)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }
}
