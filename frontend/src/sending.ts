/**
 * From answers to a response on the server, in an order that loses nobody's vote: everything that a second try needs
 * is remembered before the first one, and the same bytes are sent again.
 *
 * Exchange and submission share no id, cookie or referrer, and lie a few random seconds apart, so that the server's
 * operator cannot put them together afterwards.
 */
import { type Bytes, b64, concat, fromB64, u32, utf8 } from "./bytes.ts";
import {
  type BlindedCredential,
  blindedCredential,
  BlindSignatureRefused,
  type CredentialKey,
  credentialKey,
  finished,
  randomiser,
  rowDigest,
  rowSignature,
} from "./credentials.ts";
import { type Draft, newDraft, type StoredCredential, type StoredResponse } from "./draft.ts";
import { type Channel, channelOf, issuingKey, type VerifiedManifest } from "./manifest.ts";
import { listNumber, receipt } from "./receipts.ts";
import { envelopeInfo, seal } from "./sealing.ts";
import { type Work, worked, wantedWork } from "./working.ts";

/** Codes of docs/reference/formats.md, "HTTP: answering". */
const REFUSALS = [
  "malformed",
  "wrong_length",
  "wrong_version",
  "code_refused",
  "credential_refused",
  "signature_refused",
  "unknown_wave",
  "wave_not_open",
  "wave_closed",
  "wrong_manifest",
  "sequence_refused",
  "too_many_attempts",
  "try_again",
] as const;

/** Why sending stopped: the server's own codes, or what happened on the way. */
export type Failure =
  | (typeof REFUSALS)[number]
  /** No answer came. */
  | "offline"
  /** The signature that came is none. */
  | "issuer_fault"
  /** An answer that no version of the formats has. */
  | "unexpected"
  /** The respondent left the page. */
  | "left";

/** Sending stopped; what is remembered is enough to go on later. */
export class SendingFailed extends Error {
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
    /** With `too_many_attempts`: what the server wants done before it looks at the code. */
    readonly work: Work | null = null,
  ) {
    super(failure, options);
  }
}

export type Stage = "sealing" | "exchanging" | "pausing" | "sending";

/** What sending needs from the world. */
export interface World {
  readonly fetch: typeof fetch;
  /** Waits the random pause; ends early, by throwing, when `signal` aborts. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
  /** Must have written before it returns. */
  readonly remember: (draft: Draft) => void;
  readonly tell: (stage: Stage) => void;
  readonly signal: AbortSignal;
}

/** What is sent, and where. */
export interface Sending {
  /** Path of the wave, `/w/WAVE`. */
  readonly base: string;
  readonly verified: VerifiedManifest;
  /** The response's plaintext, from `answers.ts`. */
  readonly content: Bytes;
  readonly draft: Draft;
  /** That of the wave's mode unless told. */
  readonly channel?: Channel;
}

/** What a respondent may note: the key to their response, and the number by which it is found on the list. */
export interface Sent {
  readonly receipt: string;
  readonly listNumber: string;
}

/** What a row proves its right to be there with. */
interface Proof {
  readonly randomiser: Bytes;
  readonly signature: Bytes;
}

const SIGNATURE_LENGTH = 256;
const REQUEST_LASTS_MS = 30_000;

/** The server holds the proof of a response that is replaced, and is asked for nothing: zeros stand for it. */
const AS_STORED: Proof = { randomiser: new Uint8Array(32), signature: new Uint8Array(SIGNATURE_LENGTH) };

/** What certainly was not stored. Any other failure leaves open whether the response arrived. */
const NOT_STORED: readonly Failure[] = REFUSALS.filter((code) => code !== "try_again");

/**
 * Send the response of a draft, or go on where an earlier try stopped.
 *
 * Throws `SendingFailed`.
 */
export async function send(sending: Sending, world: World): Promise<Sent> {
  return sending.draft.secret === null ? sendFirst(sending, world) : sendAgain(sending, sending.draft.secret, world);
}

/** Under an invitation: exchange the code, wait a little, submit. */
async function sendFirst(sending: Sending, world: World): Promise<Sent> {
  const { wave } = sending.verified.manifest;
  world.tell("sealing");
  const asked = await withCredential(sending, world);
  const credential = blindedIn(asked.credential);
  const key = await credentialKey(credential.secret, wave);
  const sealed = await withResponse({ ...sending, draft: asked.draft }, key, world);
  const signed = await withSignature({ ...sending, draft: sealed }, credential, world);
  world.tell("pausing");
  await world.pause(world.signal).catch((fault: unknown) => stopped(world, fault));
  world.tell("sending");
  const proof = { randomiser: randomiser(credential), signature: signed.signature };
  await submit({ ...sending, draft: signed.draft }, key, proof, world);
  return sent(credential.secret, key, responseIn(signed.draft));
}

