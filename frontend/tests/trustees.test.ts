/** A server that lies to a trustee: the same lies that tests/survey/trustees/test_vectors.py tells the program. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import vectors from "../../tests/vectors/trustees.json";
import { concat, domain, fromB64, fromHex, hex, sha256, utf8 } from "../src/bytes.ts";
import { canonicalBytes } from "../src/canonical.ts";
import { copyOf, restored } from "../src/trustees/copy.ts";
import { approving, confirming, proof } from "../src/trustees/deeds.ts";
import { type KeyFile, readKeyFile, type Unlocked, unlocked, written } from "../src/trustees/keyfile.ts";
import { da } from "../src/trustees/messages.da.ts";
import { en } from "../src/trustees/messages.en.ts";
import { newPassphrase, unknownWords } from "../src/trustees/passphrase.ts";
import type { WaveAnswer } from "../src/trustees/promise.ts";
import { fileName } from "../src/trustees/pages/save.tsx";
import { privateKey } from "../src/trustees/shares.ts";

interface Lie {
  readonly name: string;
  readonly refused: string;
  readonly answer?: Record<string, unknown>;
  readonly opening?: Record<string, unknown>;
  readonly knows?: KeyFile["waves"];
}

const honest = vectors.answer as unknown as WaveAnswer;
const { wave } = honest;
const lies = vectors.lies as unknown as readonly Lie[];
const known = vectors.key_file as unknown as KeyFile;

/** The vectors' trustee, whose file knows these waves. */
async function trustee(waves: KeyFile["waves"] = known.waves): Promise<Unlocked> {
  const seed = fromHex(vectors.seed);
  return { file: { ...known, waves }, seed, key: await privateKey(seed) };
}

function told({ answer = {}, opening }: Lie): WaveAnswer {
  const said = { ...honest, ...answer };
  return opening ? { ...said, opening: { ...honest.opening!, ...opening } } : said;
}

describe("a lie is refused for what it is", () => {
  for (const lie of lies) {
    test(lie.name, async () => {
      const me = await trustee(lie.knows);
      await assert.rejects(approving(me, wave, told(lie)), { reason: lie.refused });
    });
  }
});

describe("a trustee", () => {
  test("confirms by showing that the share unwraps, and the file remembers the promises", async () => {
    const { file, body } = await confirming(await trustee({}), wave, honest);

    assert.equal(body.confirmation, vectors.confirmation);
    assert.deepEqual(file.waves, known.waves);
  });

  test("confirms no second manifest for a wave, whoever signed it", async () => {
    const signed = lies.find(({ name }) => name === "another manifest, signed")!;

    await assert.rejects(confirming(await trustee(), wave, told(signed)), { reason: "other_promises" });
  });

  test("shows that the key works only for promises that were confirmed", async () => {
    assert.equal((await proof(await trustee(), wave, honest)).confirmation, vectors.confirmation);
    await assert.rejects(proof(await trustee({}), wave, honest), { reason: "not_confirmed" });
  });

  test("gives the share to custody's one-time key, and remembers the list", async () => {
    const { file, body } = await approving(await trustee(), wave, honest);
    const { list, one_time_key } = honest.opening!;
    const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
    const recipientKey = await suite.kem.deserializePrivateKey(fromHex(vectors.one_time_seed));
    const sent = fromB64(body.approval);
    const bound = [fromHex(known.waves[wave]!.manifest), fromHex(list.digest), await sha256(fromB64(one_time_key))];
    const info = concat(domain("tillid approval v1"), utf8(wave), ...bound);

    const share = await suite.open({ recipientKey, enc: sent.slice(0, 1120), info }, sent.slice(1120));

    assert.equal(hex(new Uint8Array(share)), vectors.share);
    assert.deepEqual(file.waves[wave], { ...known.waves[wave]!, list: list.digest });
  });
});

