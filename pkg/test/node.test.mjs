// The built package in Node: the engine loads, calls are made as Cognito expects them, and failures keep their kind.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { createAuth, isAuthError } from "@latchkey/sdk";

const opened = [];
after(() => opened.forEach((close) => close()));

/** A server that answers each request with what `answer` returns: [status, body], or null to cut the line. */
const serve = async (answer) => {
  const seen = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const asked = { target: request.headers["x-amz-target"]?.split(".")[1], type: request.headers["content-type"], url: request.url, body };
      seen.push(asked);
      const [status, text] = answer(asked, seen.length) ?? [0];
      if (!status) return response.destroy();
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": `r-${seen.length}` });
      response.end(typeof text === "string" ? text : JSON.stringify(text));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(() => server.close());
  return { seen, endpoint: `http://127.0.0.1:${server.address().port}` };
};

const client = (endpoint, more = {}) => {
  const auth = createAuth({ userPoolId: "us-east-1_Test", clientId: "c1", endpoint, ...more });
  opened.push(() => auth.close());
  return auth;
};

const rejects = (promise, name) =>
  assert.rejects(promise, (error) => {
    assert.ok(isAuthError(error), String(error));
    assert.equal(error.name, name, error.message);
    return true;
  });

const jwt = (claims) => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2ln"].join(".");
const issued = (n, expiresIn = 3600) => ({
  AuthenticationResult: {
    AccessToken: jwt({ sub: "s1", username: "ann", n }),
    IdToken: jwt({ sub: "s1", "cognito:username": "ann", email: "ann@example.com", n }),
    RefreshToken: `refresh-${n}`,
    ExpiresIn: expiresIn,
    TokenType: "Bearer",
  },
  ChallengeParameters: {},
});
const password = { username: "ann", password: "Secret-1!", flow: "USER_PASSWORD_AUTH" };

test("a service's error keeps its name, words and request id", async () => {
  const { endpoint, seen } = await serve(() => [400, { __type: "UsernameExistsException", message: "User already exists" }]);
  const auth = client(endpoint);
  await assert.rejects(auth.signUp({ username: "ann", password: "p", attributes: { email: "a@b.c" } }), {
    name: "UsernameExistsException",
    message: "User already exists",
    requestId: "r-1",
  });
  assert.equal(seen[0].target, "SignUp");
  assert.equal(seen[0].type, "application/x-amz-json-1.1");
  assert.deepEqual(JSON.parse(seen[0].body), {
    Username: "ann",
    Password: "p",
    UserAttributes: [{ Name: "email", Value: "a@b.c" }],
    ClientId: "c1",
  });
});

test("no answer is a NetworkError, a stranger's answer is not the service's", async () => {
  const cut = await serve(() => null);
  await rejects(client(cut.endpoint).resetPassword({ username: "ann" }), "NetworkError");
  const portal = await serve(() => [200, "<html>Welcome to our Wi-Fi</html>"]);
  await rejects(client(portal.endpoint).resetPassword({ username: "ann" }), "UnexpectedResponse");
  const unknown = await serve(() => [400, { __type: "BrandNewException" }]);
  await assert.rejects(client(unknown.endpoint).resetPassword({ username: "ann" }), { name: "UnknownServiceException", code: "BrandNewException" });
});

test("what is wrong with the settings is said by the first call", async () => {
  await rejects(createAuth({ userPoolId: "nonsense", clientId: "c" }).tokens(), "InvalidConfiguration");
  await rejects(client("http://id.example.com").tokens(), "InvalidConfiguration");
  await rejects(client("http://127.0.0.1:1").tokens(), "NotSignedIn");
});

test("SRP: A is sent, the password is not", async () => {
  const { endpoint, seen } = await serve(() => [400, { __type: "NotAuthorizedException", message: "Incorrect username or password." }]);
  const auth = client(endpoint);
  await auth.warmUp();
  await rejects(auth.signIn({ username: "ann", password: "Secret-1!" }), "NotAuthorizedException");
  const { AuthFlow, AuthParameters } = JSON.parse(seen[0].body);
  assert.equal(AuthFlow, "USER_SRP_AUTH");
  assert.match(AuthParameters.SRP_A, /^[0-9a-f]{700,768}$/);
  assert.ok(!seen[0].body.includes("Secret-1!"));
});

