import assert from "node:assert/strict";
import { test } from "node:test";
import { plaintext } from "../src/answers.ts";
import { b64, type Bytes, hex, sha256, utf8 } from "../src/bytes.ts";
import { credentialKey } from "../src/credentials.ts";
import { secretIn } from "../src/receipts.ts";
import { type Draft, newDraft, replacingDraft, sentDraft } from "../src/draft.ts";
import { envelopeInfo } from "../src/sealing.ts";
import { type Failure, randomPause, send, type Sending, SendingFailed, type Sent, perhapsSent, type World, withdraw } from "../src/sending.ts";
import { damaged, testWave, type TestWave, WAVE } from "./fixtures.ts";

const CODE = "ABCDEFGHJKMNPQRS";

/** What the server does when it is asked: answer, refuse, or lose the answer on its way. */
type Mishap = "lost" | { readonly status: number; readonly body?: string } | { readonly bytes: Bytes };

/** A server that keeps to formats.md, and fails as it is told to. */
class FakeServer {
  readonly requests: { path: string; body: Bytes; init: RequestInit }[] = [];
  readonly exchanged = new Map<string, string>();
  readonly stored = new Map<string, { sequence: number; envelope: Bytes; body: string }>();
  mishaps: Mishap[] = [];
  /** Whether the answer to the next submission is lost after it was stored. */
  losesSubmission = false;

  constructor(readonly wave: TestWave) {}

  readonly fetch = (async (path: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    const body = new Uint8Array(init.body as Bytes);
    this.requests.push({ path, body, init });
    const mishap = this.mishaps.shift();
    if (mishap && mishap !== "lost") {
      return "bytes" in mishap ? new Response(mishap.bytes) : new Response(mishap.body ?? "", { status: mishap.status });
    }
    const answer = path.endsWith("/credential") ? await this.#exchange(body) : await this.#receive(body);
    const isLost = mishap === "lost" || (this.losesSubmission && path.endsWith("/responses"));
    if (!isLost) return answer;
    this.losesSubmission = false;
    throw new TypeError("Failed to fetch");
  }) as unknown as typeof globalThis.fetch;

  async #exchange(body: Bytes): Promise<Response> {
    const code = new TextDecoder().decode(body.slice(0, 16));
    const blinded = body.slice(16, 272);
    if (this.exchanged.has(code) && this.exchanged.get(code) !== hex(blinded)) return refusing(403, "code_refused");
    this.exchanged.set(code, hex(blinded));
    return new Response(await this.wave.signBlinded(blinded));
  }

  async #receive(body: Bytes): Promise<Response> {
    const credential = hex(body.slice(32, 64));
    const sequence = new DataView(body.buffer).getUint32(352);
    const before = this.stored.get(credential);
    if (before?.body === hex(body)) return new Response(null, { status: 204 });
    if (before && before.sequence >= sequence) return refusing(409, "sequence_refused");
    // A version that leaves its proof to the row that is there: zeros stand for it.
    if (!before && body.slice(64, 352).every((byte) => byte === 0)) return refusing(403, "credential_refused");
    this.stored.set(credential, { sequence, envelope: body.slice(420), body: hex(body) });
    return new Response(null, { status: 204 });
  }
}

function refusing(status: number, error: string): Response {
  return new Response(JSON.stringify({ error }), { status });
}

class Tab {
  draft: Draft;
  readonly stages: string[] = [];
  readonly leaving = new AbortController();

  constructor(
    readonly server: FakeServer,
    draft: Draft = newDraft(CODE, null),
  ) {
    this.draft = draft;
  }

  async send(answers: Record<string, string> = { k02_contact: "yes" }): Promise<Sent> {
    const { loaded } = this.server.wave;
    const content = plaintext(loaded.questionnaire, 1, answers);
    const sending: Sending = { base: `/w/${WAVE}`, verified: loaded.verified, content, draft: this.draft };
    const world: World = {
      fetch: this.server.fetch,
      pause: async () => {},
      // Through JSON, as the tab's storage keeps it.
      remember: (draft) => (this.draft = JSON.parse(JSON.stringify(draft)) as Draft),
      tell: (stage) => this.stages.push(stage),
      signal: this.leaving.signal,
    };
    return send(sending, world);
  }

  /** The tab after a reload: it knows what was remembered, and nothing else. */
  reloaded(): Tab {
    return new Tab(this.server, this.draft);
  }
}

