import init from "latchkey:engine";
import wasm from "latchkey:wasm";
import { serve } from "./serve.js";

serve(() => init({ module_or_path: wasm }));
