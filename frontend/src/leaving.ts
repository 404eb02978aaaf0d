/**
 * Leaving at once: the tab's memory cleared, requests stopped, the page replaced by a neutral one.
 */

const PRESSES = 3;
const WITHIN_MS = 2_000;

/**
 * Go to `address` in place of this journey.
 *
 * Each step has an entry in the history; going back to the first one before it is replaced leaves none of them
 * behind the new page. A browser that refuses is not waited for.
 */
export function replacePage(page: Pick<Window, "history" | "location" | "addEventListener">, address: string, depth: number): void {
  const go = () => page.location.replace(address);
  if (depth === 0) return go();
  page.addEventListener("popstate", go, { once: true });
  setTimeout(go, 150);
  page.history.go(-depth);
}

/** Tells, for each press of a key, whether it was the third Escape within two seconds. */
export function escapeCounter(): (key: string, isRepeat: boolean, at: number) => boolean {
  let presses: number[] = [];
  return (key, isRepeat, at) => {
    if (key !== "Escape") presses = [];
    // A key held down is one press: somebody leaning on it is not leaving.
    if (key !== "Escape" || isRepeat) return false;
    presses = [...presses.filter((earlier) => at - earlier <= WITHIN_MS), at];
    return presses.length >= PRESSES;
  };
}
