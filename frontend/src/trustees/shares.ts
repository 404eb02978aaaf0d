/**
 * A share of a wave's key in its holder's hands: unwrapped, shown without being told, and given for one opening.
 *
 * Formats: docs/reference/formats.md, "Shares"; the same in Python is survey/sealing/shares.py.
 */
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { type Bytes, concat, domain, fromHex, sha256, utf8 } from "../bytes.ts";
import { TrusteeRefused } from "./refusals.ts";

const ENCAPSULATED_KEY = 1120;
const SHARE = 33;

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export type PrivateKey = CryptoKey;

/** What a share belongs to. */
export interface Binding {
  readonly wave: string;
  readonly manifestDigest: Bytes;
  readonly number: number;
  /** Hex fingerprint of the trustee's key. */
  readonly fingerprint: string;
}

/** One opening of one list of one wave, for which custody made a one-time key. */
export interface Opening {
  readonly wave: string;
  readonly manifestDigest: Bytes;
  readonly listDigest: Bytes;
  readonly oneTimeKey: Bytes;
}

export async function newKeyPair(): Promise<{ seed: Bytes; key: PrivateKey; publicKey: Bytes }> {
  const pair = await suite.kem.generateKeyPair();
  return {
    seed: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
    key: pair.privateKey,
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)),
  };
}

export async function privateKey(seed: Bytes): Promise<PrivateKey> {
  return suite.kem.deserializePrivateKey(seed);
}

/** What was sealed to the holder of a key. Throws what the library throws. */
export async function unsealed(sealed: Bytes, recipientKey: PrivateKey, info: Bytes): Promise<Bytes> {
  const enc = sealed.slice(0, ENCAPSULATED_KEY);
  return new Uint8Array(await suite.open({ recipientKey, enc, info }, sealed.slice(ENCAPSULATED_KEY)));
}

/** The share that custody sealed to this trustee. Throws `TrusteeRefused`. */
export async function unwrappedShare(sealed: Bytes, recipientKey: PrivateKey, binding: Binding): Promise<Bytes> {
  const { wave, manifestDigest, number, fingerprint } = binding;
  const info = concat(
    domain("tillid share v1"),
    utf8(wave),
    manifestDigest,
    Uint8Array.of(number),
    fromHex(fingerprint),
  );
  try {
    const share = await unsealed(sealed, recipientKey, info);
    if (share.length !== SHARE || share[0] !== number) throw new Error(`this is not share number ${number}`);
    return share;
  } catch (cause) {
    throw new TrusteeRefused("share_does_not_open", { cause });
  }
}

/** What a trustee shows to prove that the share unwraps; it does not tell the share. */
export async function confirmation(share: Bytes, manifestDigest: Bytes): Promise<Bytes> {
  return sha256(domain("tillid confirmation v1"), manifestDigest, share);
}

/** What custody signs of an opening. */
export function signedOpening({ wave, manifestDigest, listDigest, oneTimeKey }: Opening): Bytes {
  return concat(domain("tillid opening v1"), utf8(wave), manifestDigest, listDigest, oneTimeKey);
}

/** `share` for one opening of one list, and for no other. */
export async function approval(share: Bytes, opening: Opening): Promise<Bytes> {
  const { wave, manifestDigest, listDigest, oneTimeKey } = opening;
  const keyDigest = await sha256(oneTimeKey);
  const info = concat(domain("tillid approval v1"), utf8(wave), manifestDigest, listDigest, keyDigest);
  const recipientPublicKey = await suite.kem.deserializePublicKey(oneTimeKey);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, share);
  return concat(new Uint8Array(enc), new Uint8Array(ct));
}
