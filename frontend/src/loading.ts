/**
 * Fetching what a wave promises and asks, and refusing whatever is not what the invitation pins.
 */
import { type Bytes } from "./bytes.ts";
import { verifiedDefinition, verifiedManifest, type VerifiedManifest } from "./manifest.ts";
import { type Definition, type Questionnaire, questionnaireOf } from "./questionnaire.ts";

export interface Loaded {
  readonly verified: VerifiedManifest;
  readonly questionnaire: Questionnaire;
}

/** Nothing usable came: there is no such wave, or no connection. */
export class NotLoaded extends Error {
  constructor(
    readonly reason: "unknown_wave" | "not_yet" | "offline",
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

const REASONS: Readonly<Record<number, NotLoaded["reason"]>> = { 404: "unknown_wave", 409: "not_yet" };

const REQUEST = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" } as const;

/**
 * The wave at `base`, `/w/WAVE`, held to `pin` (null after a typed code).
 *
 * Throws `NotLoaded`, or `ManifestRefused` when the bytes are not what was promised.
 */
export async function loaded(
  at: { readonly base: string; readonly wave: string; readonly pin: string | null },
  world: { readonly fetch: typeof fetch; readonly signal: AbortSignal },
): Promise<Loaded> {
  const [manifest, definition] = await Promise.all([
    got(`${at.base}/manifest.json`, world),
    got(`${at.base}/questionnaire.json`, world),
  ]);
  const verified = await verifiedManifest(manifest, at.wave, at.pin);
  const written = await verifiedDefinition(definition, verified.manifest);
  return { verified, questionnaire: questionnaireOf(written as Definition) };
}

/**
 * The bytes at a path of the wave.
 *
 * Throws `NotLoaded`.
 */
export async function got(path: string, world: { readonly fetch: typeof fetch; readonly signal: AbortSignal }): Promise<Bytes> {
  const { fetch } = world;
  try {
    const answer = await fetch(path, { ...REQUEST, signal: world.signal });
    if (!answer.ok) throw new NotLoaded(REASONS[answer.status] ?? "offline");
    return new Uint8Array(await answer.arrayBuffer());
  } catch (fault) {
    throw fault instanceof NotLoaded ? fault : new NotLoaded("offline", { cause: fault });
  }
}
