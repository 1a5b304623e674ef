// Somebody in front of the hosted pages. Fields are found by the names that the server reads.

import assert from "node:assert/strict";

export class Person {
  constructor(page, scripts) {
    this.page = page;
    this.scripts = scripts;
  }

  /** Goes to an address; `heading` is what should be there. */
  async visit(url, heading) {
    const response = await this.page.goto(url);
    if (heading) await this.sees(heading);
    return response;
  }

  /** Waits for the page with this heading, ready for use. */
  async sees(heading) {
    await this.page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await this.page.waitForLoadState("load");
    if (this.scripts && (await this.page.locator("leptos-island").count())) {
      await this.page.locator("html[data-scripts=ready]").waitFor();
    }
  }

  /** What is wrong, as the page tells it. */
  async isTold(text) {
    await this.page.getByRole("alert").filter({ hasText: text }).waitFor();
  }

  async types(fields) {
    for (const [name, value] of Object.entries(fields)) {
      await this.page.locator(`#f-${name.replaceAll(/[^a-zA-Z0-9]/g, "-")}`).fill(value);
    }
  }

  /** Types and sends the form, as people do: a code alone sends itself where scripts run. */
  async sends(fields) {
    const last = Object.keys(fields).at(-1);
    const sendsItself = this.scripts && last === "code" && (await this.page.locator("#f-code[data-send]").count()) > 0;
    await this.types(fields);
    if (!sendsItself) await this.presses();
  }

  async presses() {
    await this.page.locator(".form button.primary[type=submit]").click({ noWaitAfter: true });
  }

  async follows(name) {
    await this.page.getByRole("link", { name }).click();
  }

  /** From the app's request to the app's welcome. */
  async signsIn(app, fields, changes) {
    await this.visit(app.authorizeUrl(changes), /^Sign in to/);
    await this.sends(fields);
    return this.arrives(app);
  }

  /** Back in the app, with tokens that hold: their claims. */
  async arrives(app) {
    await this.sees("Welcome");
    assert.ok(app.last?.claims, "the app was told nothing");
    const { claims } = app.last;
    app.last = undefined;
    return claims;
  }
}
