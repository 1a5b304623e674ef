import { failure, type Told } from "./errors.js";
import type { Auth, AuthConfig, AuthEvent, DoneStep, Step, Store, Tokens, TotpSetupStep, User } from "./types.js";

/** What the engine's side is told first. */
export interface Start {
  settings: string;
  /** Who else sees what is stored: nobody and not even the page, this tab, other tabs. */
  reach: "memory" | "tab" | "shared";
  /** Whether the page hears of other tabs' writes by storage events, which come when they can be read. */
  storageEvents: boolean;
  /** Of locks and channels. */
  name: string;
}

/** The engine, wherever it runs. */
export interface Port {
  call(name: string, args: string): Promise<string>;
  close(): void;
}

/** What the engine's side asks of the page's: storage (`value` undefined reads, null removes), and to hear events. */
export interface Page {
  store(tab: boolean, key: string, value: string | null | undefined): Promise<string | null>;
  event(json: string): void;
}

export type Connect = (start: Start, page: Page, config: AuthConfig) => Port;

type EngineEvent = AuthEvent | { kind: "adopted"; user: User; expiresAt: number };

const held = (): Store => {
  const map = new Map<string, string>();
  return { get: (key) => map.get(key), set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) };
};

const web = (storage: Storage | undefined): Store =>
  storage ? { get: (key) => storage.getItem(key), set: (key, value) => storage.setItem(key, value), remove: (key) => storage.removeItem(key) } : held();

export const makeAuth = (config: AuthConfig, connect: Connect): Auth => {
  const { storage = "memory", userPoolId, clientId, endpoint, domain, issuer, redirectUri, signOutUri, scopes } = config;
  const name = `latchkey.${userPoolId}.${clientId}`;
  const listeners = new Set<(event: AuthEvent) => void>();
  const tabStore = web(globalThis.sessionStorage);
  const store = storage === "local" ? web(globalThis.localStorage) : typeof storage === "object" ? storage : tabStore;
  let sub: string | undefined;

  const page: Page = {
    async store(tab, key, value) {
      const place = tab ? tabStore : store;
      if (value === undefined) return (await place.get(key)) ?? null;
      await (value === null ? place.remove(key) : place.set(key, value));
      return null;
    },
    event(json) {
      const told = JSON.parse(json) as EngineEvent;
      const now = told.kind === "signed-out" ? undefined : told.user.sub;
      const event: AuthEvent = told.kind === "adopted" ? { ...told, kind: now === sub ? "refreshed" : "signed-in" } : told;
      sub = now;
      for (const listener of listeners) listener(event);
    },
  };

  const port = connect(
    {
      settings: JSON.stringify({ userPoolId, clientId, endpoint, domain, issuer, redirectUri, signOutUri, scopes }),
      reach: storage === "memory" ? storage : storage === "session" ? "tab" : "shared",
      storageEvents: storage === "local",
      name,
    },
    page,
    config,
  );

  const call = async <T>(name: string, args: object = {}): Promise<T> => {
    const answer = JSON.parse(await port.call(name, JSON.stringify(args))) as { ok: T; error?: Told };
    if (answer.error) throw failure(answer.error);
    return answer.ok;
  };

  // Where a browser tells of other tabs' writes by itself, listen to that too: a channel's message may be missed.
  const onStorage = (event: StorageEvent): void => void ((event.key ?? name).startsWith(name) && call("sync").catch(() => {}));
  if (storage === "local") globalThis.addEventListener?.("storage", onStorage);

  // Steps come as data; their methods are added here.
  const step = (raw: { kind: string; id?: number; secret?: string; username?: string }): Step => {
    const { id, username, ...shown } = raw;
    const answer = (args: object): Promise<Step> => call<typeof raw>("answer", { id, ...args }).then(step);
    const own: Record<string, unknown> = {
      submit: (code: string, deviceName?: string) => answer({ code, deviceName }),
    };
    switch (raw.kind) {
      case "done":
        sub = (raw as unknown as DoneStep).user.sub;
        delete own.submit;
        break;
      case "totp-setup": {
        const app = encodeURIComponent(config.appName ?? globalThis.location?.hostname ?? userPoolId);
        own.uri = `otpauth://totp/${app}:${encodeURIComponent(username ?? "")}?secret=${raw.secret}&issuer=${app}`;
        break;
      }
      case "choose-mfa":
        delete own.submit;
        own.choose = (choice: string) => answer({ choice });
        break;
      case "new-password":
        own.submit = (password: string, attributes?: object) => answer({ password, attributes });
        break;
      case "reset-required":
        own.submit = (code: string, password: string) => answer({ code, password });
      // falls through
      case "confirm-sign-up":
        own.resend = () => call("resend", { id });
    }
    return { ...shown, ...own } as unknown as Step;
  };

  const leave = config.navigate ?? ((url) => location.assign(url));
  const tokens = (args: object): Promise<Tokens> => call("tokens", args);

  return {
    signIn: (request) => call<{ kind: string }>("signIn", request).then(step),
    signUp: async (request) => ({ ...(await call<{ confirmed: boolean }>("signUp", request)), username: request.username }),
    confirmSignUp: (request) => call("confirmSignUp", request),
    resendCode: (request) => call("resendCode", request),
    resetPassword: (request) => call("resetPassword", request),
    confirmResetPassword: (request) => call("confirmResetPassword", request),
    changePassword: (request) => call("changePassword", request),
    user: () => call("user"),
    getUser: () => call("getUser"),
    updateAttributes: (attributes) => call("updateAttributes", { attributes }),
    sendAttributeCode: (request) => call("sendAttributeCode", request),
    verifyAttribute: (request) => call("verifyAttribute", request),
    setUpTotp: () => call<{ kind: string }>("setUpTotp").then((raw) => step(raw) as TotpSetupStep),
    async tokens({ minValidity = 60, forceRefresh } = {}) {
      const now = await tokens({ minValidity });
      return forceRefresh ? tokens({ not: now.accessToken }) : now;
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const send = ({ accessToken }: Tokens): Promise<Response> => {
        const copy = request.clone();
        copy.headers.set("authorization", `Bearer ${accessToken}`);
        return fetch(copy);
      };
      const first = await tokens({ minValidity: 10 });
      const response = await send(first);
      return response.status === 401 ? send(await tokens({ not: first.accessToken })) : response;
    },
    async signInWithRedirect(options) {
      const { url } = await call<{ url: string }>("beginRedirect", options);
      leave(url);
    },
    async handleRedirect(url = location.href) {
      try {
        return await call<DoneStep | null>("handleRedirect", { url });
      } finally {
        // Codes do not belong in the history, nor in a bookmark. A URL that carried no answer stays as it is.
        const here = globalThis.location && new URL(location.href);
        if (here?.href === url && here.searchParams.has("state")) {
          for (const key of ["code", "state", "iss", "error", "error_description"]) here.searchParams.delete(key);
          history.replaceState(history.state, "", here);
        }
      }
    },
    async signOut(options) {
      const { url } = await call<{ url?: string }>("signOut", options);
      if (url) leave(url);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    warmUp: () => call("warmUp"),
    close() {
      globalThis.removeEventListener?.("storage", onStorage);
      port.close();
    },
  };
};
