/**
 * Invented figures in the forms that the disclosure policy gives them (analysis/disclosure/forms.py), to show before
 * consent what a leader can ever see.
 */
import { LEAST_EXACT_COUNT } from "./policy.ts";

/** An inclusive range; exact where both ends are one. */
export type Shown = readonly [least: number, most: number];

/**
 * The bands of counts out of `base`: the low one, its mirror, steps of five between, the last taking what is left over.
 * A base of 23 has 0–4, 5–9, 10–18 and 19–23.
 */
export function bands(base: number): readonly Shown[] {
  const step = LEAST_EXACT_COUNT;
  const high = base - step + 1;
  const starts: number[] = [];
  for (let from = step; from + step <= high || from === step; from += step) starts.push(from);
  const between = starts.map((from, at): Shown => [from, (starts[at + 1] ?? high) - 1]);
  return [[0, step - 1], ...between, [high, base]];
}

/** What is shown of a count of something sensitive: its band, never the count. */
export function banded(count: number, base: number): Shown {
  return bands(base).find(([least, most]) => least <= count && count <= most)!;
}

/** What is shown of other counts: the count itself where neither it nor its complement is small. */
export function exactOrBanded(count: number, base: number): Shown {
  const isLarge = count >= LEAST_EXACT_COUNT && base - count >= LEAST_EXACT_COUNT;
  return isLarge ? [count, count] : banded(count, base);
}

export function written([least, most]: Shown): string {
  return least === most ? String(least) : `${least}–${most}`;
}
