// openid-client v6: code with PKCE through the hosted page, for a public and a confidential client.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { CreateResourceServerCommand, CreateUserPoolClientCommand } from "@aws-sdk/client-cognito-identity-provider";
import * as oidc from "openid-client";
import { Browser, CODE_GRANT, GOODBYE, REDIRECT } from "./hosted.mjs";
import { PASSWORD, URL_, admin, fresh, freshEmail, makeSite, makeUser } from "./people.mjs";

const discover = (site, authentication) =>
  oidc.discovery(new URL(`${URL_}/${site.id}`), site.clientId, site.secret, authentication, {
    execute: [oidc.allowInsecureRequests],
  });

const authentications = {
  "a public client": [false, () => oidc.None()],
  "a confidential client, by Basic": [true, (site) => oidc.ClientSecretBasic(site.secret)],
  "a confidential client, by POST": [true, (site) => oidc.ClientSecretPost(site.secret)],
};

for (const [name, [GenerateSecret, authentication]] of Object.entries(authentications)) {
  describe(name, () => {
    let site;
    let config;
    let email;
    let user;
    before(async () => {
      site = await makeSite({ client: { ...CODE_GRANT, GenerateSecret } });
      config = await discover(site, authentication(site));
      email = freshEmail();
      user = await makeUser(site, { email, email_verified: "true" });
    });

    async function authorize(browser = new Browser(REDIRECT)) {
      const checks = {
        pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
        expectedState: oidc.randomState(),
        expectedNonce: oidc.randomNonce(),
        idTokenExpected: true,
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: REDIRECT,
        scope: "openid email",
        code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
        code_challenge_method: "S256",
        state: checks.expectedState,
        nonce: checks.expectedNonce,
      });
      return { browser, checks, response: await browser.signIn(url, user, PASSWORD) };
    }

    test("signs in, asks who it is, refreshes, revokes", async () => {
      const { checks, response } = await authorize();
      const tokens = await oidc.authorizationCodeGrant(config, response, checks);
      const claims = tokens.claims();
      assert.equal(claims.email, email);
      assert.equal(claims.iss, `${URL_}/${site.id}`);
      const about = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(about.email, email);
      const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
      assert.equal(refreshed.claims().sub, claims.sub);
      await oidc.tokenRevocation(config, tokens.refresh_token);
      await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: "invalid_grant" });
      await assert.rejects(oidc.fetchUserInfo(config, refreshed.access_token, claims.sub));
    });

    test("cannot use a code twice, nor with another verifier", async () => {
      const { checks, response } = await authorize();
      await oidc.authorizationCodeGrant(config, response, checks);
      await assert.rejects(oidc.authorizationCodeGrant(config, response, checks), { error: "invalid_grant" });
      const other = await authorize();
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      await assert.rejects(
        oidc.authorizationCodeGrant(config, other.response, { ...other.checks, pkceCodeVerifier }),
        { error: "invalid_grant" },
      );
    });

    test("takes no answer of another issuer", async () => {
      const { checks, response } = await authorize();
      response.searchParams.set("iss", `${URL_}/us-east-1_Another01`);
      await assert.rejects(oidc.authorizationCodeGrant(config, response, checks));
    });

    test("signs out, and comes back by POST logout URL", async () => {
      const { browser, checks, response } = await authorize();
      const tokens = await oidc.authorizationCodeGrant(config, response, checks);
      const url = oidc.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: GOODBYE,
        state: "farewell",
      });
      browser.expect(GOODBYE);
      const left = await browser.open(url);
      assert.equal(left.searchParams.get("state"), "farewell");
    });
  });
}

test("a machine gets its scopes", async () => {
  const pool = await makeSite();
  await admin.send(
    new CreateResourceServerCommand({
      UserPoolId: pool.id,
      Identifier: "things",
      Name: "things",
      Scopes: ["read", "write"].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
    }),
  );
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId: pool.id,
      ClientName: fresh("machine"),
      GenerateSecret: true,
      AllowedOAuthFlows: ["client_credentials"],
      AllowedOAuthScopes: ["things/read", "things/write"],
      AllowedOAuthFlowsUserPoolClient: true,
    }),
  );
  const site = { id: pool.id, clientId: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
  const config = await discover(site, oidc.ClientSecretBasic(site.secret));
  const tokens = await oidc.clientCredentialsGrant(config, { scope: "things/read" });
  const claims = JSON.parse(Buffer.from(tokens.access_token.split(".")[1], "base64url"));
  assert.equal(claims.scope, "things/read");
  assert.equal(claims.sub, site.clientId);
  assert.equal(tokens.refresh_token, undefined);
  await assert.rejects(oidc.clientCredentialsGrant(config, { scope: "things/fly" }), { error: "invalid_scope" });
  const guess = await discover(site, oidc.ClientSecretBasic("guess"));
  // RFC 6749 §5.2: 401 with a challenge.
  await assert.rejects(oidc.clientCredentialsGrant(guess, {}), (error) => error.status === 401 || error.cause);
});
