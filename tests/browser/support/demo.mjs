// The demo app, view by view.

import assert from "node:assert/strict";
import { bringAxe, violations } from "./axe.mjs";

const { SCREENSHOTS } = process.env;

/** A look at the view with this title: it is there, fits, and has no fault axe knows of. With SCREENSHOTS set to a folder
 * it is pictured there. */
export async function looker(page, name) {
  // Not a script of the page's: its policy would refuse that.
  await bringAxe(page.context());
  let count = 0;
  return async (title) => {
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}-${++count}.png`, fullPage: true });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `${title} is wider than the window`);
    assert.deepEqual(await violations(page, title), []);
  };
}
