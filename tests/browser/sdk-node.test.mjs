// The packed SDK in Node against the server: every call of its surface, from sign-up to sign-out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Authenticator, Admin, OTHER_PASSWORD, PASSWORD, fresh, freshEmail, wrong } from "./support/admin.mjs";
import { Project } from "./support/sdk.mjs";

const admin = new Admin();
const app = { client: {} };
const opened = [];
let project;
let sdk;
before(async () => {
  project = await Project.make({ "import.mjs": 'export * from "@latchkey/sdk";' });
  sdk = await import(pathToFileURL(project.path("import.mjs")));
});
after(async () => {
  for (const auth of opened) auth.close();
  await project?.remove();
});

const BY_EMAIL = { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] };
const client = (site, more = {}) => {
  const auth = sdk.createAuth({ userPoolId: site.id, clientId: site.clientId, endpoint: admin.url, ...more });
  opened.push(auth);
  return auth;
};
const named = (name) => (error) => sdk.isAuthError(error) && error.name === name;

test("sign up, confirm, sign in, refresh, change and recover the password, sign out", async () => {
  const site = await admin.makeSite(app, { pool: BY_EMAIL });
  const auth = client(site);
  const events = [];
  auth.onChange((event) => events.push(event.reason ?? event.kind));
  const username = freshEmail();

  const signedUp = await auth.signUp({ username, password: PASSWORD, attributes: { email: username } });
  assert.equal(signedUp.confirmed, false);
  assert.equal(signedUp.deliveredTo.medium, "EMAIL");
  await assert.rejects(auth.signUp({ username, password: PASSWORD }), named("UsernameExistsException"));
  await assert.rejects(
    auth.confirmSignUp({ username, code: wrong(await admin.code(username)) }),
    named("CodeMismatchException"),
  );
  await auth.confirmSignUp({ username, code: await admin.code(username) });

  await assert.rejects(auth.signIn({ username, password: OTHER_PASSWORD }), named("NotAuthorizedException"));
  const step = await auth.signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "done");
  assert.equal(step.user.claims.email, username);
  assert.equal(step.user.sub, signedUp.sub);
  assert.equal((await auth.getUser()).attributes.email_verified, "true");

  const first = await auth.tokens();
  const second = await auth.tokens({ forceRefresh: true });
  assert.notEqual(first.accessToken, second.accessToken);
  assert.equal((await auth.tokens()).accessToken, second.accessToken);

  await assert.rejects(
    auth.changePassword({ oldPassword: OTHER_PASSWORD, newPassword: PASSWORD }),
    named("NotAuthorizedException"),
  );
  await auth.changePassword({ oldPassword: PASSWORD, newPassword: OTHER_PASSWORD });
  await auth.signOut();
  assert.equal(await auth.user(), null);
  await assert.rejects(auth.tokens(), named("NotSignedIn"));

  const reset = await auth.resetPassword({ username });
  assert.equal(reset.attribute, "email");
  await auth.confirmResetPassword({ username, code: await admin.code(username), password: PASSWORD });
  assert.equal((await auth.signIn({ username, password: PASSWORD })).kind, "done");
  await auth.signOut({ global: true });
  assert.deepEqual(events, ["signed-in", "refreshed", "signed-out", "signed-in", "signed-out"]);
});

test("an account that was never confirmed is confirmed on the way in", async () => {
  const site = await admin.makeSite(app, { pool: BY_EMAIL });
  const auth = client(site);
  const username = freshEmail();
  await auth.signUp({ username, password: PASSWORD, attributes: { email: username } });
  const step = await auth.signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "confirm-sign-up");
  await step.resend();
  const code = await admin.code(username);
  await assert.rejects(step.submit(wrong(code)), named("CodeMismatchException"));
  assert.equal((await step.submit(code)).kind, "done");
});

test("an authenticator is set up, and asked for at the next sign-in", async () => {
  const site = await admin.makeSite(app, { mfa: "OPTIONAL" });
  const username = await admin.makeUser(site);
  const auth = client(site);
  await auth.signIn({ username, password: PASSWORD });
  const setUp = await auth.setUpTotp();
  assert.equal(setUp.kind, "totp-setup");
  assert.equal(new URL(setUp.uri).searchParams.get("secret"), setUp.secret);
  const authenticator = new Authenticator(setUp.secret);
  const code = await authenticator.code();
  await assert.rejects(setUp.submit(wrong(code)), named("EnableSoftwareTokenMFAException"));
  assert.equal((await setUp.submit(code, "Phone")).kind, "done");
  assert.equal((await auth.getUser()).preferredMfa, "SOFTWARE_TOKEN_MFA");
  await auth.signOut();

  const step = await auth.signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "totp");
  const next = await authenticator.code();
  await assert.rejects(step.submit(wrong(next)), named("CodeMismatchException"));
  assert.equal((await step.submit(next)).kind, "done");
  await assert.rejects(step.submit(next), named("StepExpired"));
});

