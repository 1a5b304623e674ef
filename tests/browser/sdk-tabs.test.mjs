// Several tabs over one server: who refreshes, who is signed out, what is kept where, and what a bad network may do.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as forward } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD } from "./support/admin.mjs";
import { Project, serveFiles } from "./support/sdk.mjs";

const admin = new Admin();
let browser;
let project;
let files;
let site;
let username;
before(async () => {
  browser = await launch();
  project = await Project.make();
  await project.copyDist("app");
  await project.write({
    "app/index.html": '<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>',
    "app/main.js": `import { createAuth } from "./index.js";
globalThis.events = [];
globalThis.start = (config) => {
  globalThis.auth = createAuth(config);
  auth.onChange((event) => events.push(event.reason ?? event.kind));
};`,
  });
  files = await serveFiles(project.path("app"));
  site = await admin.makeSite({ client: {} }, { client: { RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 } } });
  username = await admin.makeUser(site);
});
after(async () => {
  files?.close();
  await browser?.close();
  await project?.remove();
});

let context;
let wrongs;
let first;
beforeEach(async () => {
  ({ context, page: first, wrongs } = await open(browser));
});
afterEach(async () => {
  await context?.close();
});

/** Operations the server was asked for, by whichever tab. */
const watch = () => {
  const operations = [];
  context.on("request", (request) => {
    const target = request.headers()["x-amz-target"];
    if (target && request.method() === "POST") operations.push(target.split(".")[1]);
  });
  return operations;
};

const start = async (storage, page = undefined, endpoint = admin.url) => {
  page ??= await context.newPage();
  await page.goto(`${files.url}/`);
  await page.waitForFunction(() => globalThis.start);
  await page.evaluate((config) => start(config), { userPoolId: site.id, clientId: site.clientId, endpoint, storage });
  return page;
};
const signIn = (page) => page.evaluate(async (request) => (await auth.signIn(request)).kind, { username, password: PASSWORD });
const user = (page) => page.evaluate(async () => (await auth.user())?.username ?? null);
const events = (page) => page.evaluate(() => events);
const outcome = (page, name, argument) =>
  page.evaluate(([name, argument]) => auth[name](argument).then(() => "ok", (error) => error.name), [name, argument]);
const become = async (read, wanted) => {
  const until = Date.now() + 10_000;
  let last;
  while (Date.now() < until) {
    last = await read();
    if (JSON.stringify(last) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(last, wanted);
};

test("five tabs that all want fresh tokens send one refresh, and all of them get the same", async () => {
  await start("local", first);
  assert.equal(await signIn(first), "done");
  const tabs = [first];
  while (tabs.length < 5) tabs.push(await start("local"));
  for (const tab of tabs) assert.equal(await user(tab), username);
  const old = await first.evaluate(async () => (await auth.tokens()).accessToken);

  // Every tab believes the access token to be at its end: nearly half its life is left to none of them.
  const operations = watch();
  const tell = (tab) =>
    tab.evaluate(() => {
      const [key] = Object.keys(localStorage).filter((key) => key.endsWith(".session"));
      const session = JSON.parse(localStorage.getItem(key));
      if (session.expiresAt > Date.now()) localStorage.setItem(key, JSON.stringify({ ...session, expiresAt: Date.now() - 1 }));
    });
  await tell(first);
  // The tab that wrote gets no storage event of its own: it reads again like the others.
  for (const tab of tabs) await tab.evaluate(() => dispatchEvent(new StorageEvent("storage")));
  const got = await Promise.all(tabs.map((tab) => tab.evaluate(async () => (await auth.tokens()).accessToken)));
  assert.equal(new Set(got).size, 1);
  assert.notEqual(got[0], old);
  assert.deepEqual(operations, ["GetTokensFromRefreshToken"]);
  // The rotated refresh token works on, and nobody was signed out.
  assert.equal(await outcome(tabs[3], "tokens", { forceRefresh: true }), "ok");
  for (const tab of tabs) assert.equal(await user(tab), username);
  assert.deepEqual(wrongs, []);
});

for (const storage of ["local", "session", "memory"]) {
  test(`signing out reaches the other tab (${storage})`, async () => {
    const operations = watch();
    await start(storage, first);
    await signIn(first);
    const second = await start(storage);
    if (storage === "local") assert.equal(await user(second), username);
    else {
      // Sessions of their own.
      assert.equal(await user(second), null);
      await signIn(second);
    }
    await first.evaluate(() => auth.signOut());
    await become(() => user(second), null);
    await become(async () => (await events(second)).at(-1), "elsewhere");
    assert.equal((await events(first)).at(-1), "signed-out");
    const sessions = storage === "local" ? 1 : 2;
    await become(() => operations.filter((name) => name === "RevokeToken").length, sessions);
  });
}

test("each storage keeps what it says, and only that", async () => {
  const kept = (page) => page.evaluate(() => ({ local: Object.keys(localStorage).length, session: Object.keys(sessionStorage).length }));
  for (const [storage, places, after] of [
    ["memory", { local: 0, session: 0 }, null],
    ["session", { local: 0, session: 1 }, username],
    ["local", { local: 1, session: 0 }, username],
  ]) {
    await start(storage, first);
    await signIn(first);
    assert.deepEqual(await kept(first), places, storage);
    await start(storage, first);
    assert.equal(await user(first), after, storage);
    const second = await start(storage);
    assert.equal(await user(second), storage === "local" ? username : null, storage);
    await first.evaluate(() => auth.signOut());
    assert.deepEqual(await kept(first), { local: 0, session: 0 }, storage);
    await second.close();
  }
});

test("a bad network signs nobody out", async () => {
  await start("local", first);
  await signIn(first);
  await context.setOffline(true);
  assert.equal(await outcome(first, "tokens", { forceRefresh: true }), "NetworkError");
  // The access token is still good, and is given.
  assert.equal(await outcome(first, "tokens"), "ok");
  assert.equal(await user(first), username);
  await context.setOffline(false);
  assert.equal(await outcome(first, "tokens", { forceRefresh: true }), "ok");
  assert.deepEqual(await events(first), ["signed-in", "refreshed"]);
});

test("a tab that closes in the middle of a refresh leaves the lock to the others", async () => {
  // A way to the server on which the first refresh never arrives, so that no token is spent.
  let isHeld = false;
  const way = createServer((request, response) => {
    if (!isHeld && request.headers["x-amz-target"]?.endsWith("GetTokensFromRefreshToken")) {
      isHeld = true;
      return;
    }
    const { hostname, port } = new URL(admin.url);
    const { method, url: path, headers } = request;
    const onward = forward({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  way.listen(0, "127.0.0.1");
  await once(way, "listening");
  try {
    const endpoint = `http://localhost:${way.address().port}`;
    await start("local", first, endpoint);
    await signIn(first);
    const second = await start("local", undefined, endpoint);
    await first.evaluate(() => void auth.tokens({ forceRefresh: true }));
    await become(() => isHeld, true);
    const waiting = outcome(second, "tokens", { forceRefresh: true });
    await first.close();
    assert.equal(await waiting, "ok");
    assert.equal(await user(second), username);
  } finally {
    way.closeAllConnections();
    way.close();
  }
});
