/**
 * Work for an exchange, where many codes were wrong before from the same network: some seconds of nobody's time
 * instead of a closed door. A client of survey/answering/working.py.
 */
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, domain, fromB64, sha256 } from "./bytes.ts";

/** What the server asks for: digests under its challenge that begin with so many zero bits. */
export interface Work {
  readonly challenge: Bytes;
  readonly bits: number;
}

/** More than a minute on a telephone: a server that asks for it means harm. */
const MOST_BITS = 20;
const PROOF_LENGTH = 8;
/** Some ten milliseconds: in between, the page answers to whoever wants to leave it. */
const AT_ONCE = 1_000;

/** The work that a refusal asks for; null where it asks for none that anybody honest would. */
export function wantedWork(refusal: { readonly challenge?: unknown; readonly bits?: unknown } | null): Work | null {
  const { challenge, bits } = refusal ?? {};
  if (typeof challenge !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(challenge)) return null;
  if (!Number.isInteger(bits) || (bits as number) < 0 || (bits as number) > MOST_BITS) return null;
  return { challenge: fromB64(challenge), bits: bits as number };
}

/** The first proof that the work was done for `request`; throws when `signal` aborts. */
export async function worked({ challenge, bits }: Work, request: Bytes, signal: AbortSignal): Promise<Bytes> {
  const seed = await sha256(domain("tillid work v1"), challenge, request);
  const tried = concat(seed, new Uint8Array(PROOF_LENGTH));
  const end = new DataView(tried.buffer);
  for (let number = 0; ; number += 1) {
    if (number % AT_ONCE === 0) await breath(signal);
    end.setUint32(seed.length + PROOF_LENGTH - 4, number);
    if (leadingZeros(sha512(tried)) >= bits) return tried.slice(seed.length);
  }
}

function leadingZeros(digest: Uint8Array): number {
  return Math.clz32(new DataView(digest.buffer, digest.byteOffset).getUint32(0));
}

async function breath(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal.throwIfAborted();
}
