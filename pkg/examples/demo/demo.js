import { createAuth, isAuthError } from "../sdk/index.js";
import { code, showCode } from "./code.js";
import { alert, codeField, decode, field, form, h, totp } from "./parts.js";

const $ = (id) => document.getElementById(id);
const here = new URL("./", location.href).href;
const STORAGES = { local: "This browser, all tabs (local)", session: "This tab (session)", memory: "Worker memory only (memory)" };
const storage = localStorage.getItem("latchkey-demo.storage") ?? "local";

// ---- the log, and every call through it

const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

const log = (text, { ms, kind } = {}) => {
  const now = new Date();
  const time = h("time", { datetime: now.toISOString() }, clock(now));
  $("log").prepend(h("li", {}, time, h("span", { class: kind }, text), h("span", { class: "ms" }, ms === undefined ? "" : `${Math.round(ms)} ms`)));
};

const call = async (name, act) => {
  const begun = performance.now();
  try {
    const result = await act();
    log(`${name} → ${result?.kind ?? "ok"}`, { ms: performance.now() - begun, kind: "good" });
    return result;
  } catch (error) {
    log(`${name} → ${error.name}: ${error.message}`, { ms: performance.now() - begun, kind: "bad" });
    throw error;
  }
};

const explain = (error) => {
  if (!isAuthError(error)) return String(error);
  switch (error.name) {
    case "NetworkError":
      return "The service did not answer. Check the connection and try again.";
    case "UserNotFoundException":
      return "There is no such user. Create an account first.";
    case "ProviderRefused":
      return `${error.provider ?? "The other service"} did not let you in, or you went back. Nothing has changed here: try again, or sign in another way.`;
    case "ProviderFailed":
      return `${error.provider ?? "The other service"} answered with an error (${error.code}). Try again, or sign in another way.`;
    case "ProviderUnavailable":
      return `${error.provider ?? "The other service"} cannot be reached at the moment. Try again later, or sign in another way.`;
    case "OAuthError":
      return `The pool's sign-in page refused (${error.code}): ${error.message}`;
    case "StepExpired":
      return "This step is too old. Start the sign-in again.";
    default:
      return error.message || error.name;
  }
};

// ---- the stage

let config;
let auth;
let ticking;

const filled = (text) =>
  text.replace("$POOL", config.userPoolId).replace("$CLIENT", config.clientId).replace("$ENDPOINT", config.endpoint ?? location.origin).replace("$REDIRECT", here).replace("$STORAGE", storage);

const stage = (title, snippet, ...children) => {
  clearInterval(ticking);
  const heading = h("h1", { id: "title", tabindex: "-1" }, title);
  $("stage").replaceChildren(heading, ...children);
  document.title = `${title} · Latchkey demo`;
  showCode($("code"), filled(code[snippet]));
  const first = $("stage").querySelector("input:not([readonly])");
  (first ?? heading).focus({ preventScroll: true });
};

const link = (text, go) => h("button", { type: "button", class: "link", click: go }, text);

/** The newest code in the dev mailbox, put into the form. Only a Latchkey server in dev mode has one. */
const fromMailbox = (to) =>
  link("Take the code from the dev mailbox", async (event) => {
    const input = event.target.form.elements.code;
    try {
      const response = await fetch(`${config.endpoint ?? ""}/_latchkey/mailbox?to=${encodeURIComponent(to())}`, { headers: { accept: "application/json" } });
      const code = (await response.json()).find((message) => message.code)?.code;
      if (!code) throw new Error("no message with a code yet");
      input.value = code;
      log("dev mailbox → code", { kind: "good" });
    } catch (error) {
      log(`dev mailbox → ${error.message}`, { kind: "bad" });
    }
    input.focus();
  });

// ---- views before signing in

const tabs = (current) =>
  h("div", { class: "tabs", role: "group", "aria-label": "What to try" },
    [["Sign in", signIn], ["Sign up", signUp], ["Reset", reset], ["Hosted page", hosted]].map(([name, view]) =>
      h("button", { type: "button", "aria-pressed": String(view === current), click: () => view() }, name)));

const usernameField = (value = "") =>
  field("User name or e-mail", { name: "username", autocomplete: "username", value, focus: () => auth.warmUp() });
const passwordField = (label, autocomplete, help) => field(label, { name: "password", type: "password", autocomplete }, help);

