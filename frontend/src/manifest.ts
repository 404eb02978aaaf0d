/**
 * What a wave promises its respondents: read from the very bytes whose digest the invitation carries.
 *
 * The server could show a page that promises more than the manifest it sealed. So everything a respondent reads
 * is made from bytes that were checked here, and a manifest that is not the pinned one is refused.
 */
import { encode } from "./base32.ts";
import { type Bytes, fromB64, hex, sha256 } from "./bytes.ts";
import { isAsPromised, type Joint } from "./joint.ts";

export type TrusteeRole = "employees" | "management" | "secretariat" | "other";

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly headcount: number;
}

export interface PlannedTable {
  readonly table: string;
  readonly kind: "item" | "indicator";
  readonly item: string;
  readonly by: string | null;
}

/** `tillid-manifest/1`, as far as a respondent's browser reads it. */
export interface Manifest {
  readonly format: "tillid-manifest/1";
  readonly wave: string;
  readonly organisation: { readonly id: string; readonly name: string };
  readonly mode: "invited" | "open";
  readonly questionnaire: {
    readonly id: string;
    readonly version: string;
    readonly digest: string;
    readonly sections: readonly string[];
  };
  readonly languages: readonly string[];
  readonly units: readonly Unit[];
  readonly invited: number;
  readonly paper_credentials: number;
  readonly breakdowns: readonly string[];
  readonly alliance_sharing: "never" | "steward_decides";
  readonly policy: { readonly version: string; readonly raised: Readonly<Record<string, number>> };
  readonly publication: readonly PlannedTable[];
  readonly field_period: { readonly first_day: string; readonly last_possible_day: string };
  readonly retention: { readonly days_after_release: number; readonly days_after_closing: number };
  readonly quorum: number;
  readonly trustees: readonly {
    readonly number: number;
    readonly role: TrusteeRole;
    readonly fingerprint: string;
  }[];
  readonly custody: { readonly key: string; readonly fingerprint: string };
  readonly wave_key: string;
  readonly issuing_keys: readonly { readonly channel: string; readonly key: string }[];
  readonly envelope_size: number;
  /** Over which organisations, in a joint wave; any other manifest has no such key. */
  readonly joint?: Joint;
}

export interface VerifiedManifest {
  readonly manifest: Manifest;
  readonly digest: Bytes;
  /** The first 80 bits of the digest, as an invitation link and a printed card carry them. */
  readonly pin: string;
}

/** The manifest cannot be trusted or used; the page says which, and nothing is asked. */
export class ManifestRefused extends Error {
  constructor(readonly reason: "other_manifest" | "other_wave" | "unknown_format" | "other_questionnaire") {
    super(reason);
  }
}

const PIN_BITS = 80;
const WAVE_KEY_LENGTH = 1216;

/**
 * The manifest in `bytes`, if it is this wave's and the one that the invitation pins.
 *
 * `pin` is null after a typed code: then nothing is compared here, and the page shows the pin for the
 * respondent to compare with the card.
 *
 * Throws `ManifestRefused`.
 */
export async function verifiedManifest(bytes: Bytes, wave: string, pin: string | null): Promise<VerifiedManifest> {
  const digest = await sha256(bytes);
  const found = encode(digest.slice(0, PIN_BITS / 8));
  if (pin !== null && pin !== found) throw new ManifestRefused("other_manifest");
  const manifest = parsed(bytes);
  if (manifest.wave !== wave) throw new ManifestRefused("other_wave");
  return { manifest, digest, pin: found };
}

function parsed(bytes: Bytes): Manifest {
  const value = json(bytes) as Partial<Manifest> | null;
  const usable =
    value?.format === "tillid-manifest/1" &&
    (value.mode === "invited" || value.mode === "open") &&
    fromB64(value.wave_key ?? "").length === WAVE_KEY_LENGTH &&
    value.issuing_keys?.some((key) => key.channel === channelOf(value.mode!)) &&
    isAsPromised(value);
  if (!usable) throw new ManifestRefused("unknown_format");
  return value as Manifest;
}

/** The definition in `bytes` as JSON, if its digest is the manifest's. Throws `ManifestRefused`. */
export async function verifiedDefinition(bytes: Bytes, manifest: Manifest): Promise<unknown> {
  if (hex(await sha256(bytes)) !== manifest.questionnaire.digest) throw new ManifestRefused("other_questionnaire");
  return json(bytes);
}

function json(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ManifestRefused("unknown_format");
  }
}

/** The last day for answers: the one announced, where it is within what the manifest promises (days as YYYY-MM-DD). */
export function lastDay({ field_period }: Pick<Manifest, "field_period">, announced?: string): string {
  const { first_day, last_possible_day } = field_period;
  const within = announced !== undefined && first_day <= announced && announced < last_possible_day;
  return within && /^\d{4}-\d{2}-\d{2}$/.test(announced) ? announced : last_possible_day;
}

/** How the right to a response was given. */
export type Channel = "invitation" | "paper" | "open";

/** How whoever answers by themselves comes to their right. */
export function channelOf(mode: Manifest["mode"]): Channel {
  return mode === "open" ? "open" : "invitation";
}

/** The DER of the key that signs credentials for those who come this way. */
export function issuingKey(manifest: Manifest, channel: Channel): Bytes {
  const found = manifest.issuing_keys.find((key) => key.channel === channel);
  if (!found) throw new ManifestRefused("unknown_format");
  return fromB64(found.key);
}
