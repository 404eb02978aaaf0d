/** Envelopes that this code and Python sealed, opened here; tests/reference/test_sealed_envelopes.py does so there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import sealed from "../../tests/vectors/sealed.json";
import { fromB64, utf8 } from "../src/bytes.ts";
import { envelopeInfo, padded, seal } from "../src/sealing.ts";

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const content = padded(utf8(sealed.plaintext), sealed.envelope_size - 1137);

async function opened(envelope: string): Promise<Uint8Array> {
  const bytes = fromB64(envelope);
  const recipientKey = await suite.kem.deserializePrivateKey(fromB64(sealed.seed));
  const info = await envelopeInfo(fromB64(sealed.manifest_digest), fromB64(sealed.credential_key));
  return new Uint8Array(await suite.open({ recipientKey, enc: bytes.slice(1, 1121), info }, bytes.slice(1121)));
}

for (const [by, envelope] of Object.entries(sealed.sealed_by)) {
  test(`an envelope that was sealed by ${by} opens to its plaintext`, async () => {
    assert.deepEqual(await opened(envelope), content);
  });
}

test("what is sealed now has the form of the vectors", async () => {
  const info = await envelopeInfo(fromB64(sealed.manifest_digest), fromB64(sealed.credential_key));
  const to = { waveKey: fromB64(sealed.wave_key), envelopeSize: sealed.envelope_size, info };
  const envelope = await seal(utf8(sealed.plaintext), to);

  assert.equal(envelope.length, fromB64(sealed.sealed_by.python).length);
});
