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
  /** The item to begin at. */
  readonly target: string | null;
}

export const FIRST: Place = { step: "consent", depth: 0, fromReview: false, target: null };

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
  how: { readonly fromReview?: boolean; readonly target?: string | null } = {},
): Place {
  return { step, depth: place.depth + 1, fromReview: how.fromReview ?? false, target: how.target ?? null };
}