// Tokens that end at once (ExpiresIn 0) make every later call refresh.
test("tokens: one refresh for many callers", async () => {
  const { endpoint, seen } = await serve(({ target }, n) => [200, issued(n, target === "InitiateAuth" ? 0 : 3600)]);
  const auth = client(endpoint);
  const events = [];
  auth.onChange((event) => events.push(event.kind));
  const step = await auth.signIn(password);
  assert.equal(step.kind, "done");
  assert.equal(step.user.claims.email, "ann@example.com");
  const many = await Promise.all(Array.from({ length: 10 }, () => auth.tokens({ minValidity: 0 })));
  assert.equal(new Set(many.map((tokens) => tokens.accessToken)).size, 1);
  assert.equal(seen.filter(({ target }) => target === "GetTokensFromRefreshToken").length, 1);
  assert.ok(!("refreshToken" in many[0]));
  assert.deepEqual(events, ["signed-in", "refreshed"]);
});

test("a bad network signs nobody out; a refused refresh token does", async () => {
  let refresh = null;
  const { endpoint } = await serve(({ target }) => (target === "InitiateAuth" ? [200, issued(0, 0)] : refresh));
  const auth = client(endpoint);
  const events = [];
  auth.onChange((event) => events.push(event.reason ?? event.kind));
  await auth.signIn(password);
  await rejects(auth.tokens(), "NetworkError");
  refresh = [500, { __type: "InternalErrorException", message: "oops" }];
  await rejects(auth.tokens(), "InternalErrorException");
  refresh = [429, "slow down"];
  await rejects(auth.tokens(), "TooManyRequestsException");
  assert.equal((await auth.user()).username, "ann");
  refresh = [400, { __type: "NotAuthorizedException", message: "Refresh Token has been revoked" }];
  await rejects(auth.tokens(), "NotAuthorizedException");
  assert.equal(await auth.user(), null);
  await rejects(auth.tokens(), "NotSignedIn");
  assert.deepEqual(events, ["signed-in", "expired"]);
});

test("a store outlives the client; two clients of one store adopt each other's tokens", async () => {
  const { endpoint, seen } = await serve(({ target }, n) =>
    target === "RevokeToken" ? [200, {}] : [200, issued(n, target === "InitiateAuth" ? 0 : 3600)],
  );
  const map = new Map();
  const storage = { get: (key) => map.get(key), set: (key, value) => void map.set(key, value), remove: async (key) => void map.delete(key) };
  const [one, two] = [client(endpoint, { storage }), client(endpoint, { storage })];
  await one.signIn(password);
  assert.equal((await two.user()).username, "ann");
  const fresh = await one.tokens();
  assert.equal((await two.tokens()).accessToken, fresh.accessToken);
  assert.equal(seen.filter(({ target }) => target === "GetTokensFromRefreshToken").length, 1);
  await one.signOut();
  assert.equal(seen.at(-1).target, "RevokeToken");
  assert.equal(map.size, 0);
});

test("a store that fails is a StorageError", async () => {
  const storage = { get: () => { throw new Error("full"); }, set: () => {}, remove: () => {} };
  await rejects(client("http://127.0.0.1:1", { storage }).user(), "StorageError");
});

test("signing out offline still signs out", async () => {
  const { endpoint } = await serve(({ target }) => (target === "InitiateAuth" ? [200, issued(0)] : null));
  const auth = client(endpoint);
  await auth.signIn(password);
  await auth.signOut();
  assert.equal(await auth.user(), null);
});

test("fetch adds the bearer and tries a 401 once more with fresh tokens", async () => {
  const { endpoint } = await serve(({ target }, n) => [200, issued(n)]);
  const seen = [];
  const api = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(seen.length === 1 ? 401 : 200).end();
  });
  await new Promise((resolve) => api.listen(0, "127.0.0.1", resolve));
  opened.push(() => api.close());
  const auth = client(endpoint);
  await auth.signIn(password);
  const response = await auth.fetch(`http://127.0.0.1:${api.address().port}/`, { method: "POST", body: "x" });
  assert.equal(response.status, 200);
  assert.equal(seen.length, 2);
  assert.notEqual(seen[0], seen[1]);
});

