import assert from "node:assert/strict";
import { test } from "node:test";
import { b64, hex, utf8 } from "../src/bytes.ts";
import { worked, wantedWork } from "../src/working.ts";

const CHALLENGE = new Uint8Array(32);
const going = new AbortController().signal;

test("the work is the one that the server checks", async () => {
  // The same proof as in tests/survey/answering/test_working.py.
  assert.equal(hex(await worked({ challenge: CHALLENGE, bits: 12 }, utf8("request"), going)), "00000000000005c2");
});

test("another request takes work of its own", async () => {
  const [one, other] = await Promise.all(
    ["request", "another"].map((text) => worked({ challenge: CHALLENGE, bits: 12 }, utf8(text), going)),
  );

  assert.notDeepEqual(one, other);
});

test("whoever leaves the page ends the work", async () => {
  const leaving = new AbortController();
  const working = worked({ challenge: CHALLENGE, bits: 20 }, utf8("request"), leaving.signal);
  leaving.abort();

  await assert.rejects(working, { name: "AbortError" });
});

test("what a refusal asks for is read, and nothing that would keep a telephone busy", () => {
  const challenge = b64(CHALLENGE);

  assert.deepEqual(wantedWork({ challenge, bits: 15 }), { challenge: CHALLENGE, bits: 15 });
  for (const refusal of [null, {}, { challenge }, { challenge, bits: 21 }, { challenge, bits: -1 }, { challenge, bits: 1.5 }]) {
    assert.equal(wantedWork(refusal), null);
  }
  for (const other of ["", "AAAA", `${challenge}A`, "Æ".repeat(43), 7]) assert.equal(wantedWork({ challenge: other, bits: 15 }), null);
});
