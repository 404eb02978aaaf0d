import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../src/bytes.ts";
import { loaded, NotLoaded } from "../src/loading.ts";
import {
  issuingKey,
  lastDay,
  type Manifest,
  ManifestRefused,
  verifiedDefinition,
  verifiedManifest,
} from "../src/manifest.ts";
import { jointWords, wordsFor } from "../src/messages.joint.ts";
import { messages } from "../src/messages.ts";
import { thresholds } from "../src/policy.ts";
import { damaged, questionnaire, testWave, WAVE } from "./fixtures.ts";

const because = (reason: ManifestRefused["reason"]) => (fault: unknown) =>
  fault instanceof ManifestRefused && fault.reason === reason;

test("only the manifest that the invitation pins is read", async () => {
  const { manifestBytes, pin } = await testWave();
  const other = await testWave({ invited: 121 });

  assert.equal((await verifiedManifest(manifestBytes, WAVE, pin)).pin, pin);
  await assert.rejects(verifiedManifest(other.manifestBytes, WAVE, pin), because("other_manifest"));
});

test("after a typed code the pin is given back for the respondent to compare", async () => {
  const { manifestBytes, pin } = await testWave();

  assert.equal((await verifiedManifest(manifestBytes, WAVE, null)).pin, pin);
});

test("a manifest of another wave, format or mode is refused, and so is what is no JSON", async () => {
  const otherWave = await testWave({ wave: "fedcba9876543210" }).catch((fault: unknown) => fault);
  const otherFormat = await testWave({ format: "tillid-manifest/2" }).catch((fault: unknown) => fault);
  const open = await testWave({ mode: "open" }).catch((fault: unknown) => fault);
  const shortKey = await testWave({ wave_key: "AAAA" }).catch((fault: unknown) => fault);
  const noIssuer = await testWave({ issuing_keys: [] }).catch((fault: unknown) => fault);

  assert.ok(because("other_wave")(otherWave));
  for (const fault of [otherFormat, open, shortKey, noIssuer]) assert.ok(because("unknown_format")(fault));
  await assert.rejects(verifiedManifest(utf8("no JSON"), WAVE, null), because("unknown_format"));
});

test("a question that was slipped in is refused", async () => {
  const { definitionBytes, loaded: wave } = await testWave();
  const { manifest } = wave.verified;

  await verifiedDefinition(definitionBytes, manifest);
  await assert.rejects(verifiedDefinition(damaged(definitionBytes), manifest), because("other_questionnaire"));
});

test("a manifest without a key for invitations has none", () => {
  assert.throws(() => issuingKey({ issuing_keys: [{ channel: "paper", key: "" }] } as unknown as Manifest, "invitation"));
});

test("what is raised is said, and nothing can be lowered", () => {
  const raising = (raised: Record<string, number>) => thresholds({ policy: { version: "policy/1", raised } } as Manifest);

  assert.deepEqual(raising({}), { opening: 10, general: 10, sensitive: 20 });
  assert.ok(Object.values(raising(RAISED)).every((least) => least === 50));
  assert.deepEqual(raising(LOWERED), raising({}));
});

const NAMES = ["opening", "general", "sensitive"];
const RAISED = Object.fromEntries(NAMES.map((name) => [name, 50]));
const LOWERED = Object.fromEntries(NAMES.map((name) => [name, 1]));

test("a page is loaded without cookie, referrer or cache", async () => {
  const { manifestBytes, definitionBytes, pin } = await testWave();
  const asked: [string, RequestInit | undefined][] = [];
  const fetch = (async (path: string, init?: RequestInit) => {
    asked.push([path, init]);
    return new Response(path.endsWith("manifest.json") ? manifestBytes : definitionBytes);
  }) as unknown as typeof globalThis.fetch;

  const found = await loaded({ base: `/w/${WAVE}`, wave: WAVE, pin }, { fetch, signal: new AbortController().signal });

  assert.deepEqual(found.questionnaire, questionnaire("workplace.json"));
  assert.deepEqual(asked.map(([path]) => path).sort(), [`/w/${WAVE}/manifest.json`, `/w/${WAVE}/questionnaire.json`]);
  for (const [, init] of asked) {
    assert.equal(init?.credentials, "omit");
    assert.equal(init?.referrerPolicy, "no-referrer");
    assert.equal(init?.cache, "no-store");
  }
});

