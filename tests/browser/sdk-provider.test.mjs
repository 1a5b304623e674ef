// The demo with an identity provider: its button, who came through it, and what is said where that fails. The provider is
// npm's oidc-provider. With SCREENSHOTS set to a folder, every view is pictured there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CreateIdentityProviderCommand, DescribeUserPoolClientCommand, UpdateUserPoolClientCommand } from "@aws-sdk/client-cognito-identity-provider";
import { launch, open } from "./support/chromium.mjs";
import { looker } from "./support/demo.mjs";
import { Admin, freshEmail } from "./support/admin.mjs";
import { IdentityProvider, OUR_ID, OUR_SECRET, agrees, refuses, signsInThere } from "./support/provider.mjs";
import { Server, freePort } from "./support/server.mjs";

let browser;
let company;
let server;
before(async () => {
  const port = await freePort();
  // Cookies know no ports: another name keeps the provider's apart.
  company = await IdentityProvider.start({ host: "127.0.0.1", callbacks: [`http://localhost:${port}/oauth2/idpresponse`] });
  server = await Server.start({ port });
  browser = await launch();
  const { api } = new Admin(server.url);
  const { userPoolId: UserPoolId, clientId: ClientId } = await (await fetch(`${server.url}/demo/config.json`)).json();
  await api.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: "Company",
      ProviderType: "OIDC",
      ProviderDetails: { client_id: OUR_ID, client_secret: OUR_SECRET, authorize_scopes: "openid email profile", oidc_issuer: company.url, attributes_request_method: "GET" },
      AttributeMapping: { username: "sub", email: "email", email_verified: "email_verified", name: "name" },
    }),
  );
  const { UserPoolClient } = await api.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
  const { CreationDate, LastModifiedDate, ClientSecret, ...settings } = UserPoolClient;
  await api.send(new UpdateUserPoolClientCommand({ ...settings, SupportedIdentityProviders: ["COGNITO", "Company"] }));
});
after(async () => {
  await Promise.all([browser?.close(), server?.stop(), company?.stop()]);
});

for (const [width, height, colorScheme] of [[360, 740, "light"], [1440, 900, "dark"]]) {
  test(`through a provider and back, ${width} px wide, ${colorScheme}`, async () => {
    const { context, page, wrongs } = await open(browser, { viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    try {
      await walk(page, `provider-${width}-${colorScheme}`);
      assert.deepEqual(wrongs.filter((wrong) => !wrong.startsWith(company.url)), []);
    } catch (error) {
      error.message += `\n${page.url()}\n${await page.locator("body").innerText().catch(() => "")}`;
      throw error;
    } finally {
      company.lies.clear();
      await context.close();
    }
  });
}

const walk = async (page, name) => {
  const look = await looker(page, name);
  const press = (button) => page.getByRole("button", { name: button, exact: true }).click();
  const logged = (text) => page.getByRole("log").getByText(text).first().waitFor();
  const email = freshEmail();
  company.people.set(email, { email, email_verified: true, name: "Ada Lovelace" });

  await page.goto(`${server.url}/demo/`);
  await page.getByRole("button", { name: "Continue with Company" }).waitFor();
  await look("Sign in");

  // Somebody thinks better of it.
  await press("Continue with Company");
  await refuses(page);
  await logged("handleRedirect → ProviderRefused");
  const alert = page.locator(".alert");
  assert.match(await alert.innerText(), /Company did not let you in/);
  assert.equal(await alert.evaluate((element) => element === document.activeElement), true);
  assert.equal(page.url(), `${server.url}/demo/`, "nothing of the answer is left in the address");
  await look("Sign in");

  await press("Continue with Company");
  await signsInThere(page, email);
  await agrees(page);
  await logged("handleRedirect → done (appState: demo)");
  await look("Signed in");
  assert.match(await page.locator("#stage").innerText(), new RegExp(`As ${email.replace("+", "\\+")}, through Company`));
  await press("Sign out");
  await page.getByRole("button", { name: "Continue with Company" }).waitFor();

  // The provider breaks off, then lies about who has signed in.
  company.lies.set("/token", (request) => request.socket.destroy());
  await press("Continue with Company");
  await logged("handleRedirect → ProviderUnavailable");
  assert.match(await alert.innerText(), /Company cannot be reached/);
  company.lies.set("/token", (_, response) =>
    response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: "invalid_client", error_description: "no such secret" })));
  await press("Continue with Company");
  await logged("handleRedirect → ProviderFailed");
  assert.match(await alert.innerText(), /Company answered with an error \(invalid_client\)/);
  await look("Sign in");
};
