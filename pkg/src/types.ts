/** Where tokens are kept between calls. May be shared by several tabs. */
export interface Store {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string): void | Promise<void>;
  remove(key: string): void | Promise<void>;
}

export interface AuthConfig {
  /** `REGION_id` */
  userPoolId: string;
  /** A public app client (one without a secret). */
  clientId: string;
  /** Where the API is, e.g. `https://id.example.com`. Left out: Amazon Cognito in the pool's Region. */
  endpoint?: string;
  /** The pool's domain for redirect sign-in: an address, a host, or a prefix. With `endpoint`, that is the default. */
  domain?: string;
  /** The `iss` of the pool's tokens, where it is not `{endpoint}/{userPoolId}`. */
  issuer?: string;
  /** Where redirect sign-in comes back to; one of the client's callback URLs. */
  redirectUri?: string;
  /** Where hosted sign-out comes back to; one of the client's sign-out URLs. */
  signOutUri?: string;
  /** Scopes of redirect sign-in. Default: `openid` and `aws.cognito.signin.user.admin`. */
  scopes?: string[];
  /**
   * Where tokens are kept. `"memory"` (default): in the worker, out of the page's reach, gone on reload. `"session"`: this tab's sessionStorage.
   * `"local"`: localStorage, for all tabs. Or your own.
   */
  storage?: "memory" | "session" | "local" | Store;
  /** Shown by authenticator apps. Default: the page's host name. */
  appName?: string;
  /** Where the worker's script is served, if not beside this module. */
  workerUrl?: string | URL;
  /** How to leave for the hosted page. Default: `location.assign`. */
  navigate?: (url: string) => void;
}

export interface User {
  sub: string;
  username: string;
  /** Claims of the ID token (of the access token, where there is no ID token). */
  claims: Record<string, unknown>;
}

export interface Delivery {
  medium?: "EMAIL" | "SMS";
  /** Masked: `j***@e***` */
  destination?: string;
  /** `email` or `phone_number` */
  attribute?: string;
}

export type Factor = "totp" | "sms" | "email";

/** What a sign-in asks next. After a wrong code the same step can be submitted again. */
export type Step =
  | DoneStep
  | { kind: "totp"; deviceName?: string; submit(code: string): Promise<Step> }
  | TotpSetupStep
  | { kind: "choose-mfa"; choices: Factor[]; choose(factor: Factor): Promise<Step> }
  | { kind: "code"; deliveredTo: Delivery; submit(code: string): Promise<Step> }
  | {
      kind: "new-password";
      requiredAttributes: string[];
      submit(password: string, attributes?: Record<string, string>): Promise<Step>;
    }
  | { kind: "confirm-sign-up"; submit(code: string): Promise<Step>; resend(): Promise<Delivery> }
  | { kind: "reset-required"; submit(code: string, newPassword: string): Promise<Step>; resend(): Promise<Delivery> };

export interface DoneStep {
  kind: "done";
  user: User;
}

export interface TotpSetupStep {
  kind: "totp-setup";
  /** Base32, for typing. */
  secret: string;
  /** `otpauth://…`, for a QR code. */
  uri: string;
  submit(code: string, deviceName?: string): Promise<Step>;
}

export interface Tokens {
  accessToken: string;
  /** Missing only after a redirect sign-in without the scope `openid`. */
  idToken?: string;
  /** When the access token ends: milliseconds since 1970, by this machine's clock. */
  expiresAt: number;
}

export type AuthEvent =
  | { kind: "signed-in"; user: User; expiresAt: number }
  | { kind: "refreshed"; user: User; expiresAt: number }
  /** `signed-out`: here. `elsewhere`: in another tab. `expired`: the service refused the refresh token. */
  | { kind: "signed-out"; reason: "signed-out" | "elsewhere" | "expired" };

export interface Auth {
  /** Signs in with a password. The password itself is never sent, unless `flow` asks for it. */
  signIn(request: {
    username: string;
    password: string;
    flow?: "USER_SRP_AUTH" | "USER_PASSWORD_AUTH";
  }): Promise<Step>;
  signUp(request: {
    username: string;
    password: string;
    attributes?: Record<string, string>;
  }): Promise<{ confirmed: boolean; username: string; sub?: string; deliveredTo?: Delivery }>;
  confirmSignUp(request: { username: string; code: string }): Promise<void>;
  resendCode(request: { username: string }): Promise<Delivery>;
  resetPassword(request: { username: string }): Promise<Delivery>;
  confirmResetPassword(request: { username: string; code: string; password: string }): Promise<void>;
  changePassword(request: { oldPassword: string; newPassword: string }): Promise<void>;

  /** Who is signed in, from what is stored; no request. */
  user(): Promise<User | null>;
  /** The signed-in user as the service describes them. */
  getUser(): Promise<{
    username: string;
    attributes: Record<string, string>;
    mfa: string[];
    preferredMfa?: string;
  }>;
  /** Says which attributes wait for a code. */
  updateAttributes(attributes: Record<string, string>): Promise<Delivery[]>;
  sendAttributeCode(request: { attribute: "email" | "phone_number" }): Promise<Delivery>;
  verifyAttribute(request: { attribute: "email" | "phone_number"; code: string }): Promise<void>;
  /** Enrols an authenticator app for the signed-in user and makes it the preferred factor. */
  setUpTotp(): Promise<TotpSetupStep>;

  /**
   * The tokens, refreshed when they are not good for another `minValidity` seconds (default 60; more than half a token's
   * life counts as half), or, with `forceRefresh`, in any case: after claims changed, say.
   */
  tokens(options?: { minValidity?: number; forceRefresh?: boolean }): Promise<Tokens>;
  /** `fetch` with the access token as bearer; a 401 is tried once more with fresh tokens. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;

  /** Leaves for the pool's hosted page. */
  signInWithRedirect(options?: {
    /** Straight to this identity provider: `Google`, or the name of the pool's own. */
    provider?: string;
    /** Straight to the provider with this identifier, such as a company's mail domain. */
    idpIdentifier?: string;
    prompt?: string;
    lang?: string;
    loginHint?: string;
    /** Comes back from `handleRedirect` as it was. */
    appState?: string;
  }): Promise<void>;
  /** Call it when the page loads. `null` when the address carries no answer; otherwise the answer is taken out of the address. */
  handleRedirect(url?: string): Promise<(DoneStep & { appState?: string }) | null>;
  /** Signs out here, in every tab, and at the service; `global`: everywhere. After a redirect sign-in with `signOutUri`, leaves for the hosted sign-out. */
  signOut(options?: { global?: boolean }): Promise<void>;
  /** Hears sign-ins, refreshes and sign-outs, from other tabs too. Returns how to stop. */
  onChange(listener: (event: AuthEvent) => void): () => void;
  /** Loads the engine and prepares the next sign-in's key exchange, e.g. when the user name gets focus. */
  warmUp(): Promise<void>;
  /** Ends the worker. */
  close(): void;
}