const because = (failure: Failure) => (fault: unknown) => fault instanceof SendingFailed && fault.failure === failure;
const wave = testWave();
const server = async () => new FakeServer(await wave);

test("a response goes from code to receipt, and opens to what was answered", async () => {
  const there = await server();
  const tab = new Tab(there);

  const { receipt, listNumber } = await tab.send();

  const [stored] = [...there.stored.values()];
  const key = there.requests[1]!.body.slice(32, 64);
  const opened = await there.wave.open(stored!.envelope, await envelopeInfo(there.wave.loaded.verified.digest, key));
  assert.match(new TextDecoder().decode(opened), /^\{"v":1,"a":\[1,null,/);
  assert.match(receipt, /^[0-9A-HJKMNP-TV-Z]{28}$/);
  assert.match(listNumber, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  assert.deepEqual(tab.stages, ["sealing", "exchanging", "pausing", "sending"]);
});

test("requests carry no cookie, no referrer and nothing else in common", async () => {
  const there = await server();

  await new Tab(there).send();

  const [exchange, submission] = there.requests;
  assert.deepEqual([exchange!.path, submission!.path], [`/w/${WAVE}/credential`, `/w/${WAVE}/responses`]);
  assert.equal(exchange!.body.length, 272);
  assert.equal(submission!.body.length, 420 + 1536);
  for (const { init } of there.requests) {
    assert.equal(init.credentials, "omit");
    assert.equal(init.referrerPolicy, "no-referrer");
    assert.equal(init.cache, "no-store");
    assert.deepEqual(init.headers, { "Content-Type": "application/octet-stream" });
  }
  assert.ok(!hex(submission!.body).includes(hex(exchange!.body.slice(16, 48))));
  assert.ok(!hex(submission!.body).includes(hex(utf8(CODE))));
});

test("everything a second try needs is remembered before the first request", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.mishaps = [{ status: 503, body: '{"error":"try_again"}' }];

  await assert.rejects(tab.send(), because("try_again"));

  const { credential, response } = tab.draft;
  assert.ok(credential?.secret && credential.prepared && credential.inverse && credential.blinded);
  assert.ok(response?.envelope);
  assert.equal(response?.sequence, 0);
  assert.equal(response?.offered, false);
});

test("an exchange whose answer was lost is repeated with the same bytes after a reload", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.mishaps = ["lost"];

  await assert.rejects(tab.send(), because("offline"));
  await tab.reloaded().send();

  assert.deepEqual(there.requests[0]!.body, there.requests[1]!.body);
  assert.equal(there.stored.size, 1);
});

test("a submission whose answer was lost is repeated with the same bytes, and counts once", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.losesSubmission = true;

  await assert.rejects(tab.send(), because("offline"));
  await tab.reloaded().send();

  const submissions = there.requests.filter(({ path }) => path.endsWith("/responses"));
  assert.equal(submissions.length, 2);
  assert.deepEqual(submissions[0]!.body, submissions[1]!.body);
  assert.equal(there.stored.size, 1);
});

test("answers changed after a lost submission replace what may have been stored", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.losesSubmission = true;
  await assert.rejects(tab.send(), because("offline"));

  await tab.reloaded().send({ k02_contact: "no" });

  assert.equal(there.stored.size, 1);
  assert.equal([...there.stored.values()][0]!.sequence, 1);
  assert.equal(there.exchanged.size, 1);
  assert.equal(there.requests.length, 3);
});

test("answers changed before anything was offered keep the first sequence number", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.mishaps = ["lost"];
  await assert.rejects(tab.send(), because("offline"));

  await tab.reloaded().send({ k02_contact: "no" });

  assert.equal([...there.stored.values()][0]!.sequence, 0);
});

test("a refused code can be corrected, and everything else stays", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.exchanged.set(CODE, "somebody else's");
  await assert.rejects(tab.send(), because("code_refused"));
  const { credential, response } = tab.draft;

  tab.draft = { ...tab.draft, code: "0000000000000000" };
  await tab.send();

  assert.deepEqual({ ...tab.draft.credential, signature: null }, credential);
  assert.equal(tab.draft.response?.envelope, response?.envelope);
});

