import { readFile } from "node:fs/promises";
import init from "latchkey:engine";
import { makeAuth, type Port } from "./auth.js";
import { startEngine } from "./host.js";
import type { Auth, AuthConfig } from "./types.js";

export { isAuthError } from "./errors.js";

const loaded = (): Promise<unknown> =>
  (loading ??= readFile(new URL("./engine_bg.wasm", import.meta.url)).then((bytes) => init({ module_or_path: bytes })));
let loading: Promise<unknown> | undefined;

/** The same client in Node: the engine runs in this thread, tokens stay in this process unless a Store is given. */
export const createAuth = (config: AuthConfig): Auth =>
  makeAuth(config, (start, page) => {
    const port: Promise<Port> = loaded().then(() => startEngine(start, page));
    port.catch(() => {});
    return {
      call: async (name, args) => {
        try {
          return await (await port).call(name, args);
        } catch (error) {
          return JSON.stringify({ error: { name: "EngineUnavailable", message: String(error) } });
        }
      },
      close: () => void port.then((port) => port.close(), () => {}),
    };
  });
