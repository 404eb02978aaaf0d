import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../src/bytes.ts";
import { randomBytes } from "../src/bytes.ts";
import { envelopeInfo, padded, seal } from "../src/sealing.ts";
import { fromB64 } from "../src/bytes.ts";
import { testWave } from "./fixtures.ts";

test("padding is one byte 0x80, then zeros", () => {
  assert.deepEqual(padded(utf8("ab"), 5), Uint8Array.of(97, 98, 0x80, 0, 0));
  assert.deepEqual(padded(utf8("ab"), 3), Uint8Array.of(97, 98, 0x80));
});

test("what does not fit with its padding is not cut", () => {
  assert.throws(() => padded(utf8("abc"), 3));
});

test("an envelope has the wave's length whatever was answered, and opens to its plaintext", async () => {
  const { loaded, open } = await testWave();
  const { manifest, digest } = loaded.verified;
  const info = await envelopeInfo(digest, randomBytes(32));
  const to = { waveKey: fromB64(manifest.wave_key), envelopeSize: manifest.envelope_size, info };

  const short = await seal(utf8("a"), to);
  const long = await seal(utf8("a".repeat(manifest.envelope_size - 1138)), to);

  assert.equal(short.length, manifest.envelope_size);
  assert.equal(long.length, manifest.envelope_size);
  assert.equal(short[0], 1);
  assert.deepEqual(await open(short, info), padded(utf8("a"), manifest.envelope_size - 1137));
});

test("under other promises or another credential an envelope does not open", async () => {
  const { loaded, open } = await testWave();
  const { manifest, digest } = loaded.verified;
  const key = randomBytes(32);
  const info = await envelopeInfo(digest, key);
  const envelope = await seal(utf8("a"), {
    waveKey: fromB64(manifest.wave_key),
    envelopeSize: manifest.envelope_size,
    info,
  });

  await assert.rejects(open(envelope, await envelopeInfo(randomBytes(32), key)));
  await assert.rejects(open(envelope, await envelopeInfo(digest, randomBytes(32))));
});
