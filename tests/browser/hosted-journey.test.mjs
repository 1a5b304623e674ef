// The hosted pages as people use them, from an app's first redirect to its tokens: each journey with scripts on and
// with scripts off.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Authenticator, Admin, OTHER_PASSWORD, PASSWORD, fresh, freshEmail, pairs, wrong } from "./support/admin.mjs";
import { Person } from "./support/person.mjs";
import { faultsOf } from "./support/policy.mjs";

const admin = new Admin();
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** What is wrong with what stands around a page, or with a redirect's headers. */
async function judge(response) {
  const headers = await response.allHeaders();
  const isPage = headers["content-type"]?.startsWith("text/html");
  const faults = isPage ? faultsOf(headers, await response.text()) : [];
  if (headers["referrer-policy"] !== "no-referrer") faults.push("the address may be told to others");
  return faults.map((fault) => `${response.url()}: ${fault}`);
}

const required = (...names) => names.map((Name) => ({ Name, Required: true, Mutable: true }));
/** People sign in with their address, and say who they are. */
const BY_EMAIL = {
  UsernameAttributes: ["email"],
  AutoVerifiedAttributes: ["email"],
  Schema: required("given_name", "family_name", "birthdate"),
};
const SELF_SERVICE = ["openid", "email", "aws.cognito.signin.user.admin"];

