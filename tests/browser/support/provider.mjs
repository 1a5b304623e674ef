// An OpenID provider as companies run them: npm's oidc-provider, unmodified, on loopback. What lies, lies before it.

import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import Provider, { errors } from "oidc-provider";

export const OUR_ID = "our-id-there";
export const OUR_SECRET = "Our-Secret-There-1234567890";

export class IdentityProvider {
  #server;
  /** Claims by the name that somebody signs in with there. */
  people = new Map();
  /** Handlers by path that answer in the provider's place. */
  lies = new Map();
  /** What went wrong in it. */
  faults = [];

  /** `host` is how browsers call it; `callbacks` are where it may send them back to. With `formPost` it is asked to have
   * browsers post its answers, by what stands before it: nothing in our settings asks for that. */
  static async start({ host = "localhost", callbacks, formPost = false }) {
    const own = new IdentityProvider();
    own.#server = createServer((request, response) => {
      if (formPost) askForPost(request);
      const lie = own.lies.get(new URL(request.url, own.url).pathname);
      return lie ? lie(request, response) : own.#answer(request, response);
    });
    own.#server.listen(0, "127.0.0.1");
    await once(own.#server, "listening");
    own.url = `http://${host}:${own.#server.address().port}`;
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const provider = new Provider(own.url, {
      clients: [
        {
          client_id: OUR_ID,
          client_secret: OUR_SECRET,
          redirect_uris: callbacks,
          token_endpoint_auth_method: "client_secret_post",
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "first", use: "sig", alg: "RS256" }] },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...own.people.get(id) }) }),
      pkce: { required: () => true },
      features: { devInteractions: { enabled: true } },
      cookies: { keys: ["only for tests"] },
      ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 300, IdToken: 300, Interaction: 300, Session: 300 },
    });
    const note = (_, error) => {
      if (!(error instanceof errors.AccessDenied)) own.faults.push(error);
    };
    for (const event of ["server_error", "grant.error", "authorization.error", "userinfo.error"]) provider.on(event, note);
    own.#answer = provider.callback();
    return own;
  }

  #answer = (_, response) => response.writeHead(503).end();

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** OAuth 2.0 Form Post Response Mode §2. */
function askForPost(request) {
  const asked = new URL(request.url, "http://provider");
  if (asked.pathname !== "/auth") return;
  asked.searchParams.set("response_mode", "form_post");
  request.url = asked.pathname + asked.search;
}

/** Signs in at the provider, in the window it stands in. */
export async function signsInThere(page, name) {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
}

/** Lets the provider tell us of oneself. */
export const agrees = (page) => page.getByRole("button", { name: "Continue" }).click();

/** Does not. */
export const refuses = (page) => page.getByRole("link", { name: "Cancel" }).click();
