/**
 * What this tab remembers of one respondent until they have sent: in `sessionStorage`, and nowhere else.
 *
 * A reload finds it again, a closed tab forgets it, and `forgetAll` erases it at once. Nothing of it is sent to the
 * server before the respondent presses *send*.
 */
import type { Answers } from "./answers.ts";
import type { Language } from "./questionnaire.ts";

/** The credential asked for in exchange for the code; b64. Kept before the request, so that a reply can be lost. */
export interface StoredCredential {
  readonly secret: string;
  readonly prepared: string;
  readonly inverse: string;
  readonly blinded: string;
  /** The issuer's signature, once it has come. */
  readonly signature: string | null;
}

/** The sealed response; kept before it is sent, so that sending it twice sends the same bytes. */
export interface StoredResponse {
  /** The plaintext that was sealed: other answers need another envelope. */
  readonly content: string;
  readonly sequence: number;
  /** b64 */
  readonly envelope: string;
  /** Whether it may have reached the server, whose answer was lost: then only a higher sequence number replaces it. */
  readonly offered: boolean;
}

export interface Draft {
  readonly format: 2;
  /** 16 characters; empty once the response is sent, for whoever came with a receipt, and in an open wave. */
  readonly code: string;
  /** The receipt's secret (b64) of a response that this one is to replace, or null. */
  readonly secret: string | null;
  /** The manifest's pin, from the link or confirmed against the card; null while that is not done. */
  readonly pin: string | null;
  /** Id of the unit chosen, null where left blank. */
  readonly unit: string | null;
  readonly answers: Answers;
  /** Ids of sections passed by as a whole. */
  readonly skipped: readonly string[];
  /** Steps that have been shown: from the review, a change leads only through steps that are new. */
  readonly seen: readonly string[];
  readonly credential: StoredCredential | null;
  readonly response: StoredResponse | null;
  /** Whether *send* was pressed, and nothing since: only then does a reload go on sending. */
  readonly sending: boolean;
  readonly sent: boolean;
}

export function newDraft(code: string, pin: string | null): Draft {
  return {
    format: 2,
    code,
    secret: null,
    pin,
    unit: null,
    answers: {},
    skipped: [],
    seen: [],
    credential: null,
    response: null,
    sending: false,
    sent: false,
  };
}

/**
 * All that is left when the response has been sent: that it was.
 *
 * Not the receipt: with it whoever sits down at this device next could take the response back.
 */
export function sentDraft(draft: Draft): Draft {
  return { ...newDraft("", draft.pin), sent: true };
}

/**
 * Answers that are to replace those sent earlier, under the receipt of these.
 *
 * What was answered before is known to nobody, so one answers anew; whatever this draft already holds is kept.
 */
export function replacingDraft(draft: Draft, secret: string, pin: string): Draft {
  return { ...draft, code: "", secret, pin, credential: null, response: null, sending: false, sent: false };
}

/** What a link carries after `#`. */
export interface Invitation {
  /** Empty in the link of an open wave. */
  readonly code: string;
  readonly pin: string | null;
}

/** The part of `Storage` that is used here. */
export type Store = Pick<Storage, "getItem" | "setItem" | "clear">;

const LANGUAGE = "tillid language";

/** The memory of one tab; `store` is null where the browser allows none, and then a reload forgets. */
export class TabMemory {
  readonly #store: Store | null;
  readonly #key: string;
  #isForgotten = false;

  constructor(store: Store | null, wave: string) {
    this.#store = store;
    this.#key = `tillid ${wave}`;
  }

  get survivesReload(): boolean {
    return this.#store !== null;
  }

  draft(): Draft | null {
    const text = this.#store?.getItem(this.#key);
    if (!text) return null;
    try {
      const draft = JSON.parse(text) as Draft;
      return draft.format === 2 ? draft : null;
    } catch {
      return null;
    }
  }

  remember(draft: Draft): void {
    // Work that was under way when somebody left must not bring back what they erased.
    if (!this.#isForgotten) this.#store?.setItem(this.#key, JSON.stringify(draft));
  }

  language(): Language | null {
    const found = this.#store?.getItem(LANGUAGE);
    return found && /^[a-z]{2}$/.test(found) ? found : null;
  }

  rememberLanguage(language: Language): void {
    this.#store?.setItem(LANGUAGE, language);
  }

  forgetAll(): void {
    this.#isForgotten = true;
    this.#store?.clear();
  }
}

/** The tab's storage, or null where the browser refuses it. */
export function tabStore(owner: { readonly sessionStorage: Storage }): Store | null {
  try {
    const store = owner.sessionStorage;
    store.setItem("tillid", "1");
    store.removeItem("tillid");
    return store;
  } catch {
    return null;
  }
}

/**
 * The draft to go on with: what the tab remembers, unless a link with another code was opened in it.
 * Then whoever answers is somebody else, and must not meet the first one's answers; in an open wave, where all
 * have the same link, whoever opens it after another has sent.
 */
export function draftFor(invitation: Invitation | null, remembered: Draft | null): Draft | null {
  if (!invitation) return remembered;
  if (remembered && !remembered.sent && remembered.code === invitation.code) {
    return { ...remembered, pin: invitation.pin ?? remembered.pin };
  }
  return newDraft(invitation.code, invitation.pin);
}
