// A server of the test's own: where what it logs is looked at, or its settings differ.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Serves LATCHKEY_BIN in dev mode, with all it ever says. */
export class Server {
  #child;
  #data;
  #said = [];

  /** `baseUrl` gets the port and gives the address that browsers use. */
  static async start({ baseUrl = (port) => `http://localhost:${port}`, options = [], port } = {}) {
    const server = new Server();
    server.port = port ?? (await freePort());
    server.url = baseUrl(server.port);
    server.#data = await mkdtemp(join(tmpdir(), "latchkey-browser-"));
    server.#child = spawn(
      process.env.LATCHKEY_BIN,
      [
        ...["serve", "--dev", "--listen", `127.0.0.1:${server.port}`, "--base-url", server.url],
        ...["--data-dir", server.#data, "--log-level", "debug", ...options],
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [server.#child.stdout, server.#child.stderr]) {
      stream.on("data", (bytes) => server.#said.push(bytes));
    }
    await server.#ready();
    return server;
  }

  async #ready() {
    const until = Date.now() + 30_000;
    while (Date.now() < until && this.#child.exitCode === null) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/_latchkey/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(30);
    }
    throw new Error(`the server did not become ready:\n${this.said()}`);
  }

  /** Runs a command of the binary's on this server's data: what it says. */
  async command(...words) {
    const settings = ["--dev", "--base-url", this.url, "--data-dir", this.#data];
    const { stdout } = await promisify(execFile)(process.env.LATCHKEY_BIN, [...words, ...settings]);
    return stdout;
  }

  /** Standard output and standard error so far. */
  said() {
    return Buffer.concat(this.#said).toString();
  }

  async stop() {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    await rm(this.#data, { recursive: true, force: true });
  }
}
