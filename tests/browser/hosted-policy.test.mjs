// What stands around the pages: content security policy, cookies, TLS, proxies.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { CreateUserPoolDomainCommand } from "@aws-sdk/client-cognito-identity-provider";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD, fresh } from "./support/admin.mjs";
import { startNginx } from "./support/nginx.mjs";
import { Person } from "./support/person.mjs";
import { faultsOf, parsePolicy } from "./support/policy.mjs";
import { Server, freePort } from "./support/server.mjs";

let browser;
let app;
before(async () => {
  [browser, app] = await Promise.all([launch(["--ignore-certificate-errors"]), App.start()]);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

const policyOf = (response) => parsePolicy(response.headers()["content-security-policy"]);

describe("the policy", () => {
  const admin = new Admin();
  let site;
  before(async () => {
    site = await admin.makeSite(app);
    app.belongsTo(site);
  });

  test("lets a form lead to the app, and to nobody else", async () => {
    const { context, page } = await open(browser);
    const response = await page.goto(app.authorizeUrl());
    assert.deepEqual(policyOf(response)["form-action"], ["'self'", app.url]);
    const lost = await page.goto(app.authorizeUrl({ client_id: "nobodysclient" }));
    assert.deepEqual(policyOf(lost)["form-action"], ["'self'"]);
    assert.equal("script-src" in policyOf(lost), false);
    await context.close();
  });

  test("is held by the browser, and a breach would be seen", async () => {
    const { context, page, wrongs } = await open(browser);
    await page.goto(app.authorizeUrl());
    await page.locator("html[data-scripts=ready]").waitFor();
    assert.deepEqual(wrongs, []);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.broken = true";
      document.head.append(script);
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      document.head.append(style);
      document.querySelector("form.form").setAttribute("action", "https://evil.example/");
      const image = new Image();
      image.src = "https://evil.example/pixel";
      document.body.append(image);
    });
    await page.waitForTimeout(200);
    for (const directive of ["script-src", "style-src", "img-src"]) {
      assert.ok(wrongs.some((wrong) => wrong.includes(directive)), `${directive}: ${wrongs}`);
    }
    assert.equal(await page.evaluate(() => "broken" in window), false);
    await context.close();
  });

  test("keeps the pages out of frames", async () => {
    const frame = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!doctype html><title>Trap</title><iframe src="${app.authorizeUrl().replaceAll("&", "&amp;")}">`);
    }).listen(0, "127.0.0.1");
    await once(frame, "listening");
    const { context, page, wrongs } = await open(browser);
    await page.goto(`http://localhost:${frame.address().port}/`);
    await page.waitForTimeout(300);
    assert.equal(await page.frameLocator("iframe").locator("form").count(), 0);
    assert.ok(wrongs.some((wrong) => wrong.includes("frame-ancestors")), wrongs.join("\n"));
    await context.close();
    frame.closeAllConnections();
    frame.close();
  });

  test("of scripts and worker is strict too, and they may be kept for ever", async () => {
    const { context, page } = await open(browser);
    const files = [];
    context.on("response", (response) => {
      if (new URL(response.url()).pathname.startsWith("/assets/")) files.push(response);
    });
    const username = await admin.makeUser(site);
    const person = new Person(page, true);
    await person.signsIn(app, { username, password: PASSWORD });
    const names = files.map((file) => file.url().split("/").at(-1));
    for (const name of ["style.css", "island.js", "islands_glue.js", "islands_glue_bg.wasm", "worker.js"]) {
      assert.ok(names.includes(name), `${name} was not loaded: ${names}`);
    }
    for (const file of files) {
      const headers = file.headers();
      assert.equal(headers["x-content-type-options"], "nosniff", file.url());
      assert.match(headers["cache-control"], /immutable/, file.url());
      const policy = policyOf(file);
      assert.deepEqual(policy["default-src"], ["'none'"], file.url());
      assert.doesNotMatch(headers["content-security-policy"], /unsafe-inline|[^-]unsafe-eval/);
    }
    await context.close();
  });

  test("a fault in it would be found", async () => {
    const response = await fetch(app.authorizeUrl());
    const html = await response.text();
    const headers = Object.fromEntries(response.headers);
    assert.deepEqual(faultsOf(headers, html), []);
    const policy = headers["content-security-policy"];
    for (const changed of [
      policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
      policy.replace("'wasm-unsafe-eval'", "'unsafe-eval'"),
      policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
      policy.replace("base-uri 'none'", ""),
      policy.replace("default-src 'none'", "default-src *"),
    ]) {
      assert.notDeepEqual(faultsOf({ ...headers, "content-security-policy": changed }, html), [], changed);
    }
    assert.notDeepEqual(faultsOf({ ...headers, "referrer-policy": "origin" }, html), []);
    assert.notDeepEqual(faultsOf(headers, `${html}<p style="color: red">`), []);
    assert.notDeepEqual(faultsOf(headers, html.replace("<script ", "<noscript ")), []);
  });

  test("cookies are out of scripts' reach and do not travel with other sites' posts", async () => {
    const { context, page } = await open(browser);
    const username = await admin.makeUser(site);
    await new Person(page, true).signsIn(app, { username, password: PASSWORD }, { lang: "en" });
    const cookies = await context.cookies(site.url);
    assert.deepEqual(cookies.map(({ name }) => name).sort(), ["XSRF-TOKEN", `cognito-${site.id}`, "lang"]);
    for (const { name, httpOnly, sameSite, secure, path, domain } of cookies) {
      assert.deepEqual([name, httpOnly, sameSite, secure, path, domain], [name, true, "Lax", false, "/", "localhost"]);
    }
    await context.close();
  });
});

