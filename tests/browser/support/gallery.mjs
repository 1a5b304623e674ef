// Every sample of every page, in every language and scheme, with the files of the real server.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; " +
  "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The gallery's program. Chosen among the same packages as the unit tests: so nothing it needs is built twice. */
async function gallery() {
  const among = ["--workspace", "--exclude", "wasm-tools"];
  const build = ["build", "--quiet", "--locked", ...among, "--example", "gallery", "--message-format", "json"];
  const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.env.CARGO ?? "cargo", build, options);
  const built = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return built.find(({ target, executable }) => target?.name === "gallery" && executable).executable;
}

/** Draws the samples and serves them: `{ url, names, stop }`, a name such as `sign-in.en.light`. `page` is a hosted
 * page's address, from which the files beside the samples are had. */
export async function serveGallery(page) {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-gallery-"));
  await promisify(execFile)(await gallery(), [folder]);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".html")).map((name) => name.slice(0, -5));
  const html = await (await fetch(page)).text();
  const assets = new URL(/href="([^"]*)style\.css"/.exec(html)[1], page);
  const server = createServer(async (request, response) => {
    const name = request.url.slice(1);
    if (names.includes(name)) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY });
      response.end(await readFile(join(folder, `${name}.html`)));
    } else {
      const file = await fetch(new URL(name, assets));
      response.writeHead(file.status, {
        "content-type": file.headers.get("content-type") ?? "text/plain",
        "content-security-policy": file.headers.get("content-security-policy") ?? "",
      });
      response.end(Buffer.from(await file.arrayBuffer()));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `http://localhost:${server.address().port}`, names, stop };
}
