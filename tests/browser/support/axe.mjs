// axe-core, with every rule of WCAG 2.0 to 2.2, A and AA, and its best practices.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const SOURCE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** Brings axe into every page of a window; beside the pages' policy, not against it. */
export const bringAxe = (context) => context.addInitScript({ content: SOURCE });

/** In the page: waits until all that moves has ended, but for what never ends: what is folded away stands still. */
export function comeToRest() {
  const moves = ({ effect }) => effect.getComputedTiming().endTime < 10_000 && effect.target.checkVisibility();
  const ends = document.getAnimations().filter(moves);
  return Promise.allSettled(ends.map((one) => one.finished));
}

/** What violates a rule: sentences. */
export async function violations(page, name) {
  await page.evaluate(comeToRest);
  const found = await page.evaluate(
    (values) => window.axe.run({ runOnly: { type: "tag", values }, resultTypes: ["violations"] }).then((r) => r.violations),
    TAGS,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${name}: ${id}: ${html.slice(0, 200)}: ${failureSummary.replaceAll("\n", " ")}`),
  );
}
