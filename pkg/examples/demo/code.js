// The code shown beside each step: what a developer would write, no more.

export const code = {
  start: `import { createAuth, isAuthError } from "@latchkey/sdk";

const auth = createAuth({
  userPoolId: "$POOL",
  clientId: "$CLIENT",
  endpoint: "$ENDPOINT",   // leave out for Amazon Cognito
  redirectUri: "$REDIRECT",
  storage: "$STORAGE",
});

// The key exchange is prepared while the user types.
username.onfocus = () => auth.warmUp();

form.onsubmit = async () => {
  try {
    const step = await auth.signIn({ username, password });
    show(step);          // "done", or the next question
  } catch (error) {
    if (!isAuthError(error)) throw error;
    switch (error.name) {
      case "NotAuthorizedException": return say("Wrong user name or password.");
      case "NetworkError":           return say("You seem to be offline.");
      default:                       return say(error.message);
    }
  }
};`,
  "sign-up": `const { confirmed, deliveredTo } = await auth.signUp({
  username,
  password,
  attributes: { email },
});

if (!confirmed) say(\`A code is on its way to \${deliveredTo?.destination}.\`);`,
  confirm: `await auth.confirmSignUp({ username, code });

// Lost the mail?
await auth.resendCode({ username });`,
  reset: `const { destination } = await auth.resetPassword({ username });
say(\`A code is on its way to \${destination}.\`);`,
  "reset-confirm": `await auth.confirmResetPassword({ username, code, password });`,
  hosted: `// Leaves for the pool's own page (authorization code with PKCE).
await auth.signInWithRedirect({ lang: "en", appState: location.hash });

// And when the browser is back on redirectUri:
const step = await auth.handleRedirect();
if (step) show(step);    // null: this visit is no answer`,
  provider: `// Your own button, straight to the pool's provider.
await auth.signInWithRedirect({ provider: "Google" });

// And when the browser is back on redirectUri:
try {
  const step = await auth.handleRedirect();
  if (step) show(step);
} catch (error) {
  if (!isAuthError(error)) throw error;
  const who = error.provider ?? "The provider";
  switch (error.name) {
    case "ProviderRefused":     return say(\`\${who} did not let you in.\`);
    case "ProviderFailed":      return say(\`\${who} answered with \${error.code}.\`);
    case "ProviderUnavailable": return say(\`\${who} cannot be reached.\`);
    case "OAuthError":          return say(\`The pool refused: \${error.code}.\`);
    default:                    return say(error.message);
  }
}`,
  totp: `// step.kind === "totp"
const next = await step.submit(code);   // from the authenticator app

// A wrong code rejects with "CodeMismatchException";
// the same step can be submitted again.`,
  "totp-setup": `// step.kind === "totp-setup"
qrCode(step.uri);                       // otpauth://…
say(step.secret);                       // or typed by hand

const next = await step.submit(code, "My phone");`,
  "choose-mfa": `// step.kind === "choose-mfa"
step.choices;                           // ["totp", "sms"]
const next = await step.choose("totp");`,
  code: `// step.kind === "code"
say(\`We sent a code to \${step.deliveredTo.destination}.\`);
const next = await step.submit(code);`,
  "new-password": `// step.kind === "new-password": the password was temporary
step.requiredAttributes;                // e.g. ["name"]
const next = await step.submit(password, { name });`,
  "confirm-sign-up": `// step.kind === "confirm-sign-up": the account was never confirmed
await step.resend();
const next = await step.submit(code);   // confirms, then signs in`,
  "reset-required": `// step.kind === "reset-required": an administrator asked for it
await step.resend();
const next = await step.submit(code, newPassword);`,
  done: `// Always good for a minute; refreshed when it must be,
// once for all tabs.
const { accessToken, idToken } = await auth.tokens({ minValidity: 60 });

// Or let the SDK add the bearer and retry a 401 once:
const response = await auth.fetch("/api/orders");

auth.onChange((event) => {
  switch (event.kind) {
    case "signed-in":  return render(event.user);
    case "refreshed":  return log(event.expiresAt);
    case "signed-out": return render(null); // in any tab
  }
});

const { attributes, mfa } = await auth.getUser();
await auth.updateAttributes({ name: "Ann" });
await auth.changePassword({ oldPassword, newPassword });

await auth.signOut();                   // { global: true }: everywhere`,
};

const TOKEN = /(\/\/[^\n]*)|("(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)|\b(import|from|const|await|async|if|return|switch|case|default|new|throw|try|catch|null)\b/g;

/** Fills `target` with coloured code. */
export const showCode = (target, text) => {
  target.replaceChildren();
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    target.append(text.slice(at, match.index));
    const span = document.createElement("span");
    span.className = match[1] ? "c" : match[2] ? "s" : "k";
    span.textContent = match[0];
    target.append(span);
    at = match.index + match[0].length;
  }
  target.append(text.slice(at));
};
