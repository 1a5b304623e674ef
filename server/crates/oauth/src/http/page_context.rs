//! What a page stands in, whatever brought the browser to it: an authorization request, or a client's id alone.

use std::sync::Arc;

use domain::Client;
use flows::{ClientContext, Subject};
use hosted_ui::Language;
use http::header;
use url::Url;

use crate::http::call::{Call, log};
use crate::http::cookies::LANGUAGE;
use crate::http::site::{Site, name_of};
use crate::theme::Theme;

/// Whose a page is, what it speaks, and where it leads. Its brand follows from the app: see `Call::theme`.
#[derive(Clone, Copy)]
pub(crate) struct PageContext<'a> {
    /// The client and the pool that it is a page of.
    pub(crate) app: &'a ClientContext,
    /// What it speaks.
    pub(crate) language: &'static Language,
    /// Who is signed in, where the page is about that.
    pub(crate) subject: Option<&'a Subject>,
    /// What its links and forms carry along, as a query; None for a page that nothing follows.
    query: Option<&'a str>,
    /// The address beside ours that its form may end at.
    leads_to: Option<&'a str>,
}

impl<'a> PageContext<'a> {
    /// A page that looks like an app's, and that nothing follows.
    pub(crate) fn of_app(call: &Call, app: &'a ClientContext) -> Self {
        Self { app, language: language(call), subject: None, query: None, leads_to: None }
    }

    /// The same for who is signed in.
    pub(crate) fn about(self, subject: &'a Subject) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// The same with links and forms that carry this query along.
    pub(crate) fn carrying(self, query: &'a str) -> Self {
        Self { query: Some(query), ..self }
    }

    /// The same with a form that may end at this address.
    pub(crate) fn leading_to(self, address: &'a str) -> Self {
        Self { leads_to: Some(address), ..self }
    }

    /// A page's address, with what is carried along.
    pub(crate) fn link(&self, path: &str) -> String {
        self.query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }

    /// What is carried along.
    pub(crate) fn query(&self) -> Option<&'a str> {
        self.query
    }

    /// The address beside ours that its form may end at.
    pub(crate) fn leads_to(&self) -> Option<&'a str> {
        self.leads_to
    }
}

impl Call {
    /// How a client's pages look. A brand that can not be read is logged, and the pages are plain.
    pub(crate) async fn theme(&self, app: &ClientContext) -> Arc<Theme> {
        let name = self.brand_name(app);
        let theme = self.themes.find(self, app, self.site.pages(), &name).await.unwrap_or_else(|error| {
            log(self, &error);
            None
        });
        theme.unwrap_or_else(|| Arc::new(Theme::plain(name)))
    }

    /// The brand's name: the client's, else the pool's, else the host's.
    pub(crate) fn brand_name(&self, app: &ClientContext) -> String {
        let names = [app.client.settings.client_name.as_ref(), app.pool.settings.name.as_ref()];
        names.into_iter().flatten().find(|name| !name.trim().is_empty()).cloned().unwrap_or_else(|| self.host_name())
    }

    /// The name of the site where no app is known.
    pub(crate) fn host_name(&self) -> String {
        match &self.site {
            Site::Pool(_, domain) => domain.host.clone(),
            Site::Main | Site::Nobody => {
                let base = &self.settings().base_url;
                let rest = base.split_once("://").map_or(base.as_str(), |(_, rest)| rest);
                name_of(rest.split('/').next().unwrap_or_default()).to_owned()
            }
        }
    }
}

/// The language of the answer: `lang`, then OpenID Connect's `ui_locales`, then the cookie, then the browser's.
pub(crate) fn language(call: &Call) -> &'static Language {
    let mut asked: Vec<&str> = call.query.get("lang").into_iter().collect();
    asked.extend(call.query.typed("ui_locales").split_whitespace());
    asked.extend(call.cookie(LANGUAGE));
    Language::choose(&asked, call.header(&header::ACCEPT_LANGUAGE))
}

/// Where people find the app: the page it sends them to after sign-out, else the origin it has them sent to after
/// sign-in. The redirect address itself waits for a code, and would take this for a broken sign-in.
pub(crate) fn home(client: &Client) -> Option<String> {
    let is_page = |url: &Url| matches!(url.scheme(), "https" | "http");
    let read = |url: &String| Url::parse(url).ok().filter(is_page);
    let settings = &client.settings;
    let after_sign_out = settings.logout_urls.iter().flatten().find_map(read);
    after_sign_out.map(String::from).or_else(|| {
        let redirect = settings.default_redirect_uri.iter().chain(settings.callback_urls.iter().flatten());
        redirect.into_iter().find_map(read).map(|url| format!("{}/", url.origin().ascii_serialization()))
    })
}
