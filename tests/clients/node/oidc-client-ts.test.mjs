// oidc-client-ts: its UserManager as a single-page app has it; only the window is ours.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
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

/** A manager, and where it last sent the window. */
function makeManager() {
  const window = {};
  const navigator = {
    prepare: async () => ({
      navigate: async ({ url }) => {
        window.url = url;
        return { url };
      },
      close() {},
    }),
  };
  const settings = {
    authority: `${URL_}/${site.id}`,
    client_id: site.clientId,
    redirect_uri: REDIRECT,
    post_logout_redirect_uri: GOODBYE,
    scope: "openid email",
    loadUserInfo: true,
    automaticSilentRenew: false,
    stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  };
  return { manager: new UserManager(settings, navigator), window };
}

test("signs in, refreshes, revokes, signs out", async () => {
  const { manager, window } = makeManager();
  const browser = new Browser(REDIRECT);
  await manager.signinRedirect({ state: { page: "/deep" } });
  const answer = await browser.signIn(window.url, user, PASSWORD);
  const signedIn = await manager.signinRedirectCallback(answer.href);
  assert.deepEqual(signedIn.state, { page: "/deep" });
  assert.equal(signedIn.profile.email, email);
  assert.equal(signedIn.expired, false);

  const { access_token: before } = signedIn;
  const refreshed = await manager.signinSilent();
  assert.notEqual(refreshed.access_token, before);
  assert.equal(refreshed.profile.sub, signedIn.profile.sub);
  const { refresh_token } = refreshed;
  assert.ok(refresh_token);

  // It refuses an answer that is text/plain.
  await manager.revokeTokens(["refresh_token"]);
  const emptied = await manager.getUser();
  assert.ok(!emptied.refresh_token);
  await manager.storeUser(Object.assign(emptied, { refresh_token }));
  await assert.rejects(manager.signinSilent(), { error: "invalid_grant" });

  await manager.signoutRedirect({ state: "bye" });
  browser.expect(GOODBYE);
  const left = await browser.open(window.url);
  const { userState } = await manager.signoutRedirectCallback(left.href);
  assert.equal(userState, "bye");
  assert.equal(await manager.getUser(), null);
});

test("asks silently, and is told that a login is required", async () => {
  const { manager, window } = makeManager();
  await manager.signinRedirect({ prompt: "none" });
  const answer = await new Browser(REDIRECT).open(window.url);
  await assert.rejects(manager.signinRedirectCallback(answer.href), { error: "login_required" });
});