describe("the hosted pages", { concurrency: 2 }, () => {
  for (const scripts of [true, false]) {
    describe(scripts ? "with scripts" : "without scripts", { concurrency: 1 }, () => {
      let app;
      before(async () => {
        app = await App.start();
      });
      after(() => app?.stop());
      const belong = async (given) => {
        const site = await admin.makeSite(app, given);
        app.belongsTo(site);
        return site;
      };
      /** One person in one window; nothing may go wrong in it that no test looks for. */
      const journey = (name, walk) =>
        test(name, async () => {
          const { context, page, wrongs } = await open(browser, { javaScriptEnabled: scripts });
          try {
            await walk(new Person(page, scripts), context);
            assert.deepEqual(wrongs, []);
          } catch (error) {
            error.message += `\nat ${page.url()}\n${await page.locator("body").innerText().catch(() => "")}`;
            throw error;
          } finally {
            await context.close();
          }
        });
      journey("a newcomer signs up, confirms, sets up an authenticator and signs in with it", async (person) => {
        const site = await belong({ pool: BY_EMAIL, mfa: "ON" });
        const email = freshEmail();
        const { page } = person;
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.follows("Create an account");
        await person.sees("Create your Acme account");

        // A refused form keeps what was typed, but for the password; each fault stands at its field.
        const about = { username: email, "given_name": "Ada", "family_name": "Lovelace", birthdate: "1985-12-10" };
        await person.sends({ ...about, password: "only lower case" });
        await person.isTold("Please check this");
        assert.equal(await page.locator("#f-username").inputValue(), email);
        assert.equal(await page.locator("#f-birthdate").inputValue(), "1985-12-10");
        assert.equal(await page.locator("#f-password").inputValue(), "");
        const faulty = page.locator("[aria-invalid=true]");
        assert.equal(await faulty.getAttribute("id"), "f-password");
        const described = (await faulty.getAttribute("aria-describedby")).split(" ");
        assert.match(await page.locator(`#${described.at(-1)}`).innerText(), /does not meet every point/);
        assert.match(await page.title(), /^Error: /);

        await person.sends({ password: PASSWORD });
        await person.sees("Check your email");
        const code = await admin.code(email);
        await person.sends({ code: wrong(code) });
        await person.isTold("That code is not right");
        await person.sends({ code: `${code.slice(0, 3)} ${code.slice(3)}` });
        // The password was just typed: it is not asked for again.
        await person.sees("Set up your authenticator");
        assert.equal(await page.getByRole("img", { name: `QR code that adds ${email}` }).isVisible(), true);
        const secret = (await page.locator(".key code").innerText()).replaceAll(" ", "");
        assert.match(secret, /^[A-Z2-7]{32,}$/);
        const link = new URL(await page.getByRole("link", { name: "Open your authenticator" }).getAttribute("href"));
        assert.equal(link.searchParams.get("secret"), secret);
        const authenticator = new Authenticator(secret);
        await person.sends({ code: "000000" });
        await person.isTold("That code does not belong to this key");
        assert.equal((await page.locator(".key code").innerText()).replaceAll(" ", ""), secret);
        await person.sends({ device_name: "Ada’s phone", code: await authenticator.code() });
        const claims = await person.arrives(app);
        assert.equal(claims.email, email);
        assert.equal(claims.email_verified, true);
        const user = await admin.api.send(new AdminGetUserCommand({ UserPoolId: site.id, Username: email }));
        assert.deepEqual(user.UserMFASettingList, ["SOFTWARE_TOKEN_MFA"]);

        await person.visit(`${site.url}/logout?client_id=${site.clientId}&logout_uri=${app.goodbye}`, "Goodbye");
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.sends({ username: email, password: PASSWORD });
        await person.sees("Enter the code from your app");
        await page.getByText("Ada’s phone").waitFor();
        await person.sends({ code: "000000" });
        await person.isTold("That code is not right");
        await person.sends({ code: await authenticator.code() });
        assert.equal((await person.arrives(app)).sub, claims.sub);
      });

      journey("an authenticator that the app set up is asked for where the pool leaves it to people", async (person) => {
        const site = await belong({ mfa: "OPTIONAL", client: { AllowedOAuthScopes: SELF_SERVICE } });
        const username = await admin.makeUser(site, { attributes: { email: freshEmail() } });
        await person.visit(app.authorizeUrl({ scope: SELF_SERVICE.join(" ") }), "Sign in to Acme");
        await person.sends({ username, password: PASSWORD });
        await person.sees("Welcome");
        const { access_token: AccessToken } = app.last.tokens;
        const { SecretCode } = await admin.api.send(new AssociateSoftwareTokenCommand({ AccessToken }));
        const authenticator = new Authenticator(SecretCode);
        await admin.api.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: await authenticator.code() }));
        const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
        const preference = { UserPoolId: site.id, Username: username, SoftwareTokenMfaSettings };
        await admin.api.send(new AdminSetUserMFAPreferenceCommand(preference));
        await person.visit(app.authorizeUrl({ prompt: "login" }), "Sign in to Acme");
        await person.sends({ username, password: PASSWORD });
        await person.sees("Enter the code from your app");
        await person.sends({ code: await authenticator.code() });
        await person.arrives(app);
      });

      journey("who was invited chooses a password, and gives what the pool asks for", async (person) => {
        const site = await belong({
          pool: { AutoVerifiedAttributes: ["email"], Schema: required("email", "name") },
        });
        const email = freshEmail();
        const username = fresh();
        const invitation = {
          UserPoolId: site.id,
          Username: username,
          TemporaryPassword: OTHER_PASSWORD,
          MessageAction: "SUPPRESS",
          UserAttributes: pairs({ email, email_verified: "true" }),
        };
        await admin.api.send(new AdminCreateUserCommand(invitation));
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.sends({ username, password: OTHER_PASSWORD });
        await person.sees("Choose your own password");
        await person.sends({ password: "all lower case!", name: "Ada Lovelace" });
        await person.isTold("Please check this");
        assert.equal(await person.page.locator("#f-name").inputValue(), "Ada Lovelace");
        await person.sends({ password: PASSWORD });
        assert.equal((await person.arrives(app)).email, email);
        const user = await admin.api.send(new AdminGetUserCommand({ UserPoolId: site.id, Username: username }));
        assert.equal(user.UserStatus, "CONFIRMED");
        assert.equal(user.UserAttributes.find(({ Name }) => Name === "name").Value, "Ada Lovelace");
      });

      journey("a forgotten password is set anew, by a code that can be asked for again", async (person, context) => {
        const site = await belong({ pool: { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] } });
        const email = freshEmail();
        await admin.makeUser(site, { name: email, attributes: { email, email_verified: "true" } });
        if (scripts) await context.clock.install();
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.follows("Forgot your password?");
        await person.sees("Reset your password");
        await person.sends({ username: email });
        await person.sees("Set a new password");
        const first = await admin.code(email);

        const again = person.page.getByRole("button", { name: "Send a new code" });
        if (scripts) {
          // Not at once: it says how long.
          assert.equal(await again.isVisible(), false);
          await person.page.getByText(/You can ask for a new code in 0:[12]\d/).waitFor();
          await context.clock.runFor(31_000);
        }
        await again.click();
        await person.page.getByRole("status").filter({ hasText: "A new code is on its way to m***@e***" }).waitFor();
        await person.sees("Set a new password");
        const second = await admin.code(email);
        assert.notEqual(second, first);
        await person.sends({ code: first, password: OTHER_PASSWORD });
        await person.isTold("That code is not right");
        await person.sends({ code: second, password: OTHER_PASSWORD });
        await person.sees("Sign in to Acme");
        await person.page.getByRole("status").filter({ hasText: "Your password is changed" }).waitFor();
        await person.sends({ password: PASSWORD });
        await person.isTold("That username and password do not match");
        assert.equal(await person.page.locator("#f-username").inputValue(), email);
        await person.sends({ password: OTHER_PASSWORD });
        await person.arrives(app);
      });

      journey("a stranger's name is treated as everybody's", async (person) => {
        const site = await belong({ pool: { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] } });
        const [known, stranger] = [freshEmail(), freshEmail()];
        await admin.makeUser(site, { name: known, attributes: { email: known, email_verified: "true" } });
        const seen = [];
        for (const username of [known, stranger]) {
          await person.visit(app.authorizeUrl(), "Sign in to Acme");
          await person.sends({ username, password: "Wrong-Horse-9" });
          await person.isTold("do not match");
          const refused = await person.page.locator("main").innerText();
          await person.follows("Forgot your password?");
          await person.sees("Reset your password");
          await person.sends({ username });
          await person.sees("Set a new password");
          seen.push([refused, (await person.page.locator("main").innerText()).replace(/0:\d\d/, "")]);
        }
        assert.deepEqual(seen[0], seen[1]);
        assert.equal((await admin.mail(stranger)).length, 0);
      });

      journey("guessing is slowed down", async (person) => {
        const site = await belong();
        const username = await admin.makeUser(site);
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        const guess = async () => {
          const answered = person.page.waitForResponse((response) => response.request().method() === "POST");
          await person.sends({ username, password: "Wrong-Horse-9" });
          await answered;
          await person.sees("Sign in to Acme");
          return person.page.getByRole("alert").filter({ hasText: /\S/ }).innerText();
        };
        let failures = 0;
        while (failures < 9 && !(await guess()).includes("Too many tries")) failures += 1;
        // Five, unless the machine is so slow that the first lock, a second, was over before the sixth.
        assert.ok(failures >= 5 && failures < 9, `${failures} guesses`);
        // Each failure doubles the lock, from a second.
        const lock = () => 2 ** (failures - 5) * 1_000;
        for (let more = 0; more < 2; more += 1) {
          await pause(lock() + 50);
          assert.match(await guess(), /do not match/);
          failures += 1;
        }
        // Now it is four seconds, for the right password too.
        await person.sends({ username, password: PASSWORD });
        await person.isTold("Too many tries");
        await pause(lock());
        await person.sends({ username, password: PASSWORD });
        await person.arrives(app);
      });

      journey("who did not confirm is asked for the code first", async (person) => {
        const site = await belong({ pool: { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] } });
        const email = freshEmail();
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.follows("Create an account");
        await person.sees("Create your Acme account");
        await person.sends({ username: email, password: PASSWORD });
        await person.sees("Check your email");
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.sends({ username: email, password: PASSWORD });
        await person.isTold("not confirmed yet");
        assert.equal((await admin.mail(email)).length, 2);
        await person.sends({ code: await admin.code(email) });
        assert.equal((await person.arrives(app)).email, email);
        assert.equal(site.id, app.site.id);
      });

      journey("a session signs in silently, until it is to prove itself, or is over", async (person) => {
        const site = await belong();
        const username = await admin.makeUser(site, { attributes: { email: freshEmail() } });
        const url = (changes) => app.authorizeUrl(changes);
        await person.visit(url({ prompt: "none" }), "Not signed in");
        assert.equal(app.last.error, "login_required");
        const first = await person.signsIn(app, { username, password: PASSWORD });

        await person.visit(url(), "Welcome");
        assert.equal(app.last.claims.sub, first.sub);
        assert.equal(app.last.claims.auth_time, first.auth_time);
        await person.visit(url({ prompt: "none" }), "Welcome");
        await person.visit(url({ max_age: "600" }), "Welcome");
        await person.visit(url({ max_age: "0" }), "Sign in to Acme");
        await person.visit(url({ prompt: "none", max_age: "0" }), "Not signed in");
        await person.visit(url({ prompt: "login", login_hint: username }), "Sign in to Acme");
        assert.equal(await person.page.locator("#f-username").inputValue(), username);
        await pause(1_100);
        await person.sends({ password: PASSWORD });
        assert.ok((await person.arrives(app)).auth_time > first.auth_time);

        const goodbye = { client_id: site.clientId, logout_uri: app.goodbye };
        await person.visit(`${site.url}/logout?${new URLSearchParams(goodbye)}`, "Goodbye");
        await person.visit(url({ prompt: "none" }), "Not signed in");
        // Nobody's address given: it stays here, as the app's page where the app is known.
        await person.visit(`${site.url}/logout`, "You are signed out");
        await person.visit(`${site.url}/logout?client_id=${site.clientId}`, "You are signed out");
        await person.page.getByText("Your Acme session in this browser has ended").waitFor();
        await person.follows("Back to the app");
        await person.sees("Goodbye");
      });

      journey("who has two second factors chooses one", async (person) => {
        // The address that recovers an account cannot be its second factor.
        const AccountRecoverySetting = { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] };
        const site = await belong({
          pool: { AutoVerifiedAttributes: ["email"], AccountRecoverySetting },
          client: { ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] },
          mfa: "OPTIONAL",
          email: true,
        });
        const email = freshEmail();
        const username = await admin.makeUser(site, { attributes: { email, email_verified: "true" } });
        await admin.enrol(site, username);
        const both = { SoftwareTokenMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } };
        await admin.api.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId: site.id, Username: username, ...both }));
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await person.sends({ username, password: PASSWORD });
        await person.sees("One more step");
        await person.page.getByRole("radio", { name: /^Email to/ }).check();
        await person.presses();
        await person.sees("Check your email");
        await person.sends({ code: wrong(await admin.code(email)) });
        await person.isTold("That code is not right");
        await person.sends({ code: await admin.code(email) });
        await person.arrives(app);
      });

      journey("a confidential client's pages are the same", async (person) => {
        const site = await belong({ client: { GenerateSecret: true } });
        assert.ok(site.secret);
        const username = await admin.makeUser(site);
        await person.signsIn(app, { username, password: PASSWORD });
      });

      journey("what is wrong with a request is said on a page of ours", async (person) => {
        await belong();
        for (const [changes, reason, heading] of [
          [{ client_id: "nobodysclient" }, "invalid_client", "This app is not known here"],
          [{ redirect_uri: "https://evil.example/" }, "redirect_mismatch", "We stopped for your safety"],
          [{ redirect_uri: `${app.callback}/` }, "redirect_mismatch", "We stopped for your safety"],
        ]) {
          const answer = await person.visit(app.authorizeUrl(changes), heading);
          assert.equal(answer.status(), 400);
          const facts = await person.page.locator("dd").allInnerTexts();
          const [sent, ...registered] = facts.splice(2);
          assert.deepEqual(facts, [reason, answer.headers()["x-amz-cognito-request-id"]]);
          // In development, what came and what should have come.
          assert.equal(sent, Object.values(changes)[0]);
          assert.equal(registered.includes(app.callback), reason === "redirect_mismatch");
        }
        // What is wrong otherwise, the app is told.
        for (const [changes, error] of [
          [{ code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
          [{ scope: "openid everything" }, "invalid_scope"],
          [{ response_type: "id_token" }, "unsupported_response_type"],
        ]) {
          await person.visit(app.authorizeUrl(changes), "Not signed in");
          assert.equal(app.last.error, error);
        }
        assert.equal((await person.visit(`${app.site.url}/nowhere`, "There is nothing here")).status(), 404);
      });

      journey("a form of another browser is refused, and shown afresh", async (person, context) => {
        const site = await belong();
        const username = await admin.makeUser(site);
        await person.visit(app.authorizeUrl(), "Sign in to Acme");
        await context.clearCookies();
        await person.sends({ username, password: PASSWORD });
        await person.isTold("This page was open too long");
        await person.sees("Sign in to Acme");
        assert.equal(await person.page.locator("#f-username").inputValue(), username);
        await person.sends({ password: PASSWORD });
        await person.arrives(app);
      });
    });
  }
});
