// A pool that wears a brand names us nowhere: all that a browser is sent on its way through every screen, and all mail.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App } from "./support/app.mjs";
import { wear } from "./support/brand.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin } from "./support/admin.mjs";
import { faultsOf } from "./support/policy.mjs";
import { SCREENS, makeScenery, walk } from "./support/screens.mjs";
import { Server } from "./support/server.mjs";

/** Our own product's name. */
const NAME = /latchkey/i;

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Where a text names us, with what is around. */
const found = (where, text) => {
  const at = text.search(NAME);
  return at < 0 ? [] : [`${where}: …${text.slice(Math.max(0, at - 60), at + 60)}…`];
};

test("nothing that a branded pool sends names us", async (t) => {
  const app = await App.start();
  t.after(() => app.stop());
  const admin = new Admin(server.url);
  const scenery = await makeScenery(admin, app);
  const sites = [scenery.newcomers, scenery.choosers, scenery.invited];
  for (const [index, slug] of ["clinic", "game", "bank"].entries()) await wear(admin, sites[index], slug);

  const { context, page, wrongs } = await open(browser, { viewport: { width: 360, height: 740 } });
  const answers = new Map();
  const pending = [];
  context.on("response", (response) => {
    if (!response.url().startsWith(`${server.url}/`)) return;
    pending.push(
      (async () => {
        const headers = await response.headersArray();
        const isRedirect = response.status() >= 300 && response.status() < 400;
        // A page that was left at once takes its body with it.
        const body = isRedirect ? Buffer.alloc(0) : await response.body().catch(() => undefined);
        answers.set(response, { url: response.url(), headers, body });
      })(),
    );
  });
  const faults = [];
  const seen = new Set();
  let styled = 0;
  let pictures = 0;
  await walk(scenery, page, "en", async (name) => {
    seen.add(name);
    const html = await page.content();
    if (html.match(/rel="stylesheet"/g)?.length === 2) styled += 1;
    faults.push(...found(`${name} as it stands`, html), ...found(`${name} address`, page.url().replace(server.url, "")));
    const broken = await page.evaluate(() => [...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.src));
    faults.push(...broken.map((src) => `${name}: ${src} is not drawn`));
    pictures += await page.locator("img.logo").count();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    faults.push(...found(`${name} storage`, kept));
  });
  for (const cookie of await context.cookies()) faults.push(...found("cookie", `${cookie.name}=${cookie.value}`));
  await Promise.all(pending);
  await context.close();

  const kinds = new Set();
  for (const { url, headers, body } of answers.values()) {
    const path = url.replace(server.url, "");
    faults.push(...found("address", path));
    for (const { name, value } of headers) faults.push(...found(`${path} ${name}`, `${name}: ${value.replaceAll(server.url, "")}`));
    if (!body) continue;
    const type = headers.find(({ name }) => name.toLowerCase() === "content-type")?.value.split(";")[0];
    if (type) kinds.add(type);
    // Latin-1 keeps every byte of a module.
    faults.push(...found(path, body.toString("latin1")));
    const isPage = type === "text/html";
    const flat = Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]));
    if (isPage) faults.push(...faultsOf(flat, body.toString()).map((fault) => `${path}: ${fault}`));
  }
  const wanted = ["application/wasm", "image/svg+xml", "text/css", "text/html", "text/javascript"];
  for (const kind of wanted) assert.ok(kinds.has(kind), `no ${kind} was sent: ${[...kinds]}`);

  const mails = await (await fetch(`${server.url}/_latchkey/mailbox`, { headers: { accept: "application/json" } })).json();
  assert.ok(mails.length >= 3, `${mails.length} mails`);
  for (const mail of mails) faults.push(...found(`mail ${mail.subject}`, JSON.stringify(mail).replaceAll(server.url, "")));

  assert.deepEqual([...new Set(faults)], []);
  assert.deepEqual(wrongs, []);
  assert.equal(seen.size, SCREENS);
  assert.ok(styled > 15, `${styled} pages had a brand's sheet`);
  assert.ok(pictures > 15, `${pictures} pages had a brand's logo`);
});

test("the name would be found", () => {
  assert.equal(found("x", "all LatchKey here").length, 1);
  assert.deepEqual(found("x", "all clear"), []);
});
