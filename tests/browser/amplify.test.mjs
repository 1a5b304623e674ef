// aws-amplify v6 in Chromium, on a page of another origin; nothing is changed but its endpoint.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { build } from "esbuild";
import {
  Authenticator,
  OTHER_PASSWORD,
  PASSWORD,
  URL_,
  admin,
  codeSentTo,
  fresh,
  freshEmail,
  makeSite,
  makeUser,
  wrong,
} from "../clients/node/people.mjs";
import { launch, open as openWindow } from "./support/chromium.mjs";

let browser;
let server;
let site;
before(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("amplify.page.mjs", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "error",
  });
  const bundle = outputFiles[0].contents;
  server = createServer((request, response) => {
    const isScript = request.url === "/page.mjs";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? bundle : '<!doctype html><script type="module" src="/page.mjs"></script>');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await launch();
  site = await makeSite({ pool: { AutoVerifiedAttributes: ["email"] }, mfa: "OPTIONAL" });
});
after(async () => {
  await browser?.close();
  server?.close();
});

let page;
let targets;
let wrongs;
beforeEach(() => {
  targets = [];
  wrongs = [];
});
afterEach(async () => {
  await page?.context().close();
  page = undefined;
  // Amplify says that about every endpoint that is not Amazon's.
  const expected = /You are using a custom Amazon .* endpoint/;
  assert.deepEqual(wrongs.filter((wrong) => !expected.test(wrong)), []);
});

/** Opens the app in a browser of its own. */
async function open(where = site) {
  ({ page, wrongs } = await openWindow(browser));
  page.on("request", (request) => {
    const target = request.headers()["x-amz-target"];
    if (target) targets.push(target.split(".")[1]);
  });
  await load(where);
}

async function load(where) {
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.waitForFunction(() => "configure" in globalThis);
  await page.evaluate((settings) => globalThis.configure(settings), {
    userPoolId: where.id,
    userPoolClientId: where.clientId,
    userPoolEndpoint: URL_,
  });
}

const attempt = (name, input) => page.evaluate(({ name, input }) => globalThis.call(name, input), { name, input });

async function call(name, input) {
  const { answer, error } = await attempt(name, input);
  assert.equal(error, undefined, `${name}: ${error?.name}: ${error?.message}`);
  return answer;
}

async function refused(name, input, expected, message) {
  const { error } = await attempt(name, input);
  assert.equal(error?.name, expected, `${name}: ${JSON.stringify(error)}`);
  if (message) assert.equal(error.message, message);
}

const step = (answer) => answer.nextStep.signInStep ?? answer.nextStep.signUpStep ?? answer.nextStep.resetPasswordStep;
const signIn = (username, password = PASSWORD) => call("signIn", { username, password });

test("from sign-up to sign-out", async () => {
  await open();
  const username = fresh();
  const email = freshEmail();
  const options = { userAttributes: { email } };
  assert.equal(step(await call("signUp", { username, password: PASSWORD, options })), "CONFIRM_SIGN_UP");
  assert.equal(step(await signIn(username)), "CONFIRM_SIGN_UP");
  const first = await codeSentTo(email);
  await refused("confirmSignUp", { username, confirmationCode: wrong(first) }, "CodeMismatchException");
  await call("resendSignUpCode", { username });
  const confirmationCode = await codeSentTo(email);
  assert.equal(step(await call("confirmSignUp", { username, confirmationCode })), "DONE");
  await refused(
    "signIn",
    { username, password: OTHER_PASSWORD },
    "NotAuthorizedException",
    "Incorrect username or password.",
  );
  assert.equal(step(await signIn(username)), "DONE");
  assert.ok(targets.includes("InitiateAuth") && targets.includes("RespondToAuthChallenge"), "not by SRP");

  // The session outlives the page.
  await load(site);
  assert.equal((await call("getCurrentUser")).username, username);
  assert.equal((await call("fetchUserAttributes")).email_verified, "true");
  await call("updateUserAttributes", { userAttributes: { name: "Ada" } });
  assert.equal((await call("fetchUserAttributes")).name, "Ada");
  await call("updatePassword", { oldPassword: PASSWORD, newPassword: OTHER_PASSWORD });
  await call("signOut");
  assert.ok(targets.includes("RevokeToken"));
  await refused("getCurrentUser", undefined, "UserUnAuthenticatedException");

  assert.equal(step(await call("resetPassword", { username })), "CONFIRM_RESET_PASSWORD_WITH_CODE");
  const reset = { username, newPassword: PASSWORD, confirmationCode: await codeSentTo(email) };
  await call("confirmResetPassword", reset);
  assert.equal(step(await signIn(username)), "DONE");
  await call("signOut", { global: true });
  assert.ok(targets.includes("GlobalSignOut"));
});

