/**
 * Bytes as the formats write them: joined, as hex, as b64, under a domain (docs/reference/formats.md).
 */

/** Bytes that the browser's own cryptography accepts: never backed by shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The names under which this client signs, hashes and seals; each message of each kind begins with its own. */
export type Domain =
  | "tillid response v1"
  | "tillid credential v1"
  | "tillid credential key v1"
  | "tillid receipt v1"
  | "tillid row v1"
  | "tillid list row v1"
  | "tillid list v1"
  | "tillid manifest v1"
  | "tillid paper codes v1"
  | "tillid share v1"
  | "tillid confirmation v1"
  | "tillid opening v1"
  | "tillid approval v1"
  | "tillid trustee key v1"
  | "tillid trustee copy v1"
  | "tillid custody identity v1"
  | "tillid work v1";

export function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text));
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The domain's name and one zero byte: `D(name)`. */
export function domain(name: Domain): Bytes {
  return utf8(`${name}\0`);
}

/** An unsigned big-endian integer of four bytes. */
export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error("hex: lower-case pairs of digits are expected");
  return new Uint8Array(text.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []);
}

/** base64url without padding (RFC 4648 §5). */
export function b64(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromB64(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("b64: base64url without padding is expected");
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
