// amazon-cognito-identity-js: SRP from sign-up to sign-out, authenticator, remembered device, new and
// forgotten passwords. Nothing is changed but where it calls.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  AdminGetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import cognito from "amazon-cognito-identity-js";
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
} from "./people.mjs";

const { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } = cognito;

/** One browser's localStorage. */
class Storage {
  #items = new Map();
  setItem(key, value) {
    this.#items.set(key, String(value));
  }
  getItem(key) {
    return this.#items.get(key) ?? null;
  }
  removeItem(key) {
    this.#items.delete(key);
  }
  clear() {
    this.#items.clear();
  }
}

const poolOf = (site, storage) =>
  new CognitoUserPool({ UserPoolId: site.id, ClientId: site.clientId, endpoint: URL_, Storage: storage });

const userOf = (site, name, storage = new Storage()) =>
  new CognitoUser({ Username: name, Pool: poolOf(site, storage), Storage: storage });

/** Calls a method that takes (…, callback(error, result)). */
const call = (user, method, ...values) =>
  new Promise((resolve, reject) => {
    user[method](...values, (error, result) => (error ? reject(error) : resolve(result)));
  });

/** Calls a method that takes a callback for each outcome, after its other arguments; tells which was called,
 * and with what. */
const step = (user, method, ...values) => outcome((callbacks) => user[method](...values, callbacks));

