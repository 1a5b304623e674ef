// Builds dist/ from src/ and the engine: node build.mjs --engine DIR [--out dist]
// DIR is wasm-bindgen's output (--target web): engine.js and engine_bg.wasm.
import { spawnSync } from "node:child_process";
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { engine: { type: "string" }, out: { type: "string", default: "dist" } } });
if (!values.engine) throw new Error("build.mjs needs --engine DIR");
const engine = path.resolve(values.engine);
const out = path.resolve(here, values.out);

// The names src/modules.d.ts declares.
const provide = (worker) => ({
  name: "latchkey",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^latchkey:engine$/ }, () => ({ path: path.join(engine, "engine.js") }));
    onResolve({ filter: /^latchkey:wasm$/ }, () => ({ path: path.join(engine, "engine_bg.wasm"), namespace: "wasm" }));
    onLoad({ filter: /.*/, namespace: "wasm" }, async ({ path }) => ({ contents: await readFile(path), loader: "binary" }));
    onResolve({ filter: /^latchkey:worker$/ }, () => ({ path: "worker", namespace: "text" }));
    onLoad({ filter: /.*/, namespace: "text" }, () => ({ contents: worker, loader: "text" }));
  },
});

const bundle = (entry, options = {}, worker = undefined) =>
  build({
    absWorkingDir: here,
    entryPoints: [`src/${entry}.ts`],
    outfile: path.join(out, `${entry}.js`),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    plugins: [provide(worker)],
    ...options,
  });

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await copyFile(path.join(engine, "engine_bg.wasm"), path.join(out, "engine_bg.wasm"));

const inlineWorker = await bundle("worker-inline", { format: "iife", write: false, define: { "import.meta.url": '""' } });
await Promise.all([
  bundle("index"),
  bundle("worker"),
  bundle("inline", {}, inlineWorker.outputFiles[0].text),
  bundle("node", { platform: "node", target: "node20" }),
]);

const tsc = fileURLToPath(new URL("./node_modules/typescript/bin/tsc", import.meta.url));
const types = spawnSync(process.execPath, [tsc, "-p", "tsconfig.dist.json", "--outDir", out], { cwd: here, stdio: "inherit" });
if (types.status !== 0) process.exit(types.status ?? 1);
