// Chromium, and what is watched in it.

import { chromium } from "playwright-core";

/** Nothing of the browser's own may reach for the network. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser; closed by the caller. */
export const launch = (args = []) =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...QUIET, ...args] });

/** A window of its own, with all that went wrong in it: violated policies, errors, warnings. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  const wrongs = [];
  context.on("console", (message) => {
    if (isWrong(message)) wrongs.push(`${message.page()?.url()}: ${message.type()}: ${message.text()}`);
  });
  context.on("weberror", (error) => wrongs.push(`${error.page()?.url()}: ${error.error()}`));
  // Without scripts nothing runs in a page: there, Chromium's console has to do.
  if (options.javaScriptEnabled !== false) {
    await context.exposeBinding("tellViolation", ({ page }, what) => wrongs.push(`${page.url()}: ${what}`));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) =>
        window.tellViolation(`${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`),
      );
    });
  }
  const page = await context.newPage();
  return { context, page, wrongs };
}

/** An answer with a 4xx is what a refused form gets, and Chromium says so in the console: no fault of the page's. */
function isWrong(message) {
  if (!["error", "warning"].includes(message.type())) return false;
  return !/^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
}