/** Answers with a code of the authenticator app. */
const sendCode = (user, code) =>
  outcome((callbacks) => user.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"));

const outcome = (begin) =>
  new Promise((resolve, reject) => {
    const to = (kind) => (...values) => resolve({ kind, values });
    begin({
      onSuccess: to("done"),
      onFailure: reject,
      newPasswordRequired: to("newPassword"),
      totpRequired: to("totp"),
      mfaRequired: to("sms"),
      mfaSetup: to("setup"),
      selectMFAType: to("select"),
      associateSecretCode: to("secret"),
      inputVerificationCode: to("code"),
    });
  });

const signIn = (user, password = PASSWORD) =>
  step(
    user,
    "authenticateUser",
    new AuthenticationDetails({ Username: user.getUsername(), Password: password }),
  );

let site;
before(async () => {
  site = await makeSite({ pool: { AutoVerifiedAttributes: ["email"] }, mfa: "OPTIONAL" });
});

test("from sign-up to sign-out", async () => {
  const name = fresh();
  const email = freshEmail();
  const storage = new Storage();
  const pool = poolOf(site, storage);
  const attributes = [new CognitoUserAttribute({ Name: "email", Value: email })];
  const signedUp = await new Promise((resolve, reject) => {
    pool.signUp(name, PASSWORD, attributes, [], (error, result) => (error ? reject(error) : resolve(result)));
  });
  assert.equal(signedUp.userConfirmed, false);
  const user = userOf(site, name, storage);
  await assert.rejects(signIn(user), { code: "UserNotConfirmedException", message: "User is not confirmed." });
  const first = await codeSentTo(email);
  await assert.rejects(call(user, "confirmRegistration", wrong(first), false), { code: "CodeMismatchException" });
  await call(user, "resendConfirmationCode");
  assert.equal(await call(user, "confirmRegistration", await codeSentTo(email), false), "SUCCESS");

  await assert.rejects(signIn(user, OTHER_PASSWORD), {
    code: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
  const { kind, values } = await signIn(user);
  assert.equal(kind, "done");
  const session = values[0];
  assert.ok(session.isValid());
  assert.equal(session.getIdToken().payload.email, email);

  const read = await call(user, "getUserAttributes");
  assert.equal(read.find((attribute) => attribute.getName() === "email_verified").getValue(), "true");
  await call(user, "updateAttributes", [new CognitoUserAttribute({ Name: "name", Value: "Ada" })]);
  await call(user, "deleteAttributes", ["name"]);
  assert.equal((await step(user, "getAttributeVerificationCode", "email")).kind, "code");
  await step(user, "verifyAttribute", "email", await codeSentTo(email));
  await call(user, "changePassword", PASSWORD, OTHER_PASSWORD);

  // A page loaded anew finds the session in storage, and refreshes it.
  const again = poolOf(site, storage).getCurrentUser();
  assert.equal(again.getUsername(), name);
  const found = await call(again, "getSession");
  const refreshed = await call(again, "refreshSession", found.getRefreshToken());
  assert.notEqual(refreshed.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());

  await new Promise((resolve, reject) => again.signOut((error) => (error ? reject(error) : resolve())));
  assert.equal(poolOf(site, storage).getCurrentUser(), null);
  const stale = userOf(site, name);
  stale.setSignInUserSession(refreshed);
  await assert.rejects(call(stale, "getUserAttributes"), { message: "Access Token has been revoked" });
});

test("everywhere at once: global sign-out", async () => {
  const name = await makeUser(site);
  const [here, there] = [userOf(site, name), userOf(site, name)];
  await signIn(here);
  await signIn(there);
  assert.equal((await step(here, "globalSignOut")).kind, "done");
  await assert.rejects(call(there, "getUserAttributes"), { message: "Access Token has been revoked" });
});

test("an authenticator app", async () => {
  const name = await makeUser(site);
  const user = userOf(site, name);
  await signIn(user);
  const { values } = await step(user, "associateSoftwareToken");
  const app = new Authenticator(values[0]);
  const code = await app.code();
  await assert.rejects(step(user, "verifySoftwareToken", wrong(code), "phone"));
  await step(user, "verifySoftwareToken", code, "phone");
  await call(user, "setUserMfaPreference", null, { PreferredMfa: true, Enabled: true });
  const data = await call(user, "getUserData");
  assert.deepEqual(data.UserMFASettingList, ["SOFTWARE_TOKEN_MFA"]);

  const later = userOf(site, name);
  const asked = await signIn(later);
  assert.equal(asked.kind, "totp");
  const next = await app.code();
  await assert.rejects(sendCode(later, wrong(next)), { code: "CodeMismatchException" });
  assert.equal((await sendCode(later, next)).kind, "done");
});

test("an authenticator app that the pool demands", async () => {
  const demanding = await makeSite({ mfa: "ON" });
  const name = await makeUser(demanding);
  const user = userOf(demanding, name);
  assert.equal((await signIn(user)).kind, "setup");
  const { values } = await step(user, "associateSoftwareToken");
  const app = new Authenticator(values[0]);
  const { kind, values: done } = await step(user, "verifySoftwareToken", await app.code(), "phone");
  assert.equal(kind, "done");
  assert.ok(done[0].isValid());
  const later = userOf(demanding, name);
  assert.equal((await signIn(later)).kind, "totp");
  assert.equal((await sendCode(later, await app.code())).kind, "done");
});

test("a remembered device takes the place of the authenticator", async () => {
  const tracking = await makeSite({
    pool: {
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
    },
    mfa: "OPTIONAL",
  });
  const name = await makeUser(tracking);
  const storage = new Storage();
  const user = userOf(tracking, name, storage);
  // The library confirms the device itself, and says that the user has to be asked.
  const { kind, values } = await signIn(user);
  assert.equal(kind, "done");
  assert.equal(values[1], true);
  await step(user, "setDeviceStatusRemembered");
  const { values: secret } = await step(user, "associateSoftwareToken");
  const app = new Authenticator(secret[0]);
  await step(user, "verifySoftwareToken", await app.code(), "phone");
  await call(user, "setUserMfaPreference", null, { PreferredMfa: true, Enabled: true });

  assert.equal((await signIn(userOf(tracking, name, storage))).kind, "done");
  assert.equal((await signIn(userOf(tracking, name))).kind, "totp");

  const again = userOf(tracking, name, storage);
  await signIn(again);
  const device = await step(again, "getDevice");
  const key = device.values[0].Device.DeviceKey;
  assert.ok(key.startsWith("us-east-1_"));
  // The refresh token of this session belongs to the device.
  const refreshed = await call(again, "refreshSession", again.getSignInUserSession().getRefreshToken());
  assert.ok(refreshed.isValid());

  // Forgotten on the server: the library drops the key and goes on with the same proof.
  await admin.send(new AdminForgetDeviceCommand({ UserPoolId: tracking.id, Username: name, DeviceKey: key }));
  const forgotten = userOf(tracking, name, storage);
  assert.equal((await signIn(forgotten)).kind, "totp");
  assert.equal((await sendCode(forgotten, await app.code())).kind, "done");
});

test("a temporary password is replaced", async () => {
  const Username = fresh();
  const key = { UserPoolId: site.id, Username };
  await admin.send(
    new AdminCreateUserCommand({ ...key, TemporaryPassword: PASSWORD, MessageAction: "SUPPRESS" }),
  );
  const user = userOf(site, Username);
  const { kind, values } = await signIn(user);
  assert.equal(kind, "newPassword");
  assert.deepEqual(values[1], []);
  const done = await step(user, "completeNewPasswordChallenge", OTHER_PASSWORD, { nickname: "A" });
  assert.equal(done.kind, "done");
  const read = await admin.send(new AdminGetUserCommand(key));
  assert.equal(read.UserStatus, "CONFIRMED");
  assert.equal(read.UserAttributes.find(({ Name }) => Name === "nickname").Value, "A");
});

test("a forgotten password is replaced", async () => {
  const email = freshEmail();
  const name = await makeUser(site, { email, email_verified: "true" });
  const user = userOf(site, name);
  const { kind, values } = await step(user, "forgotPassword");
  assert.equal(kind, "code");
  assert.equal(values[0].CodeDeliveryDetails.DeliveryMedium, "EMAIL");
  assert.equal((await step(user, "confirmPassword", await codeSentTo(email), OTHER_PASSWORD)).kind, "done");
  assert.equal((await signIn(user, OTHER_PASSWORD)).kind, "done");
});

test("who deletes themselves is gone", async () => {
  const user = userOf(site, await makeUser(site));
  await signIn(user);
  assert.equal(await call(user, "deleteUser"), "SUCCESS");
  await assert.rejects(signIn(user), { code: "UserNotFoundException" });
});

test("an email address as the username, in any case, with a device", async () => {
  const pool = {
    UsernameAttributes: ["email"],
    UsernameConfiguration: { CaseSensitive: false },
    AutoVerifiedAttributes: ["email"],
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
  };
  const tracking = await makeSite({ pool, mfa: "OPTIONAL" });
  const email = freshEmail();
  const storage = new Storage();
  const signedUp = await new Promise((resolve, reject) => {
    poolOf(tracking, storage).signUp(email, PASSWORD, [], [], (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  const user = userOf(tracking, email, storage);
  await call(user, "confirmRegistration", await codeSentTo(email), false);
  const { values } = await signIn(user);
  assert.equal(values[0].getIdToken().payload["cognito:username"], signedUp.userSub);
  const { values: secret } = await step(user, "associateSoftwareToken");
  const app = new Authenticator(secret[0]);
  await step(user, "verifySoftwareToken", await app.code(), "phone");
  await call(user, "setUserMfaPreference", null, { PreferredMfa: true, Enabled: true });
  // The library knows its device by the internal name, which a page loaded anew finds in storage.
  const again = poolOf(tracking, storage).getCurrentUser();
  assert.equal(again.getUsername(), signedUp.userSub);
  assert.equal((await signIn(again)).kind, "done");
  const elsewhere = userOf(tracking, email.toUpperCase());
  assert.equal((await signIn(elsewhere)).kind, "totp");
  assert.equal((await sendCode(elsewhere, await app.code())).kind, "done");
});

test("names and passwords in other scripts", async () => {
  const name = fresh("あだ-Ünï-👩");
  const password = "Пароль-Aa1 от 👩‍💻";
  const user = userOf(site, name);
  await new Promise((resolve, reject) => {
    poolOf(site, new Storage()).signUp(name, password, [], [], (error) => (error ? reject(error) : resolve()));
  });
  await admin.send(new AdminConfirmSignUpCommand({ UserPoolId: site.id, Username: name }));
  assert.equal((await signIn(user, password)).kind, "done");
});

test("the plain flow", async () => {
  const plain = await makeSite({ client: { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] } });
  const user = userOf(plain, await makeUser(plain));
  user.setAuthenticationFlowType("USER_PASSWORD_AUTH");
  assert.equal((await signIn(user)).kind, "done");
  await assert.rejects(signIn(userOf(plain, user.getUsername())), { code: "InvalidParameterException" });
});