/** Under a receipt: the answers take the place of those sent earlier, whose sequence number nobody has to tell. */
async function sendAgain(sending: Sending, secret: string, world: World): Promise<Sent> {
  world.tell("sealing");
  const key = await credentialKey(fromB64(secret), sending.verified.manifest.wave);
  let draft = await withResponse(sending, key, world);
  world.tell("sending");
  while (!(await isTaken({ ...sending, draft }, key, world))) {
    const response = { ...responseIn(draft), sequence: responseIn(draft).sequence * 2 };
    draft = { ...draft, response };
    world.remember(draft);
  }
  return sent(fromB64(secret), key, responseIn(draft));
}

/**
 * Take back the response whose receipt has this secret; whatever is stored of it is overwritten with zeros.
 *
 * Throws `SendingFailed`.
 */
export async function withdraw(
  at: { readonly base: string; readonly verified: VerifiedManifest; readonly secret: Bytes },
  world: World,
): Promise<void> {
  const { manifest } = at.verified;
  const key = await credentialKey(at.secret, manifest.wave);
  const envelope = b64(new Uint8Array(manifest.envelope_size));
  for (let sequence = 1, taken = false; !taken; sequence *= 2) {
    const draft = { ...newDraft("", null), response: { content: "", sequence, envelope, offered: false } };
    taken = await isTaken({ ...at, content: new Uint8Array(), draft }, key, world);
  }
}

const GREATEST_SEQUENCE = 2 ** 31;

/** Whether the server took the version: one that is not the newest tries a higher number. */
async function isTaken(sending: Sending, key: CredentialKey, world: World): Promise<boolean> {
  try {
    await submit(sending, key, AS_STORED, world);
    return true;
  } catch (fault) {
    const isOlder = fault instanceof SendingFailed && fault.failure === "sequence_refused";
    if (isOlder && responseIn(sending.draft).sequence < GREATEST_SEQUENCE) return false;
    throw fault;
  }
}

async function submit(sending: Sending, key: CredentialKey, proof: Proof, world: World): Promise<void> {
  const { base, draft } = sending;
  const response = responseIn(draft);
  // Before it is sent, and undone only when it is certain that it did not arrive.
  world.remember({ ...draft, response: { ...response, offered: true } });
  try {
    await post(`${base}/responses`, await submission(sending, key, proof, response), world);
  } catch (fault) {
    const isCertain = fault instanceof SendingFailed && NOT_STORED.includes(fault.failure);
    if (isCertain && !response.offered) world.remember({ ...draft, response });
    throw fault;
  }
}

async function sent(secret: Bytes, key: CredentialKey, response: StoredResponse): Promise<Sent> {
  const digest = await rowDigest(key.publicKey, response.sequence, fromB64(response.envelope));
  return { receipt: await receipt(secret), listNumber: listNumber(digest) };
}

/**
 * What a response that may have arrived would be found by, when the wave closed before an answer came.
 * Null where nothing was on its way.
 */
export async function perhapsSent({ draft, verified }: Pick<Sending, "draft" | "verified">): Promise<Sent | null> {
  const secret = draft.secret ?? draft.credential?.secret;
  if (!secret || !draft.response?.offered) return null;
  const key = await credentialKey(fromB64(secret), verified.manifest.wave);
  return sent(fromB64(secret), key, draft.response);
}

function responseIn({ response }: Draft): StoredResponse {
  if (!response) throw new Error("sending: there is no sealed response to send");
  return response;
}

async function withCredential(
  { draft, verified, channel }: Sending,
  world: World,
): Promise<{ draft: Draft; credential: StoredCredential }> {
  if (draft.credential) return { draft, credential: draft.credential };
  const { manifest } = verified;
  const fresh = await blindedCredential(issuingKey(manifest, channel ?? channelOf(manifest.mode)), manifest.wave);
  const credential = {
    secret: b64(fresh.secret),
    prepared: b64(fresh.prepared),
    inverse: b64(fresh.inverse),
    blinded: b64(fresh.blinded),
    signature: null,
  };
  const kept = { ...draft, credential };
  world.remember(kept);
  return { draft: kept, credential };
}

async function withResponse(
  { draft, verified, content }: Sending,
  key: CredentialKey,
  world: World,
): Promise<Draft> {
  const text = new TextDecoder().decode(content);
  if (draft.response?.content === text) return draft;
  const { manifest, digest } = verified;
  const envelope = await seal(content, {
    waveKey: fromB64(manifest.wave_key),
    envelopeSize: manifest.envelope_size,
    info: await envelopeInfo(digest, key.publicKey),
  });
  const response = { content: text, sequence: nextSequence(draft), envelope: b64(envelope), offered: false };
  const kept = { ...draft, response };
  world.remember(kept);
  return kept;
}

