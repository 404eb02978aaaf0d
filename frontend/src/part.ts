/**
 * The second script of the page (sealed.ts): fetched as soon as the first page is painted, whatever its reader does,
 * so that the server does not learn how far somebody has come.
 *
 * Its SHA-256 is written into this script, and the browser runs no other: who has compared this script's hash has
 * compared both (docs/how-to/check-the-script.md).
 */
import type * as Sealed from "./sealed.ts";
import type { Failure } from "./sending.ts";

/** Put in by build.mjs. */
declare const SEALED_FILE: string;
declare const SEALED_INTEGRITY: string;
declare const tillidSealed: typeof Sealed;

/** The script did not come, or another one did. */
class NotHere extends Error {}

const current = document.currentScript;
const here = current instanceof HTMLScriptElement ? current.src : location.href;
let coming: Promise<typeof Sealed> | null = null;
let tries = 0;

/**
 * What works with keys. A try that failed is made again by the next who asks.
 *
 * Throws what `failureOf` reads.
 */
export function sealed(): Promise<typeof Sealed> {
  coming ??= fetched().catch((fault: unknown) => {
    coming = null;
    throw fault;
  });
  return coming;
}

/** Fetch it when the browser has painted and has nothing else to do. */
export function sealedSoon(): void {
  const begin = () => void sealed().catch(() => {});
  requestAnimationFrame(() => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(begin, { timeout: 2_000 });
    else setTimeout(begin, 200);
  });
}

/** Why sending or taking back stopped. */
export function failureOf(fault: unknown): Failure {
  if (fault instanceof NotHere) return "offline";
  // Not `instanceof`: the error's class lies in the other script.
  const failure = (fault as { failure?: Failure } | null)?.failure;
  return failure ?? "unexpected";
}

function fetched(): Promise<typeof Sealed> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    // A cache that holds other bytes under this name must not be asked again.
    script.src = new URL(tries === 0 ? SEALED_FILE : `${SEALED_FILE}?${tries}`, here).href;
    tries += 1;
    script.integrity = SEALED_INTEGRITY;
    script.addEventListener("load", () => resolve(tillidSealed));
    script.addEventListener("error", () => {
      script.remove();
      reject(new NotHere(SEALED_FILE));
    });
    document.head.append(script);
  });
}
