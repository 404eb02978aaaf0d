/**
 * The browser's own code as a command, so that tests in Python can open what it seals and check what it signs.
 *
 *     node frontend/tests/vectors.mjs        one JSON object per line on stdin, one per line on stdout
 *
 * Bytes are lower-case hex; manifest and questionnaire are the text that is served. A fault ends the command with
 * status 1 and a message on stderr.
 *
 * {"do": "respond", "manifest", "questionnaire", "code", "unit": id | null, "answers": {item: code | [code, …]},
 *  "sequence": integer, "skipped": [section id, …]}     (`sequence` and `skipped` may be left out)
 *   → {"wave", "manifest_digest", "pin", "secret", "receipt", "credential_key", "prepared", "inverse", "blinded",
 *      "plaintext": text, "sequence", "envelope", "exchange": body of POST /w/WAVE/credential,
 *      "dropped": [item id, …]}
 *      The manifest must pin the questionnaire; answers off the path are dropped before they are sealed.
 *
 * {"do": "finish", "manifest", "secret", "prepared", "inverse", "blinded", "sequence", "envelope", "blind_signature"}
 *   → {"signature", "row_signature", "submission": body of POST /w/WAVE/responses}
 *      Fails if the blind signature does not make a signature.
 *
 * {"do": "derive", "secret", "wave"}
 *   → {"credential_key", "receipt"}
 *
 * {"do": "enrol", "invited": {"trustee", "role", "custody"}, "server", "token", "passphrase"}
 *   → {"file": text of a key file, "seed"}
 *
 * {"do": "unlock", "file": text of a key file, "passphrase"}
 *   → {"seed", "written": the same file as the page saves it}
 *
 * {"do": "base32", "bytes", "bits": integer | null}
 *   → {"text", "decoded": hex of what the text decodes to}
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = import.meta.dirname;

// As the page's bundle is built; the answers are made by the sources themselves.
const SOURCES = `
  export * as answers from "./answers.ts";
  export * as base32 from "./base32.ts";
  export * as bytes from "./bytes.ts";
  export * as credentials from "./credentials.ts";
  export * as manifest from "./manifest.ts";
  export * as receipts from "./receipts.ts";
  export * as questionnaire from "./questionnaire.ts";
  export * as routing from "./routing.ts";
  export * as sealing from "./sealing.ts";
  export * as keyfile from "./trustees/keyfile.ts";
`;

/** @returns {Promise<any>} the page's modules, bundled and minified as for a browser */
async function bundled() {
  const { outputFiles } = await build({
    stdin: { contents: SOURCES, resolveDir: path.join(here, "../src"), loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome109", "firefox115", "safari16.4"],
  });
  const folder = mkdtempSync(path.join(here, "../node_modules/.vectors-"));
  try {
    const file = path.join(folder, "page.mjs");
    writeFileSync(file, outputFiles[0]?.contents ?? "");
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const page = await bundled();
const { hex, fromHex, utf8, fromB64, u32, concat } = page.bytes;

/** @param {any} given */
async function verified(given) {
  return page.manifest.verifiedManifest(utf8(given.manifest), JSON.parse(given.manifest).wave, null);
}

/** @param {any} given */
async function respond(given) {
  const { manifest, digest, pin } = await verified(given);
  const definition = await page.manifest.verifiedDefinition(utf8(given.questionnaire), manifest);
  const questionnaire = page.questionnaire.questionnaireOf(definition);
  const routed = page.routing.routed(questionnaire, given.answers, given.skipped ?? []);
  const unit = manifest.units.findIndex((/** @type {any} */ { id }) => id === given.unit);
  const plaintext = page.answers.plaintext(questionnaire, unit < 0 ? null : unit, routed.answers);

  const credential = await page.credentials.blindedCredential(page.manifest.invitationKey(manifest), manifest.wave);
  const { publicKey } = await page.credentials.credentialKey(credential.secret, manifest.wave);
  const envelope = await page.sealing.seal(plaintext, {
    waveKey: fromB64(manifest.wave_key),
    envelopeSize: manifest.envelope_size,
    info: await page.sealing.envelopeInfo(digest, publicKey),
  });
  return {
    wave: manifest.wave,
    manifest_digest: hex(digest),
    pin,
    secret: hex(credential.secret),
    receipt: await page.receipts.receipt(credential.secret),
    credential_key: hex(publicKey),
    prepared: hex(credential.prepared),
    inverse: hex(credential.inverse),
    blinded: hex(credential.blinded),
    plaintext: new TextDecoder().decode(plaintext),
    sequence: given.sequence ?? 0,
    envelope: hex(envelope),
    exchange: hex(concat(utf8(given.code), credential.blinded)),
    dropped: routed.dropped,
  };
}

/** @param {any} given */
async function finish(given) {
  const { manifest, digest } = await verified(given);
  const credential = {
    secret: fromHex(given.secret),
    prepared: fromHex(given.prepared),
    inverse: fromHex(given.inverse),
    blinded: fromHex(given.blinded),
  };
  const issuingKey = page.manifest.invitationKey(manifest);
  const signature = await page.credentials.finished(credential, issuingKey, fromHex(given.blind_signature));
  const key = await page.credentials.credentialKey(credential.secret, manifest.wave);
  const { sequence } = given;
  const envelope = fromHex(given.envelope);
  const row = { wave: manifest.wave, manifestDigest: digest, sequence, envelope };
  const rowSignature = await page.credentials.rowSignature(key, row);
  const proof = [key.publicKey, page.credentials.randomiser(credential), signature, u32(sequence), rowSignature];
  return {
    signature: hex(signature),
    row_signature: hex(rowSignature),
    submission: hex(concat(digest, ...proof, envelope)),
  };
}

/** @param {any} given */
async function derive(given) {
  const secret = fromHex(given.secret);
  const { publicKey } = await page.credentials.credentialKey(secret, given.wave);
  return { credential_key: hex(publicKey), receipt: await page.receipts.receipt(secret) };
}

/** @param {any} given */
async function enrol({ invited, server, token, passphrase }) {
  const { file, seed } = await page.keyfile.newKeyFile(invited, { server, token }, passphrase);
  return { file: page.keyfile.written(file), seed: hex(seed) };
}

/** @param {any} given */
async function unlock({ file, passphrase }) {
  const read = await page.keyfile.readKeyFile(file);
  const { seed } = await page.keyfile.unlocked(read, passphrase);
  return { seed: hex(seed), written: page.keyfile.written(read) };
}

/** @param {any} given */
async function base32(given) {
  const text = page.base32.encode(fromHex(given.bytes), given.bits ?? undefined);
  return { text, decoded: hex(page.base32.decode(text)) };
}

const DEEDS = new Map(Object.entries({ respond, finish, derive, enrol, unlock, base32 }));

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  const deed = DEEDS.get(given.do);
  if (!deed) throw new Error(`vectors: "${given.do}" is none of ${[...DEEDS.keys()].join(", ")}`);
  process.stdout.write(`${JSON.stringify(await deed(given))}\n`);
}
