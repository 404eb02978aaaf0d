import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, grouped, normalised } from "../src/base32.ts";
import { b64, fromB64, fromHex, hex, randomBytes, u32 } from "../src/bytes.ts";

test("ten bytes are sixteen characters, most significant bits first", () => {
  assert.equal(encode(fromHex("00000000000000000000")), "0000000000000000");
  assert.equal(encode(fromHex("ffffffffffffffffffff")), "ZZZZZZZZZZZZZZZZ");
  assert.equal(encode(fromHex("80000000000000000001")), "G000000000000001");
});

test("bits that do not fill the last character are filled with zeros", () => {
  assert.equal(encode(fromHex("ff")), "ZW");
  assert.equal(encode(fromHex("ffff"), 12), "ZZR");
});

test("whatever is encoded decodes to itself", () => {
  for (let length = 5; length <= 40; length += 5) {
    const bytes = randomBytes(length);
    assert.deepEqual(decode(encode(bytes)), bytes);
  }
});

test("a code is read as people type it", () => {
  assert.equal(normalised(" abcd-efgh\u2011jkmn pqrs ", 16), "ABCDEFGHJKMNPQRS");
  assert.equal(normalised("oO-iI-lL", 6), "001111");
});

test("what is not a code is not made one", () => {
  assert.equal(normalised("ABCD", 16), null);
  assert.equal(normalised("ABCDEFGHJKMNPQRU", 16), null);
  assert.equal(normalised("ABCDEFGHJKMNPQRS1", 16), null);
  assert.throws(() => decode("U"));
});

test("codes are printed in groups of four", () => {
  assert.equal(grouped("ABCDEFGHJKMNPQRS"), "ABCD-EFGH-JKMN-PQRS");
  assert.equal(grouped(""), "");
});

test("bytes survive being written as hex and as b64, and nothing else is read as them", () => {
  const bytes = randomBytes(300);
  assert.deepEqual(fromHex(hex(bytes)), bytes);
  assert.deepEqual(fromB64(b64(bytes)), bytes);
  assert.equal(b64(Uint8Array.of(0xfb, 0xff)), "-_8");
  assert.throws(() => fromB64("+/8="));
  assert.throws(() => fromHex("ABC"));
});

test("integers are big-endian", () => {
  assert.equal(hex(u32(258)), "00000102");
});