test("a signature that is none is not used", async () => {
  const there = await server();
  const tab = new Tab(there);
  there.mishaps = [{ bytes: damaged(new Uint8Array(256)) }];

  await assert.rejects(tab.send(), because("issuer_fault"));

  assert.equal(tab.draft.credential?.signature, null);
  assert.equal(there.stored.size, 0);
});

test("each of the server's codes is told apart, and anything else is unexpected", async () => {
  const there = await server();
  for (const failure of ["wave_not_open", "wave_closed", "too_many_attempts", "malformed", "unknown_wave"] as const) {
    there.mishaps = [{ status: 409, body: JSON.stringify({ error: failure }) }];
    await assert.rejects(new Tab(there).send(), because(failure));
  }
  for (const body of ["<html>", '{"error":"new_code"}', "null"]) {
    there.mishaps = [{ status: 500, body }];
    await assert.rejects(new Tab(there).send(), because("unexpected"));
  }
});

test("where many codes were wrong before, the exchange is sent again with the work that was asked for", async () => {
  const there = await server();
  const tab = new Tab(there);
  const challenge = b64(new Uint8Array(32));
  there.mishaps = [{ status: 429, body: JSON.stringify({ error: "too_many_attempts", challenge, bits: 8 }) }];

  await tab.send();

  const [first, again] = there.requests;
  assert.equal(first!.body.length, 272);
  assert.equal(again!.path, first!.path);
  assert.equal(hex(again!.body.slice(0, 272)), hex(first!.body));
  assert.equal(again!.body.length, 280);
  assert.equal(there.stored.size, 1);
});

test("leaving while the page works sends nothing more", async () => {
  const there = await server();
  const tab = new Tab(there);
  const challenge = b64(new Uint8Array(32));
  there.mishaps = [{ status: 429, body: JSON.stringify({ error: "too_many_attempts", challenge, bits: 20 }) }];

  const sending = tab.send();
  const waiting = setInterval(() => there.requests.length && tab.leaving.abort(), 5);
  await assert.rejects(sending, because("left"));

  clearInterval(waiting);
  assert.equal(there.requests.length, 1);
});

test("whoever leaves sends nothing", async () => {
  const there = await server();
  const tab = new Tab(there);
  tab.leaving.abort();

  await assert.rejects(tab.send(), because("left"));

  assert.equal(there.requests.length, 0);
});

test("leaving during the pause sends no response", async () => {
  const leaving = new AbortController();
  const pause = randomPause()(leaving.signal);
  leaving.abort();

  await assert.rejects(pause);
  await assert.rejects(randomPause()(leaving.signal));
});

test("a pause lasts as long as it may", async () => {
  const begun = performance.now();

  await randomPause(20, 40)(new AbortController().signal);

  const lasted = performance.now() - begun;
  assert.ok(lasted >= 19 && lasted < 500, `${lasted} ms`);
});

test("no two responses have the same credential or envelope, and all have one length", async () => {
  const there = await server();

  await new Tab(there, newDraft("0000000000000001", null)).send({});
  await new Tab(there, newDraft("0000000000000002", null)).send({});

  const envelopes = [...there.stored.values()].map(({ envelope }) => envelope);
  const digests = await Promise.all(envelopes.map(async (envelope) => hex(await sha256(envelope))));
  assert.equal(there.stored.size, 2);
  assert.notEqual(digests[0], digests[1]);
  assert.deepEqual(envelopes.map(({ length }) => length), [1536, 1536]);
});

/** A tab in which somebody came back with a receipt. */
async function comingBack(there: FakeServer, receipt: string): Promise<Tab> {
  const secret = await secretIn(receipt);
  return new Tab(there, replacingDraft(sentDraft(newDraft("", "PIN")), b64(secret!), "PIN"));
}

test("a receipt replaces a response in a request as long as the first one, and asks the server for nothing", async () => {
  const there = await server();
  const first = new Tab(there);
  const { receipt, listNumber } = await first.send();

  const later = await comingBack(there, receipt);
  const again = await later.send({ k02_contact: "no" });

  const [exchange, submission, replacement] = there.requests;
  assert.equal(there.requests.length, 3);
  assert.ok(exchange!.path.endsWith("/credential"));
  assert.equal(replacement!.path, submission!.path);
  assert.equal(replacement!.body.length, submission!.body.length);
  assert.equal(there.stored.size, 1);
  assert.equal([...there.stored.values()][0]!.sequence, 1);
  assert.equal(again.receipt, receipt);
  assert.notEqual(again.listNumber, listNumber);
  assert.deepEqual(later.stages, ["sealing", "sending"]);
});

