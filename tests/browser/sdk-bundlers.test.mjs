// The packed SDK through the bundlers apps use, none of them configured for it, each result in Chromium against the
// server. The pages have no WebAssembly of their own, so that what signs in can only be the worker.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD } from "./support/admin.mjs";
import { Project, serveFiles } from "./support/sdk.mjs";

const ENTRY = 'import { createAuth } from "@latchkey/sdk";\nglobalThis.createAuth = createAuth;\n';
const PAGE = '<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>';

const admin = new Admin();
let browser;
let project;
let site;
let username;
before(async () => {
  browser = await launch();
  site = await admin.makeSite({ client: {} });
  username = await admin.makeUser(site);
  project = await Project.make({ "main.js": ENTRY, "inline.js": ENTRY.replace("sdk", "sdk/inline"), "index.html": PAGE });
});
after(async () => {
  await browser?.close();
  await project?.remove();
});

const policy = (...more) => ({
  "content-security-policy": ["default-src 'none'", "img-src data:", "script-src 'self' 'wasm-unsafe-eval'", `connect-src 'self' ${admin.url}`, ...more].join("; "),
});

/** Signs in and refreshes on the page at `url`; gives what was seen on the way. */
const tryOut = async (url) => {
  const { context, page, wrongs } = await open(browser);
  try {
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await page.goto(url);
    await page.waitForFunction(() => globalThis.createAuth);
    const config = { userPoolId: site.id, clientId: site.clientId, endpoint: admin.url };
    const seen = await page.evaluate(
      async ({ config, request }) => {
        const long = [];
        new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
        const auth = createAuth(config);
        await auth.warmUp();
        const begun = performance.now();
        const step = await auth.signIn(request);
        const ms = performance.now() - begun;
        const { accessToken } = await auth.tokens({ forceRefresh: true });
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { kind: step.kind, username: step.user?.username, accessToken, ms, long };
      },
      { config, request: { username, password: PASSWORD } },
    );
    assert.equal(page.workers().length, 1);
    assert.deepEqual(wrongs, []);
    assert.deepEqual([seen.kind, seen.username, seen.accessToken.split(".").length], ["done", username, 3]);
    return seen;
  } finally {
    await context.close();
  }
};

const served = async (folder, headers, act) => {
  const files = await serveFiles(folder, headers);
  try {
    return await act(files);
  } finally {
    files.close();
  }
};

test("no bundler: a module script, under a strict content security policy", async (context) => {
  await project.copyDist("plain");
  await project.write({ "plain/main.js": ENTRY.replace("@latchkey/sdk", "./index.js"), "plain/index.html": PAGE });
  await served(project.path("plain"), policy("worker-src 'self'"), async ({ url, asked }) => {
    // A busy machine lengthens any task: three tries, of which one without a long task shows that there need be none.
    const tries = [];
    while (tries.length < 3 && !tries.some(({ long }) => long.length === 0)) tries.push(await tryOut(`${url}/`));
    context.diagnostic(`sign-in: ${tries.map(({ ms }) => `${Math.round(ms)} ms`)}`);
    assert.deepEqual(tries.at(-1).long, [], "the page's thread was held for more than 50 ms");
    assert.ok(asked.includes("/engine_bg.wasm") && !asked.includes("/inline.js"));
  });
});

test("Vite, built", async () => {
  const { build } = await import("vite");
  await build({ root: project.folder, logLevel: "error", build: { outDir: "vite" } });
  await served(project.path("vite"), policy("worker-src 'self'"), ({ url }) => tryOut(`${url}/`));
});

test("Vite, its development server", async () => {
  const { createServer } = await import("vite");
  const server = await createServer({ root: project.folder, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
  try {
    await server.listen();
    await tryOut(`http://localhost:${server.httpServer.address().port}/`);
  } finally {
    await server.close();
  }
});

test("webpack 5", async () => {
  const { default: webpack } = await import("webpack");
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { mode: "production", context: project.folder, entry: "./main.js", output: { path: project.path("webpack"), filename: "main.js" } },
      (error, stats) => (error ? reject(error) : resolve(stats)),
    ),
  );
  assert.equal(stats.hasErrors(), false, stats.toString());
  await project.write({ "webpack/index.html": PAGE });
  await served(project.path("webpack"), policy("worker-src 'self'"), ({ url }) => tryOut(`${url}/`));
});

test("esbuild, by way of ./inline: one file", async () => {
  const { build } = await import("esbuild");
  await build({ absWorkingDir: project.folder, entryPoints: ["inline.js"], outfile: "esbuild/main.js", bundle: true, minify: true, format: "esm", logLevel: "error" });
  await project.write({ "esbuild/index.html": PAGE });
  await served(project.path("esbuild"), policy("worker-src blob:"), async ({ url, asked }) => {
    await tryOut(`${url}/`);
    assert.deepEqual(asked, ["/", "/main.js"]);
  });
});
