/**
 * What a trustee does about a wave. Each deed gives the key file that remembers it, to be saved first, and what
 * there is to send afterwards.
 */
import { b64, hex } from "../bytes.ts";
import { type KeyFile, type Unlocked, withWave } from "./keyfile.ts";
import { confirmedBefore, type Promised, promised, requestedOpening, type WaveAnswer } from "./promise.ts";
import { TrusteeRefused } from "./refusals.ts";
import { approval, confirmation, unwrappedShare } from "./shares.ts";

export interface Deed<Body> {
  /** The file that remembers what is about to be said. */
  readonly file: KeyFile;
  readonly body: Body;
}

/** Confirm what `wave` promises, by showing that the share unwraps. Throws `TrusteeRefused`. */
export async function confirming(me: Unlocked, wave: string, answer: WaveAnswer): Promise<Deed<{ confirmation: string }>> {
  const promise = await promised(me.file, wave, answer);
  const known = me.file.waves[wave];
  const manifest = hex(promise.digest);
  if (known && known.manifest !== manifest) throw new TrusteeRefused("other_promises");
  const body = { confirmation: await shown(me, promise) };
  return { file: withWave(me.file, wave, known ?? { manifest, list: null }), body };
}

/** Show that the share of a wave that was confirmed still unwraps. Throws `TrusteeRefused`. */
export async function proof(me: Unlocked, wave: string, answer: WaveAnswer): Promise<{ confirmation: string }> {
  const promise = await promised(me.file, wave, answer);
  confirmedBefore(me.file, promise);
  return { confirmation: await shown(me, promise) };
}

/** Give the share for one opening of the one list that will ever be approved. Throws `TrusteeRefused`. */
export async function approving(
  me: Unlocked,
  wave: string,
  answer: WaveAnswer,
): Promise<Deed<{ list: string; approval: string }>> {
  const promise = await promised(me.file, wave, answer);
  const known = confirmedBefore(me.file, promise);
  const opening = await requestedOpening(promise, answer);
  const list = hex(opening.listDigest);
  if (known.list !== null && known.list !== list) throw new TrusteeRefused("second_list");
  const sealed = await approval(await shareOf(me, promise), opening);
  return { file: withWave(me.file, wave, { manifest: known.manifest, list }), body: { list, approval: b64(sealed) } };
}

async function shown(me: Unlocked, promise: Promised): Promise<string> {
  return b64(await confirmation(await shareOf(me, promise), promise.digest));
}

function shareOf(me: Unlocked, { manifest, digest, number, sealedShare }: Promised) {
  const binding = { wave: manifest.wave, manifestDigest: digest, number, fingerprint: me.file.fingerprint };
  return unwrappedShare(sealedShare, me.key, binding);
}