test("whoever replaced before is heard again, without knowing how often", async () => {
  const there = await server();
  const { receipt } = await new Tab(there).send();
  for (const answer of ["no", "yes", "no", "yes"]) await (await comingBack(there, receipt)).send({ k02_contact: answer });

  assert.equal(there.stored.size, 1);
  assert.equal([...there.stored.values()][0]!.sequence, 8);
});

test("a lost answer to a replacement is found again by the same bytes", async () => {
  const there = await server();
  const { receipt } = await new Tab(there).send();
  const later = await comingBack(there, receipt);
  there.losesSubmission = true;

  await assert.rejects(later.send(), because("offline"));
  const { listNumber } = await later.reloaded().send();

  assert.equal([...there.stored.values()][0]!.sequence, 1);
  assert.equal((await perhapsSent({ draft: later.draft, verified: there.wave.loaded.verified }))?.listNumber, listNumber);
});

test("a receipt of no response is refused, and nothing is stored", async () => {
  const there = await server();
  const elsewhere = await server();
  const { receipt } = await new Tab(elsewhere).send();

  await assert.rejects((await comingBack(there, receipt)).send(), because("credential_refused"));

  assert.equal(there.stored.size, 0);
});

test("a withdrawal leaves zeros as long as a response", async () => {
  const there = await server();
  const { receipt } = await new Tab(there).send();
  const secret = (await secretIn(receipt))!;
  const { verified } = there.wave.loaded;
  const world: World = {
    fetch: there.fetch,
    pause: async () => {},
    remember: () => {},
    tell: () => {},
    signal: new AbortController().signal,
  };

  await withdraw({ base: `/w/${WAVE}`, verified, secret }, world);

  const stored = there.stored.get(hex((await credentialKey(secret, WAVE)).publicKey))!;
  assert.equal(stored.envelope.length, 1536);
  assert.ok(stored.envelope.every((byte) => byte === 0));
  assert.equal(there.requests.at(-1)!.body.length, 420 + 1536);
});

test("only what may have arrived is spoken of as perhaps sent", async () => {
  const there = await server();
  const { verified } = there.wave.loaded;
  const refused = new Tab(there);
  there.mishaps = [{ bytes: new Uint8Array() }];
  await assert.rejects(refused.send(), because("issuer_fault"));
  assert.equal(await perhapsSent({ draft: refused.draft, verified }), null);

  const closed = new Tab(there);
  await assert.rejects(withMishap(closed, "/responses", { status: 409, body: '{"error":"wave_closed"}' }), because("wave_closed"));
  assert.equal(await perhapsSent({ draft: closed.draft, verified }), null);

  const lost = new Tab(there, newDraft("0000000000000009", null));
  there.losesSubmission = true;
  await assert.rejects(lost.send(), because("offline"));
  await assert.rejects(withMishap(lost, "/responses", { status: 409, body: '{"error":"wave_closed"}' }), because("wave_closed"));
  assert.match((await perhapsSent({ draft: lost.draft, verified }))!.listNumber, /^[0-9A-Z]{8}$/);
});

/** Send, and have the server answer like this when it is asked for that path. */
async function withMishap(tab: Tab, path: string, mishap: { status: number; body: string }): Promise<Sent> {
  const ask = tab.server.fetch;
  const there = tab.server as { fetch: typeof globalThis.fetch };
  there.fetch = (async (address: string, init: RequestInit) =>
    address.endsWith(path) ? new Response(mishap.body, { status: mishap.status }) : ask(address, init)) as never;
  try {
    return await tab.send();
  } finally {
    there.fetch = ask;
  }
}

test("a receipt is read as people type it, and a slip is noticed", async () => {
  const { receipt } = await new Tab(await server()).send();
  const typed = receipt.toLowerCase().replace(/.{4}/g, "$& - ");
  const slipped = `${receipt.slice(0, -1)}${receipt.endsWith("0") ? "1" : "0"}`;

  assert.deepEqual(await secretIn(typed), await secretIn(receipt));
  assert.equal(await secretIn(slipped), null);
  assert.equal(await secretIn(receipt.slice(1)), null);
});
