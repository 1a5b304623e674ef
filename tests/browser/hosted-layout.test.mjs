// How the pages hold: nothing moves, nothing overflows, the focus is seen, and a keyboard is enough.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AdminSetUserMFAPreferenceCommand } from "@aws-sdk/client-cognito-identity-provider";
import { App } from "./support/app.mjs";
import { comeToRest } from "./support/axe.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD, freshEmail } from "./support/admin.mjs";
import { overflow, watchShifts } from "./support/layout.mjs";
import { Person } from "./support/person.mjs";
import { SCREENS, makeScenery, walk } from "./support/screens.mjs";

/** A folder to keep a picture of each screen in, for people to look at. */
const PICTURES = process.env.LATCHKEY_PICTURES;

const admin = new Admin();
let browser;
before(async () => {
  browser = await launch();
  if (PICTURES) await mkdir(PICTURES, { recursive: true });
});
after(() => browser?.close());

async function startApp(t) {
  const app = await App.start();
  t.after(() => app.stop());
  return app;
}

/** In the page: what the focus looks like, and how well its ring stands out from what is around. */
function focusRing() {
  const element = document.activeElement;
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  let around = element.parentElement;
  while (around && rgb(getComputedStyle(around).backgroundColor)[3] === 0) around = around.parentElement;
  const ground = around ? rgb(getComputedStyle(around).backgroundColor) : [255, 255, 255];
  const style = getComputedStyle(element);
  const [one, other] = [luminance(rgb(style.outlineColor)), luminance(ground)];
  return {
    what: element.id || element.className || element.textContent.trim() || element.tagName,
    width: style.outlineStyle === "none" ? 0 : numbers(style.outlineWidth)[0],
    contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
  };
}

/** Presses Tab through the whole page: a ring for each stop. */
async function rings(page) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    document.body.tabIndex = -1;
    document.body.focus();
  });
  const seen = [];
  for (let stop = 0; stop < 60; stop += 1) {
    await page.keyboard.press("Tab");
    await page.evaluate(comeToRest);
    if (await page.evaluate(() => document.activeElement === document.body)) break;
    const ring = await page.evaluate(focusRing);
    if (seen.length && ring.what === seen[0].what) break;
    seen.push(ring);
  }
  return seen;
}

describe("each screen", { concurrency: 2 }, () => {
  for (const [lang, colorScheme] of [["en", "light"], ["ar-XB", "dark"]]) {
    test(`keeps still, fits a phone at double text size, and shows its focus, in ${lang}`, async (t) => {
      const app = await startApp(t);
      const { context, page } = await open(browser, { viewport: { width: 360, height: 740 } });
      await context.addInitScript(watchShifts);
      const scenery = await makeScenery(admin, app);
      const faults = [];
      let seen = 0;
      await walk(scenery, page, lang, async (name) => {
        seen += 1;
        const note = (kind, list) => faults.push(...list.map((fault) => `${name} ${kind}: ${fault}`));
        await page.waitForTimeout(60);
        // What the reader asked for may take room: an answer that comes into the page.
        const isAnswered = await page.locator(".form > .alert[data-on]").count();
        if (!isAnswered) note("moves", await page.evaluate(() => window.shifts));
        const focused = await page.evaluateHandle(() => document.activeElement);
        for (const width of [360, 320, 768]) {
          await page.setViewportSize({ width, height: 740 });
          note(`at ${width}`, await page.evaluate(overflow));
        }
        await page.setViewportSize({ width: 360, height: 740 });
        await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
        note("at 200 %", await page.evaluate(overflow));
        if (PICTURES) await picture(page, `${name}.${lang}.large`);
        await page.evaluate(() => (document.documentElement.style.fontSize = ""));
        if (PICTURES) await pictures(page, `${name}.${lang}`);
        await page.emulateMedia({ colorScheme });
        const dull = (await rings(page)).filter(({ width, contrast }) => width < 2 || contrast < 3);
        note(`${colorScheme} focus`, dull.map((ring) => JSON.stringify(ring)));
        await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
        const rims = await page.evaluate(() =>
          [...document.querySelectorAll(".input, .button, .choice")].filter((one) => {
            const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(one);
            return parseFloat(borderTopWidth) < 1 || borderTopStyle === "none" || borderTopColor === backgroundColor;
          }).map((one) => one.className),
        );
        note("forced colours", rims);
        await page.emulateMedia({ forcedColors: "none" });
        await focused.evaluate((element) => element.focus());
      });
      assert.deepEqual(faults, []);
      assert.equal(seen, SCREENS);
      await context.close();
    });
  }
});

async function picture(page, name) {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, animations: "disabled" });
}

async function pictures(page, name) {
  for (const [suffix, width, height, media] of [
    ["phone", 360, 740, { colorScheme: "light" }],
    ["phone-dark", 360, 740, { colorScheme: "dark" }],
    ["desk", 1440, 900, { colorScheme: "light" }],
    ["desk-dark", 1440, 900, { colorScheme: "dark" }],
    ["forced", 360, 740, { forcedColors: "active" }],
  ]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia(media);
    await picture(page, `${name}.${suffix}`);
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  }
  await page.setViewportSize({ width: 360, height: 740 });
}

