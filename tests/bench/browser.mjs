// SRP sign-ins in Chromium, our SDK beside amazon-cognito-identity-js, in turns. Prints a JSON array as its last
// line: CPU time of the page's process (the engine's worker is one of its threads), of its main thread alone,
// wall time, and tasks of the main thread longer than 50 ms. The server is told by the environment.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const SIGN_INS = 20;
const WARM_UPS = 2;
const { LATCHKEY_URL, LATCHKEY_POOL, LATCHKEY_CLIENT, LATCHKEY_USER, LATCHKEY_PASSWORD, CHROMIUM } = process.env;
const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "../../pkg/dist");

const bundle = async (source) => {
  const built = await build({
    stdin: { contents: source, resolveDir: here },
    bundle: true,
    format: "esm",
    write: false,
    minify: true,
    define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
  });
  return built.outputFiles[0].text;
};

const settings = JSON.stringify({
  url: LATCHKEY_URL,
  pool: LATCHKEY_POOL,
  client: LATCHKEY_CLIENT,
  user: LATCHKEY_USER,
  password: LATCHKEY_PASSWORD,
});

// Each makes what a page makes at its start, then signs in upon a click.
const pages = {
  "/latchkey": `
    import { createAuth } from "/sdk/index.js";
    const s = ${settings};
    const auth = createAuth({ userPoolId: s.pool, clientId: s.client, endpoint: s.url, storage: "memory" });
    window.signIn = async () => {
      const step = await auth.signIn({ username: s.user, password: s.password });
      if (step.kind !== "done") throw new Error(step.kind);
    };`,
  "/identity-js": await bundle(`
    import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
    const s = ${settings};
    const kept = new Map();
    const Storage = {
      setItem: (key, value) => { kept.set(key, value); return value; },
      getItem: (key) => kept.get(key), removeItem: (key) => kept.delete(key), clear: () => kept.clear(),
    };
    const Pool = new CognitoUserPool({ UserPoolId: s.pool, ClientId: s.client, endpoint: s.url, Storage });
    window.signIn = () => new Promise((onSuccess, onFailure) => {
      const user = new CognitoUser({ Username: s.user, Pool, Storage });
      const details = new AuthenticationDetails({ Username: s.user, Password: s.password });
      user.authenticateUser(details, { onSuccess, onFailure });
    });`),
};

const types = { ".js": "text/javascript", ".wasm": "application/wasm" };
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname in pages) {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><title>bench</title><script type="module">${pages[pathname]}</script>`);
    return;
  }
  const file = normalize(join(dist, pathname.replace(/^\/sdk\//, "")));
  try {
    if (!pathname.startsWith("/sdk/") || !file.startsWith(dist)) throw new Error("not there");
    const body = await readFile(file);
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://localhost:${server.address().port}`;

const median = (figures) => {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const mean = (figures) => figures.reduce((sum, figure) => sum + figure, 0) / figures.length;

// One browser each: the page's process is then the one renderer that works.
const open = async (name, path) => {
  const browser = await chromium.launch({ executablePath: CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.goto(origin + path);
  await page.waitForFunction(() => typeof window.signIn === "function");
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)))
      .observe({ type: "longtask" });
  });
  const own = await page.context().newCDPSession(page);
  await own.send("Performance.enable", { timeDomain: "threadTicks" });
  const whole = await browser.newBrowserCDPSession();
  const cpu = async () => {
    const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter((process) => process.type === "renderer");
    return renderers.reduce((sum, process) => sum + process.cpuTime, 0) * 1000;
  };
  const main = async () => {
    const { metrics } = await own.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
  };
  const figures = [];
  const once = async () => {
    const [cpuBefore, mainBefore] = [await cpu(), await main()];
    const told = await page.evaluate(async () => {
      window.longTasks.length = 0;
      const begun = performance.now();
      await window.signIn();
      const wall = performance.now() - begun;
      // Long tasks are told a little later.
      await new Promise((told) => setTimeout(told, 200));
      return { wall, longTasks: [...window.longTasks] };
    });
    return { ...told, process: (await cpu()) - cpuBefore, main: (await main()) - mainBefore };
  };
  const sum = () => ({
    name,
    // The process's clock ticks every 10 ms: only the sum over many sign-ins says something.
    process: mean(figures.map((figure) => figure.process)),
    main: mean(figures.map((figure) => figure.main)),
    wall: median(figures.map((figure) => figure.wall)),
    longTasks: mean(figures.map((figure) => figure.longTasks.length)),
    longest: Math.max(0, ...figures.flatMap((figure) => figure.longTasks)),
  });
  return { browser, once, figures, sum };
};

const { version } = JSON.parse(
  await readFile(new URL("../node_modules/amazon-cognito-identity-js/package.json", import.meta.url), "utf8"),
);
const runs = [
  await open("`@latchkey/sdk`", "/latchkey"),
  await open(`amazon-cognito-identity-js ${version}`, "/identity-js"),
];
for (let turn = 0; turn < WARM_UPS + SIGN_INS; turn += 1) {
  for (const run of runs) {
    const figure = await run.once();
    if (turn >= WARM_UPS) run.figures.push(figure);
  }
}
for (const run of runs) await run.browser.close();
server.close();
console.log(JSON.stringify(runs.map((run) => run.sum())));
