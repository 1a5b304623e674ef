// The pages of the account as people use them once they are signed in, with scripts on and with scripts off.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AdminDisableUserCommand, InitiateAuthCommand } from "@aws-sdk/client-cognito-identity-provider";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin, OTHER_PASSWORD, PASSWORD, freshEmail } from "./support/admin.mjs";
import { overflow } from "./support/layout.mjs";
import { Person } from "./support/person.mjs";
import { faultsOf } from "./support/policy.mjs";

const BY_EMAIL = { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] };
/** The app itself may ask whether a password is right. */
const ASKS = { ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] };

const admin = new Admin();
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe("the pages of the account", { concurrency: 2 }, () => {
  for (const scripts of [true, false]) {
    describe(scripts ? "with scripts" : "without scripts", { concurrency: 1 }, () => {
      let app;
      let site;
      let email;
      before(async () => {
        app = await App.start();
        site = await admin.makeSite(app, { pool: BY_EMAIL, client: ASKS });
        app.belongsTo(site);
      });
      after(() => app?.stop());

      const address = (changes = {}) =>
        `${site.url}/account/password?${new URLSearchParams({ client_id: site.clientId, ...changes })}`;
      const accepts = (password) =>
        admin.api
          .send(
            new InitiateAuthCommand({
              ClientId: site.clientId,
              AuthFlow: "USER_PASSWORD_AUTH",
              AuthParameters: { USERNAME: email, PASSWORD: password },
            }),
          )
          .then(() => true, () => false);
      /** Somebody who has signed in, in a window of their own; nothing may go wrong in it that no test looks for. */
      const journey = (name, walk, options = {}) =>
        test(name, async () => {
          email = freshEmail();
          await admin.makeUser(site, { name: email, attributes: { email, email_verified: "true" } });
          const { context, page, wrongs } = await open(browser, { javaScriptEnabled: scripts, ...options });
          try {
            const person = new Person(page, scripts);
            await person.signsIn(app, { username: email, password: PASSWORD });
            await walk(person, context);
            assert.deepEqual(wrongs, []);
          } catch (error) {
            error.message += `\nat ${page.url()}\n${await page.locator("body").innerText().catch(() => "")}`;
            throw error;
          } finally {
            await context.close();
          }
        });

      journey("a password is changed, and the session goes on", async (person, context) => {
        const { page } = person;
        const response = await person.visit(address(), "Change your password");
        assert.deepEqual(faultsOf(await response.allHeaders(), await response.text()), []);
        await page.getByText(`Signed in as ${email}`).waitFor();
        assert.match(await page.title(), /^Change your password · Acme$/);
        assert.equal(await page.locator("#f-current-password").evaluate((one) => one === document.activeElement), true);

        // Each fault stands at its field; nothing that was typed comes back.
        await person.sends({ current_password: OTHER_PASSWORD, password: OTHER_PASSWORD });
        await person.isTold("That is not your current password");
        const faulty = page.locator("[aria-invalid=true]");
        assert.equal(await faulty.getAttribute("id"), "f-current-password");
        assert.equal(await page.locator("#f-current-password").inputValue(), "");
        await person.sends({ current_password: PASSWORD, password: "only lower case" });
        await person.isTold("does not meet every point");
        assert.equal(await page.locator("[aria-invalid=true]").getAttribute("id"), "f-password");

        if (scripts) {
          // What is typed can be looked at, and its rules are ticked.
          await person.types({ password: OTHER_PASSWORD });
          assert.equal(await page.locator("[data-rule]:not([data-met])").count(), 0);
          const peek = page.locator(".peek").last();
          await peek.click();
          assert.equal(await page.locator("#f-password").getAttribute("type"), "text");
          assert.equal(await page.locator("#f-current-password").getAttribute("type"), "password");
          await peek.click();
        }
        await person.sends({ current_password: PASSWORD, password: OTHER_PASSWORD });
        await page.getByRole("status").filter({ hasText: "Your password is changed." }).waitFor();
        assert.equal(page.url(), address());
        assert.deepEqual([await accepts(PASSWORD), await accepts(OTHER_PASSWORD)], [false, true]);

        // Loading it again sends nothing again, and the app is let in without a question.
        await page.reload();
        await person.sees("Change your password");
        assert.equal(await page.getByText("Your password is changed.").count(), 0);
        await person.visit(app.authorizeUrl());
        assert.equal((await person.arrives(app)).email, email);
        assert.ok((await context.cookies()).every(({ httpOnly }) => httpOnly));
      });

      journey("another browser of the same person is signed out by it", async (person) => {
        const { context, page } = await open(browser, { javaScriptEnabled: scripts });
        try {
          const elsewhere = new Person(page, scripts);
          await elsewhere.signsIn(app, { username: email, password: PASSWORD });
          await elsewhere.visit(address(), "Change your password");
          await person.visit(address(), "Change your password");
          await person.sends({ current_password: PASSWORD, password: OTHER_PASSWORD });
          await person.page.getByRole("status").filter({ hasText: "Your password is changed." }).waitFor();
          await elsewhere.sends({ current_password: OTHER_PASSWORD, password: PASSWORD });
          await elsewhere.sees("You are not signed in");
          assert.equal(await accepts(PASSWORD), false);
        } finally {
          await context.close();
        }
      });

      journey("who is not signed in is told what to do, and goes nowhere by itself", async (person, context) => {
        await context.clearCookies();
        const { page } = person;
        const response = await person.visit(address(), "You are not signed in");
        assert.equal(response.status(), 403);
        assert.equal(page.url(), address());
        assert.equal(await page.locator("form").count(), 0);
        await page.getByRole("link", { name: "Go to Acme" }).click();
        await person.sees("Goodbye");
        assert.equal(page.url(), app.goodbye);
      });

      journey("who is switched off meanwhile changes nothing", async (person) => {
        await person.visit(address(), "Change your password");
        await admin.api.send(new AdminDisableUserCommand({ UserPoolId: site.id, Username: email }));
        await person.sends({ current_password: PASSWORD, password: OTHER_PASSWORD });
        await person.sees("You are not signed in");
      });

      journey(
        "it fits a narrow phone in both directions of writing",
        async (person) => {
          const { page } = person;
          for (const lang of ["en", "ar-XB"]) {
            await page.goto(address({ lang }));
            assert.deepEqual(await page.evaluate(overflow), [], lang);
            await person.sends({ current_password: "Wrong-Horse-9", password: OTHER_PASSWORD });
            await page.locator("#problems").waitFor();
            assert.deepEqual(await page.evaluate(overflow), [], `${lang}, refused`);
          }
        },
        { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
      );
    });
  }
});
