// What a page loads, gzip -9.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const weigh = async (...names) => {
  let sum = 0;
  for (const name of names) sum += gzipSync(await readFile(new URL(`../dist/${name}`, import.meta.url)), { level: 9 }).length;
  return sum;
};

test("the shell is at most 6.5 kB", async (context) => {
  const bytes = await weigh("index.js");
  context.diagnostic(`shell: ${bytes} B`);
  assert.ok(bytes <= 6_500, `${bytes} B`);
});

// The aim in the end is 27,000: amazon-cognito-identity-js.
test("shell, worker and engine together are at most 50 kB", async (context) => {
  const bytes = await weigh("index.js", "worker.js", "engine_bg.wasm");
  context.diagnostic(`everything: ${bytes} B`);
  assert.ok(bytes <= 50_000, `${bytes} B`);
});

test("no machine's paths are in what is shipped", async () => {
  for (const name of ["index.js", "worker.js", "inline.js", "node.js", "engine_bg.wasm"]) {
    const text = await readFile(new URL(`../dist/${name}`, import.meta.url), "latin1");
    assert.doesNotMatch(text, /\/root\/|\/home\/|\/Users\/|\.cargo|registry/, name);
  }
});
