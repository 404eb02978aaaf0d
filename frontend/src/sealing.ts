/**
 * From a response's plaintext to its envelope: padded to the wave's one length and sealed by HPKE (RFC 9180)
 * with X-Wing, so that only a quorum of trustees together with custody can open it.
 */
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { type Bytes, concat, domain, sha256 } from "./bytes.ts";

const VERSION = 1;
const ENCAPSULATED_KEY = 1120;
const TAG = 16;
const OVERHEAD = 1 + ENCAPSULATED_KEY + TAG;

/** ISO/IEC 7816-4: one byte 0x80, then zeros, up to `length`. */
export function padded(plaintext: Uint8Array, length: number): Bytes {
  if (plaintext.length + 1 > length) {
    throw new Error(`sealing: ${plaintext.length} bytes do not fit an envelope for ${length - 1}`);
  }
  const bytes = new Uint8Array(length);
  bytes.set(plaintext);
  bytes[plaintext.length] = 0x80;
  return bytes;
}

/** Bound to the promises and to the credential: under others an envelope does not open. */
export async function envelopeInfo(manifestDigest: Bytes, credentialKey: Bytes): Promise<Bytes> {
  return concat(domain("tillid response v1"), manifestDigest, await sha256(credentialKey));
}

/**
 * The envelope of `plaintext`, `envelopeSize` bytes whatever was answered.
 *
 * Nothing but the answers goes in: no language, no clock, no device.
 */
export async function seal(
  plaintext: Uint8Array,
  to: { readonly waveKey: Bytes; readonly envelopeSize: number; readonly info: Bytes },
): Promise<Bytes> {
  const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(to.waveKey);
  const content = padded(plaintext, to.envelopeSize - OVERHEAD);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: to.info }, content);
  return concat(Uint8Array.of(VERSION), new Uint8Array(enc), new Uint8Array(ct));
}