describe("a key file", () => {
  test("opens with its words, however they are typed, and with no others", async () => {
    const words = ` ${vectors.passphrase.toUpperCase().replaceAll(" ", "\n  ")}`;

    assert.equal(hex((await unlocked(known, words)).seed), vectors.seed);
    await assert.rejects(unlocked(known, "absent above about able ability abandon"), { reason: "wrong_passphrase" });
  });

  test("is read back as it was written", async () => {
    assert.deepEqual(await readKeyFile(written(known)), known);
  });

  const bad: readonly [string, unknown][] = [
    ["no JSON", "{"],
    ["another format", { ...known, format: "tillid-trustee-key/2" }],
    ["another fingerprint", { ...known, fingerprint: "0".repeat(64) }],
    ["no custody", { ...known, custody: "" }],
    ["an unknown role", { ...known, role: "steward" }],
    ["a derivation that would take for ever", { ...known, kdf: { ...known.kdf, iterations: 1e6 } }],
    ["a derivation that fills the memory", { ...known, kdf: { ...known.kdf, memory_kib: 2 ** 22 } }],
    ["a memory that is none", { ...known, waves: { [wave]: { manifest: "x", list: null } } }],
  ];
  for (const [name, file] of bad) {
    test(`is refused with ${name}`, async () => {
      const text = typeof file === "string" ? file : JSON.stringify(file);
      await assert.rejects(readKeyFile(text), { reason: "no_key_file" });
    });
  }

  test("has a higher number in its name with each thing it remembers", () => {
    const numbers = [{}, known.waves, { [wave]: { manifest: "", list: "" } }].map((waves) => fileName({ ...known, waves }));

    assert.deepEqual(numbers, ["1", "2", "3"].map((number) => `tillid-employees-ghjk-${number}.json`));
  });
});

describe("a copy on the server", () => {
  test("has no token, and gives back the file to whoever has the words", async () => {
    const copy = await copyOf(await trustee());

    assert.ok(!copy.includes(`"token":"${known.token}"`));
    assert.deepEqual((await restored(copy, known.token, vectors.passphrase)).file, known);
    await assert.rejects(restored(copy, "", "absent above about able ability abandon"), { reason: "wrong_passphrase" });
  });

  const changes: readonly [string, (file: KeyFile) => unknown][] = [
    ["another custody", (file) => ({ ...file, custody: "0".repeat(64) })],
    ["no list", (file) => ({ ...file, waves: {} })],
    ["another server", (file) => ({ ...file, server: "https://elsewhere.example" })],
  ];
  for (const [name, change] of changes) {
    test(`is refused when the server wrote ${name} into it`, async () => {
      const copy = JSON.parse(await copyOf(await trustee()));
      const lied = JSON.stringify({ ...copy, file: change(copy.file) });
      await assert.rejects(restored(lied, "", vectors.passphrase), { reason: "changed_copy" });
    });
  }

  test("is refused when it is something else", async () => {
    for (const text of ["", "{}", JSON.stringify({ format: "tillid-trustee-copy/1", file: null, mac: "" })]) {
      await assert.rejects(restored(text, "", vectors.passphrase), (fault: Error) => /copy|key_file/.test(fault.message));
    }
  });
});

test("a passphrase is six words of the list, another each time", () => {
  const drawn = Array.from({ length: 50 }, newPassphrase);

  assert.ok(drawn.every((words) => words.split(" ").length === 6 && unknownWords(words).length === 0));
  assert.equal(new Set(drawn).size, 50);
  assert.deepEqual(unknownWords("abandon zebraffe ABLE"), ["zebraffe"]);
});

test("canonical JSON sorts by code point and takes no fraction", () => {
  const bytes = canonicalBytes({ "\u{1f600}": 1, "\uffff": [true, null], a: "æ\n", ab: {} });

  assert.equal(new TextDecoder().decode(bytes), '{"a":"æ\\n","ab":{},"\uffff":[true,null],"\u{1f600}":1}');
  assert.throws(() => canonicalBytes(0.5));
});

test("every reason is said in both languages, each in words of its own", () => {
  for (const words of [da, en]) {
    const said = Object.values(words.refused.reasons);
    assert.equal(new Set(said).size, said.length);
  }
});
