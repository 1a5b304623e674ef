import type { Page, Port, Start } from "./auth.js";
import type { ToPage, ToWorker } from "./messages.js";

/** The page's end of a worker. */
export const workerPort = (makeWorker: () => Worker, start: Start, page: Page): Port => {
  const waiting = new Map<number, (answer: string) => void>();
  let last = 0;
  let why: string | undefined;
  let worker: Worker | undefined;

  const unavailable = (message: string): string => JSON.stringify({ error: { name: "EngineUnavailable", message } });
  const fail = (message: string): void => {
    why = message;
    for (const resolve of waiting.values()) resolve(unavailable(message));
    waiting.clear();
  };
  const send = (message: ToWorker): void => worker?.postMessage(message);

  try {
    worker = makeWorker();
    worker.onerror = (event) => fail(event.message || "the worker could not be loaded");
    worker.onmessage = async ({ data }: MessageEvent<ToPage>) => {
      if ("answer" in data) {
        waiting.get(data.id)?.(data.answer);
        waiting.delete(data.id);
      } else if ("store" in data) {
        const stored = data.store;
        try {
          send({ stored, value: await page.store(data.tab, data.key, data.value) });
        } catch {
          send({ stored, value: null, failed: true });
        }
      } else if ("event" in data) page.event(data.event);
      else fail(data.broken);
    };
    send({ start });
  } catch (error) {
    fail(String(error));
  }

  return {
    call: (name, args) =>
      new Promise((resolve) => {
        if (why) return resolve(unavailable(why));
        waiting.set(++last, resolve);
        send({ id: last, name, args });
      }),
    close() {
      worker?.terminate();
      fail("closed");
    },
  };
};