const signIn = (username = config.username ?? "", problem = undefined) => {
  const said = problem && alert(explain(problem));
  stage("Sign in", problem ? "provider" : "start", tabs(signIn), ...(said ? [said] : []),
    form({
      fields: [usernameField(username), passwordField("Password", "current-password", config.passwordHint)],
      button: "Sign in",
      busy: "Signing in…",
      explain,
      submit: async ({ username, password }) => show(await call("signIn", () => auth.signIn({ username, password })), username),
    }),
    h("div", { class: "stack" }, ...providers(), storageChoice()));
  said?.focus();
};

/** A button for each identity provider of the pool that the client may use. */
const providers = () =>
  config.providers.length ? [
    h("p", { class: "or" }, "or"),
    ...config.providers.map(({ name, type }) =>
      h("button", { type: "button", class: "provider", click: () => call("signInWithRedirect({ provider })", () => auth.signInWithRedirect({ provider: name, appState: "demo" })).catch(() => {}) },
        h("span", { class: "mark", "aria-hidden": "true" }, [...name][0].toUpperCase()), `Continue with ${type === name ? LABELS[type] ?? name : name}`)),
  ] : [];

/** What people call the providers whose names Cognito sets. */
const LABELS = { LoginWithAmazon: "Amazon", SignInWithApple: "Apple" };

/** Through whom the signed-in user came: the pool itself, or the provider that the ID token names. */
const cameThrough = ({ claims }) => {
  const [identity] = Array.isArray(claims.identities) ? claims.identities : [];
  return identity && (LABELS[identity.providerName] ?? identity.providerName);
};

const storageChoice = () => {
  const id = "storage";
  const select = h("select", { id, change: () => { localStorage.setItem("latchkey-demo.storage", select.value); location.reload(); } },
    Object.entries(STORAGES).map(([value, name]) => h("option", { value, selected: value === storage }, name)));
  return h("div", { class: "tight" }, h("label", { for: id }, "Where tokens are kept"), select);
};

const signUp = () =>
  stage("Create account", "sign-up", tabs(signUp),
    form({
      fields: [
        field("E-mail", { name: "email", type: "email", autocomplete: "email" }, "Any address will do: mail stays in the dev mailbox."),
        passwordField("Password", "new-password", "At least 8 characters with upper and lower case, a digit and a symbol, unless the pool says otherwise."),
      ],
      button: "Create account",
      busy: "Creating…",
      explain,
      submit: async ({ email, password }) => {
        const done = await call("signUp", () => auth.signUp({ username: email, password, attributes: { email } }));
        if (done.confirmed) signIn(email);
        else confirm(email, done.deliveredTo);
      },
    }));

const sentTo = (delivery) => h("p", { class: "note" }, `We sent a code to ${delivery?.destination ?? "the address on file"}.`);

const confirm = (username, delivery) =>
  stage("Confirm your account", "confirm",
    form({
      fields: [sentTo(delivery), codeField()],
      button: "Confirm",
      busy: "Confirming…",
      explain,
      submit: async ({ code }) => {
        await call("confirmSignUp", () => auth.confirmSignUp({ username, code: code.replaceAll(" ", "") }));
        signIn(username);
      },
      more: [h("div", { class: "row" }, fromMailbox(() => username), resend(() => auth.resendCode({ username })), link("Back to sign-in", () => signIn(username)))],
    }));

const resend = (send) => link("Send it again", () => call("resend", send).catch(() => {}));

const reset = () =>
  stage("Forgot password", "reset", tabs(reset),
    form({
      fields: [usernameField()],
      button: "Send a code",
      busy: "Sending…",
      explain,
      submit: async ({ username }) => {
        const delivery = await call("resetPassword", () => auth.resetPassword({ username }));
        stage("Choose a new password", "reset-confirm",
          form({
            fields: [sentTo(delivery), codeField(), passwordField("New password", "new-password")],
            button: "Set password",
            busy: "Setting…",
            explain,
            submit: async ({ code, password }) => {
              await call("confirmResetPassword", () => auth.confirmResetPassword({ username, code: code.replaceAll(" ", ""), password }));
              signIn(username);
            },
            more: [h("div", { class: "row" }, fromMailbox(() => username), link("Back to sign-in", () => signIn(username)))],
          }));
      },
    }));

