// Every screen before axe-core: light and dark, on a phone and on a desk, in every language.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App } from "./support/app.mjs";
import { bringAxe, violations } from "./support/axe.mjs";
import { launch, open } from "./support/chromium.mjs";
import { serveGallery } from "./support/gallery.mjs";
import { Admin } from "./support/admin.mjs";
import { LANGUAGES, SCREENS, makeScenery, walk } from "./support/screens.mjs";

const WIDTHS = [360, 1440];
const SCHEMES = ["light", "dark"];

const admin = new Admin();
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe("axe-core finds nothing", { concurrency: 2 }, () => {
  for (const lang of LANGUAGES) {
    test(`on the screens as people reach them, in ${lang}`, async (t) => {
      const app = await App.start();
      t.after(() => app.stop());
      const { context, page, wrongs } = await open(browser);
      await bringAxe(context);
      const scenery = await makeScenery(admin, app);
      const found = [];
      const seen = new Set();
      await walk(scenery, page, lang, async (name) => {
        seen.add(name);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          for (const colorScheme of SCHEMES) {
            await page.emulateMedia({ colorScheme });
            found.push(...(await violations(page, `${name} ${lang} ${colorScheme} ${width}`)));
          }
        }
      });
      assert.deepEqual(found, []);
      assert.equal(seen.size, SCREENS);
      assert.deepEqual(wrongs, []);
      await context.close();
    });
  }
});

describe("of every sample there is", { concurrency: 2 }, () => {
  let gallery;
  let app;
  before(async () => {
    app = await App.start();
    app.belongsTo(await admin.makeSite(app));
    gallery = await serveGallery(app.authorizeUrl());
  });
  after(async () => {
    await gallery?.stop();
    await app?.stop();
  });

  for (const lang of LANGUAGES) {
    test(`axe-core finds nothing in ${lang}, and each is drawn without a breach`, async () => {
      const names = gallery.names.filter((name) => name.includes(`.${lang}.`));
      assert.ok(names.length > 50, `${names}`);
      const { context, page, wrongs } = await open(browser);
      await bringAxe(context);
      const found = [];
      for (const name of names) {
        await page.goto(`${gallery.url}/${name}`);
        if (await page.locator("script").count()) await page.locator("html[data-scripts=ready]").waitFor();
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          found.push(...(await violations(page, `${name} ${width}`)));
        }
      }
      await context.close();
      assert.deepEqual(found, []);
      assert.deepEqual(wrongs, []);
    });
  }

  test("nor where no script runs", async () => {
    const { context, page } = await open(browser, { viewport: { width: 360, height: 900 } });
    await bringAxe(context);
    // Scripts are kept away: so the pages are as without.
    await context.route("**/island.js", (route) => route.abort());
    const found = [];
    for (const name of gallery.names.filter((name) => name.endsWith(".en.light"))) {
      await page.goto(`${gallery.url}/${name}`);
      found.push(...(await violations(page, name)));
    }
    await context.close();
    assert.deepEqual(found, []);
  });

  test("a fault would be found", async () => {
    const { context, page } = await open(browser);
    await bringAxe(context);
    await page.goto(`${gallery.url}/sign-in.en.light`);
    await page.locator("html[data-scripts=ready]").waitFor();
    assert.deepEqual(await violations(page, "sound"), []);
    await page.evaluate(() => {
      document.documentElement.removeAttribute("lang");
      document.querySelector("label").remove();
      document.querySelector("h1").style.color = "#999";
      document.querySelector(".on a").style.cssText = "display: inline-block; width: 9px; height: 9px; overflow: hidden";
    });
    const found = (await violations(page, "broken")).join("\n");
    for (const rule of ["html-has-lang", "label", "color-contrast"]) assert.match(found, new RegExp(`: ${rule}: `));
    await context.close();
  });
});
