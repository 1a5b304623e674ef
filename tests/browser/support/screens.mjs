// Every hosted screen, reached live, in any language.

import { AdminCreateUserCommand, AdminSetUserMFAPreferenceCommand } from "@aws-sdk/client-cognito-identity-provider";
import { Authenticator, OTHER_PASSWORD, PASSWORD, fresh, freshEmail, pairs, wrong } from "./admin.mjs";
import { Person } from "./person.mjs";

const required = (...names) => names.map((Name) => ({ Name, Required: true, Mutable: true }));
const ADMIN_SIGN_IN = { ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] };

/** The pools that have all the screens between them, and people in them who meet them. */
export async function makeScenery(admin, app) {
  const [newcomers, choosers, invited] = await Promise.all([
    admin.makeSite(app, {
      pool: {
        UsernameAttributes: ["email"],
        AutoVerifiedAttributes: ["email"],
        Schema: required("given_name", "phone_number", "birthdate"),
      },
      mfa: "ON",
    }),
    admin.makeSite(app, {
      pool: {
        AliasAttributes: ["email"],
        AutoVerifiedAttributes: ["email"],
        // The address that recovers an account cannot be its second factor.
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] },
      },
      client: ADMIN_SIGN_IN,
      mfa: "OPTIONAL",
      email: true,
    }),
    admin.makeSite(app, { pool: { Schema: required("name") } }),
  ]);
  const chooserEmail = freshEmail();
  const chooser = await admin.makeUser(choosers, { attributes: { email: chooserEmail, email_verified: "true" } });
  await admin.enrol(choosers, chooser);
  const both = { SoftwareTokenMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } };
  await admin.api.send(
    new AdminSetUserMFAPreferenceCommand({ UserPoolId: choosers.id, Username: chooser, ...both }),
  );
  return { admin, app, newcomers, choosers, chooser, chooserEmail, invited };
}

/** Walks through all screens in one window and stops at each: `look(name, page)`. Scripts must be on. */
export async function walk(scenery, page, lang, look) {
  const { admin, app, newcomers, choosers, chooser, chooserEmail, invited } = scenery;
  const ready = async () => {
    await page.waitForLoadState("load");
    await page.locator("html[data-scripts=ready], html:not([data-scripts])").waitFor();
  };
  const stop = async (name) => {
    await ready();
    await look(name, page);
  };
  const begin = async (site) => {
    app.belongsTo(site);
    await page.context().clearCookies();
    await page.goto(app.authorizeUrl({ lang }));
    await ready();
  };
  const person = new Person(page, true);
  const type = (fields) => person.types(fields);
  const submit = () => person.presses();
  /** To the page at this path, or back to the same one with problems. */
  const on = async (path) => {
    await page.waitForURL((url) => url.pathname === path);
    await ready();
  };
  const refused = () => page.locator("#problems, .form > .alert[data-on]").waitFor();

  await begin(newcomers);
  await stop("sign-in");
  await page.locator(".on a").last().click();
  await on("/signup");
  await stop("sign-up");
  const email = freshEmail();
  await type({ username: email, given_name: "Ada", phone_number: "0123", birthdate: "1985-12-10", password: "no good password" });
  await submit();
  await refused();
  await stop("sign-up-refused");
  await type({ phone_number: "+442079460018", password: PASSWORD });
  await submit();
  await on("/confirm");
  await stop("confirm");
  const code = await admin.code(email);
  await type({ code: wrong(code) });
  await refused();
  await stop("confirm-refused");
  await type({ code });
  await on("/mfa/setup");
  await stop("totp-setup");
  const authenticator = new Authenticator((await page.locator(".key code").innerText()).replaceAll(" ", ""));
  await type({ code: "000000" });
  await submit();
  await refused();
  await stop("totp-setup-refused");
  await type({ code: await authenticator.code(), device_name: "Ada’s phone" });
  await submit();
  await page.waitForURL(`${app.url}/**`);

  await begin(newcomers);
  await type({ username: email, password: OTHER_PASSWORD });
  await submit();
  await refused();
  await stop("sign-in-refused");
  await type({ password: PASSWORD });
  await submit();
  await on("/mfa");
  await stop("totp");
  await type({ code: "000000" });
  await refused();
  await stop("totp-refused");

  await begin(newcomers);
  await page.locator("a[href*=forgotPassword]").click();
  await on("/forgotPassword");
  await stop("forgot");
  await type({ username: email });
  await submit();
  await on("/confirmforgotPassword");
  await stop("reset");
  await type({ code: wrong(await admin.code(email)), password: OTHER_PASSWORD });
  await submit();
  await refused();
  await stop("reset-refused");

  await begin(choosers);
  await type({ username: chooser, password: PASSWORD });
  await submit();
  await on("/mfa/select");
  await stop("select-mfa");
  await page.locator("input[value=EMAIL_OTP]").check();
  await submit();
  await on("/mfa");
  await stop("mfa-code");
  await type({ code: wrong(await admin.code(chooserEmail)) });
  await refused();
  await stop("mfa-code-refused");

  const guest = fresh();
  await admin.api.send(
    new AdminCreateUserCommand({
      UserPoolId: invited.id,
      Username: guest,
      TemporaryPassword: OTHER_PASSWORD,
      MessageAction: "SUPPRESS",
      UserAttributes: pairs({}),
    }),
  );
  await begin(invited);
  await type({ username: guest, password: OTHER_PASSWORD });
  await submit();
  await on("/newPassword");
  await stop("new-password");
  await type({ name: "Ada", password: "no good password" });
  await submit();
  await refused();
  await stop("new-password-refused");
  await type({ password: PASSWORD });
  await submit();
  await page.waitForURL(`${app.url}/**`);

  const account = `${invited.url}/account/password?${new URLSearchParams({ client_id: invited.clientId, lang })}`;
  await page.goto(account);
  await stop("change-password");
  await type({ current_password: OTHER_PASSWORD, password: "no good password" });
  await submit();
  await refused();
  await stop("change-password-refused");
  await type({ current_password: PASSWORD, password: OTHER_PASSWORD });
  await submit();
  await page.locator(".notice").waitFor();
  await stop("change-password-done");

  await page.goto(`${invited.url}/logout?lang=${lang}`);
  await stop("signed-out");
  await page.goto(account);
  await stop("account-not-signed-in");
  await page.goto(app.authorizeUrl({ lang, redirect_uri: "https://evil.example/" }));
  await stop("error");
  await page.goto(`${invited.url}/nowhere?lang=${lang}`);
  await stop("not-found");
}

/** English, and the made-up language that is written from right to left. */
export const LANGUAGES = ["en", "ar-XB"];

export const SCREENS = 25;