function blindedIn(stored: StoredCredential): BlindedCredential {
  const { secret, prepared, inverse, blinded } = stored;
  return {
    secret: fromB64(secret),
    prepared: fromB64(prepared),
    inverse: fromB64(inverse),
    blinded: fromB64(blinded),
  };
}

/** The server may hold what was offered, even if its answer was lost: only a higher number replaces it. */
function nextSequence({ response, secret }: Draft): number {
  if (!response) return secret === null ? 0 : 1;
  return response.offered ? response.sequence + 1 : response.sequence;
}

async function withSignature(
  { base, draft, verified, channel }: Sending,
  credential: BlindedCredential,
  world: World,
): Promise<{ draft: Draft; signature: Bytes }> {
  if (draft.credential?.signature) return { draft, signature: fromB64(draft.credential.signature) };
  world.tell("exchanging");
  const answer = await exchange(`${base}/credential`, concat(utf8(draft.code), credential.blinded), world);
  if (answer.length !== SIGNATURE_LENGTH) throw new SendingFailed("issuer_fault");
  const { manifest } = verified;
  const key = issuingKey(manifest, channel ?? channelOf(manifest.mode));
  const signature = await finished(credential, key, answer).catch((fault: unknown) => {
    if (fault instanceof BlindSignatureRefused) throw new SendingFailed("issuer_fault", { cause: fault });
    throw fault;
  });
  const kept = { ...draft, credential: { ...draft.credential!, signature: b64(signature) } };
  world.remember(kept);
  return { draft: kept, signature };
}

/**
 * Somebody else behind the same address may have tried many wrong codes: then the right one takes some work. In an
 * open wave, which has no codes, everybody's request does.
 */
async function exchange(path: string, request: Bytes, world: World): Promise<Bytes> {
  try {
    return await post(path, request, world);
  } catch (fault) {
    if (!(fault instanceof SendingFailed && fault.work)) throw fault;
    const proof = await worked(fault.work, request, world.signal).catch((why: unknown) => stopped(world, why));
    return post(path, concat(request, proof), world);
  }
}

async function submission(
  { verified }: Sending,
  key: CredentialKey,
  proof: Proof,
  response: StoredResponse,
): Promise<Bytes> {
  const { manifest, digest } = verified;
  const envelope = fromB64(response.envelope);
  const { sequence } = response;
  const row = { wave: manifest.wave, manifestDigest: digest, sequence, envelope };
  return concat(
    digest,
    key.publicKey,
    proof.randomiser,
    proof.signature,
    u32(sequence),
    await rowSignature(key, row),
    envelope,
  );
}

async function post(path: string, body: Bytes, world: World): Promise<Bytes> {
  const { fetch } = world;
  const giveUp = new AbortController();
  const leave = () => giveUp.abort();
  const timer = setTimeout(leave, REQUEST_LASTS_MS);
  world.signal.addEventListener("abort", leave);
  try {
    if (world.signal.aborted) leave();
    const answer = await fetch(path, { ...REQUEST, body, signal: giveUp.signal });
    if (!answer.ok) throw await refusal(answer);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (fault) {
    return stopped(world, fault);
  } finally {
    clearTimeout(timer);
    world.signal.removeEventListener("abort", leave);
  }
}

/** No cookie, no referrer, nothing kept, and never somewhere else. */
const REQUEST = {
  method: "POST",
  headers: { "Content-Type": "application/octet-stream" },
  credentials: "omit",
  referrerPolicy: "no-referrer",
  cache: "no-store",
  redirect: "error",
} as const;

async function refusal(answer: Response): Promise<SendingFailed> {
  const said = (await answer.json().catch(() => null)) as { error?: string; challenge?: unknown; bits?: unknown } | null;
  const failure = REFUSALS.find((code) => code === said?.error) ?? "unexpected";
  return new SendingFailed(failure, {}, failure === "too_many_attempts" ? wantedWork(said) : null);
}

function stopped(world: World, fault: unknown): never {
  if (fault instanceof SendingFailed) throw fault;
  throw new SendingFailed(world.signal.aborted ? "left" : "offline", { cause: fault });
}

/** From `least` to `most` milliseconds, evenly spread: nobody learns from the pause which exchange came before. */
export function randomPause(least = 2_000, most = 6_000): (signal: AbortSignal) => Promise<void> {
  return (signal) =>
    new Promise((resolve, reject) => {
      const share = crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
      const timer = setTimeout(resolve, least + share * (most - least));
      const leave = () => {
        clearTimeout(timer);
        reject(new DOMException("left", "AbortError"));
      };
      if (signal.aborted) leave();
      signal.addEventListener("abort", leave, { once: true });
    });
}
