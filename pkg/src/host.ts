import { Engine, type EngineHost } from "latchkey:engine";
import type { Page, Port, Start } from "./auth.js";

/** Longer than the engine lets a request take: who holds the lock past that is frozen or gone. */
const LOCK_PATIENCE = 15_000;

const ALGORITHMS: Record<string, RsaHashedImportParams & EcKeyImportParams & EcdsaParams> = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", namedCurve: "" },
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  EdDSA: { name: "Ed25519", hash: "", namedCurve: "" },
};

/** Where there are no Web Locks (Node, plain http): one queue for this engine. */
const queue = (): ((name: string) => Promise<() => void>) => {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    let release!: () => void;
    const before = last;
    last = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  };
};

const webLock = (locks: LockManager, name: string): Promise<() => void> =>
  new Promise((resolve) => {
    let granted = false;
    const hold = (): Promise<void> => {
      granted = true;
      return new Promise((release) => resolve(release));
    };
    // Rejects when the wait is over, and also when a lock held here is taken by force: then it was granted before.
    locks.request(name, { signal: AbortSignal.timeout(LOCK_PATIENCE) }, hold).catch(() => {
      if (!granted) locks.request(name, { steal: true }, hold).catch(() => resolve(() => {}));
    });
  });

/** Starts the engine with its surroundings; `channel` where other tabs may be. */
export const startEngine = (start: Start, page: Page, channel?: BroadcastChannel): Port => {
  const memory = new Map<string, string>();
  const { locks } = globalThis.navigator ?? {};
  const lock = locks ? (name: string) => webLock(locks, name) : queue();
  const kept = (tab: boolean): boolean => tab || start.reach !== "memory";

  const host: EngineHost = {
    load: async (tab, key) => (kept(tab) ? page.store(tab, key, undefined) : (memory.get(key) ?? null)),
    async save(tab, key, value) {
      if (kept(tab)) await page.store(tab, key, value ?? null);
      else if (value == null) memory.delete(key);
      else memory.set(key, value);
    },
    lock,
    async verify(jwk, alg, input, signature) {
      const algorithm = ALGORITHMS[alg];
      if (!algorithm) return false;
      const key = await crypto.subtle.importKey("jwk", JSON.parse(jwk) as JsonWebKey, algorithm, false, ["verify"]);
      return crypto.subtle.verify(algorithm, key, signature, new TextEncoder().encode(input));
    },
    emit(event) {
      page.event(event);
      const { kind, reason } = JSON.parse(event) as { kind: string; reason?: string };
      if (kind !== "adopted" && reason !== "elsewhere") channel?.postMessage(reason ?? kind);
    },
  };
  const engine = new Engine(start.settings, host);
  const call = (name: string, args: string): Promise<string> => engine.call(name, args);

  if (channel) {
    channel.onmessage = ({ data }) => {
      // Tabs that share a store read it again. A tab with tokens of its own follows only when the user signed out.
      if (start.reach === "shared") void call("sync", "{}");
      else if (data === "signed-out") void call("leave", "{}");
    };
  }

  const warm = (): void => void setTimeout(() => call("warmUp", "{}"));
  return {
    async call(name, args) {
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
