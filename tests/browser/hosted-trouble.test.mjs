// The sign-in page where something is in the way: nothing hangs, and nothing that was typed is lost.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD } from "./support/admin.mjs";
import { Person } from "./support/person.mjs";

const admin = new Admin();
let browser;
let app;
let username;
before(async () => {
  [browser, app] = await Promise.all([launch(), App.start()]);
  const site = await admin.makeSite(app);
  app.belongsTo(site);
  username = await admin.makeUser(site);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** The sign-in page in a window where `hinder(page)` got in the way first. */
async function signInPage(hinder) {
  const { context, page } = await open(browser);
  await hinder(page);
  const person = new Person(page, true);
  await person.visit(app.authorizeUrl(), "Sign in to Acme");
  return { context, page, person };
}

const typedIn = (page) =>
  Promise.all(["#f-username", "#f-password"].map((field) => page.locator(field).inputValue()));

describe("the sign-in page", () => {
  test("posts the form where its worker cannot run", async () => {
    for (const hinder of [
      (page) => page.route(/worker\.js/, (route) => route.abort()),
      (page) => page.route(/worker\.js/, (route) => route.fulfill({ status: 404 })),
      (page) => page.addInitScript(() => delete window.Worker),
    ]) {
      const { context, page, person } = await signInPage(hinder);
      let proofs = 0;
      page.on("request", (request) => (proofs += request.url().includes("/login/srp")));
      await person.sends({ username, password: PASSWORD });
      await person.arrives(app);
      assert.equal(proofs, 0);
      await context.close();
    }
  });

  test("posts the form where the handler stays silent, and says no longer that it does not", async () => {
    const { context, page, person } = await signInPage(async (page) => {
      await page.clock.install();
      await page.route(/login\/srp/, () => {});
    });
    assert.equal(await page.locator(".promise").isVisible(), true);
    const asked = page.waitForRequest(/login\/srp/);
    await person.sends({ username, password: PASSWORD });
    await asked;
    const posted = page.waitForRequest((request) => request.method() === "POST" && /\/login\?/.test(request.url()));
    await page.clock.fastForward(21_000);
    await posted;
    await person.arrives(app);
    await context.close();
  });

  test("keeps what was typed where there is no network, or another answer than the server's", async () => {
    for (const hinder of [
      (page) => page.context().setOffline(true),
      (page) => page.route(/login\/srp/, (route) => route.fulfill({ status: 502, body: "<h1>Bad Gateway</h1>" })),
      (page) => page.route(/login\/srp/, (route) => route.abort()),
    ]) {
      const { context, page, person } = await signInPage(() => {});
      await hinder(page);
      await person.sends({ username, password: PASSWORD });
      await person.isTold("could not reach the server");
      assert.deepEqual(await typedIn(page), [username, PASSWORD]);
      await context.setOffline(false);
      await page.unrouteAll();
      await person.presses();
      await person.arrives(app);
      await context.close();
    }
  });

  test("dates its proof by the server's clock", async () => {
    let shift = 15 * 60;
    const { context, page, person } = await signInPage((page) =>
      page.route(/login\/srp/, async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        if (body.time) body.time += shift;
        await route.fulfill({ response, json: body });
      }),
    );
    await person.sends({ username, password: PASSWORD });
    await person.isTold("do not match");
    shift = 0;
    await person.sends({ password: PASSWORD });
    await person.arrives(app);
    await context.close();
  });

  test("says what is missing at once, and asks nobody", async () => {
    const { context, page, person } = await signInPage(() => {});
    const sent = [];
    // The engine may still be on its way: it is had once, whatever is pressed.
    page.on("request", (request) => {
      if (request.method() !== "GET" || request.isNavigationRequest()) sent.push(request.url());
    });
    await person.presses();
    await person.isTold("Fill in: Username.");
    await page.locator("#f-username:focus").waitFor();
    await person.sends({ username });
    await person.isTold("Fill in: Password.");
    await page.locator("#f-password:focus").waitFor();
    assert.deepEqual(sent, []);
    await person.sends({ password: PASSWORD });
    await person.arrives(app);
    await context.close();
  });

  test("hides a password that was shown before it is sent", async () => {
    const { context, page, person } = await signInPage((page) =>
      page.route(/login\/srp/, (route) => route.fulfill({ json: { error: { code: "x", message: "No." } } })),
    );
    await person.types({ username, password: PASSWORD });
    await page.getByRole("button", { name: /^Show/ }).click();
    assert.equal(await page.locator("#f-password").getAttribute("type"), "text");
    await person.presses();
    await person.isTold("No.");
    assert.equal(await page.locator("#f-password").getAttribute("type"), "password");
    await page.getByRole("button", { name: /^Show/ }).click();
    assert.equal(await page.locator("#f-password").getAttribute("type"), "text");
    await context.close();
  });
});
