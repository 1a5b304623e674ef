// @aws-sdk/client-cognito-identity-provider: pools, people, typed errors, pages.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  DescribeUserPoolCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersInGroupCommand,
  NotAuthorizedException,
  RevokeTokenCommand,
  SignUpCommand,
  UserNotConfirmedException,
  UserNotFoundException,
  paginateListUsers,
} from "@aws-sdk/client-cognito-identity-provider";
import { PASSWORD, REGION, URL_, admin, codeSentTo, fresh, freshEmail, makeSite, makeUser, pairs } from "./people.mjs";

let site;
// As an app has it: no credentials anywhere.
const app = new CognitoIdentityProviderClient({ region: REGION, endpoint: URL_, maxAttempts: 1 });

before(async () => {
  site = await makeSite({
    pool: { AutoVerifiedAttributes: ["email"] },
    client: { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
  });
});

const signIn = (Username, Password = PASSWORD) =>
  app.send(
    new InitiateAuthCommand({
      ClientId: site.clientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );

test("a person signs up, confirms, signs in, refreshes and signs out", async () => {
  const Username = fresh();
  const email = freshEmail();
  const ClientId = site.clientId;
  const signedUp = await app.send(
    new SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes: pairs({ email }) }),
  );
  assert.equal(signedUp.CodeDeliveryDetails.DeliveryMedium, "EMAIL");
  await assert.rejects(signIn(Username), UserNotConfirmedException);
  await app.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: await codeSentTo(email) }));
  const { AuthenticationResult: tokens, $metadata } = await signIn(Username);
  assert.match($metadata.requestId, /^[0-9a-f-]{36}$/);
  const me = await app.send(new GetUserCommand({ AccessToken: tokens.AccessToken }));
  assert.equal(me.Username, Username);
  const refreshed = await app.send(
    new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: tokens.RefreshToken }),
  );
  assert.ok(refreshed.AuthenticationResult.AccessToken);
  await app.send(new RevokeTokenCommand({ ClientId, Token: tokens.RefreshToken }));
  await assert.rejects(
    app.send(new GetUserCommand({ AccessToken: refreshed.AuthenticationResult.AccessToken })),
    (error) => error instanceof NotAuthorizedException && error.message === "Access Token has been revoked",
  );
});

test("timestamps are dates", async () => {
  const { UserPool } = await admin.send(new DescribeUserPoolCommand({ UserPoolId: site.id }));
  assert.ok(UserPool.CreationDate instanceof Date);
  assert.ok(Math.abs(Date.now() - UserPool.CreationDate) < 600_000);
});

test("errors are instances of their classes", async () => {
  await assert.rejects(
    admin.send(new AdminGetUserCommand({ UserPoolId: site.id, Username: fresh() })),
    (error) => error instanceof UserNotFoundException && error.message === "User does not exist.",
  );
  const name = await makeUser(site);
  await assert.rejects(signIn(name, "Wrong-Password-1"), NotAuthorizedException);
  await assert.rejects(
    admin.send(new ListUsersInGroupCommand({ UserPoolId: site.id, GroupName: fresh() })),
    { name: "ResourceNotFoundException" },
  );
  await assert.rejects(app.send(new AdminGetUserCommand({ UserPoolId: site.id, Username: name })));
});

test("the paginator walks all pages", async () => {
  const crowd = await makeSite();
  const names = [];
  for (let count = 0; count < 5; count += 1) names.push(await makeUser(crowd));
  const seen = [];
  for await (const page of paginateListUsers({ client: admin, pageSize: 2 }, { UserPoolId: crowd.id })) {
    seen.push(...page.Users.map((user) => user.Username));
  }
  assert.deepEqual(seen.sort(), names.sort());
});
