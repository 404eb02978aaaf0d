/**
 * Whether a response was counted: read from the list that custody signed when the wave closed.
 *
 * Whoever asks for the few rows that begin as theirs does has said which is theirs, so the browser fetches the whole
 * list, which a wave of any usual size fits in one answer, checks it against the signature, and looks for itself.
 */
import { type Bytes, concat, domain, fromB64, hex, sha256, utf8 } from "./bytes.ts";
import { isSignedBy } from "./credentials.ts";
import { got, NotLoaded } from "./loading.ts";
import type { VerifiedManifest } from "./manifest.ts";
import { listNumber } from "./receipts.ts";

/** `tillid-list/1`, as far as it is read here. */
interface Statement {
  readonly format: "tillid-list/1";
  readonly wave: string;
  readonly manifest: string;
  readonly count: number;
  readonly digest: string;
}

export interface Counted {
  readonly isListed: boolean;
  /** How many responses are on the list. */
  readonly count: number;
}

/** There is no list yet, or the one that came is not what custody signed. */
export class ListRefused extends Error {
  constructor(readonly reason: "not_yet" | "not_signed") {
    super(reason);
  }
}

const ROW = 32;
/** Above this a list comes in parts (2 MiB): no organisation is as large. */
export const WHOLE_LIST = 65_536;

/**
 * Whether the row with this list number is on the wave's list.
 *
 * Throws `ListRefused` or `NotLoaded`.
 */
export async function counted(
  at: { readonly base: string; readonly verified: VerifiedManifest; readonly number: string },
  world: { readonly fetch: typeof fetch; readonly signal: AbortSignal },
): Promise<Counted> {
  const statement = await signedStatement(at, world);
  const rows = await wholeList(at.base, statement, world);
  if (hex(await sha256(domain("tillid list v1"), utf8(statement.wave), rows)) !== statement.digest) {
    throw new ListRefused("not_signed");
  }
  return { isListed: numbersIn(rows).includes(at.number), count: statement.count };
}

async function signedStatement(
  { base, verified }: { readonly base: string; readonly verified: VerifiedManifest },
  world: { readonly fetch: typeof fetch; readonly signal: AbortSignal },
): Promise<Statement> {
  const { statement, signature } = read(await got(`${base}/list.json`, world).catch(notYet));
  const message = concat(domain("tillid list v1"), await sha256(utf8(canonical(statement))));
  const { manifest, digest } = verified;
  const holds =
    statement.format === "tillid-list/1" &&
    statement.wave === manifest.wave &&
    statement.manifest === hex(digest) &&
    isSignedBy(fromB64(manifest.custody.key), message, fromB64(signature));
  if (!holds) throw new ListRefused("not_signed");
  return statement;
}

function notYet(fault: unknown): never {
  throw fault instanceof NotLoaded && fault.reason === "not_yet" ? new ListRefused("not_yet") : fault;
}

function read(bytes: Bytes): { statement: Statement; signature: string } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as { statement: Statement; signature: string };
  } catch {
    throw new ListRefused("not_signed");
  }
}

/** Canonical JSON of the conventions in docs/reference/formats.md. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

/** All of it, in parts where it is very long: which part is whose is not told by asking for each. */
async function wholeList(
  base: string,
  { count }: Statement,
  world: { readonly fetch: typeof fetch; readonly signal: AbortSignal },
): Promise<Bytes> {
  if (count <= WHOLE_LIST) return got(`${base}/list/`, world);
  const parts: Bytes[] = [];
  for (let prefix = 0; prefix < 16; prefix += 1) parts.push(await got(`${base}/list/${prefix.toString(16)}`, world));
  return concat(...parts);
}

function numbersIn(rows: Bytes): readonly string[] {
  return Array.from({ length: rows.length / ROW }, (_, at) => listNumber(rows.slice(at * ROW, at * ROW + ROW)));
}
