/**
 * The code and the manifest's pin, from the part of a link that never reaches a server.
 */
import { normalised } from "./base32.ts";
import type { Invitation } from "./draft.ts";

export const CODE_LENGTH = 16;
/** What stands for the code in the link of an open wave, which has none. */
const NO_CODE = "open";

/** What stands after `#` in a link: `CODE.PIN`, a code alone, or `open.PIN`. Null if it is anything else. */
export function invitationIn(fragment: string): Invitation | null {
  const [typedCode = "", typedPin, ...more] = fragment.replace(/^#/, "").split(".");
  const code = typedCode === NO_CODE && typedPin !== undefined ? "" : normalised(typedCode, CODE_LENGTH);
  if (code === null || more.length > 0) return null;
  if (typedPin === undefined) return { code, pin: null };
  const pin = normalised(typedPin, CODE_LENGTH);
  return pin === null ? null : { code, pin };
}

/** The fragment, taken out of the address bar and of this entry in the history as soon as it is read. */
export function takenFragment(page: Pick<Window, "location" | "history">): string {
  const { hash, pathname } = page.location;
  if (hash) page.history.replaceState(page.history.state, "", pathname);
  return hash;
}
