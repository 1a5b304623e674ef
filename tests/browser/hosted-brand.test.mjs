// A customer's brand in a real browser: it is worn, and a hostile picture can do nothing, however it is looked at.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  CreateManagedLoginBrandingCommand,
  DescribeManagedLoginBrandingCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin } from "./support/admin.mjs";

// Each of these would set `hacked`, or ask evil.example for something.
const HOSTILE = `<?xml version="1.0"?><?xml-stylesheet href="https://evil.example/x.css"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:h="http://www.w3.org/1999/xhtml"
  width="120" height="40" onload="hacked = 1">
  <script>hacked = 2</script><h:script>hacked = 3</h:script><script xlink:href="https://evil.example/x.js"/>
  <foreignObject width="9" height="9"><h:iframe src="javascript:parent.hacked = 4"/><h:img src="x" onerror="hacked = 5"/></foreignObject>
  <style>@import url(https://evil.example/y.css); rect { fill: url(https://evil.example/z) }</style>
  <image href="https://evil.example/a.png" width="9" height="9"/><use href="https://evil.example/b.svg#c"/>
  <rect id="box" width="120" height="40" fill="#c0ffee" style="background: url(https://evil.example/d)" onclick="hacked = 6"/>
  <a id="link" href="javascript:hacked = 7"><rect id="trap" y="20" width="60" height="20" fill="red"/></a>
  <a href="#x"><set attributeName="href" to="javascript:hacked = 8"/><rect x="60" y="20" width="60" height="20"/></a>
  <animate attributeName="onload" to="hacked = 9"/>
</svg>`;

let browser;
let app;
let admin;
let site;
let page;
let context;
let wrongs;
const asked = [];

before(async () => {
  [browser, app] = await Promise.all([launch(), App.start()]);
  admin = new Admin();
  site = await admin.makeSite(app);
  app.belongsTo(site);
  const button = { backgroundColor: "0a5c36ff", textColor: "ffffffff" };
  const { ManagedLoginBranding } = await admin.api.send(
    new CreateManagedLoginBrandingCommand({
      UserPoolId: site.id,
      ClientId: site.clientId,
      Settings: {
        categories: { global: { colorSchemeMode: "LIGHT" } },
        components: { form: { logo: { enabled: true } }, primaryButton: { lightMode: { defaults: button } } },
      },
      Assets: [
        { Category: "FORM_LOGO", ColorMode: "DYNAMIC", Extension: "SVG", Bytes: Buffer.from(HOSTILE) },
        { Category: "PAGE_BACKGROUND", ColorMode: "DYNAMIC", Extension: "SVG", Bytes: Buffer.from(HOSTILE) },
      ],
    }),
  );
  const { ManagedLoginBranding: read } = await admin.api.send(
    new DescribeManagedLoginBrandingCommand({
      UserPoolId: site.id,
      ManagedLoginBrandingId: ManagedLoginBranding.ManagedLoginBrandingId,
    }),
  );
  assert.equal(Buffer.from(read.Assets[0].Bytes).toString(), HOSTILE, "described as it was sent");
  ({ context, page, wrongs } = await open(browser));
  page.on("request", (request) => asked.push(request.url()));
});
after(async () => {
  await context?.close();
  await browser?.close();
  await app?.stop();
});

describe("a brand", () => {
  test("is worn: its colour, its logo, its ground, within the policy", async () => {
    await page.goto(app.authorizeUrl());
    await page.locator("html[data-scripts=ready]").waitFor();
    const logo = page.locator("img.logo").first();
    assert.deepEqual(await logo.evaluate((image) => [image.complete, image.naturalWidth, image.naturalHeight]), [true, 120, 40]);
    const colour = await page.locator("button.primary").first().evaluate((button) => getComputedStyle(button).backgroundColor);
    assert.equal(colour, "rgb(10, 92, 54)");
    assert.deepEqual(wrongs, []);
    const strangers = asked.filter((url) => !url.startsWith(site.url) && !url.startsWith(app.url));
    assert.deepEqual(strangers, [], "nobody else is asked for anything");
  });

  test("has a picture that opened by itself is a picture and nothing else", async () => {
    const address = await page.locator("img.logo").first().evaluate((image) => image.src);
    asked.length = 0;
    const response = await page.goto(address);
    const headers = response.headers();
    assert.equal(headers["content-type"], "image/svg+xml");
    assert.equal(headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(headers["cache-control"], /immutable/);
    await page.locator("#box").click({ position: { x: 5, y: 5 } });
    await page.locator("#trap").click({ position: { x: 5, y: 5 } });
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.equal(await page.locator("script, foreignObject, use, set, animate").count(), 0);
    assert.deepEqual(asked, [address]);
    assert.equal(page.url(), address);
  });

  test("would have an inert picture even if something had got through", async () => {
    const address = page.url();
    const look = async (headers) => {
      const window = await browser.newContext();
      const tab = await window.newPage();
      await tab.route(address, (route) => route.fulfill({ body: HOSTILE.replace(/<\?xml-s.*?\?>/, ""), headers }));
      await tab.route("https://evil.example/**", (route) => route.abort());
      await tab.goto(address);
      const hacked = await tab.evaluate(() => globalThis.hacked);
      await window.close();
      return hacked;
    };
    const served = (await fetch(address)).headers;
    const kept = ["content-type", "content-security-policy", "x-content-type-options"];
    assert.equal(await look(Object.fromEntries(kept.map((name) => [name, served.get(name)]))), undefined);
    assert.notEqual(await look({ "content-type": "image/svg+xml" }), undefined, "without the policy it would act");
  });
});
