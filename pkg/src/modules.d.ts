// What the build puts in place of these names; see build.mjs.

declare module "latchkey:engine" {
  /** What the engine asks of JavaScript (`JsHost` in sdk/src/host.rs). */
  export interface EngineHost {
    load(tab: boolean, key: string): Promise<string | null>;
    save(tab: boolean, key: string, value: string | null | undefined): Promise<void>;
    lock(name: string): Promise<() => void>;
    verify(jwk: string, alg: string, input: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean>;
    emit(event: string): void;
  }
  export class Engine {
    constructor(settings: string, host: EngineHost);
    call(name: string, args: string): Promise<string>;
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
