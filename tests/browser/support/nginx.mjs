// nginx in front, with TLS, as in production.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** Serves TLS on `port` with a certificate of its own making, and passes everything on to `upstream`. */
export async function startNginx(port, upstream) {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-nginx-"));
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,DNS:*.localhost"];
  await promisify(execFile)("openssl", [...request, ...names, "-keyout", key, "-out", certificate]);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log stderr warn; worker_processes 1;
    ${process.getuid() === 0 ? "user root;" : ""}
    events {}
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${certificate};
        ssl_certificate_key ${key};
        location / {
          proxy_pass http://${upstream};
          proxy_set_header Host internal.invalid;
          proxy_set_header X-Forwarded-Host $http_host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          proxy_set_header X-Forwarded-Proto $scheme;
        }
      }
    }`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));
  child.on("error", (error) => (said += error));
  const stop = async () => {
    if (child.exitCode === null && child.pid) {
      child.kill("SIGQUIT");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + 10_000; Date.now() < until && child.exitCode === null; await pause(30)) {
    const socket = connect(port, "127.0.0.1");
    const open = await new Promise((resolve) => socket.once("connect", () => resolve(true)).once("error", () => resolve(false)));
    socket.destroy();
    if (open) return { stop };
  }
  await stop();
  throw new Error(`nginx does not listen: ${said}`);
}
