import init from "latchkey:engine";
import { serve } from "./serve.js";

serve(() => init({ module_or_path: new URL("./engine_bg.wasm", import.meta.url) }));