test("what moves, overflows or has no ring would be noticed", async (t) => {
  const app = await startApp(t);
  app.belongsTo(await admin.makeSite(app));
  const { context, page } = await open(browser, { viewport: { width: 360, height: 740 } });
  await context.addInitScript(watchShifts);
  await page.goto(app.authorizeUrl());
  await page.locator("html[data-scripts=ready]").waitFor();
  await page.waitForTimeout(600);
  assert.deepEqual([await page.evaluate(() => window.shifts), await page.evaluate(overflow)], [[], []]);
  assert.ok((await rings(page)).length >= 6);
  await page.waitForTimeout(600);
  await page.evaluate(() => {
    const block = document.createElement("div");
    block.style.cssText = "height: 120px; width: 500px";
    document.querySelector("main").prepend(block);
    document.querySelector("#f-username").style.cssText = "outline-color: #fff !important";
  });
  await page.waitForTimeout(200);
  assert.notDeepEqual(await page.evaluate(() => window.shifts), []);
  assert.ok((await page.evaluate(overflow)).some((fault) => fault.startsWith("scrolls sideways")));
  assert.ok((await rings(page)).some(({ what, contrast }) => what === "f-username" && contrast < 3));
  await context.close();
});

test("what is written from the right stands at the right, but for addresses and codes", async (t) => {
  const app = await startApp(t);
  app.belongsTo(await admin.makeSite(app, { pool: { UsernameAttributes: ["email"] } }));
  const { context, page } = await open(browser, { viewport: { width: 360, height: 740 } });
  const sides = async (lang) => {
    await page.goto(app.authorizeUrl({ lang }));
    await page.locator("html[data-scripts=ready]").waitFor();
    return page.evaluate(() => {
      const side = (element) => {
        const { left, right } = element.getBoundingClientRect();
        return left + right < innerWidth ? "left" : "right";
      };
      const field = document.querySelector("#f-username");
      return [side(document.querySelector(".initial")), side(document.querySelector(".peek")), getComputedStyle(field).direction];
    });
  };
  assert.deepEqual(await sides("en"), ["left", "right", "ltr"]);
  assert.deepEqual(await sides("ar-XB"), ["right", "left", "ltr"]);
  await context.close();
});

test("a keyboard is enough, from sign-up to the app", async (t) => {
  const app = await startApp(t);
  // The address that recovers an account cannot be its second factor.
  const AccountRecoverySetting = { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] };
  const site = await admin.makeSite(app, {
    pool: { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"], AccountRecoverySetting },
    client: { ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] },
    mfa: "OPTIONAL",
    email: true,
  });
  app.belongsTo(site);
  const { context, page } = await open(browser);
  const { keyboard } = page;
  const person = new Person(page, true);
  const focused = () =>
    page.evaluate(() => document.activeElement.id || document.activeElement.innerText.trim().replaceAll(/\s+/g, " "));
  const to = async (what) => {
    for (let presses = 0; (await focused()) !== what; presses += 1) {
      assert.ok(presses < 12, `Tab does not reach ${what}`);
      await keyboard.press("Tab");
    }
  };
  const email = freshEmail();

  await person.visit(app.authorizeUrl(), "Sign in to Acme");
  assert.equal(await focused(), "f-username");
  const order = [];
  for (let press = 0; press < 6; press += 1) {
    order.push(await focused());
    await keyboard.press("Tab");
  }
  assert.deepEqual(order.slice(0, 3), ["f-username", "f-password", "Show password"]);
  assert.deepEqual(order.slice(3, 5), ["Sign in", "Create an account"]);
  await to("Create an account");
  await keyboard.press("Enter");

  await person.sees("Create your Acme account");
  assert.equal(await focused(), "f-username");
  await keyboard.type(email);
  await keyboard.press("Tab");
  await keyboard.type("short");
  await keyboard.press("Tab");
  await keyboard.press("Space");
  assert.equal(await page.locator("#f-password").getAttribute("type"), "text");
  await keyboard.press("Shift+Tab");
  await keyboard.press("Control+A");
  await keyboard.type(PASSWORD);
  assert.equal(await page.locator("[data-rule]:not([data-met])").count(), 0);
  await keyboard.press("Enter");

  await person.sees("Check your email");
  assert.equal(await focused(), "f-code");
  await keyboard.type("000000");
  await person.isTold("That code is not right");
  // The summary has the focus, and leads to the field.
  assert.equal(await focused(), "problems");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  assert.equal(await focused(), "f-code");
  await keyboard.type(await admin.code(email));

  assert.equal((await person.arrives(app)).email, email);
  await admin.enrol(site, email);
  const both = { SoftwareTokenMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } };
  await admin.api.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId: site.id, Username: email, ...both }));
  await person.visit(app.authorizeUrl({ prompt: "login", login_hint: email }), "Sign in to Acme");
  await to("f-password");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await person.sees("One more step");
  await to("f-choice");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await person.sees("Check your email");
  await keyboard.type(await admin.code(email));
  assert.equal((await person.arrives(app)).email, email);
  await context.close();
});
