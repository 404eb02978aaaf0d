/**
 * Responses on paper, typed in by a trustee: the codes they take, and how far one has come.
 *
 * What is under way lies sealed in this browser until it has arrived, as in the paper book of `tillid wave enter-paper`
 * (survey/commands/paperbook.py): nobody is counted twice, and no answer is kept.
 */
import { type Bytes, concat, domain, fromB64, fromHex, utf8 } from "../bytes.ts";
import { type Draft, newDraft } from "../draft.ts";
import { CODE_LENGTH } from "../invitation.ts";
import type { VerifiedManifest } from "../manifest.ts";
import { type Failure, send, SendingFailed } from "../sending.ts";
import type { Unlocked } from "./keyfile.ts";
import type { Promised } from "./promise.ts";
import { TrusteeRefused } from "./refusals.ts";
import { unsealed } from "./shares.ts";

/** The codes in their order. Throws `TrusteeRefused`. */
export async function paperCodes(me: Unlocked, { manifest, digest }: Promised, sealed: string): Promise<readonly string[]> {
  const info = concat(domain("tillid paper codes v1"), utf8(manifest.wave), digest, fromHex(me.file.fingerprint));
  const bytes = await unsealed(fromB64(sealed), me.key, info).catch((cause: unknown) => {
    throw new TrusteeRefused("papers_do_not_open", { cause });
  });
  const text = new TextDecoder().decode(bytes);
  return Array.from({ length: text.length / CODE_LENGTH }, (_, at) => text.slice(at * CODE_LENGTH, (at + 1) * CODE_LENGTH));
}

/** How far the papers of a wave are typed in, here. */
export interface PaperBook {
  /** Codes that are spent; the next paper takes the one after them. */
  readonly used: number;
  /** A sealed response whose arrival nobody has confirmed, without its answers. */
  readonly pending: Draft | null;
}

type Store = Pick<Storage, "getItem" | "setItem">;

export function bookOf(store: Store, wave: string): PaperBook {
  try {
    const { used, pending } = JSON.parse(store.getItem(named(wave)) ?? "") as PaperBook;
    return { used, pending };
  } catch {
    return { used: 0, pending: null };
  }
}

function named(wave: string): string {
  return `tillid papers ${wave}`;
}

/** What typing in needs: where it goes, its codes, and the browser's memory. */
export interface Desk {
  readonly verified: VerifiedManifest;
  readonly codes: readonly string[];
  readonly store: Store;
  readonly fetch: typeof fetch;
}

/** Nothing of a response that was sealed here is read again: its answers are not kept. */
const SEALED: Bytes = new Uint8Array();

/**
 * Send one paper, `content` from `content.ts`; gives the book after it.
 *
 * Throws `SendingFailed`; the book then holds what can be sent again.
 */
export async function enter(desk: Desk, content: Bytes): Promise<PaperBook> {
  const { used } = bookOf(desk.store, desk.verified.manifest.wave);
  const code = desk.codes[used];
  if (code === undefined) throw new SendingFailed("code_refused");
  return delivered(desk, newDraft(code, desk.verified.pin), content);
}

/** Send again what an earlier try left behind, the very same bytes. Throws `SendingFailed`. */
export async function enterPending(desk: Desk): Promise<PaperBook> {
  const { pending, used } = bookOf(desk.store, desk.verified.manifest.wave);
  if (!pending) return { used, pending };
  return delivered(desk, pending, SEALED);
}

async function delivered(desk: Desk, first: Draft, content: Bytes): Promise<PaperBook> {
  const { verified, codes, store, fetch } = desk;
  const { wave } = verified.manifest;
  let { used } = bookOf(store, wave);
  let draft = first;
  const keep = (book: PaperBook) => {
    store.setItem(named(wave), JSON.stringify(book));
    return book;
  };
  const remember = (changed: Draft) => {
    draft = changed;
    // Before there is an envelope nothing can have arrived, and nothing is worth keeping.
    if (draft.response) keep({ used, pending: withoutAnswers(draft) });
  };
  const world = { fetch, pause: () => Promise.resolve(), remember, tell: () => {}, signal: new AbortController().signal };
  for (;;) {
    try {
      await send({ base: `/w/${wave}`, verified, content, draft, channel: "paper" }, world);
      return keep({ used: used + 1, pending: null });
    } catch (fault) {
      if (!isUsed(fault)) throw fault;
      // Another trustee has used this code: the paper takes the next one.
      used += 1;
      const next = codes[used];
      if (next === undefined) {
        // No code was taken for it, so it cannot have arrived.
        keep({ used, pending: null });
        throw fault;
      }
      remember({ ...draft, code: next });
    }
  }
}

function withoutAnswers(draft: Draft): Draft {
  return { ...draft, response: draft.response && { ...draft.response, content: "" } };
}

function isUsed(fault: unknown): boolean {
  return fault instanceof SendingFailed && fault.failure === ("code_refused" satisfies Failure);
}