test("tokens are refreshed by GetTokensFromRefreshToken, which may rotate them", async () => {
  const rotating = await makeSite({
    client: {
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
    },
  });
  const username = await makeUser(rotating);
  await open(rotating);
  await signIn(username);
  const texts = new Set();
  for (let round = 0; round < 3; round += 1) {
    const { tokens } = await call("fetchAuthSession", { forceRefresh: true });
    texts.add(tokens.accessToken.text);
    assert.equal(tokens.accessToken.payload.username, username);
  }
  assert.equal(texts.size, 3);
  assert.equal(targets.filter((target) => target === "GetTokensFromRefreshToken").length, 3);
});

test("an authenticator app", async () => {
  const username = await makeUser(site);
  await open();
  await signIn(username);
  const { sharedSecret } = await call("setUpTOTP");
  const app = new Authenticator(sharedSecret);
  const code = await app.code();
  await refused("verifyTOTPSetup", { code: wrong(code) }, "EnableSoftwareTokenMFAException");
  await call("verifyTOTPSetup", { code });
  await call("updateMFAPreference", { totp: "PREFERRED" });
  assert.deepEqual(await call("fetchMFAPreference"), { enabled: ["TOTP"], preferred: "TOTP" });
  await call("signOut");
  assert.equal(step(await signIn(username)), "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  const challengeResponse = await app.code();
  await refused("confirmSignIn", { challengeResponse: wrong(challengeResponse) }, "CodeMismatchException");
  assert.equal(step(await call("confirmSignIn", { challengeResponse })), "DONE");
});

test("an authenticator app that the pool demands", async () => {
  const demanding = await makeSite({ mfa: "ON" });
  const username = await makeUser(demanding);
  await open(demanding);
  const asked = await signIn(username);
  assert.equal(step(asked), "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
  const app = new Authenticator(asked.nextStep.totpSetupDetails.sharedSecret);
  assert.equal(step(await call("confirmSignIn", { challengeResponse: await app.code() })), "DONE");
  await call("signOut");
  assert.equal(step(await signIn(username)), "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  assert.equal(step(await call("confirmSignIn", { challengeResponse: await app.code() })), "DONE");
});

test("a remembered device takes the place of the authenticator", async () => {
  const tracking = await makeSite({
    pool: {
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
    },
    mfa: "OPTIONAL",
  });
  const username = await makeUser(tracking);
  await open(tracking);
  await signIn(username);
  assert.ok(targets.includes("ConfirmDevice"));
  await call("rememberDevice");
  const devices = await call("fetchDevices");
  assert.equal(devices.length, 1);
  const { sharedSecret } = await call("setUpTOTP");
  const app = new Authenticator(sharedSecret);
  await call("verifyTOTPSetup", { code: await app.code() });
  await call("updateMFAPreference", { totp: "PREFERRED" });
  // The refresh names the device.
  assert.ok((await call("fetchAuthSession", { forceRefresh: true })).tokens.accessToken.text);
  await call("signOut");
  assert.equal(step(await signIn(username)), "DONE");
  await call("forgetDevice");
  await call("signOut");
  assert.equal(step(await signIn(username)), "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  assert.equal(step(await call("confirmSignIn", { challengeResponse: await app.code() })), "DONE");
});

test("a temporary password is replaced, by SRP and by the plain flow", async () => {
  await admin.send(
    new UpdateUserPoolClientCommand({
      UserPoolId: site.id,
      ClientId: site.clientId,
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }),
  );
  await open();
  for (const authFlowType of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    const key = { UserPoolId: site.id, Username: fresh() };
    await admin.send(
      new AdminCreateUserCommand({ ...key, TemporaryPassword: PASSWORD, MessageAction: "SUPPRESS" }),
    );
    const started = await call("signIn", { username: key.Username, password: PASSWORD, options: { authFlowType } });
    assert.equal(step(started), "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED");
    assert.equal(step(await call("confirmSignIn", { challengeResponse: OTHER_PASSWORD })), "DONE");
    assert.equal((await admin.send(new AdminGetUserCommand(key))).UserStatus, "CONFIRMED");
    await call("signOut");
  }
});
