// The hosted pages as a browser without scripts sees them: HTML in, forms out.

import { parse } from "parse5";

const attributesOf = (node) => Object.fromEntries((node.attrs ?? []).map(({ name, value }) => [name, value]));

function* descendants(node) {
  yield node;
  for (const child of node.childNodes ?? []) yield* descendants(child);
}

const formsOf = (html) =>
  [...descendants(parse(html))]
    .filter((node) => node.nodeName === "form")
    .map((form) => ({
      action: attributesOf(form).action ?? "",
      fields: [...descendants(form)]
        .filter((node) => node.nodeName === "input")
        .map(attributesOf)
        .filter((field) => field.name),
    }));

/** Follows redirects and posts forms, until it is sent to the app. */
export class Browser {
  #cookies = new Map();
  #redirectUri;
  #page;

  constructor(redirectUri) {
    this.#redirectUri = redirectUri;
  }

  /** Gives the app's address once sent there; undefined while there is a page to look at. */
  async open(url, init = {}) {
    let response = await this.#send(url, init);
    while (response.status >= 300 && response.status < 400) {
      const location = new URL(response.headers.get("location"), response.url);
      if (location.href.startsWith(this.#redirectUri)) return location;
      response = await this.#send(location, {});
    }
    const html = await response.text();
    this.#page = { url: response.url, status: response.status, html, forms: formsOf(html) };
    return undefined;
  }

  /** Where it may be sent from now on. */
  expect(redirectUri) {
    this.#redirectUri = redirectUri;
  }

  /** Fills the form that has fields with these autocomplete tokens, and sends it. */
  async submit(values) {
    const { url, status, html, forms } = this.#page;
    const form = forms.find(({ fields }) =>
      Object.keys(values).every((token) => fields.some((field) => field.autocomplete === token)),
    );
    if (!form) throw new Error(`${url} (${status}): no form with ${Object.keys(values)}\n${html}`);
    const body = new URLSearchParams();
    for (const field of form.fields) {
      if (["checkbox", "radio"].includes(field.type) && field.checked === undefined) continue;
      body.append(field.name, values[field.autocomplete] ?? field.value ?? "");
    }
    return this.open(new URL(form.action, url), { method: "POST", body });
  }

  async signIn(url, username, password) {
    const early = await this.open(url);
    if (early) throw new Error(`sent away without a page: ${early}`);
    return this.submit({ username, "current-password": password });
  }

  async #send(url, init) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: cookie ? { cookie } : {} });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(";");
      const at = pair.indexOf("=");
      const gone = rest.some((part) => /^\s*max-age=0$/i.test(part));
      if (gone) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}

/** Nobody listens there: what is sent to the app is looked at, not followed. */
export const REDIRECT = "http://localhost:9/callback";
export const GOODBYE = "http://localhost:9/bye";

/** What an app client needs for the code grant. */
export const CODE_GRANT = {
  CallbackURLs: [REDIRECT],
  LogoutURLs: [GOODBYE],
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid", "email", "profile"],
  AllowedOAuthFlowsUserPoolClient: true,
  SupportedIdentityProviders: ["COGNITO"],
};
