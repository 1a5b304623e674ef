// aws-jwt-verify: the generic verifier with our issuer, and Cognito's own checks of the claims. (Its
// CognitoJwtVerifier writes Amazon's address into the issuer, so it takes no other host's tokens.)

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AdminInitiateAuthCommand } from "@aws-sdk/client-cognito-identity-provider";
import { JwtVerifier } from "aws-jwt-verify";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import { JwtExpiredError, JwtInvalidSignatureError, KidNotFoundInJwksError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { PASSWORD, URL_, admin, makeSite, makeUser } from "./people.mjs";

// The library's own fetcher insists on TLS, which this server leaves to a proxy.
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };

let site;
let tokens;
before(async () => {
  site = await makeSite({ client: { ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] } });
  const name = await makeUser(site);
  const answer = await admin.send(
    new AdminInitiateAuthCommand({
      UserPoolId: site.id,
      ClientId: site.clientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: name, PASSWORD },
    }),
  );
  tokens = answer.AuthenticationResult;
});

const verifier = (changes = {}, fields = {}) =>
  JwtVerifier.create(
    {
      issuer: `${URL_}/${site.id}`,
      audience: null,
      customJwtCheck: ({ payload }) =>
        validateCognitoJwtFields(payload, { tokenUse: "access", clientId: site.clientId, ...fields }),
      ...changes,
    },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );

test("an access token", async () => {
  const payload = await verifier({}, { scope: "aws.cognito.signin.user.admin" }).verify(tokens.AccessToken);
  assert.equal(payload.client_id, site.clientId);
});

test("an ID token", async () => {
  const payload = await verifier({ audience: site.clientId }, { tokenUse: "id" }).verify(tokens.IdToken);
  assert.equal(payload.token_use, "id");
});

test("the keys are where the issuer says", async () => {
  const cold = verifier();
  await cold.hydrate();
  assert.equal(cold.verifySync(tokens.AccessToken).sub, cold.verifySync(tokens.AccessToken).sub);
});

test("what is not to be taken", async () => {
  await assert.rejects(verifier().verify(tokens.IdToken), /Token use not allowed/);
  await assert.rejects(verifier({}, { clientId: "another" }).verify(tokens.AccessToken), /Client ID not allowed/);
  await assert.rejects(verifier({}, { groups: "staff" }).verify(tokens.AccessToken));
  const other = await makeSite();
  const elsewhere = verifier({ issuer: `${URL_}/${other.id}` });
  await assert.rejects(elsewhere.verify(tokens.AccessToken), KidNotFoundInJwksError);
  const [header, body, signature] = tokens.AccessToken.split(".");
  const forged = JSON.parse(Buffer.from(body, "base64url"));
  forged.scope = "everything";
  const changed = Buffer.from(JSON.stringify(forged)).toString("base64url");
  await assert.rejects(verifier().verify(`${header}.${changed}.${signature}`), JwtInvalidSignatureError);
  // The verifier's clock a day on.
  const real = Date.now;
  try {
    Date.now = () => real() + 86_400_000;
    await assert.rejects(verifier().verify(tokens.AccessToken), JwtExpiredError);
  } finally {
    Date.now = real;
  }
});