const hosted = () =>
  stage("Hosted page", config.providers.length ? "provider" : "hosted", tabs(hosted),
    form({
      fields: [h("p", {}, "The pool's own sign-in page: the browser goes there and comes back with a code, which the SDK exchanges (PKCE) and whose ID token it verifies.")],
      button: "Continue to the hosted page",
      busy: "Leaving…",
      explain,
      submit: () => call("signInWithRedirect", () => auth.signInWithRedirect({ appState: "demo" })),
    }));

// ---- one view for each kind of step

const show = (step, username) => {
  const submit = (act) => async (values) => show(await call("step.submit", () => act(values)), username);
  const digits = (text) => text.replaceAll(" ", "");
  const again = link("Start again", () => signIn(username));
  switch (step.kind) {
    case "done":
      return home();
    case "totp":
      return stage("Enter your code", "totp",
        form({
          fields: [codeField("Code", `From your authenticator app${step.deviceName ? ` on ${step.deviceName}` : ""}.`)],
          button: "Continue", busy: "Checking…", explain,
          submit: submit(({ code }) => step.submit(digits(code))), more: [again],
        }));
    case "totp-setup":
      return enrol(step, submit, again);
    case "choose-mfa":
      return stage("Choose how to prove it is you", "choose-mfa",
        h("div", { class: "stack" },
          step.choices.map((choice) => h("button", { type: "button", click: async () => show(await call("step.choose", () => step.choose(choice)), username) },
            { totp: "Authenticator app", sms: "Text message", email: "E-mail" }[choice])), again));
    case "code":
      return stage("Enter your code", "code",
        form({
          fields: [sentTo(step.deliveredTo), codeField()],
          button: "Continue", busy: "Checking…", explain,
          submit: submit(({ code }) => step.submit(digits(code))), more: [h("div", { class: "row" }, fromMailbox(() => username), again)],
        }));
    case "new-password":
      return stage("Choose a new password", "new-password",
        form({
          fields: [h("p", { class: "note" }, "The password you were given works once."), passwordField("New password", "new-password"), step.requiredAttributes.map((name) => field(name, { name }))],
          button: "Set password", busy: "Setting…", explain,
          submit: submit(({ password, ...attributes }) => step.submit(password, attributes)), more: [again],
        }));
    case "confirm-sign-up":
      return stage("Confirm your account", "confirm-sign-up",
        form({
          fields: [h("p", { class: "note" }, "This account was never confirmed. Enter the code we mailed when it was made, or ask for a new one."), codeField()],
          button: "Confirm and sign in", busy: "Confirming…", explain,
          submit: submit(({ code }) => step.submit(digits(code))),
          more: [h("div", { class: "row" }, fromMailbox(() => username), resend(() => step.resend()), again)],
        }));
    case "reset-required":
      return stage("Your password must be reset", "reset-required",
        form({
          fields: [codeField(), passwordField("New password", "new-password")],
          button: "Set password and sign in", busy: "Setting…", explain,
          submit: submit(({ code, password }) => step.submit(digits(code), password)),
          more: [h("div", { class: "row" }, fromMailbox(() => username), resend(() => step.resend()), again)],
        }));
  }
};

const enrol = (step, submit, back) =>
  stage("Set up an authenticator app", "totp-setup",
    form({
      fields: [
        h("div", { class: "note tight" },
          h("p", {}, "Type this key into your authenticator app, or ", h("a", { href: step.uri }, "open it on this device"), "."),
          h("p", { class: "big" }, step.secret.replace(/(.{4})(?=.)/g, "$1 "))),
        codeField("Code shown by the app"),
        field("Name of the authenticator", { name: "device", value: "My phone", autocomplete: "off" }),
      ],
      button: "Turn on", busy: "Checking…", explain,
      submit: submit(({ code, device }) => step.submit(code.replaceAll(" ", ""), device)),
      more: [h("div", { class: "row" },
        link("No phone at hand? Work the code out here", async (event) => { event.target.form.elements.code.value = await totp(step.secret); }), back)],
    }));

// ---- signed in