test("redirect: the address carries PKCE; a foreign or repeated answer is refused", async () => {
  const { endpoint, seen } = await serve(() => [400, { error: "invalid_grant" }]);
  let left;
  const auth = client(endpoint, { redirectUri: "https://app.example/back", navigate: (url) => (left = new URL(url)) });
  await auth.signInWithRedirect({ provider: "Google", lang: "de" });
  assert.equal(left.pathname, "/oauth2/authorize");
  const asked = Object.fromEntries(left.searchParams);
  assert.equal(asked.identity_provider, "Google");
  assert.equal(asked.lang, "de");
  assert.equal(asked.code_challenge_method, "S256");
  assert.match(asked.code_challenge, /^[\w-]{43}$/);
  assert.equal(await auth.handleRedirect("https://app.example/back?page=2"), null);
  await rejects(auth.handleRedirect("https://app.example/back?code=x&state=forged"), "InvalidRedirect");
  const answer = `https://app.example/back?code=x&state=${asked.state}`;
  await assert.rejects(auth.handleRedirect(answer), { name: "OAuthError", code: "invalid_grant" });
  const form = new URLSearchParams(seen[0].body);
  assert.equal(form.get("grant_type"), "authorization_code");
  assert.match(form.get("code_verifier"), /^[\w-]{43}$/);
  await rejects(auth.handleRedirect(answer), "InvalidRedirect");
});

test("redirect: whose fault it was is in the error's name, and which provider's in its members", async () => {
  let left;
  const auth = client("http://127.0.0.1:1", { redirectUri: "https://app.example/back", navigate: (url) => (left = new URL(url).searchParams) });
  const back = async (options, answer) => {
    await auth.signInWithRedirect(options);
    return auth.handleRedirect(`https://app.example/back?${new URLSearchParams({ ...answer, state: left.get("state") })}`);
  };
  const google = { provider: "Google" };
  for (const [options, answer, told] of [
    [google, { error: "access_denied", error_description: "Google Error - 400 access_denied No" }, { name: "ProviderRefused", code: "access_denied", provider: "Google" }],
    [{}, { error: "invalid_request", error_description: "Acme Error - 401 invalid_client Bad secret" }, { name: "ProviderFailed", code: "invalid_client", provider: "Acme" }],
    [google, { error: "server_error", error_description: "Timeout occurred in calling IdP token endpoint" }, { name: "ProviderUnavailable", code: "server_error", provider: "Google" }],
    [{ idpIdentifier: "acme.example" }, { error: "invalid_scope" }, { name: "OAuthError", code: "invalid_scope", provider: undefined, message: "invalid_scope" }],
  ]) {
    await assert.rejects(back(options, answer), (error) => {
      assert.ok(isAuthError(error));
      for (const [member, value] of Object.entries(told)) assert.equal(error[member], value, `${member} of ${JSON.stringify(answer)}`);
      return true;
    });
  }
  assert.equal(left.get("idp_identifier"), "acme.example");
  auth.close();
});

test("redirect: the ID token's signature is held against the issuer's keys, under each algorithm", async () => {
  const b64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const pairs = {
    RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    EdDSA: generateKeyPairSync("ed25519"),
  };
  const how = { RS256: ["sha256", {}], ES256: ["sha256", { dsaEncoding: "ieee-p1363" }], EdDSA: [null, {}] };
  let idToken;
  const { endpoint } = await serve(({ url }) =>
    url.endsWith("jwks.json")
      ? [200, { keys: Object.entries(pairs).map(([alg, { publicKey }]) => ({ kid: alg, alg, use: "sig", ...publicKey.export({ format: "jwk" }) })) }]
      : [200, { access_token: jwt({ sub: "s1", username: "ann" }), id_token: idToken, refresh_token: "r", expires_in: 3600, token_type: "Bearer" }],
  );
  for (const [alg, { privateKey }] of Object.entries(pairs)) {
    for (const [fault, verdict] of [[undefined, "done"], ["claims", "InvalidIdToken"], ["signature", "InvalidIdToken"], ["nonce", "InvalidIdToken"]]) {
      let left;
      const auth = client(endpoint, { redirectUri: "https://app.example/back", navigate: (url) => (left = new URL(url).searchParams) });
      await auth.signInWithRedirect();
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: `${endpoint}/us-east-1_Test`, aud: "c1", token_use: "id", sub: "s1", iat: now, exp: now + 3600 };
      claims.nonce = fault === "nonce" ? "another" : left.get("nonce");
      const input = `${b64({ alg, kid: alg })}.${b64(claims)}`;
      const [hash, options] = how[alg];
      const signature = sign(hash, Buffer.from(input), { key: privateKey, ...options });
      if (fault === "signature") signature[9] ^= 1;
      const sent = fault === "claims" ? `${b64({ alg, kid: alg })}.${b64({ ...claims, sub: "s2" })}` : input;
      idToken = `${sent}.${signature.toString("base64url")}`;
      const outcome = auth.handleRedirect(`https://app.example/back?code=x&state=${left.get("state")}`);
      assert.equal(await outcome.then(({ kind }) => kind, ({ name }) => name), verdict, `${alg}, wrong ${fault}`);
    }
  }
});
