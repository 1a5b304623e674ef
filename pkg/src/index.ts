import { makeAuth } from "./auth.js";
import { workerPort } from "./port.js";
import type { Auth, AuthConfig } from "./types.js";

export { isAuthError } from "./errors.js";
export type { AuthError, AuthErrorName, AuthErrorOf } from "./errors.js";
export type * from "./types.js";

/** A client of one app client of one user pool. The engine runs in a worker of its own. */
export const createAuth = (config: AuthConfig): Auth =>
  makeAuth(config, (start, page) =>
    workerPort(
      () =>
        config.workerUrl
          ? new Worker(config.workerUrl, { type: "module" })
          : // Bundlers know this form, and only this form.
            new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
      start,
      page,
    ),
  );