const home = async () => {
  const user = await auth.user();
  if (!user) return signIn();
  const provider = cameThrough(user);
  const left = h("output", {}, "…");
  const bar = h("progress", { max: "1", value: "0", "aria-label": "Life left of the access token" });
  const claims = h("div", { class: "tight" });
  let tokens;
  const load = async (options, name) => {
    tokens = name ? await call(name, () => auth.tokens(options)) : await auth.tokens(options);
    claims.replaceChildren(...[["ID token", tokens.idToken], ["Access token", tokens.accessToken]].filter(([, token]) => token).map(([name, token], index) =>
      h("details", { open: index === 0 }, h("summary", {}, name), h("pre", { class: "claims", tabindex: "0", "aria-label": `Claims of the ${name}` }, decode(token)))));
  };
  const act = (name, go) => h("button", { type: "button", click: () => go().catch((error) => isAuthError(error) || console.error(error)) }, name);

  stage("Signed in", "done",
    h("div", { class: "stack" },
      h("p", {}, "As ", h("span", { class: "who" }, user.claims.email ?? user.username), provider && [", through ", h("span", { class: "who" }, provider)]),
      h("div", { class: "clock" }, h("span", { class: "quiet" }, "Access token ends in"), left, bar),
      h("div", { class: "row" },
        act("Refresh now", () => load({ forceRefresh: true }, "tokens({ forceRefresh })")),
        act("Ask the service who I am", async () => {
          const found = await call("getUser", () => auth.getUser());
          log(`attributes: ${JSON.stringify(found.attributes)}; MFA: ${found.mfa.join(", ") || "none"}`);
        }),
        // Whoever comes through a provider has password and second factor there.
        provider ? undefined : act("Set up an authenticator", async () => {
          const step = await call("setUpTotp", () => auth.setUpTotp());
          enrol(step, (go) => async (values) => { await call("step.submit", () => go(values)); home(); }, link("Not now", home));
        }),
        provider ? undefined : act("Change password", async () => changePassword())),
      claims,
      h("div", { class: "row" },
        act("Sign out", () => call("signOut", () => auth.signOut())),
        act("Sign out everywhere", () => call("signOut({ global })", () => auth.signOut({ global: true }))))));

  await load({ minValidity: 0 }).catch(() => {});
  const whole = tokens ? (Number(JSON.parse(atob(tokens.accessToken.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).exp) * 1000 - Date.now()) : 1;
  const tick = () => {
    const ms = Math.max(0, (tokens?.expiresAt ?? 0) - Date.now());
    left.textContent = `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
    bar.value = Math.min(1, ms / Math.max(whole, 1));
  };
  tick();
  ticking = setInterval(tick, 1000);
};

const changePassword = () =>
  stage("Change password", "done",
    form({
      fields: [field("Current password", { name: "oldPassword", type: "password", autocomplete: "current-password" }), field("New password", { name: "newPassword", type: "password", autocomplete: "new-password" })],
      button: "Change password", busy: "Changing…", explain,
      submit: async (values) => { await call("changePassword", () => auth.changePassword(values)); home(); },
      more: [link("Back", home)],
    }));

// ---- start

$("copy").addEventListener("click", async ({ target }) => {
  await navigator.clipboard.writeText($("code").textContent);
  target.textContent = "Copied";
  setTimeout(() => (target.textContent = "Copy"), 1500);
});
$("clear").addEventListener("click", () => $("log").replaceChildren());

try {
  config = { providers: [], ...(await (await fetch("./config.json")).json()) };
  $("pool").replaceChildren("Pool ", h("code", {}, config.userPoolId), ", client ", h("code", {}, config.clientId));
  auth = createAuth({ ...config, redirectUri: here, signOutUri: here, storage, appName: "Latchkey demo" });
  auth.onChange((event) => {
    if (event.kind === "signed-out") {
      log(`event: signed out (${event.reason})`, { kind: event.reason === "expired" ? "bad" : undefined });
      signIn();
    } else {
      log(`event: ${event.kind}, until ${clock(new Date(event.expiresAt))}`);
      if (event.kind === "signed-in" && !document.hasFocus()) home();
    }
  });
  let problem;
  const returned = await auth.handleRedirect().catch((error) => {
    problem = error;
    log(`handleRedirect → ${error.name}: ${error.message}`, { kind: "bad" });
  });
  if (returned) log(`handleRedirect → done (appState: ${returned.appState})`, { kind: "good" });
  if (problem && !(await auth.user())) signIn(undefined, problem);
  else await home();
} catch (error) {
  $("title").textContent = "The demo could not start";
  $("stage").append(alert(explain(error)));
}
