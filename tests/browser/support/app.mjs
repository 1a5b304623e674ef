// An app as customers write them: it sends people to sign in, and takes them back with a code (PKCE, RFC 7636).

import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

/** The library's own fetcher insists on TLS. */
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };
const page = (title, text = "") =>
  `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="icon" href="data:,"><h1>${title}</h1><p>${text}</p>`;

export class App {
  #server;
  #pending = new Map();

  /** Listens on loopback. */
  static async start() {
    const app = new App();
    app.#server = createServer((request, response) => {
      app.#answer(new URL(request.url, app.url)).then(
        ({ status = 200, location, html }) => {
          const headers = { "content-type": "text/html; charset=utf-8", ...(location && { location }) };
          response.writeHead(status, headers).end(html);
        },
        (error) => {
          app.last = { fault: error };
          response.writeHead(500, { "content-type": "text/html; charset=utf-8" }).end(page("Failed", String(error)));
        },
      );
    });
    app.#server.listen(0, "127.0.0.1");
    await once(app.#server, "listening");
    app.url = `http://localhost:${app.#server.address().port}`;
    return app;
  }

  get callback() {
    return `${this.url}/callback`;
  }

  get goodbye() {
    return `${this.url}/goodbye`;
  }

  /** What its client must be made with. */
  get client() {
    return {
      CallbackURLs: [this.callback],
      LogoutURLs: [this.goodbye],
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email", "profile"],
      AllowedOAuthFlowsUserPoolClient: true,
      SupportedIdentityProviders: ["COGNITO"],
    };
  }

  /** Whose app it is: `{ url, id, clientId, secret }`. Server and browser may know the admin by different addresses. */
  belongsTo(site) {
    this.site = site;
    this.last = undefined;
  }

  /** Where the app sends a browser to sign in. `changes` are parameters of the request; undefined leaves one out. */
  authorizeUrl(changes = {}) {
    const state = randomBytes(16).toString("base64url");
    const verifier = randomBytes(32).toString("base64url");
    const nonce = randomBytes(16).toString("base64url");
    this.#pending.set(state, { verifier, nonce });
    const request = {
      client_id: this.site.clientId,
      response_type: "code",
      redirect_uri: this.callback,
      scope: "openid email",
      state,
      nonce,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      ...changes,
    };
    const given = Object.entries(request).filter(([, value]) => value !== undefined);
    return `${this.site.url}/oauth2/authorize?${new URLSearchParams(given)}`;
  }

  async #answer(url) {
    if (url.pathname === "/goodbye") return { html: page("Goodbye") };
    if (url.pathname !== "/callback") return { status: 404, html: page("Nothing here") };
    const { state, iss, code, error, error_description: description } = Object.fromEntries(url.searchParams);
    const pending = this.#pending.get(state);
    const issuer = `${this.site.url}/${this.site.id}`;
    if (!pending) throw new Error("an answer to nothing that was asked");
    this.#pending.delete(state);
    if (iss !== issuer) throw new Error(`an answer of ${iss}`);
    if (error) {
      this.last = { error, description };
      return { html: page("Not signed in", error) };
    }
    const { site } = this;
    const answer = await fetch(`${site.direct ?? site.url}/oauth2/token`, {
      method: "POST",
      headers: site.secret ? { authorization: `Basic ${btoa(`${site.clientId}:${site.secret}`)}` } : {},
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: site.clientId,
        redirect_uri: this.callback,
        code_verifier: pending.verifier,
        code,
      }),
    });
    const tokens = await answer.json();
    if (!answer.ok) throw new Error(`the code was refused: ${JSON.stringify(tokens)}`);
    const jwksUri = `${site.direct ?? site.url}/${site.id}/.well-known/jwks.json`;
    const verifier = JwtVerifier.create(
      { issuer, audience: site.clientId, jwksUri },
      { jwksCache: new SimpleJwksCache({ fetcher }) },
    );
    const claims = await verifier.verify(tokens.id_token);
    if (claims.token_use !== "id" || claims.nonce !== pending.nonce) throw new Error("an ID token of something else");
    this.last = { tokens, claims, code };
    return { html: page("Welcome", claims["cognito:username"]) };
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
