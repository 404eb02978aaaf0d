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
  receipt,
  rowSignature,
} from "./credentials.ts";
import type { Draft, StoredCredential, StoredResponse } from "./draft.ts";
import { invitationKey, type VerifiedManifest } from "./manifest.ts";
import { envelopeInfo, seal } from "./sealing.ts";

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
}

const SIGNATURE_LENGTH = 256;
const REQUEST_LASTS_MS = 30_000;

/**
 * Send the response of a draft, or go on where an earlier try stopped.
 *
 * Returns the receipt. Throws `SendingFailed`.
 */
export async function send(sending: Sending, world: World): Promise<string> {
  const { wave } = sending.verified.manifest;
  world.tell("sealing");
  const asked = await withCredential(sending, world);
  const credential = blindedIn(asked.credential);
  const key = await credentialKey(credential.secret, wave);
  const sealed = await withResponse({ ...sending, draft: asked.draft }, key, world);
  const signed = await withSignature({ ...sending, draft: sealed.draft }, credential, world);
  world.tell("pausing");
  await world.pause(world.signal).catch((fault: unknown) => stopped(world, fault));
  world.tell("sending");
  const response = { ...sealed.response, offered: true };
  world.remember({ ...signed.draft, response });
  await post(`${sending.base}/responses`, await submission(sending, credential, key, signed.signature, response), world);
  return receipt(credential.secret);
}

async function withCredential(
  { draft, verified }: Sending,
  world: World,
): Promise<{ draft: Draft; credential: StoredCredential }> {
  if (draft.credential) return { draft, credential: draft.credential };
  const fresh = await blindedCredential(invitationKey(verified.manifest), verified.manifest.wave);
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
): Promise<{ draft: Draft; response: StoredResponse }> {
  const text = new TextDecoder().decode(content);
  if (draft.response?.content === text) return { draft, response: draft.response };
  const { manifest, digest } = verified;
  const envelope = await seal(content, {
    waveKey: fromB64(manifest.wave_key),
    envelopeSize: manifest.envelope_size,
    info: await envelopeInfo(digest, key.publicKey),
  });
  const response = { content: text, sequence: nextSequence(draft), envelope: b64(envelope), offered: false };
  const kept = { ...draft, response };
  world.remember(kept);
  return { draft: kept, response };
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
function nextSequence({ response }: Draft): number {
  if (!response) return 0;
  return response.offered ? response.sequence + 1 : response.sequence;
}

async function withSignature(
  { base, draft, verified }: Sending,
  credential: BlindedCredential,
  world: World,
): Promise<{ draft: Draft; signature: Bytes }> {
  if (draft.credential?.signature) return { draft, signature: fromB64(draft.credential.signature) };
  world.tell("exchanging");
  const answer = await post(`${base}/credential`, concat(utf8(draft.code), credential.blinded), world);
  if (answer.length !== SIGNATURE_LENGTH) throw new SendingFailed("issuer_fault");
  const signature = await finished(credential, invitationKey(verified.manifest), answer).catch((fault: unknown) => {
    if (fault instanceof BlindSignatureRefused) throw new SendingFailed("issuer_fault", { cause: fault });
    throw fault;
  });
  const kept = { ...draft, credential: { ...draft.credential!, signature: b64(signature) } };
  world.remember(kept);
  return { draft: kept, signature };
}

async function submission(
  { verified }: Sending,
  credential: BlindedCredential,
  key: CredentialKey,
  signature: Bytes,
  response: StoredResponse,
): Promise<Bytes> {
  const { manifest, digest } = verified;
  const envelope = fromB64(response.envelope);
  const { sequence } = response;
  const row = { wave: manifest.wave, manifestDigest: digest, sequence, envelope };
  return concat(
    digest,
    key.publicKey,
    randomiser(credential),
    signature,
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
    if (!answer.ok) throw new SendingFailed(await refusal(answer));
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

async function refusal(answer: Response): Promise<Failure> {
  const said = (await answer.json().catch(() => null)) as { error?: string } | null;
  return REFUSALS.find((code) => code === said?.error) ?? "unexpected";
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
