import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { b64, type Bytes, concat, hex, sha256, utf8 } from "../src/bytes.ts";
import { counted, ListRefused } from "../src/counted.ts";
import { listNumber } from "../src/receipts.ts";
import { NotLoaded } from "../src/loading.ts";
import { testWave, WAVE } from "./fixtures.ts";

const CUSTODY = new Uint8Array(32).fill(7);
const found = testWave().then(({ loaded: { verified } }) => ({
  ...verified,
  manifest: { ...verified.manifest, custody: { ...verified.manifest.custody, key: b64(new Uint8Array(ed25519.getPublicKey(CUSTODY))) } },
}));

/** Row digests in ascending order, and what custody says of them. */
async function list(rows: readonly Bytes[], changes: Record<string, unknown> = {}): Promise<{ rows: Bytes; answer: string }> {
  const sorted = concat(...[...rows].sort((a, b) => (hex(a) < hex(b) ? -1 : 1)));
  const digest = hex(await sha256(utf8(`tillid list v1\0${WAVE}`), sorted));
  const { digest: manifest } = await found;
  const statement = {
    count: rows.length, digest, format: "tillid-list/1", manifest: hex(manifest), received: rows.length,
    rejected: { wrong_length: 1, credential_refused: 2 }, wave: WAVE, withdrawn: 0, ...changes,
  };
  const written = JSON.stringify({ ...statement, rejected: { credential_refused: 2, wrong_length: 1 } });
  const signature = ed25519.sign(concat(utf8("tillid list v1\0"), await sha256(utf8(written))), CUSTODY);
  return { rows: sorted, answer: JSON.stringify({ statement, signature: b64(new Uint8Array(signature)) }) };
}

function serving(answers: Record<string, BodyInit | number>, asked: string[] = []): typeof fetch {
  return (async (path: string) => {
    asked.push(path);
    const answer = answers[path.replace(`/w/${WAVE}/`, "")] ?? 404;
    return typeof answer === "number" ? new Response("", { status: answer }) : new Response(answer);
  }) as typeof fetch;
}

const look = async (fetch: typeof globalThis.fetch, row: Bytes) =>
  counted(
    { base: `/w/${WAVE}`, verified: await found, number: listNumber(row) },
    { fetch, signal: new AbortController().signal },
  );

const ROWS = await Promise.all(Array.from({ length: 20 }, (_, number) => sha256(Uint8Array.of(number))));
const OTHER = await sha256(utf8("another"));

test("the whole list is asked for, whichever row is looked for", async () => {
  const { rows, answer } = await list(ROWS);
  const asked: string[][] = [[], []];
  const served = { "list.json": answer, "list/": rows };

  const mine = await look(serving(served, asked[0]), ROWS[3]!);
  const none = await look(serving(served, asked[1]), OTHER);

  assert.deepEqual([mine.isListed, mine.count], [true, 20]);
  assert.equal(none.isListed, false);
  assert.deepEqual(asked[0], [`/w/${WAVE}/list.json`, `/w/${WAVE}/list/`]);
  assert.deepEqual(asked[0], asked[1]);
});

test("a very long list comes in all of its parts", async () => {
  const { rows, answer } = await list(ROWS, { count: 70_000 });
  const parts = Object.fromEntries(
    Array.from("0123456789abcdef", (prefix) => {
      const inPart = ROWS.map(hex).filter((row) => row.startsWith(prefix)).sort();
      return [`list/${prefix}`, concat(...inPart.map((row) => Uint8Array.from(row.match(/../g)!, (pair) => Number.parseInt(pair, 16))))];
    }),
  );
  const asked: string[] = [];

  const mine = await look(serving({ "list.json": answer, ...parts }, asked), ROWS[3]!);

  assert.equal(mine.isListed, true);
  assert.equal(asked.length, 17);
  assert.equal(Object.values(parts).reduce((sum, part) => sum + part.length, 0), rows.length);
});

test("a list that is not what custody signed is refused", async () => {
  const { rows, answer } = await list(ROWS);
  const parsed = JSON.parse(answer) as { statement: object; signature: string };
  const forged = [
    { "list.json": answer, "list/": rows.slice(32) },
    { "list.json": answer, "list/": concat(OTHER, rows) },
    { "list.json": JSON.stringify({ ...parsed, statement: { ...parsed.statement, count: 19 } }), "list/": rows },
    { "list.json": (await list(ROWS, { wave: "0000000000000000" })).answer, "list/": rows },
    { "list.json": (await list(ROWS, { manifest: "00" })).answer, "list/": rows },
    { "list.json": "not JSON", "list/": rows },
  ];

  for (const answers of forged) {
    await assert.rejects(look(serving(answers), ROWS[0]!), (fault) => fault instanceof ListRefused && fault.reason === "not_signed");
  }
});

test("before the list is made, and without a network, that is what is said", async () => {
  await assert.rejects(look(serving({ "list.json": 409 }), OTHER), (fault) => fault instanceof ListRefused && fault.reason === "not_yet");
  await assert.rejects(look(serving({ "list.json": 503 }), OTHER), (fault) => fault instanceof NotLoaded);
});
