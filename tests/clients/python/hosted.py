"""The hosted pages as a browser without scripts sees them: HTML in, forms out."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


class Page(HTMLParser):
    """Forms and words of a page."""

    def __init__(self, response):
        super().__init__()
        self.url, self.status = response.url, response.status_code
        self.forms, self.text, self._form = [], [], None
        self.feed(response.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self._form = {"action": attributes.get("action", ""), "inputs": []}
            self.forms.append(self._form)
        elif tag in ("input", "button") and self._form is not None and attributes.get("name"):
            self._form["inputs"].append(attributes)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None

    def handle_data(self, data):
        if data.strip():
            self.text.append(data.strip())

    def form_with(self, *tokens):
        """The form whose fields carry these autocomplete tokens: what a password keeper goes by."""
        for form in self.forms:
            if set(tokens) <= {field.get("autocomplete") for field in form["inputs"]}:
                return form
        raise AssertionError(f"{self.url} ({self.status}): no form with {tokens} in {' '.join(self.text)}")


class Browser:
    """Follows redirects and posts forms, until it is sent to the app."""

    def __init__(self, redirect_uri):
        self.session, self.redirect_uri, self.page = requests.Session(), redirect_uri, None

    def open(self, url):
        return self._follow(self.session.get(url, allow_redirects=False, timeout=30))

    def submit(self, **values):
        """Fills the form that has these fields (autocomplete tokens, `_` for `-`) and sends it."""
        values = {name.replace("_", "-"): value for name, value in values.items()}
        form = self.page.form_with(*values)
        data = {
            field["name"]: values.get(field.get("autocomplete"), field.get("value", ""))
            for field in form["inputs"]
            if field.get("type") not in ("submit", "checkbox", "radio", "button") or "checked" in field
        }
        url = urljoin(self.page.url, form["action"])
        return self._follow(self.session.post(url, data=data, allow_redirects=False, timeout=30))

    def _follow(self, response):
        """Gives the app's address once sent there; None while there is a page to look at."""
        while response.is_redirect:
            location = urljoin(response.url, response.headers["Location"])
            if location.startswith(self.redirect_uri):
                return location
            response = self.session.get(location, allow_redirects=False, timeout=30)
        self.page = Page(response)
        return None
