/**
 * A wave as custody signed it, checked against what the key file knows; of the server nothing is believed.
 *
 * Every check here is one of survey/trustees/client.py's; tests/vectors/trustees.json holds both to the same lies.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, concat, domain, fromB64, fromHex, hex, sha256 } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { isAsPromised } from "../joint.ts";
import type { Manifest } from "../manifest.ts";
import type { ConfirmedWave, KeyFile } from "./keyfile.ts";
import { TrusteeRefused } from "./refusals.ts";
import { type Opening, signedOpening } from "./shares.ts";

/** What custody says it will open: the rows that count, and what became of all others. */
export interface ListStatement {
  readonly format: "tillid-list/1";
  readonly wave: string;
  readonly manifest: string;
  /** Invitations that were exchanged for credentials. */
  readonly exchanged: number;
  readonly received: number;
  readonly withdrawn: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly count: number;
  readonly digest: string;
}

/** The answer of `GET /trustees/waves/WAVE`. */
export interface WaveAnswer {
  readonly wave: string;
  readonly number: number;
  readonly manifest: string;
  readonly manifest_signature: string;
  readonly custody_key: string;
  readonly sealed_share: string;
  /** Codes for papers, sealed to this trustee, who may type them in; else null. */
  readonly paper_codes: string | null;
  readonly opening: {
    readonly list: ListStatement;
    readonly list_signature: string;
    readonly one_time_key: string;
    readonly signature: string;
  } | null;
}

/** A wave's promises, signed by the custody this trustee knows. */
export interface Promised {
  readonly manifest: Manifest;
  readonly digest: Bytes;
  readonly number: number;
  readonly sealedShare: Bytes;
  readonly custodyKey: Bytes;
}

/** What `wave` promises. Throws `TrusteeRefused`. */
export async function promised(file: KeyFile, wave: string, answer: WaveAnswer): Promise<Promised> {
  if (answer.wave !== wave) throw new TrusteeRefused("other_wave");
  const custodyKey = bytesOf(answer.custody_key);
  if (hex(await sha256(domain("tillid custody identity v1"), custodyKey)) !== file.custody) {
    throw new TrusteeRefused("other_custody");
  }
  const bytes = bytesOf(answer.manifest);
  const digest = await sha256(bytes);
  checkSigned(custodyKey, answer.manifest_signature, concat(domain("tillid manifest v1"), digest));
  const manifest = readManifest(bytes);
  if (manifest.wave !== wave) throw new TrusteeRefused("other_wave");
  const mine = manifest.trustees.find(({ number }) => number === answer.number);
  if (mine?.fingerprint !== file.fingerprint) throw new TrusteeRefused("not_among_trustees");
  return { manifest, digest, number: mine.number, sealedShare: bytesOf(answer.sealed_share), custodyKey };
}

/** What the key file knows of the wave, if these are the promises it confirmed. Throws `TrusteeRefused`. */
export function confirmedBefore(file: KeyFile, { manifest, digest }: Promised): ConfirmedWave {
  const known = file.waves[manifest.wave];
  if (known?.manifest !== hex(digest)) throw new TrusteeRefused("not_confirmed");
  return known;
}

/** Custody's request for this trustee's share, checked. Throws `TrusteeRefused`. */
export async function requestedOpening(promise: Promised, answer: WaveAnswer): Promise<Opening> {
  const request = answer.opening;
  if (!request) throw new TrusteeRefused("not_asked");
  const { manifest, digest, custodyKey } = promise;
  const statement = await sha256(canonicalBytes(request.list));
  checkSigned(custodyKey, request.list_signature, concat(domain("tillid list v1"), statement));
  const opening = {
    wave: manifest.wave,
    manifestDigest: digest,
    listDigest: fromHex(request.list.digest),
    oneTimeKey: bytesOf(request.one_time_key),
  };
  checkSigned(custodyKey, request.signature, signedOpening(opening));
  if (request.list.wave !== manifest.wave || request.list.manifest !== hex(digest)) {
    throw new TrusteeRefused("other_list");
  }
  return opening;
}

function checkSigned(key: Bytes, signature: string, message: Bytes): void {
  let holds = false;
  try {
    // RFC 8032's own rule, as OpenSSL has it, and not the looser one of ZIP 215.
    holds = ed25519.verify(fromB64(signature), message, key, { zip215: false });
  } catch (cause) {
    throw new TrusteeRefused("not_signed", { cause });
  }
  if (!holds) throw new TrusteeRefused("not_signed");
}

function readManifest(bytes: Bytes): Manifest {
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Partial<Manifest> | null;
  } catch (cause) {
    throw new TrusteeRefused("unreadable", { cause });
  }
  const keys = manifest?.trustees ?? [];
  const usable =
    manifest?.format === "tillid-manifest/1" &&
    (manifest.quorum ?? 0) >= 2 &&
    (manifest.quorum ?? 0) <= keys.length &&
    new Set(keys.map(({ fingerprint }) => fingerprint)).size === keys.length &&
    keys.every(({ number }, at) => number === at + 1) &&
    isAsPromised(manifest);
  if (!usable) throw new TrusteeRefused("unreadable");
  return manifest as Manifest;
}

function bytesOf(text: string): Bytes {
  try {
    return fromB64(text);
  } catch (cause) {
    throw new TrusteeRefused("unreadable", { cause });
  }
}
