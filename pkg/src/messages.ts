import type { Start } from "./auth.js";

/** What the page's side sends the worker. */
export type ToWorker =
  | { start: Start }
  | { id: number; name: string; args: string }
  | { stored: number; value: string | null; failed?: boolean };

/** What the worker sends the page's side. */
export type ToPage =
  | { id: number; answer: string }
  | { store: number; tab: boolean; key: string; value: string | null | undefined }
  | { event: string }
  | { broken: string };
