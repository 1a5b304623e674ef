// The SDK as an app gets it: packed, installed into an empty project, built by a bundler, served.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL("../../../pkg", import.meta.url));

/** An empty project with `npm pack`'s tarball installed in it. */
export class Project {
  static async make(files = {}) {
    const project = new Project();
    project.folder = await mkdtemp(join(tmpdir(), "latchkey-sdk-"));
    const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project.folder], { cwd: PACKAGE });
    const tarball = join(project.folder, JSON.parse(stdout)[0].filename);
    await project.write({ "package.json": '{ "name": "app", "private": true, "type": "module" }', ...files });
    await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball], { cwd: project.folder });
    return project;
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  async write(files) {
    for (const [name, text] of Object.entries(files)) await writeFile(this.path(name), text);
  }

  /** What the package ships, copied where a plain page can load it. */
  async copyDist(to) {
    await cp(this.path("node_modules/@latchkey/sdk/dist"), this.path(to), { recursive: true });
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Files on an origin of their own: `{ url, asked, close }`, `asked` being the paths of all requests. */
export async function serveFiles(folder, headers = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(pathname);
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    try {
      const bytes = await readFile(join(folder, name));
      response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream", ...headers }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://localhost:${server.address().port}`, asked, close: () => server.close() };
}
