// oidc-client-ts: what a single-page app does, without its window.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { InMemoryWebStorage, OidcClient, RefreshState, WebStorageStateStore } from "oidc-client-ts";
import { Browser, CODE_GRANT, GOODBYE, REDIRECT } from "./hosted.mjs";
import { PASSWORD, URL_, freshEmail, makeSite, makeUser } from "./people.mjs";

let site;
let email;
let user;
before(async () => {
  site = await makeSite({ client: CODE_GRANT });
  email = freshEmail();
  user = await makeUser(site, { email, email_verified: "true" });
});

const makeClient = () =>
  new OidcClient({
    authority: `${URL_}/${site.id}`,
    client_id: site.clientId,
    redirect_uri: REDIRECT,
    post_logout_redirect_uri: GOODBYE,
    scope: "openid email",
    loadUserInfo: true,
    stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  });

test("signs in, refreshes, revokes, signs out", async () => {
  const client = makeClient();
  const browser = new Browser(REDIRECT);
  const request = await client.createSigninRequest({ state: { page: "/deep" } });
  const answer = await browser.signIn(request.url, user, PASSWORD);
  const signedIn = await client.processSigninResponse(answer.href);
  assert.deepEqual(signedIn.userState, { page: "/deep" });
  assert.equal(signedIn.profile.email, email);
  assert.ok(signedIn.refresh_token);

  const state = new RefreshState(signedIn);
  const refreshed = await client.useRefreshToken({ state });
  assert.notEqual(refreshed.access_token, signedIn.access_token);

  // It refuses an answer that is text/plain.
  await client.revokeToken(signedIn.refresh_token, "refresh_token");
  await assert.rejects(client.useRefreshToken({ state }), { error: "invalid_grant" });

  const farewell = await client.createSignoutRequest({ id_token_hint: signedIn.id_token, state: "bye" });
  browser.expect(GOODBYE);
  const left = await browser.open(farewell.url);
  const { userState } = await client.processSignoutResponse(left.href);
  assert.equal(userState, "bye");
});

test("asks silently, and is told that a login is required", async () => {
  const client = makeClient();
  const request = await client.createSigninRequest({ prompt: "none" });
  const answer = await new Browser(REDIRECT).open(request.url);
  await assert.rejects(client.processSigninResponse(answer.href), { error: "login_required" });
});
