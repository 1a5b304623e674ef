import { Engine } from "latchkey:engine";
import type { Page, Port, Start } from "./auth.js";

/** Milliseconds a request may take. */
const PATIENCE = 12_000;
/** Longer than that: who holds the lock past it is frozen or gone. */
const LOCK_PATIENCE = 15_000;
/** How long what another tab wrote may take to be seen here, once that tab let the lock go. */
const NEWS_PATIENCE = 250;

const ALGORITHMS: Record<string, RsaHashedImportParams & EcKeyImportParams & EcdsaParams> = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", namedCurve: "" },
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  EdDSA: { name: "Ed25519", hash: "", namedCurve: "" },
};

/** A lock that is held. */
interface Held {
  release: () => void;
  /** Whether another tab had it until now. */
  waited: boolean;
}

/** Where there are no Web Locks (Node, plain http): one queue for this engine. */
const queue = (): ((name: string) => Promise<Held>) => {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    let release!: () => void;
    const before = last;
    last = new Promise((resolve) => (release = resolve));
    await before;
    return { release, waited: false };
  };
};

const webLock = (locks: LockManager, name: string): Promise<Held> =>
  new Promise((resolve) => {
    let granted = false;
    let waited = false;
    const hold = (): Promise<void> => {
      granted = true;
      return new Promise((release) => resolve({ release, waited }));
    };
    const wait = (): void => {
      waited = true;
      // Rejects when the wait is over, and also when a lock held here is taken by force: then it was granted before.
      locks.request(name, { signal: AbortSignal.timeout(LOCK_PATIENCE) }, hold).catch(() => {
        if (!granted) locks.request(name, { steal: true }, hold).catch(() => resolve({ release() {}, waited }));
      });
    };
    locks.request(name, { ifAvailable: true }, (lock) => (lock ? hold() : wait())).catch(() => granted || wait());
  });

/** What the engine asks, by name: what comes with it and what it is told. */
interface Requests {
  fetch: [{ url: string; type?: string; target?: string; body?: string }, { status: number; requestId: string | null; body: string }];
  load: [{ tab: boolean; key: string }, { value: string | null }];
  save: [{ tab: boolean; key: string; value?: string }, object];
  verify: [{ jwk: JsonWebKey; alg: string; input: string; signature: string }, { verified: boolean }];
}

type Handlers = { [What in keyof Requests]: (asked: Requests[What][0]) => Promise<Requests[What][1]> };

const bytes = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));

/** Starts the engine with its surroundings; `channel` where other tabs may be. */
export const startEngine = (start: Start, page: Page, channel?: BroadcastChannel): Port => {
  const memory = new Map<string, string>();
  const { locks } = globalThis.navigator ?? {};
  const take = locks ? (name: string) => webLock(locks, name) : queue();
  const kept = (tab: boolean): boolean => tab || start.reach !== "memory";
  const waiting = new Map<number, (answer: string) => void>();
  const releases = new Map<number, () => void>();
  let last = 0;
  let broken: string | undefined;
  let news = 0;
  let onNews = (): void => {};

  const handlers: Handlers = {
    // Nothing ambient goes along: no cookies, no cache.
    async fetch({ url, type, target, body }) {
      const response = await fetch(url, {
        method: type ? "POST" : "GET",
        headers: { ...(type && { "content-type": type }), ...(target && { "x-amz-target": target }) },
        body,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      return { status: response.status, requestId: response.headers.get("x-amzn-requestid"), body: await response.text() };
    },
    load: async ({ tab, key }) => ({ value: kept(tab) ? await page.store(tab, key, undefined) : (memory.get(key) ?? null) }),
    async save({ tab, key, value }) {
      if (kept(tab)) await page.store(tab, key, value ?? null);
      else if (value == null) memory.delete(key);
      else memory.set(key, value);
      return {};
    },
    async verify({ jwk, alg, input, signature }) {
      const algorithm = ALGORITHMS[alg]!;
      const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
      return { verified: await crypto.subtle.verify(algorithm, key, bytes(signature), new TextEncoder().encode(input)) };
    },
  };

  const sync = (): Promise<string> => {
    news++;
    onNews();
    return call("sync", "{}");
  };

  // A lock passes between tabs faster than what is stored does: who had to wait for it would read the tokens of before,
  // and refresh once more.
  const lock = async (name: string): Promise<() => void> => {
    const before = news;
    const { release, waited } = await take(name);
    if (waited && start.reach === "shared" && news === before) {
      await new Promise<void>((resolve) => {
        onNews = resolve;
        setTimeout(resolve, NEWS_PATIENCE);
      });
    }
    // Who waits in this tab reads what this one has stored.
    return () => {
      news++;
      release();
    };
  };

  // A module that stopped half-way is not entered again.
  const enter = (act: () => void): void => {
    try {
      if (!broken) act();
    } catch (error) {
      broken = JSON.stringify({ error: { name: "EngineUnavailable", message: String(error) } });
    }
    if (broken) for (const id of waiting.keys()) answer(id, broken);
  };
  const tell = (id: number, answer: object): void => enter(() => engine.tell(id, JSON.stringify(answer)));
  const answer = (id: number, text: string): void => {
    waiting.get(id)?.(text);
    waiting.delete(id);
  };

  const engine = new Engine(start.settings, {
    ask(id, what, details) {
      if (what === "ok" || what === "error") return answer(id, `{"${what}":${details}}`);
      if (what === "unlock") {
        releases.get(id)?.();
        releases.delete(id);
      } else if (what === "event") {
        // Later: what a listener throws is not the engine's affair.
        queueMicrotask(() => {
          const { kind, reason } = JSON.parse(details) as { kind: string; reason?: string };
          if (kind !== "adopted" && reason !== "elsewhere") channel?.postMessage(reason ?? kind);
          page.event(details);
        });
      } else if (what === "lock") {
        void lock((JSON.parse(details) as { name: string }).name).then((release) => {
          releases.set(id, release);
          tell(id, {});
        });
      } else {
        const handle = handlers[what as keyof Handlers] as (asked: unknown) => Promise<object>;
        handle(JSON.parse(details)).then(
          (answer) => tell(id, answer),
          () => tell(id, { failed: true }),
        );
      }
    },
  });
  const call = (name: string, args: string): Promise<string> =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      enter(() => engine.call(last, name, args));
    });

  if (channel) {
    channel.onmessage = ({ data }) => {
      // Tabs that share a store read it again. A tab with tokens of its own follows only when the user signed out.
      // Where the page hears of writes itself it says so: a message may be here before what was written.
      if (start.reach === "shared") void (start.storageEvents ? call("sync", "{}") : sync());
      else if (data === "signed-out") void call("leave", "{}");
    };
  }

  const warm = (): void => void setTimeout(() => call("warmUp", "{}"));
  return {
    async call(name, args) {
      if (name === "sync") return sync();
      const answer = await call(name, args);
      // A refused password is usually followed by another try.
      if (name === "signIn" && answer.startsWith('{"error"')) warm();
      return answer;
    },
    close() {
      channel?.close();
    },
  };
};
