// Where the password goes at sign-in: with scripts nowhere, and never into the log.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin } from "./support/admin.mjs";
import { Person } from "./support/person.mjs";
import { Server } from "./support/server.mjs";

/** Letters that each encoding writes differently. */
const PASSWORD = 'Kälte/+&=%"\\ 9 Äpfel?';
const WRONG = 'Hitze/+&=%"\\ 7 Birnen?';

/** Every spelling of a text that traffic or a log could hold, lower case. */
export function spellings(text) {
  const bytes = Buffer.from(text);
  const form = new URLSearchParams({ x: text }).toString().slice(2);
  // Base64 depends on where in its triple the text begins; the outer letters on what stands around.
  const base64 = [0, 1, 2].map((lead) => {
    const whole = Buffer.concat([Buffer.alloc(lead), bytes]).toString("base64").replace(/=+$/, "");
    return whole.slice(lead === 0 ? 0 : lead + 1, whole.length - 1);
  });
  const utf16 = Buffer.from(text, "utf16le");
  const escaped = JSON.stringify(text).slice(1, -1);
  return [
    text,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    escaped.replaceAll("/", "\\/"),
    escaped.replaceAll(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
    encodeURIComponent(text),
    encodeURI(text),
    form,
    bytes.toString("latin1"),
    bytes.toString("hex"),
    utf16.toString("hex"),
    utf16.toString("latin1"),
    [...bytes].join(","),
    ...base64,
    ...base64.map((one) => one.replaceAll("+", "-").replaceAll("/", "_")),
  ].map((one) => one.toLowerCase());
}

const found = (text, secret) => spellings(secret).filter((one) => text.toLowerCase().includes(one));

test("each spelling would be found", () => {
  const bytes = Buffer.from(PASSWORD);
  for (const text of [
    `user=a&password=${new URLSearchParams({ p: PASSWORD }).toString().slice(2)}&x=y`,
    JSON.stringify({ password: PASSWORD }),
    JSON.stringify({ nested: JSON.stringify({ password: PASSWORD }) }),
    `/login?p=${encodeURIComponent(PASSWORD)}`,
    ...[0, 1, 2].map((lead) => Buffer.concat([Buffer.alloc(lead, 65), bytes, Buffer.from("tail")]).toString("base64")),
    Buffer.concat([Buffer.alloc(1, 65), bytes]).toString("base64url"),
    bytes.toString("hex").toUpperCase(),
    `sent ${PASSWORD} to`,
  ]) {
    assert.notDeepEqual(found(text, PASSWORD), [], text);
  }
  assert.deepEqual(found(`${PASSWORD.slice(1)} ${WRONG}`, PASSWORD), []);
});

describe("a sign-in", () => {
  let server;
  let browser;
  let app;
  let admin;
  let username;
  before(async () => {
    [server, browser, app] = await Promise.all([Server.start(), launch(), App.start()]);
    admin = new Admin(server.url);
    const site = await admin.makeSite(app);
    app.belongsTo(site);
    // The API's own traffic is not the browser's; its name must not be in the log either.
    username = await admin.makeUser(site, { password: PASSWORD });
  });
  after(async () => {
    await browser?.close();
    await Promise.all([server?.stop(), app?.stop()]);
  });

  /** Notes all that goes to and fro in a window; gives it once it is all there. */
  function listen(context) {
    const all = [];
    const late = [];
    context.on("request", (request) => {
      const body = request.postDataBuffer();
      all.push(request.method(), request.url(), body?.toString() ?? "", body?.toString("latin1") ?? "");
      // With what the network stack adds, such as cookies.
      late.push(request.allHeaders().then((headers) => all.push(...Object.values(headers)), () => {}));
    });
    context.on("response", (response) => {
      late.push(response.body().then((body) => all.push(body.toString(), ...Object.values(response.headers())), () => {}));
    });
    return async () => {
      await Promise.all(late);
      return all.join("\n");
    };
  }

  /** Signs in, first with a wrong password: all that went to and fro. */
  async function traffic(scripts) {
    const { context, page } = await open(browser, { javaScriptEnabled: scripts });
    const heard = listen(context);
    const person = new Person(page, scripts);
    await person.visit(app.authorizeUrl(), /^Sign in to/);
    await person.sends({ username, password: WRONG });
    await person.isTold("do not match");
    await person.sends({ password: PASSWORD });
    await person.arrives(app);
    const all = await heard();
    await context.close();
    return all;
  }

  test("with scripts proves the password and keeps it", async () => {
    const all = await traffic(true);
    assert.match(all, /\/login\/srp\?/);
    assert.match(all, /"srpA":"[0-9a-f]{700,}/);
    assert.match(all, /"signature"/);
    assert.deepEqual(found(all, PASSWORD), []);
    assert.deepEqual(found(all, WRONG), []);
  });

  test("without scripts posts it: this test would see it", async () => {
    const all = await traffic(false);
    assert.doesNotMatch(all, /\/login\/srp\?/);
    assert.notDeepEqual(found(all, PASSWORD), []);
    assert.notDeepEqual(found(all, WRONG), []);
  });

  test("leaves no trace of it in the log", () => {
    const log = server.said();
    // It is the whole log, and these sign-ins are in it.
    assert.match(log, /"path":"\/login\/srp"/);
    assert.match(log, /"method":"POST","path":"\/login"/);
    assert.match(log, /"level":"DEBUG"/);
    for (const secret of [PASSWORD, WRONG]) assert.deepEqual(found(log, secret), []);
    // Codes, tokens and cookies are secrets too.
    assert.doesNotMatch(log, /eyJ[\w-]{20,}|XSRF-TOKEN=|page-data=|code=/);
  });

  test("before the islands are there waits for them, and posts nothing", async () => {
    const { context, page } = await open(browser);
    const bodies = [];
    context.on("request", (request) => bodies.push(request.postData() ?? ""));
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route("**/*.wasm", async (route) => {
      await held;
      await route.continue();
    });
    const person = new Person(page, true);
    await page.goto(app.authorizeUrl());
    await person.sends({ username, password: PASSWORD });
    await page.locator("form[aria-busy]").getByText("Signing in…").waitFor();
    assert.deepEqual(bodies.filter(Boolean), []);
    release();
    await person.arrives(app);
    assert.deepEqual(found(bodies.join("\n"), PASSWORD), []);
    await context.close();
  });

  test("falls back to posting where WebAssembly is switched off", async () => {
    const { context, page } = await open(browser);
    await page.route("**/*.wasm", (route) => route.abort());
    const person = new Person(page, false);
    await page.goto(app.authorizeUrl());
    await person.sends({ username, password: PASSWORD });
    await person.arrives(app);
    await context.close();
  });

  describe("to a client that takes proofs only", () => {
    before(async () => {
      await server.command("clients", "set", "--client", app.site.clientId, "--srp-only", "true");
    });
    after(async () => {
      await server.command("clients", "set", "--client", app.site.clientId, "--srp-only", "false");
    });

    test("works with scripts", async () => {
      assert.deepEqual(found(await traffic(true), PASSWORD), []);
    });

    test("is not to be had without scripts, and says so", async () => {
      const { context, page } = await open(browser, { javaScriptEnabled: false });
      const heard = listen(context);
      const person = new Person(page, false);
      await person.visit(app.authorizeUrl(), /^Sign in to/);
      await page.getByText("takes passwords only through a script").waitFor();
      // Who tries all the same is told again, and sends nothing.
      await person.types({ username, password: PASSWORD });
      await page.locator("#f-password").press("Enter");
      await person.isTold("takes passwords only through a script");
      assert.deepEqual(found(await heard(), PASSWORD), []);
      await context.close();
    });

    test("is not to be had without WebAssembly, and nothing is posted", async () => {
      const { context, page } = await open(browser);
      const heard = listen(context);
      await page.route("**/*.wasm", (route) => route.abort());
      const person = new Person(page, false);
      await page.goto(app.authorizeUrl());
      await page.getByText("takes passwords only through a script").waitFor();
      await person.types({ username, password: PASSWORD });
      await page.locator("#f-password").press("Enter");
      await person.isTold("takes passwords only through a script");
      assert.deepEqual(found(await heard(), PASSWORD), []);
      await context.close();
    });
  });
});
