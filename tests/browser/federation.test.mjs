// Signing in through a provider, from an app's first redirect to its tokens: with scripts on and off, against npm's
// oidc-provider, which plays Google and a company's own provider.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  AdminGetUserCommand,
  CreateIdentityProviderCommand,
  ListUsersCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { App } from "./support/app.mjs";
import { launch, open } from "./support/chromium.mjs";
import { Admin, PASSWORD, fresh, freshEmail } from "./support/admin.mjs";
import { Person } from "./support/person.mjs";
import { IdentityProvider, OUR_ID, OUR_SECRET, agrees, refuses, signsInThere } from "./support/provider.mjs";
import { Server, freePort } from "./support/server.mjs";

const MAPPING = { username: "sub", email: "email", email_verified: "email_verified", name: "name" };

let browser;
let google;
let company;
let poster;
let server;
let admin;
before(async () => {
  const port = await freePort();
  const callbacks = [`http://localhost:${port}/oauth2/idpresponse`];
  google = await IdentityProvider.start({ callbacks });
  // Cookies know no ports: another name keeps the two apart.
  company = await IdentityProvider.start({ host: "127.0.0.1", callbacks });
  // And to cookies another name is another site, however near.
  poster = await IdentityProvider.start({ host: "127.0.0.1", callbacks, formPost: true });
  server = await Server.start({ port, options: ["--google-issuer", google.url] });
  admin = new Admin(server.url);
  browser = await launch();
});
after(async () => {
  await Promise.all([browser?.close(), server?.stop(), google?.stop(), company?.stop(), poster?.stop()]);
});

/** A pool with the three providers, and a client whose users come through `names`. */
async function makeSite(app, names = ["COGNITO", "Google", "Company"], client = {}) {
  const pool = { UsernameAttributes: ["email"], UsernameConfiguration: { CaseSensitive: false } };
  const site = await admin.makeSite(app, { pool, client });
  const details = { client_id: OUR_ID, client_secret: OUR_SECRET, authorize_scopes: "openid email profile" };
  const add = (ProviderName, ProviderType, ProviderDetails) =>
    admin.api.send(
      new CreateIdentityProviderCommand({
        UserPoolId: site.id,
        ProviderName,
        ProviderType,
        ProviderDetails,
        AttributeMapping: MAPPING,
        IdpIdentifiers: [`${ProviderName.toLowerCase()}.test`],
      }),
    );
  await add("Google", "Google", details);
  await add("Company", "OIDC", { ...details, oidc_issuer: company.url, attributes_request_method: "GET" });
  await add("Poster", "OIDC", { ...details, oidc_issuer: poster.url, attributes_request_method: "GET" });
  await admin.api.send(
    new UpdateUserPoolClientCommand({
      UserPoolId: site.id,
      ClientId: site.clientId,
      ClientName: "Acme",
      ...app.client,
      ...client,
      SupportedIdentityProviders: names,
    }),
  );
  app.belongsTo(site);
  return site;
}

/** An ID token that somebody else has signed. */
function forged(claims) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const message = `${part({ alg: "RS256", kid: "first" })}.${part(claims)}`;
  return `${message}.${sign("sha256", Buffer.from(message), privateKey).toString("base64url")}`;
}

