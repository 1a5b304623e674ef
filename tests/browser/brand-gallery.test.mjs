// Every screen as the sample brands wear it: light and dark, on a phone and on a desk.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { bringAxe, violations } from "./support/axe.mjs";
import { launch, open } from "./support/chromium.mjs";
import { overflow, watchShifts } from "./support/layout.mjs";

const GALLERY = `${process.env.LATCHKEY_URL}/_latchkey/gallery`;
/** Where a picture of each is kept, for people to look at. */
const PICTURES = fileURLToPath(new URL("../../target/brand-gallery", import.meta.url));
/** The phone last: so the next page is loaded in a window that is at rest. */
const WIDTHS = [[1440, 900], [360, 740]];
const SCHEMES = ["light", "dark"];
/** Bytes of HTML and style sheets, brotli, pictures apart. */
const BUDGET = 14_000;

const { brands, samples, languages } = await (await fetch(GALLERY, { headers: { accept: "application/json" } })).json();
let browser;
before(async () => {
  browser = await launch();
  await mkdir(PICTURES, { recursive: true });
});
after(() => browser?.close());

/** Opens a sample and waits until all of it is there. */
async function visit(page, brand, sample, lang = "en") {
  await page.goto(`${GALLERY}/${brand}/${sample}?lang=${lang}`);
  if (await page.locator("script").count()) await page.locator("html[data-scripts=ready]").waitFor();
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

/** In the page: what was asked for and did not come, or is drawn without a size. */
function broken() {
  const images = [...document.images].filter((image) => !image.naturalWidth || !image.width);
  return images.map((image) => `${image.src} is not drawn`);
}

describe("every screen of every brand", { concurrency: 3 }, () => {
  assert.ok(brands.length >= 3 && samples.length > 25, `${brands} ${samples}`);
  for (const brand of brands) {
    test(`${brand} is worn without a fault`, async () => {
      const { context, page, wrongs } = await open(browser, { viewport: { width: 360, height: 740 } });
      await bringAxe(context);
      // In some hundred loads, in windows that change their size, a busy machine moves a button by a few pixels once.
      await context.addInitScript(watchShifts, 0.001);
      const faults = [];
      for (const sample of samples) {
        const note = (where, list) => faults.push(...list.map((fault) => `${sample} ${where}: ${fault}`));
        await visit(page, brand, sample);
        note("moves", await page.evaluate(() => window.shifts));
        note("picture", await page.evaluate(broken));
        for (const [width, height] of WIDTHS) {
          await page.setViewportSize({ width, height });
          note(`at ${width}`, await page.evaluate(overflow));
          for (const colorScheme of SCHEMES) {
            await page.emulateMedia({ colorScheme });
            faults.push(...(await violations(page, `${sample} ${colorScheme} ${width}`)));
            await page.screenshot({ path: join(PICTURES, `${brand}.${sample}.${colorScheme}.${width}.png`) });
          }
        }
      }
      await context.close();
      assert.deepEqual(faults, []);
      assert.deepEqual(wrongs, []);
    });

    test(`${brand} holds from right to left, at double text size, on the smallest phones`, async () => {
      const { context, page, wrongs } = await open(browser, { viewport: { width: 320, height: 740 } });
      const faults = [];
      for (const sample of samples) {
        for (const lang of languages) {
          await visit(page, brand, sample, lang);
          const note = (where, list) => faults.push(...list.map((fault) => `${sample} ${lang} ${where}: ${fault}`));
          note("at 320", await page.evaluate(overflow));
          await page.setViewportSize({ width: 360, height: 740 });
          await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
          note("at 200 %", await page.evaluate(overflow));
          await page.screenshot({ path: join(PICTURES, `${brand}.${sample}.${lang}.large.png`) });
          await page.setViewportSize({ width: 320, height: 740 });
        }
      }
      await context.close();
      assert.deepEqual(faults, []);
      assert.deepEqual(wrongs, []);
    });

    test(`${brand} gives way to the reader's own colours`, async () => {
      const { context, page } = await open(browser, { viewport: { width: 1440, height: 900 }, forcedColors: "active" });
      await visit(page, brand, "sign-in-providers");
      const seen = await page.evaluate(() => {
        const styles = (selector) => [...document.querySelectorAll(selector)].map((one) => getComputedStyle(one));
        const painted = [...styles("body, .card, .strip, .brand"), getComputedStyle(document.body, "::before")];
        return {
          pictures: painted.map((style) => style.backgroundImage).filter((image) => image.includes("url(")),
          rims: styles(".input, .button").filter((style) => parseFloat(style.borderTopWidth) < 1).length,
          controls: styles(".input, .button").length,
        };
      });
      await page.screenshot({ path: join(PICTURES, `${brand}.sign-in-providers.forced.png`) });
      await context.close();
      assert.deepEqual(seen.pictures, []);
      assert.equal(seen.rims, 0);
      assert.ok(seen.controls >= 5);
    });

    test(`${brand} keeps the sign-in page in its budget`, async () => {
      for (const sample of samples.filter((name) => name.startsWith("sign-in"))) {
        const html = await (await fetch(`${GALLERY}/${brand}/${sample}`)).text();
        const sheets = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href);
        assert.equal(sheets.length, 2, html);
        const texts = await Promise.all(sheets.map(async (href) => (await fetch(new URL(href, GALLERY))).text()));
        const bytes = [html, ...texts].map((text) => brotliCompressSync(text).length);
        const sum = bytes.reduce((one, other) => one + other);
        assert.ok(sum <= BUDGET, `${sample}: ${bytes}`);
      }
    });
  }
});

test("what cannot be read would be found, on the form and around it", async () => {
  const { context, page } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await bringAxe(context);
  for (const brand of brands) {
    await visit(page, brand, "sign-in");
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("h1, .foot a")) element.style.color = "#aaa";
    });
    const found = await violations(page, brand);
    const contrast = found.filter((fault) => fault.includes(": color-contrast: "));
    assert.ok(contrast.some((fault) => fault.includes("<h1")), `${brand}: ${found}`);
    assert.ok(contrast.some((fault) => fault.includes("<a")), `${brand}: ${found}`);
  }
  await context.close();
});

test("the gallery's own page is sound", async () => {
  const { context, page, wrongs } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await bringAxe(context);
  for (const brand of ["plain", ...brands]) {
    await page.goto(`${GALLERY}?brand=${brand}&mode=dark`);
    assert.equal(await page.locator("iframe").count(), samples.length);
    await page.frameLocator("iframe").first().locator("h1").waitFor();
    assert.equal(await page.locator("nav [aria-current]").count(), 4);
  }
  const found = await violations(page, "index");
  await context.close();
  assert.deepEqual(found, []);
  // Nothing runs in the frames and none takes the focus, and Chromium says so.
  assert.deepEqual(wrongs.filter((wrong) => !/Blocked (autofocusing|script execution)/.test(wrong)), []);
});
