/**
 * What a respondent may note: the receipt, which is the key to their response, and the number by which it is found.
 */
import { decode, encode, normalised } from "./base32.ts";
import { type Bytes, concat, domain, sha256 } from "./bytes.ts";

export const SECRET_LENGTH = 16;
const RECEIPT_BITS = 140;
export const RECEIPT_LENGTH = 28;
const LIST_NUMBER_BITS = 40;
export const LIST_NUMBER_LENGTH = 8;

/** The secret with 12 bits of checksum: 28 characters, to be noted or not. */
export async function receipt(secret: Bytes): Promise<string> {
  const checksum = await sha256(domain("tillid receipt v1"), secret);
  return encode(concat(secret, checksum), RECEIPT_BITS);
}

/**
 * The secret of a receipt as somebody typed it; null if symbols are missing, foreign or mistyped
 * (one typing error in 4,096 is not noticed).
 */
export async function secretIn(typed: string): Promise<Bytes | null> {
  const text = normalised(typed, RECEIPT_LENGTH);
  if (text === null) return null;
  const secret = decode(text).slice(0, SECRET_LENGTH);
  return (await receipt(secret)) === text ? secret : null;
}

/** The first 40 bits of a row's digest: by them its owner finds it on the list, and can do nothing else with them. */
export function listNumber(digest: Bytes): string {
  return encode(digest, LIST_NUMBER_BITS);
}