test("a pool that insists has an authenticator set up at the first sign-in", async () => {
  const site = await admin.makeSite(app, { mfa: "ON" });
  const username = await admin.makeUser(site);
  const auth = client(site);
  const step = await auth.signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "totp-setup");
  assert.equal((await step.submit(await new Authenticator(step.secret).code())).kind, "done");
});

test("a temporary password is replaced at the first sign-in", async () => {
  const site = await admin.makeSite(app);
  const { AdminCreateUserCommand, AdminResetUserPasswordCommand } = await import("@aws-sdk/client-cognito-identity-provider");
  const username = fresh();
  const email = freshEmail();
  await admin.api.send(
    new AdminCreateUserCommand({
      UserPoolId: site.id,
      Username: username,
      TemporaryPassword: PASSWORD,
      MessageAction: "SUPPRESS",
      UserAttributes: [{ Name: "email", Value: email }, { Name: "email_verified", Value: "true" }],
    }),
  );
  const auth = client(site);
  const step = await auth.signIn({ username, password: PASSWORD });
  assert.equal(step.kind, "new-password");
  await assert.rejects(step.submit("short"), named("InvalidPasswordException"));
  assert.equal((await step.submit(OTHER_PASSWORD)).kind, "done");
  await auth.signOut();

  await admin.api.send(new AdminResetUserPasswordCommand({ UserPoolId: site.id, Username: username }));
  const reset = await auth.signIn({ username, password: OTHER_PASSWORD });
  assert.equal(reset.kind, "reset-required");
  assert.equal((await reset.submit(await admin.code(email), PASSWORD)).kind, "done");
});

test("attributes change, and a new address is verified", async () => {
  const site = await admin.makeSite(app, { pool: { AutoVerifiedAttributes: ["email"] } });
  const username = await admin.makeUser(site);
  const auth = client(site);
  await auth.signIn({ username, password: PASSWORD });
  const email = freshEmail();
  const [sent] = await auth.updateAttributes({ email, name: "Ann" });
  assert.equal(sent.attribute, "email");
  await auth.verifyAttribute({ attribute: "email", code: await admin.code(email) });
  const { attributes } = await auth.getUser();
  assert.deepEqual([attributes.email, attributes.email_verified, attributes.name], [email, "true", "Ann"]);
  await auth.sendAttributeCode({ attribute: "email" });
});

test("a session ended elsewhere is signed out at the next refresh, and a device is remembered", async () => {
  const site = await admin.makeSite(app, {
    pool: { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false } },
    mfa: "OPTIONAL",
  });
  const username = await admin.makeUser(site);
  const map = new Map();
  const storage = { get: (key) => map.get(key), set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) };
  const auth = client(site, { storage });
  await auth.signIn({ username, password: PASSWORD });
  assert.ok([...map.keys()].some((key) => key.includes(".device.")), String([...map.keys()]));
  await auth.tokens({ forceRefresh: true });
  const { accessToken } = await auth.tokens();

  const setUp = await auth.setUpTotp();
  const authenticator = new Authenticator(setUp.secret);
  await setUp.submit(await authenticator.code());
  await auth.signOut();
  // The device stands in for the second factor.
  assert.equal((await auth.signIn({ username, password: PASSWORD })).kind, "done");
  assert.notEqual((await auth.tokens()).accessToken, accessToken);

  const events = [];
  auth.onChange((event) => events.push(event.reason ?? event.kind));
  const { AdminUserGlobalSignOutCommand } = await import("@aws-sdk/client-cognito-identity-provider");
  await admin.api.send(new AdminUserGlobalSignOutCommand({ UserPoolId: site.id, Username: username }));
  await assert.rejects(auth.tokens({ forceRefresh: true }), named("NotAuthorizedException"));
  assert.equal(await auth.user(), null);
  assert.deepEqual(events, ["expired"]);
});
