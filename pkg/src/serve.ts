import type { Port } from "./auth.js";
import { startEngine } from "./host.js";
import type { ToPage, ToWorker } from "./messages.js";

/** The worker's end: loads the engine while the page is free to ask. */
export const serve = (load: () => Promise<unknown>): void => {
  const waiting = new Map<number, (stored: { value: string | null; failed?: boolean }) => void>();
  const send = (message: ToPage): void => postMessage(message);
  const loaded = load();
  let last = 0;
  let port: Promise<Port> | undefined;

  onmessage = async ({ data }: MessageEvent<ToWorker>) => {
    if ("stored" in data) {
      waiting.get(data.stored)?.(data);
      waiting.delete(data.stored);
      return;
    }
    try {
      if ("start" in data) {
        const { start } = data;
        port = loaded.then(() =>
          startEngine(
            start,
            {
              store: (tab, key, value) =>
                new Promise((resolve, reject) => {
                  waiting.set(++last, ({ value, failed }) => (failed ? reject(new Error("the store failed")) : resolve(value)));
                  send({ store: last, tab, key, value });
                }),
              event: (event) => send({ event }),
            },
            new BroadcastChannel(start.name),
          ),
        );
        await port;
      } else if (port) send({ id: data.id, answer: await (await port).call(data.name, data.args) });
    } catch (error) {
      send({ broken: String(error) });
    }
  };
};
