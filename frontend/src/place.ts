/**
 * Where in the journey a respondent is: kept in the entries of the browser's history, so that its buttons for back and
 * forward move between steps, and never in the address.
 */

export interface Place {
  /** Id of a step (`steps.ts`). */
  readonly step: string;
  /** How many entries of this journey lie before this one. */
  readonly depth: number;
  /** Whether one came here from the review to change something. */
  readonly fromReview: boolean;
  /** The item to change, when one came from the review for it. */
  readonly target: string | null;
  /** The item that is shown, where a section is asked one item at a time; its first one if null. */
  readonly item: string | null;
}

export const FIRST: Place = { step: "consent", depth: 0, fromReview: false, target: null, item: null };

/** The place in an entry of the history. */
export function placeIn(state: unknown): Place {
  const place = (state as { tillid?: Place } | null)?.tillid;
  return place ?? FIRST;
}

export function entry(place: Place): { tillid: Place } {
  return { tillid: place };
}

/** The place one step further in the history. */
export function placeAfter(
  place: Place,
  step: string,
  how: Partial<Pick<Place, "fromReview" | "target" | "item">> = {},
): Place {
  return { step, depth: place.depth + 1, fromReview: false, target: null, item: null, ...how };
}
