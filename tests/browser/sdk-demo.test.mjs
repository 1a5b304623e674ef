// The demo at /demo/, as somebody trying the SDK walks it: sign up, code, sign in, authenticator, refresh, sign out.
// With SCREENSHOTS set to a folder, every view is pictured there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./support/chromium.mjs";
import { looker } from "./support/demo.mjs";
import { PASSWORD, freshEmail } from "./support/admin.mjs";

const { LATCHKEY_URL } = process.env;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const [width, height] of [[360, 740], [1440, 900]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the journey, ${width} px wide, ${colorScheme}`, async () => {
      const { context, page, wrongs } = await open(browser, { viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
      try {
        await walk(page, `${width}-${colorScheme}`);
        assert.deepEqual(wrongs, []);
      } catch (error) {
        error.message += `\n${await page.locator("body").innerText().catch(() => "")}`;
        throw error;
      } finally {
        await context.close();
      }
    });
  }
}

const walk = async (page, name) => {
  const look = await looker(page, name);
  const press = (button) => page.getByRole("button", { name: button, exact: true }).click();
  const label = (text) => page.getByLabel(text, { exact: true });
  const logged = (text) => page.getByRole("log").getByText(text).first().waitFor();
  const email = freshEmail();

  await page.goto(`${LATCHKEY_URL}/demo/`);
  await look("Sign in");
  await press("Sign up");
  await label("E-mail").fill(email);
  await label("Password").fill(PASSWORD);
  await look("Create account");
  await press("Create account");

  await page.getByRole("heading", { level: 1, name: "Confirm your account" }).waitFor();
  await label("Code").fill("000000");
  await press("Confirm");
  await page.getByRole("alert").or(page.locator(".alert")).first().waitFor();
  await look("Confirm your account");
  await press("Take the code from the dev mailbox");
  await logged("dev mailbox → code");
  await press("Confirm");

  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await label("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await look("Signed in");
  await page.getByText(email).first().waitFor();

  await press("Refresh now");
  await logged("event: refreshed");
  await press("Ask the service who I am");
  await logged("MFA: none");

  await press("Set up an authenticator");
  await look("Set up an authenticator app");
  await press("No phone at hand? Work the code out here");
  await page.waitForFunction(() => document.querySelector("input[name=code]").value.length === 6);
  await press("Turn on");
  await page.getByRole("heading", { level: 1, name: "Signed in" }).waitFor();

  // The tab is loaded again: the session is still there.
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Signed in" }).waitFor();
  await press("Sign out");
  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await label("User name or e-mail").fill(email);
  await label("Password").fill("Not-The-Password-1");
  await page.keyboard.press("Enter");
  await logged("NotAuthorizedException");
  await look("Sign in");
  await label("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await look("Enter your code");

  await press("Start again");
  await press("Reset");
  await label("User name or e-mail").fill(email);
  await look("Forgot password");
  await press("Send a code");
  await look("Choose a new password");
  await press("Back to sign-in");
  await press("Hosted page");
  await look("Hosted page");
  await press("Continue to the hosted page");

  // The pool's own page, and back: the SDK exchanges the code and verifies the ID token against the issuer's keys.
  const demo = await (await fetch(`${LATCHKEY_URL}/demo/config.json`)).json();
  await page.locator('[autocomplete~="username"]').fill(demo.username);
  await page.locator('[autocomplete="current-password"]').fill(demo.passwordHint.split(" ").at(-1));
  await page.keyboard.press("Enter");
  await logged("handleRedirect → done (appState: demo)");
  await page.getByRole("heading", { level: 1, name: "Signed in" }).waitFor();
  assert.equal(page.url(), `${LATCHKEY_URL}/demo/`);
  await page.getByText(demo.username).first().waitFor();
};
