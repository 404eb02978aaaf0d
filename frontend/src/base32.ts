/**
 * Crockford's base32, in which codes, pins and receipts are written: read forgivingly, since people type them.
 */
import type { Bytes } from "./bytes.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The first `bits` bits of `bytes` (all of them unless told), most significant first, zero bits appended
 * to fill the last character.
 */
export function encode(bytes: Uint8Array, bits: number = bytes.length * 8): string {
  let text = "";
  for (let at = 0; at < bits; at += 5) {
    let value = 0;
    for (let bit = at; bit < at + 5; bit += 1) value = value * 2 + bitAt(bytes, bit < bits ? bit : Infinity);
    text += ALPHABET[value];
  }
  return text;
}

function bitAt(bytes: Uint8Array, bit: number): number {
  return ((bytes[Math.floor(bit / 8)] ?? 0) >> (7 - (bit % 8))) & 1;
}

/**
 * What was typed, as it is written: upper case, no spaces or hyphens, `O` as `0`, `I` and `L` as `1`;
 * null if it has another length or any other character.
 */
export function normalised(typed: string, characters: number): string | null {
  const text = typed
    .toUpperCase()
    .replace(/[\s\u00ad\u2010-\u2015-]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  return text.length === characters && [...text].every((char) => ALPHABET.includes(char)) ? text : null;
}

/** The bytes of normalised characters; bits that do not fill a byte are given as a last byte of their own. */
export function decode(text: string): Bytes {
  const bytes = new Uint8Array(Math.ceil((text.length * 5) / 8));
  [...text].forEach((char, position) => {
    const value = ALPHABET.indexOf(char);
    if (value < 0) throw new Error(`base32: "${char}" is not in the alphabet`);
    for (let bit = 0; bit < 5; bit += 1) {
      const at = position * 5 + bit;
      bytes[Math.floor(at / 8)]! |= ((value >> (4 - bit)) & 1) << (7 - (at % 8));
    }
  });
  return bytes;
}

/** As it is printed: groups of four with a hyphen between. */
export function grouped(text: string): string {
  return text.match(/.{1,4}/g)?.join("-") ?? "";
}
