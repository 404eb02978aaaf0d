/**
 * The right to one response, unlinkable to the invitation it was given for (RFC 9474), and what it signs.
 *
 * The browser makes a key from a secret of 128 bits, has it signed *blindly* in exchange for the code, and signs
 * its response with it. Whoever holds every record of the exchange cannot tell which response it led to.
 */
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, concat, domain, randomBytes, sha256, u32, utf8 } from "./bytes.ts";
import { SECRET_LENGTH } from "./receipts.ts";

const RANDOMISER_LENGTH = 32;

const suite = RSABSSA.SHA384.PSS.Randomized();

/** The key of a credential. */
export interface CredentialKey {
  readonly seed: Bytes;
  readonly publicKey: Bytes;
}

/** A credential that is asked for: all of it is kept until the blind signature has come. */
export interface BlindedCredential {
  readonly secret: Bytes;
  /** Randomiser (32 bytes) ‖ message. */
  readonly prepared: Bytes;
  readonly inverse: Bytes;
  readonly blinded: Bytes;
}

/** The issuer's answer does not make a signature: a fault or a cheat, and nothing is sent under it. */
export class BlindSignatureRefused extends Error {}

export async function credentialKey(secret: Bytes, wave: string): Promise<CredentialKey> {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = concat(domain("tillid credential key v1"), utf8(wave));
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const seed = new Uint8Array(await crypto.subtle.deriveBits(derivation, material, 256));
  return { seed, publicKey: new Uint8Array(ed25519.getPublicKey(seed)) };
}

/** A fresh credential for `wave`, blinded for the issuing key (DER SubjectPublicKeyInfo). */
export async function blindedCredential(issuingKey: Bytes, wave: string): Promise<BlindedCredential> {
  const secret = randomBytes(SECRET_LENGTH);
  const { publicKey } = await credentialKey(secret, wave);
  const prepared = new Uint8Array(suite.prepare(concat(domain("tillid credential v1"), utf8(wave), publicKey)));
  const { blindedMsg, inv } = await suite.blind(await imported(issuingKey), prepared);
  return { secret, prepared, inverse: new Uint8Array(inv), blinded: new Uint8Array(blindedMsg) };
}

/**
 * The issuer's signature over the prepared message, verified.
 *
 * Throws `BlindSignatureRefused`.
 */
export async function finished(
  credential: BlindedCredential,
  issuingKey: Bytes,
  blindSignature: Bytes,
): Promise<Bytes> {
  const key = await imported(issuingKey);
  try {
    return new Uint8Array(await suite.finalize(key, credential.prepared, blindSignature, credential.inverse));
  } catch (fault) {
    throw new BlindSignatureRefused("the issuer's answer does not make a signature", { cause: fault });
  }
}

export function randomiser(credential: BlindedCredential): Bytes {
  return credential.prepared.slice(0, RANDOMISER_LENGTH);
}

/** What says that this envelope, and no other, belongs to the credential at this place in its sequence. */
export async function rowSignature(
  key: CredentialKey,
  row: { readonly wave: string; readonly manifestDigest: Bytes; readonly sequence: number; readonly envelope: Bytes },
): Promise<Bytes> {
  const message = concat(
    domain("tillid row v1"),
    utf8(row.wave),
    row.manifestDigest,
    u32(row.sequence),
    await sha256(row.envelope),
  );
  return new Uint8Array(ed25519.sign(message, key.seed));
}

/** What the list of the closed wave says of a row. */
export async function rowDigest(publicKey: Bytes, sequence: number, envelope: Bytes): Promise<Bytes> {
  return sha256(domain("tillid list row v1"), await sha256(publicKey), u32(sequence), await sha256(envelope));
}

/** Whether `signature` is made by `key` over `message` (Ed25519, RFC 8032). */
export function isSignedBy(key: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

/** Bytes of an RSA public key of 2,048 bits with exponent 65537, and how they end. */
const KEY_LENGTH = 294;
const KEY_END = [0x02, 0x03, 0x01, 0x00, 0x01];

async function imported(issuingKey: Bytes): Promise<CryptoKey> {
  // Extractable, since blinding works on its modulus.
  // As strict as survey/sealing/credentials.py: a short modulus would let its factors show through a blinding.
  if (issuingKey.length !== KEY_LENGTH || KEY_END.some((byte, at) => byte !== issuingKey[KEY_LENGTH - 5 + at])) {
    throw new BlindSignatureRefused("an issuing key is an RSA key of 2,048 bits with exponent 65537");
  }
  return crypto.subtle.importKey("spki", issuingKey, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
}
