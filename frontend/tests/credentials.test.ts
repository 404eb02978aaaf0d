import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { decode } from "../src/base32.ts";
import { concat, hex, sha256, u32, utf8 } from "../src/bytes.ts";
import {
  blindedCredential,
  BlindSignatureRefused,
  credentialKey,
  finished,
  randomiser,
  rowSignature,
} from "../src/credentials.ts";
import { receipt } from "../src/receipts.ts";
import { damaged, testWave, WAVE } from "./fixtures.ts";

test("a blind signature becomes a signature that anyone can verify over randomiser, domain, wave and key", async () => {
  const { issuingKey, signBlinded } = await testWave();
  const credential = await blindedCredential(issuingKey, WAVE);
  const { publicKey } = await credentialKey(credential.secret, WAVE);

  const signature = await finished(credential, issuingKey, await signBlinded(credential.blinded));

  const key = await crypto.subtle.importKey("spki", issuingKey, { name: "RSA-PSS", hash: "SHA-384" }, false, ["verify"]);
  const message = concat(randomiser(credential), utf8("tillid credential v1\0"), utf8(WAVE), publicKey);
  assert.ok(await crypto.subtle.verify({ name: "RSA-PSS", saltLength: 48 }, key, signature, message));
  assert.equal(signature.length, 256);
});

test("an answer that makes no signature is refused", async () => {
  const { issuingKey, signBlinded } = await testWave();
  const credential = await blindedCredential(issuingKey, WAVE);
  const answer = damaged(await signBlinded(credential.blinded));

  await assert.rejects(finished(credential, issuingKey, answer), BlindSignatureRefused);
});

test("an issuing key of another size or exponent is refused before anything is blinded with it", async () => {
  const { issuingKey } = await testWave();
  const exponentThree = issuingKey.slice();
  exponentThree.set([0x03], exponentThree.length - 1);

  for (const weak of [issuingKey.slice(1), exponentThree, new Uint8Array(294)]) {
    await assert.rejects(blindedCredential(weak, WAVE), BlindSignatureRefused);
  }
});

test("the same secret is another key in another wave", async () => {
  const secret = new Uint8Array(16);

  const here = await credentialKey(secret, WAVE);
  const again = await credentialKey(secret, WAVE);
  const there = await credentialKey(secret, "fedcba9876543210");

  assert.deepEqual(here, again);
  assert.notDeepEqual(here.publicKey, there.publicKey);
});

test("a row's signature binds wave, promises, sequence and envelope", async () => {
  const key = await credentialKey(new Uint8Array(16), WAVE);
  const row = { wave: WAVE, manifestDigest: new Uint8Array(32), sequence: 7, envelope: utf8("sealed") };

  const signature = await rowSignature(key, row);

  const message = concat(
    utf8(`tillid row v1\0${WAVE}`),
    row.manifestDigest,
    u32(7),
    await sha256(row.envelope),
  );
  assert.ok(ed25519.verify(signature, message, key.publicKey));
  assert.ok(!ed25519.verify(signature, damaged(message), key.publicKey));
});

test("a receipt is the secret and twelve bits of its checksum, in 28 characters", async () => {
  const secret = Uint8Array.from({ length: 16 }, (_, position) => position * 16);

  const text = await receipt(secret);

  const checksum = hex(await sha256(utf8("tillid receipt v1\0"), secret)).slice(0, 3);
  assert.match(text, /^[0-9A-HJKMNP-TV-Z]{28}$/);
  assert.equal(hex(decode(text)), `${hex(secret)}${checksum}0`);
});
