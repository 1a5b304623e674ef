// What the sign-in page weighs on the wire, and that it is of use before any script.

import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, describe, test } from "node:test";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD } from "./support/admin.mjs";
import { Person } from "./support/person.mjs";

/** Bytes on the wire, brotli where it is taken: HTML and CSS, and all that can be loaded beyond them. */
const PAGE = 14_000;
const BEYOND = 70_000;

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

/** The bytes of a body as they come over the wire to a browser that takes brotli. */
const weigh = (url) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip, deflate, br" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk) => (bytes += chunk.length));
      response.on("error", reject);
      response.on("end", () => {
        const { "content-type": type, "content-encoding": encoding = "plain" } = response.headers;
        resolve({ name: new URL(url).pathname.split("/").at(-1), type, encoding, bytes });
      });
    }).on("error", reject);
  });

/** Signs in, and weighs all that the sign-in page loaded on the way. */
async function loaded() {
  const { context, page } = await open(browser);
  const addresses = new Set();
  context.on("response", (response) => {
    const isOurs = response.url().startsWith(`${admin.url}/`) && response.request().method() === "GET";
    if (isOurs && response.status() === 200) addresses.add(response.url());
  });
  await new Person(page, true).signsIn(app, { username, password: PASSWORD });
  await context.close();
  return Promise.all([...addresses].map(weigh));
}

describe("the sign-in page", () => {
  test("keeps its budget", async (t) => {
    const files = await loaded();
    const isPage = ({ type }) => /^text\/(html|css)/.test(type);
    const sum = (list) => list.reduce((bytes, file) => bytes + file.bytes, 0);
    const [page, beyond] = [files.filter(isPage), files.filter((file) => !isPage(file))];
    const table = files.map(({ name, encoding, bytes }) => `${name} ${encoding} ${bytes}`).join("\n");
    t.diagnostic(`bytes: page ${sum(page)} of ${PAGE}, beyond ${sum(beyond)} of ${BEYOND}`);
    assert.deepEqual(page.map(({ name }) => name).sort(), ["login", "style.css"], table);
    for (const name of ["island.js", "islands_glue.js", "islands_glue_bg.wasm", "worker.js"]) {
      assert.ok(beyond.some((file) => file.name === name), `${name}\n${table}`);
    }
    for (const { name, encoding } of beyond) assert.equal(encoding, "br", `${name} is not compressed\n${table}`);
    assert.ok(sum(page) <= PAGE, table);
    assert.ok(sum(beyond) <= BEYOND, table);
  });

  test("is of use before any script has come", async () => {
    const { context, page } = await open(browser);
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(/islands_glue/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(app.authorizeUrl());
    await page.locator("#f-username").fill(username);
    await page.locator("#f-password").fill(PASSWORD);
    release();
    await page.locator("html[data-scripts=ready]").waitFor();
    // Hydration takes nothing away.
    assert.equal(await page.locator("#f-username").inputValue(), username);
    assert.equal(await page.locator("#f-password").inputValue(), PASSWORD);
    await context.close();
  });
});
