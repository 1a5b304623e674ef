// What the build puts in place of these names; see build.mjs.

declare module "latchkey:engine" {
  /** What the engine asks of JavaScript (`JsHost` in sdk/src/host.rs). */
  export interface EngineHost {
    /** Never answered before it returns. `details` is JSON: see `Requests` in host.ts; `ok` and `error` answer the call `id`. */
    ask(id: number, what: string, details: string): void;
  }
  export class Engine {
    constructor(settings: string, host: EngineHost);
    call(id: number, name: string, args: string): void;
    tell(id: number, answer: string): void;
  }
  export default function init(options: { module_or_path: unknown }): Promise<unknown>;
}

declare module "latchkey:worker" {
  const source: string;
  export default source;
}

declare module "latchkey:wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
