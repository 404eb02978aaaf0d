/**
 * The second script of the answering page: all that works with keys, which nobody needs before the first page is read.
 * It is loaded by part.ts, which knows its SHA-256.
 */
export { counted } from "./counted.ts";
export { perhapsSent, randomPause, send, withdraw } from "./sending.ts";
