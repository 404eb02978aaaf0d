/**
 * A trustee's key file: a private key under a passphrase, and the promises its holder has confirmed.
 *
 * The same bytes mean the same to `tillid trustee` (survey/trustees/keyfile.py); docs/reference/formats.md.
 */
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { encode, grouped } from "../base32.ts";
import { type Bytes, b64, concat, domain, fromB64, fromHex, hex, randomBytes, sha256, utf8 } from "../bytes.ts";
import type { TrusteeRole } from "../manifest.ts";
import { normalisedPassphrase } from "./passphrase.ts";
import { newKeyPair, type PrivateKey, privateKey } from "./shares.ts";

export interface Kdf {
  readonly name: "argon2id";
  readonly memory_kib: number;
  readonly iterations: number;
  readonly lanes: number;
  readonly salt: string;
}

/** What a trustee knows of a wave: its promises, and the only list that will ever be approved. */
export interface ConfirmedWave {
  readonly manifest: string;
  readonly list: string | null;
}

export interface KeyFile {
  readonly format: "tillid-trustee-key/1";
  readonly server: string;
  readonly trustee: string;
  readonly role: TrusteeRole;
  readonly token: string;
  readonly public_key: string;
  readonly fingerprint: string;
  readonly kdf: Kdf;
  readonly wrapped_seed: { readonly nonce: string; readonly ciphertext: string };
  readonly custody: string;
  readonly waves: Readonly<Record<string, ConfirmedWave>>;
}

/** A key file and the private key in it. */
export interface Unlocked {
  readonly file: KeyFile;
  readonly seed: Bytes;
  readonly key: PrivateKey;
}

/** The file is none, was changed, or opens with other words. */
export class KeyFileRefused extends Error {
  constructor(
    readonly reason: "no_key_file" | "wrong_passphrase" | "changed_copy",
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

export type Progress = (share: number) => void;

const DEFAULT_KDF = { name: "argon2id", memory_kib: 65536, iterations: 3, lanes: 1 } as const;
const HEX = /^[0-9a-f]{64}$/;
const PUBLIC_KEY = 1216;
const SPOKEN_BITS = 100;
const ROLES: readonly string[] = ["employees", "management", "secretariat", "other"];

/** What the server said of whoever holds an invitation. */
export interface Invited {
  readonly trustee: string;
  readonly role: TrusteeRole;
  readonly custody: string;
}

/** A fresh key in a file of its own, under `passphrase`. */
export async function newKeyFile(
  invited: Invited,
  at: { readonly server: string; readonly token: string },
  passphrase: string,
  progress: Progress = () => {},
): Promise<Unlocked> {
  const { seed, key, publicKey } = await newKeyPair();
  const kdf = { ...DEFAULT_KDF, salt: b64(randomBytes(16)) };
  const nonce = randomBytes(12);
  const cipher = await cipherOf(kdf, passphrase, "encrypt", progress);
  const additionalData = concat(domain("tillid trustee key v1"), publicKey);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData }, cipher, seed);
  const file: KeyFile = {
    format: "tillid-trustee-key/1",
    server: at.server,
    trustee: invited.trustee,
    role: invited.role,
    token: at.token,
    public_key: b64(publicKey),
    fingerprint: await keyFingerprint(publicKey),
    kdf,
    wrapped_seed: { nonce: b64(nonce), ciphertext: b64(new Uint8Array(ciphertext)) },
    custody: invited.custody,
    waves: {},
  };
  return { file, seed, key };
}

/** What manifests call a trustee's public key. */
export async function keyFingerprint(publicKey: Bytes): Promise<string> {
  return hex(await sha256(domain("tillid trustee key v1"), publicKey));
}

/** A trustee's fingerprint as people read it to each other: 100 of its bits, five groups of four symbols. */
export function spoken(fingerprint: string): string {
  return grouped(encode(fromHex(fingerprint), SPOKEN_BITS)).replaceAll("-", " ");
}

/** Custody's fingerprint, whole, in groups that can be read aloud. */
export function inGroups(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(" ") ?? "";
}

/**
 * The key file that `text` holds. Throws `KeyFileRefused`.
 */
export async function readKeyFile(text: string): Promise<KeyFile> {
  try {
    const file = JSON.parse(text) as KeyFile;
    if (!looksRight(file) || (await keyFingerprint(fromB64(file.public_key))) !== file.fingerprint) throw new Error();
    return file;
  } catch (cause) {
    throw new KeyFileRefused("no_key_file", { cause });
  }
}

function looksRight(file: KeyFile): boolean {
  const { kdf } = file;
  return (
    file.format === "tillid-trustee-key/1" &&
    [file.server, file.trustee, file.token].every((text) => typeof text === "string") &&
    ROLES.includes(file.role) &&
    fromB64(file.public_key).length === PUBLIC_KEY &&
    HEX.test(file.custody) &&
    // Bounds: a file from a stranger must not keep the browser busy for ever.
    kdf.name === "argon2id" &&
    isBetween(kdf.memory_kib, 8192, 2 ** 20) &&
    isBetween(kdf.iterations, 1, 20) &&
    isBetween(kdf.lanes, 1, 16) &&
    fromB64(kdf.salt).length >= 8 &&
    fromB64(file.wrapped_seed.nonce).length === 12 &&
    Object.values(file.waves).every(({ manifest, list }) => HEX.test(manifest) && (list === null || HEX.test(list)))
  );
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** The file as it is saved. */
export function written(file: KeyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The private key in `file`; takes a moment and 64 MiB on purpose. Throws `KeyFileRefused`.
 */
export async function unlocked(file: KeyFile, passphrase: string, progress: Progress = () => {}): Promise<Unlocked> {
  const cipher = await cipherOf(file.kdf, passphrase, "decrypt", progress);
  const additionalData = concat(domain("tillid trustee key v1"), fromB64(file.public_key));
  const iv = fromB64(file.wrapped_seed.nonce);
  try {
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData },
      cipher,
      fromB64(file.wrapped_seed.ciphertext),
    );
    const seed = new Uint8Array(opened);
    return { file, seed, key: await privateKey(seed) };
  } catch (cause) {
    throw new KeyFileRefused("wrong_passphrase", { cause });
  }
}

async function cipherOf(kdf: Kdf, passphrase: string, use: "encrypt" | "decrypt", onProgress: Progress): Promise<CryptoKey> {
  const derived = await argon2idAsync(utf8(normalisedPassphrase(passphrase)), fromB64(kdf.salt), {
    t: kdf.iterations,
    m: kdf.memory_kib,
    p: kdf.lanes,
    dkLen: 32,
    maxmem: 2 ** 31,
    onProgress,
  });
  return crypto.subtle.importKey("raw", new Uint8Array(derived), "AES-GCM", false, [use]);
}

/** The same file, knowing `wave`. */
export function withWave(file: KeyFile, wave: string, known: ConfirmedWave): KeyFile {
  return { ...file, waves: { ...file.waves, [wave]: known } };
}
