import source from "latchkey:worker";
import { makeAuth } from "./auth.js";
import { workerPort } from "./port.js";
import type { Auth, AuthConfig } from "./types.js";

export { isAuthError } from "./errors.js";
export type { AuthError, AuthErrorName, AuthErrorOf } from "./errors.js";
export type * from "./types.js";

/** The same client in one file: the worker and the engine travel as text inside this module, and the worker starts from a blob. */
export const createAuth = (config: AuthConfig): Auth =>
  makeAuth(config, (start, page) =>
    workerPort(
      () => {
        if (config.workerUrl) return new Worker(config.workerUrl, { type: "module" });
        const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
        const worker = new Worker(url);
        // The worker has its script once it has said anything.
        worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
        return worker;
      },
      start,
      page,
    ),
  );
