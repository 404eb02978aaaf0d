/**
 * Six words that open a key file: 66 random bits, to be written down on paper.
 */
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { randomBytes } from "../bytes.ts";

export const WORDS = 6;

/** Six random words of the BIP-39 English list; its 2,048 words divide two random bytes evenly. */
export function newPassphrase(): string {
  const numbers = new Uint16Array(randomBytes(2 * WORDS).buffer);
  return Array.from(numbers, (number) => wordlist[number % wordlist.length]).join(" ");
}

/** As it is hashed: lower case, one space between words. */
export function normalisedPassphrase(typed: string): string {
  return typed.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
}

/** The words typed that are none of the list's: a slip of the pen, said before a minute is spent on it. */
export function unknownWords(typed: string): readonly string[] {
  return normalisedPassphrase(typed).split(" ").filter((word) => word !== "" && !wordlist.includes(word));
}