describe("behind nginx with TLS", () => {
  let server;
  let nginx;
  let site;
  let admin;
  before(async () => {
    const tls = await freePort();
    server = await Server.start({ baseUrl: () => `https://localhost:${tls}` });
    nginx = await startNginx(tls, `127.0.0.1:${server.port}`);
    admin = new Admin(server.url, `http://127.0.0.1:${server.port}`);
    site = await admin.makeSite(app);
  });
  after(async () => {
    await nginx?.stop();
    await server?.stop();
  });

  for (const scripts of [true, false]) {
    test(`a sign-in ${scripts ? "with" : "without"} scripts; its cookies are bound to host and TLS`, async () => {
      app.belongsTo(site);
      const options = { javaScriptEnabled: scripts, ignoreHTTPSErrors: true };
      const { context, page, wrongs } = await open(browser, options);
      const person = new Person(page, scripts);
      const username = await admin.makeUser(site);
      const response = await person.visit(app.authorizeUrl(), "Sign in to Acme");
      const headers = response.headers();
      assert.equal(headers["strict-transport-security"], "max-age=31536000; includeSubDomains");
      assert.deepEqual(faultsOf(headers, await response.text()), []);
      await person.sends({ username, password: PASSWORD });
      await person.arrives(app);
      const cookies = await context.cookies(site.url);
      assert.deepEqual(cookies.map(({ name }) => name).sort(), ["__Host-XSRF-TOKEN", `__Host-cognito-${site.id}`]);
      for (const { httpOnly, sameSite, secure, path, domain } of cookies) {
        assert.deepEqual([httpOnly, sameSite, secure, path, domain], [true, "Lax", true, "/", "localhost"]);
      }
      // And they are believed: the session answers silently.
      await person.visit(app.authorizeUrl({ prompt: "none" }), "Welcome");
      assert.deepEqual(wrongs, []);
      await context.close();
    });
  }

  test("a domain is found by the host that the proxy was asked for", async () => {
    app.belongsTo(site);
    const Domain = fresh("acme");
    await admin.api.send(new CreateUserPoolDomainCommand({ UserPoolId: site.id, Domain }));
    const { context, page } = await open(browser, { ignoreHTTPSErrors: true });
    const own = site.url.replace("://", `://${Domain}.`);
    const person = new Person(page, true);
    const username = await admin.makeUser(site);
    await person.visit(app.authorizeUrl().replace(site.url, own), "Sign in to Acme");
    assert.equal(new URL(page.url()).origin, own);
    await person.sends({ username, password: PASSWORD });
    await person.arrives(app);
    const nobody = app.authorizeUrl().replace(site.url, site.url.replace("://", "://nobody."));
    assert.equal((await person.visit(nobody, "There is nothing here")).status(), 404);
    await context.close();
  });
});

describe("forwarding headers", () => {
  /** The status of a request for the sign-in page, with headers as somebody may write them. */
  const ask = (port, path, headers) =>
    new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path, headers }, (response) => {
        response.resume();
        resolve(response);
      })
        .on("error", reject)
        .end();
    });

  for (const [who, options, status] of [
    ["a trusted proxy is", [], 404],
    ["a stranger is not", ["--trusted-proxies", "192.0.2.1"], 200],
  ]) {
    test(`${who} believed about the host`, async () => {
      const server = await Server.start({ options });
      try {
        const site = await new Admin(server.url).makeSite(app);
        app.belongsTo(site);
        const path = app.authorizeUrl().replace(site.url, "").replace("/oauth2/authorize", "/login");
        const host = `localhost:${server.port}`;
        const plain = await ask(server.port, path, { host });
        assert.equal(plain.statusCode, 200);
        const forwarded = { "x-forwarded-host": "nobody.localhost", "x-forwarded-proto": "https" };
        const answer = await ask(server.port, path, { host, ...forwarded, "x-forwarded-for": "203.0.113.9" });
        assert.equal(answer.statusCode, status);
        // The scheme is the base URL's, whoever says otherwise.
        const cookies = answer.headers["set-cookie"] ?? [];
        assert.ok(cookies.every((cookie) => !/__Host-|Secure/.test(cookie)), cookies.join("\n"));
      } finally {
        await server.stop();
      }
    });
  }
});
