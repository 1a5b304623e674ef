//! What a page stands in, whatever brought the browser to it: an authorization request, or a client's id alone.

use flows::App;
use hosted_ui::Language;

use crate::call::Call;
use crate::page::language;

/// Whose a page is, what it speaks, and where it leads. Its brand follows from the app: see `Call::theme`.
#[derive(Clone, Copy)]
pub(crate) struct PageContext<'a> {
    /// The client and the pool that it is a page of.
    pub(crate) app: &'a App,
    /// What it speaks.
    pub(crate) language: &'static Language,
    /// What its links and forms carry along, as a query; None for a page that nothing follows.
    query: Option<&'a str>,
    /// The address beside ours that its form may end at.
    leads_to: Option<&'a str>,
}

impl<'a> PageContext<'a> {
    /// A page that looks like an app's, and that nothing follows.
    pub(crate) fn of_app(call: &Call, app: &'a App) -> Self {
        Self { app, language: language(call), query: None, leads_to: None }
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
