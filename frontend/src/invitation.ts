/**
 * The code and the manifest's pin, from the part of a link that never reaches a server.
 */
import { normalised } from "./base32.ts";
import type { Invitation } from "./draft.ts";

export const CODE_LENGTH = 16;

/** What stands after `#` in an invitation link: `CODE.PIN`, or a code alone. Null if it is anything else. */
export function invitationIn(fragment: string): Invitation | null {
  const [typedCode = "", typedPin, ...more] = fragment.replace(/^#/, "").split(".");
  const code = normalised(typedCode, CODE_LENGTH);
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
