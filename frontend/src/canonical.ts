/**
 * Canonical JSON as the formats demand it: keys sorted by code point, no white space, integers only.
 */
import { type Bytes, utf8 } from "./bytes.ts";

export function canonicalBytes(value: unknown): Bytes {
  return utf8(canonical(value));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("canonical JSON: integers only");
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return JSON.stringify(value);
  if (typeof value !== "object") throw new Error(`canonical JSON: no ${typeof value}`);
  const entries = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(",")}}`;
}

/** UTF-8 sorts as code points do; JavaScript's own order is that of UTF-16. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [utf8(a), utf8(b)];
  const at = left.findIndex((byte, position) => byte !== right[position]);
  return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? -1);
}