describe("signing in through a provider", { concurrency: 1 }, () => {
  for (const scripts of [true, false]) {
    describe(scripts ? "with scripts" : "without scripts", { concurrency: 1 }, () => {
      let app;
      before(async () => {
        app = await App.start();
      });
      after(() => app?.stop());

      /** One person in one window; nothing may go wrong in it on our pages, nor at the providers. */
      const journey = (name, walk) =>
        test(name, async () => {
          const { context, page, wrongs } = await open(browser, { javaScriptEnabled: scripts });
          // The provider's own pages would load a font from elsewhere.
          await context.route(/^https:/, (route) => route.abort());
          try {
            await walk(new Person(page, scripts), context);
            assert.deepEqual(wrongs.filter((wrong) => wrong.startsWith(server.url) || wrong.startsWith(app.url)), []);
            assert.deepEqual([...google.faults, ...company.faults, ...poster.faults], []);
          } catch (error) {
            error.message += `\nat ${page.url()}\n${await page.locator("body").innerText().catch(() => "")}`;
            throw error;
          } finally {
            google.lies.clear();
            company.lies.clear();
            poster.lies.clear();
            await context.close();
          }
        });

      const person = (provider, claims) => {
        const name = fresh("person");
        provider.people.set(name, claims);
        return name;
      };

      journey("a newcomer signs up by Google, and Google's word is kept up to date", async (someone, context) => {
        const site = await makeSite(app);
        const email = freshEmail();
        const name = person(google, { email, email_verified: true, name: "Ada Lovelace" });
        const { page } = someone;
        await someone.visit(app.authorizeUrl(), "Sign in to Acme");
        assert.equal(await page.locator(".badge").count(), 0);
        await someone.follows("Continue with Google");
        await signsInThere(page, name);
        await agrees(page);
        const claims = await someone.arrives(app);
        assert.equal(claims["cognito:username"], `google_${name}`);
        assert.deepEqual([claims.email, claims.email_verified], [email, true]);
        assert.deepEqual(claims["cognito:groups"], [`${site.id}_Google`]);
        const [{ userId, providerName, providerType, issuer, primary, dateCreated }] = claims.identities;
        assert.deepEqual([userId, providerName, providerType, issuer, primary], [name, "Google", "Google", null, "true"]);
        assert.match(dateCreated, /^\d{13}$/);

        // As administrators see it.
        const user = await admin.api.send(new AdminGetUserCommand({ UserPoolId: site.id, Username: `google_${name}` }));
        assert.deepEqual([user.UserStatus, user.Enabled], ["EXTERNAL_PROVIDER", true]);
        const { Users } = await admin.api.send(new ListUsersCommand({ UserPoolId: site.id }));
        assert.equal(Users.length, 1);
        assert.equal(Users[0].UserStatus, "EXTERNAL_PROVIDER");
        for (const attributes of [user.UserAttributes, Users[0].Attributes]) {
          const shown = Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]));
          const { sub, identities, ...rest } = shown;
          assert.equal(sub, claims.sub);
          assert.deepEqual(rest, { email, email_verified: "true", name: "Ada Lovelace" });
          const [identity] = JSON.parse(identities);
          assert.deepEqual(
            [identity.userId, identity.providerName, identity.providerType, identity.issuer, identity.primary],
            [name, "Google", "Google", null, true],
          );
          assert.equal(identity.dateCreated, Number(dateCreated));
        }

        // The browser is known: neither page nor provider.
        await page.goto(app.authorizeUrl());
        assert.equal((await someone.arrives(app)).sub, claims.sub);

        // Asked again, with other claims: the way used last is marked, and the profile follows.
        google.people.set(name, { email, email_verified: true, name: "Countess Lovelace" });
        await someone.visit(`${site.url}/logout?client_id=${site.clientId}&logout_uri=${app.goodbye}`, "Goodbye");
        await someone.visit(app.authorizeUrl({ scope: "openid profile" }), "Sign in to Acme");
        assert.equal(await page.locator("a.provider", { hasText: "Google" }).locator(".badge").count(), 1);
        await someone.follows("Continue with Google");
        const again = await someone.arrives(app);
        assert.deepEqual([again.sub, again.name], [claims.sub, "Countess Lovelace"]);
        const cookies = (await context.cookies(server.url)).filter(({ name }) => !/^_(session|interaction)/.test(name));
        assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === "Lax"), JSON.stringify(cookies));
      });

      journey("an app sends people straight to the company's own provider", async (someone) => {
        const site = await makeSite(app);
        const name = person(company, { email: freshEmail(), name: "Bob" });
        const { page } = someone;
        for (const ask of [{ identity_provider: "Company" }, { idp_identifier: "company.test" }]) {
          await page.goto(app.authorizeUrl({ ...ask, prompt: "login", login_hint: name }));
          assert.ok(page.url().startsWith(company.url), page.url());
          assert.equal(await page.locator("input[name=login]").inputValue(), name);
          await signsInThere(page, name);
          if (ask.identity_provider) await agrees(page);
          const claims = await someone.arrives(app);
          assert.equal(claims["cognito:username"], `company_${name}`);
          assert.equal(claims.email_verified, false);
        }
        // The directory is another way, and asks for itself.
        const username = freshEmail();
        await admin.makeUser(site, { name: username });
        await someone.visit(app.authorizeUrl({ identity_provider: "COGNITO" }), "Sign in to Acme");
        await someone.sends({ username, password: PASSWORD });
        assert.equal((await someone.arrives(app)).identities, undefined);
      });

      /** What the browser sends on its way back from a provider, redirects and all: `{ method, url, form, cookies }`, the
       * cookies with the reasons for which it keeps some back. */
      const watchAnswer = async (context, page) => {
        const cdp = await context.newCDPSession(page);
        const chains = new Map();
        const chain = (id) => chains.get(id) ?? chains.set(id, { requests: [], cookies: [] }).get(id);
        cdp.on("Network.requestWillBeSent", ({ requestId, request }) => chain(requestId).requests.push(request));
        cdp.on("Network.requestWillBeSentExtraInfo", ({ requestId, associatedCookies }) => {
          const kept = associatedCookies.map(({ cookie, blockedReasons }) => [cookie.name, blockedReasons]);
          chain(requestId).cookies.push(Object.fromEntries(kept));
        });
        await cdp.send("Network.enable");
        return () => {
          const back = `${server.url}/oauth2/idpresponse`;
          const { requests, cookies } = [...chains.values()].find(({ requests }) => requests[0]?.url.startsWith(back));
          return requests
            .filter(({ url }) => url.startsWith(back))
            .map(({ method, url, postData }, n) => {
              return { method, url, form: new URLSearchParams(postData), cookies: cookies[n] };
            });
        };
      };

      /** Signs in at the provider that posts its answer; without scripts its page asks to be sent. */
      const comesByPost = async (page, name) => {
        await signsInThere(page, name);
        await agrees(page);
        if (!scripts) await agrees(page);
      };

      journey("a provider on another site has the browser post its answer", async (someone, context) => {
        await makeSite(app, ["COGNITO", "Poster"]);
        const email = freshEmail();
        const name = person(poster, { email });
        const { page } = someone;
        const answer = await watchAnswer(context, page);
        await someone.visit(app.authorizeUrl(), "Sign in to Acme");
        await someone.follows("Continue with Poster");
        await comesByPost(page, name);
        const claims = await someone.arrives(app);
        assert.deepEqual([claims["cognito:username"], claims.email], [`poster_${name}`, email]);

        // The post came without the cookie; what followed had it, and no code.
        const [posted, fetched, ...rest] = answer();
        assert.deepEqual([posted.method, fetched.method, rest], ["POST", "GET", []]);
        assert.equal(posted.url, `${server.url}/oauth2/idpresponse`);
        assert.ok(posted.form.get("code"));
        assert.deepEqual([...new URL(fetched.url).searchParams], [["state", posted.form.get("state")]]);
        assert.match(posted.cookies["csrf-state"].join(), /^(Schemeful)?SameSiteLax$/);
        assert.deepEqual(fetched.cookies["csrf-state"], []);

        // It counted once.
        await page.goto(fetched.url);
        await someone.sees("Sign in to Acme");
        await someone.isTold("Something went wrong");
      });

      journey("an answer of somebody else's, posted by a hostile page, signs nobody in", async (someone) => {
        const site = await makeSite(app, ["COGNITO", "Poster"]);
        const { page } = someone;

        // The attacker's browser stops before it posts.
        const attacker = await open(browser, { javaScriptEnabled: scripts });
        let form;
        try {
          await attacker.context.route(/\/oauth2\/idpresponse/, (route) => {
            form = new URLSearchParams(route.request().postData());
            return route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Stopped</h1>" });
          });
          await attacker.page.goto(app.authorizeUrl({ identity_provider: "Poster" }));
          await comesByPost(attacker.page, person(poster, { email: freshEmail() }));
          await attacker.page.getByRole("heading", { name: "Stopped" }).waitFor();
        } finally {
          await attacker.context.close();
        }

        // The victim's posts it, with and without a sign-in of its own under way.
        const inputs = [...form].map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join("");
        poster.lies.set("/hostile", (_, response) =>
          response
            .writeHead(200, { "content-type": "text/html" })
            .end(`<form method="post" action="${server.url}/oauth2/idpresponse">${inputs}<button>Win</button></form>`),
        );
        for (const underWay of [false, true]) {
          if (underWay) await page.goto(app.authorizeUrl({ identity_provider: "Poster" }));
          await page.goto(`${poster.url}/hostile`);
          await page.getByRole("button", { name: "Win" }).click();
          await someone.sees("Sign in to Acme");
          await someone.isTold("Something went wrong");
        }
        const { Users } = await admin.api.send(new ListUsersCommand({ UserPoolId: site.id }));
        assert.deepEqual(Users, []);
      });

      journey("a client with one provider and no directory has no page of ours", async (someone) => {
        await makeSite(app, ["Company"]);
        const name = person(company, { email: freshEmail() });
        await someone.page.goto(app.authorizeUrl());
        await signsInThere(someone.page, name);
        await agrees(someone.page);
        assert.equal((await someone.arrives(app))["cognito:username"], `company_${name}`);
      });

      journey("who refuses consent is back in the app, and may try again", async (someone) => {
        await makeSite(app);
        const name = person(google, { email: freshEmail() });
        const { page } = someone;
        const leave = async () => {
          await someone.visit(app.authorizeUrl(), "Sign in to Acme");
          await someone.follows("Continue with Google");
        };
        await leave();
        await signsInThere(page, name);
        await refuses(page);
        await someone.sees("Not signed in");
        assert.equal(app.last.error, "access_denied");
        assert.match(app.last.description, /^Google Error - 400 access_denied /);
        await leave();
        await agrees(page);
        await someone.arrives(app);
      });

      journey("a provider that is down, slow or lying signs nobody in, and the app is told", async (someone) => {
        const site = await makeSite(app);
        const name = person(company, { email: freshEmail() });
        const { page } = someone;
        const json = (body) => (_, response) =>
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
        const now = Math.floor(Date.now() / 1000);
        const claims = { iss: company.url, aud: OUR_ID, sub: name, iat: now, exp: now + 300 };
        const tokens = { access_token: "x", token_type: "Bearer", id_token: forged(claims) };
        const elsewhere = (_, response) => response.writeHead(302, { location: `${google.url}/token` }).end();
        const rows = [
          ["/token", (request) => request.socket.destroy(), /^Company Error - No connection to IdP token endpoint$/],
          ["/token", () => {}, /^Timeout occurred in calling IdP token endpoint$/],
          ["/token", (_, response) => response.writeHead(200).end("<html>"), /no JSON object$/],
          ["/token", (_, response) => response.writeHead(200).end(Buffer.alloc(10_000_000, 32)), /^Company Error/],
          ["/token", elsewhere, /another status than 200$/],
          ["/token", json(tokens), /^Company Error - Bad id_token: signature$/],
          ["/me", json({ sub: "somebody else" }), /another subject$/],
        ];
        for (const [path, lie, told] of rows) {
          company.lies.set(path, lie);
          await page.goto(app.authorizeUrl({ identity_provider: "Company" }));
          if (page.url().startsWith(company.url)) {
            await signsInThere(page, name);
            await agrees(page);
          }
          await someone.sees("Not signed in");
          assert.equal(app.last.error, "server_error");
          assert.match(app.last.description, told);
          company.lies.clear();
        }
        const { Users } = await admin.api.send(new ListUsersCommand({ UserPoolId: site.id }));
        assert.deepEqual(Users, []);
        await page.goto(app.authorizeUrl({ identity_provider: "Company" }));
        await someone.arrives(app);
      });
    });
  }
});
