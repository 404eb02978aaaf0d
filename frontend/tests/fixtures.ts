/**
 * A wave whose every key is here: what the server, custody and the trustees hold in the product.
 */
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { encode } from "../src/base32.ts";
import { type Bytes, b64, concat, hex, sha256, utf8 } from "../src/bytes.ts";
import { type Definition, type Questionnaire, questionnaireOf } from "../src/questionnaire.ts";
import type { Loaded } from "../src/loading.ts";
import { verifiedManifest } from "../src/manifest.ts";
import skipping from "../../tests/vectors/definitions/skipping.json";
import conditions from "../../tests/vectors/definitions/conditions.json";
import conditionsWithoutFurther from "../../tests/vectors/definitions/conditions_without_further.json";
import cultureLeisure from "../../tests/vectors/definitions/culture_leisure.json";
import education from "../../tests/vectors/definitions/education.json";
import multi from "../../tests/vectors/definitions/multi.json";
import numbers from "../../tests/vectors/definitions/number.json";
import routing from "../../tests/vectors/definitions/routing.json";
import workplace from "../../tests/vectors/definitions/workplace.json";
import climateOnly from "../../tests/vectors/definitions/workplace_climate_only.json";
import withoutBehaviour from "../../tests/vectors/definitions/workplace_without_behaviour.json";

const DEFINITIONS: Readonly<Record<string, unknown>> = {
  "conditions.json": conditions,
  "conditions_without_further.json": conditionsWithoutFurther,
  "culture_leisure.json": cultureLeisure,
  "education.json": education,
  "multi.json": multi,
  "number.json": numbers,
  "routing.json": routing,
  "skipping.json": skipping,
  "workplace.json": workplace,
  "workplace_climate_only.json": climateOnly,
  "workplace_without_behaviour.json": withoutBehaviour,
};

export function definition(name: string): Definition {
  const found = DEFINITIONS[name];
  if (!found) throw new Error(`fixtures: ${name} is not imported; add it`);
  return found as Definition;
}

export function questionnaire(name: string): Questionnaire {
  return questionnaireOf(definition(name));
}

export const WAVE = "0123456789abcdef";
const ISSUER = RSABSSA.SHA384.PSS.Randomized();

// One for all waves of a file: making it takes longer than most tests.
const ISSUING = ISSUER.generateKey({ modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) });

export interface TestWave {
  readonly manifestBytes: Bytes;
  readonly definitionBytes: Bytes;
  readonly pin: string;
  readonly loaded: Loaded;
  readonly issuingKey: Bytes;
  readonly signBlinded: (blinded: Bytes) => Promise<Bytes>;
  readonly open: (envelope: Bytes, info: Bytes) => Promise<Bytes>;
}

/** A fresh wave that asks the workplace questionnaire; `changes` to its manifest. */
export async function testWave(changes: Readonly<Record<string, unknown>> = {}): Promise<TestWave> {
  const issuing = await ISSUING;
  const issuingKey = new Uint8Array(await crypto.subtle.exportKey("spki", issuing.publicKey));
  const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const waveKeys = await suite.kem.generateKeyPair();
  const waveKey = new Uint8Array(await suite.kem.serializePublicKey(waveKeys.publicKey));
  const definitionBytes = utf8(JSON.stringify(workplace));
  const manifest = {
    ...MANIFEST,
    questionnaire: { ...MANIFEST.questionnaire, digest: hex(await sha256(definitionBytes)) },
    wave_key: b64(waveKey),
    issuing_keys: [{ channel: "invitation", key: b64(issuingKey) }],
    ...changes,
  };
  const manifestBytes = utf8(JSON.stringify(manifest));
  const pin = encode((await sha256(manifestBytes)).slice(0, 10));
  return {
    manifestBytes,
    definitionBytes,
    pin,
    loaded: { verified: await verifiedManifest(manifestBytes, WAVE, pin), questionnaire: questionnaire("workplace.json") },
    issuingKey,
    signBlinded: async (blinded) => new Uint8Array(await ISSUER.blindSign(issuing.privateKey, blinded)),
    open: async (envelope, info) => {
      const enc = envelope.slice(1, 1121);
      return new Uint8Array(await suite.open({ recipientKey: waveKeys.privateKey, enc, info }, envelope.slice(1121)));
    },
  };
}

const MANIFEST = {
  format: "tillid-manifest/1",
  wave: WAVE,
  organisation: { id: "0123456789abcdeg", name: "Nordhavn Logistik" },
  mode: "invited",
  questionnaire: { id: "workplace-culture", version: "0.1.0", digest: "", sections: [] },
  languages: ["da", "en"],
  units: [
    { id: "drift", name: "Drift", parent: null, headcount: 60 },
    { id: "lager", name: "Lager", parent: "drift", headcount: 25 },
  ],
  invited: 120,
  paper_credentials: 0,
  breakdowns: ["unit"],
  alliance_sharing: "never",
  policy: { version: "policy/1", raised: {} },
  publication: [],
  field_period: { first_day: "2026-11-23", last_possible_day: "2026-12-14" },
  retention: { days_after_release: 30, days_after_closing: 60 },
  quorum: 2,
  trustees: [
    { number: 1, role: "employees", fingerprint: "0".repeat(64) },
    { number: 2, role: "management", fingerprint: "1".repeat(64) },
    { number: 3, role: "secretariat", fingerprint: "2".repeat(64) },
  ],
  custody: { key: b64(new Uint8Array(32)), fingerprint: "3".repeat(64) },
  envelope_size: 1536,
};

/** Without its last byte changed, it would be `bytes`. */
export function damaged(bytes: Bytes): Bytes {
  return concat(bytes.slice(0, -1), Uint8Array.of(bytes.at(-1)! ^ 1));
}