test("an unknown wave and a lost connection are told apart", async () => {
  const signal = new AbortController().signal;
  const at = { base: "/w/x", wave: "x", pin: null };
  const answering = (answer: () => Response) => (async () => answer()) as unknown as typeof globalThis.fetch;
  const failing = (reason: NotLoaded["reason"]) => (fault: unknown) =>
    fault instanceof NotLoaded && fault.reason === reason;
  const refuse = () => {
    throw new TypeError("Failed to fetch");
  };

  await assert.rejects(loaded(at, { fetch: answering(() => new Response("", { status: 404 })), signal }), failing("unknown_wave"));
  await assert.rejects(loaded(at, { fetch: answering(() => new Response("", { status: 503 })), signal }), failing("offline"));
  await assert.rejects(loaded(at, { fetch: answering(refuse), signal }), failing("offline"));
});

test("an announced last day counts where it is within the promised ones, and no other does", () => {
  const field_period = { first_day: "2026-11-23", last_possible_day: "2026-12-21" };

  assert.equal(lastDay({ field_period }, "2026-12-01"), "2026-12-01");
  for (const announced of [undefined, "", "2026-11-22", "2026-12-22", "2026-12-0<"])
    assert.equal(lastDay({ field_period }, announced), "2026-12-21");
});

const TOGETHER = {
  organisation: { id: "0123456789abcdeg", name: "Teaterforbundet" },
  joint: { organisations: 58, largest: 14, kind: { da: "små teatre", en: "small theatres" } },
  invited: 400,
  units: [
    { id: "east", name: "Øst", parent: null, headcount: 250 },
    { id: "west", name: "Vest", parent: null, headcount: 150 },
  ],
};

test("a joint wave cannot be shown as an employer's own, nor an employer's own as joint", async () => {
  const joint = await testWave(TOGETHER);
  const { joint: _left, ...own } = TOGETHER;
  const shownAsOwn = await testWave(own);

  assert.equal((await verifiedManifest(joint.manifestBytes, WAVE, joint.pin)).manifest.joint?.organisations, 58);
  await assert.rejects(verifiedManifest(shownAsOwn.manifestBytes, WAVE, joint.pin), because("other_manifest"));
  await assert.rejects(verifiedManifest(joint.manifestBytes, WAVE, shownAsOwn.pin), because("other_manifest"));
});

test("the page promises that no organisation is shown only where the manifest keeps it", async () => {
  const inEast = (headcount: number) => [...TOGETHER.units, { id: "one", name: "Teater Ø", parent: "east", headcount }];
  const joint = TOGETHER.joint;
  const broken: Record<string, object> = {
    "nothing said of whom": { joint: null },
    "no number": { joint: { ...joint, organisations: "58" } },
    "four organisations": { joint: { ...joint, organisations: 4 } },
    "a largest of nobody": { joint: { ...joint, largest: 0 } },
    "no name": { joint: { ...joint, kind: {} } },
    "one that is most of them": { joint: { ...joint, largest: 90 } },
    "an organisation as a unit": { units: inEast(14) },
    "an organisation left over in a unit": { units: inEast(240) },
    "an organisation left over of all": { invited: 414 },
    "shared with the alliance": { alliance_sharing: "steward_decides" },
  };
  for (const [name, change] of Object.entries(broken)) {
    const fault = await testWave({ ...TOGETHER, ...change }).catch((refused: unknown) => refused);
    assert.ok(because("unknown_format")(fault), name);
  }
});

test("whoever reads of a joint wave reads of no employer", async () => {
  const { manifest } = (await testWave(TOGETHER)).loaded.verified;
  for (const [language, whole] of [["da", "58 små teatre"], ["en", "58 small theatres"]] as const) {
    const say = wordsFor(messages(language), language, manifest);
    const { title, points } = jointWords(language, manifest)!;
    const all = [title, ...points, say.consent.invited(400), say.consent.onPaper, say.consent.leaders.title,
      ...say.consent.voluntary.points, ...say.consent.limits.points, ...say.consent.limits.invited,
      say.consent.opening.role("employees", 1), say.later.notListed(3), ...Object.values(say.sending.failures),
      ...Object.values(say.later.looks), say.consent.unitsTitle, ...Object.values(say.consent.leaders.groups)].join(" ");

    assert.ok(all.includes(whole));
    assert.ok(points.some((point) => point.includes("Teaterforbundet")));
    assert.ok(points.some((point) => point.includes("70")));
    assert.doesNotMatch(all, /arbejdsplads|arbejdsgiver|medarbejdernes|afdeling|workplace|employer|employee|at work\b|department/i);
  }
  const own = (await testWave()).loaded.verified.manifest;
  assert.equal(wordsFor(messages("da"), "da", own), messages("da"));
  assert.equal(jointWords("da", own), null);
});
