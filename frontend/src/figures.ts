/**
 * Invented figures in the forms that the disclosure policy gives them (analysis/disclosure/forms.py), to show before
 * consent what a leader can ever see.
 */
import type { Manifest } from "./manifest.ts";
import { LEAST_EXACT_COUNT, thresholds } from "./policy.ts";
import type { Questionnaire } from "./questionnaire.ts";

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

export interface Group {
  readonly group: "everyone" | "larger" | "smaller";
  /** How many answered; of a group that is not shown, the number they are fewer than. */
  readonly base: number;
  /** Per option; null where too few answered. */
  readonly shown: readonly Shown[] | null;
}

export interface Pictured {
  readonly kind: "climate" | "acts";
  readonly groups: readonly Group[];
}

/**
 * Tables as this wave can ever have them: one on the climate, and one on acts where it asks of any; with a group that is
 * shown and one that is not where its plan divides results at all.
 *
 * The larger group stands in bands, as it would: its exact counts, taken from everyone's, would give the smaller one's.
 */
export function picture(manifest: Manifest, questionnaire: Questionnaire): readonly Pictured[] {
  const { general, sensitive } = thresholds(manifest);
  const base = Math.max(46, general + 20, sensitive + 6);
  const larger = base - general + 3;
  const isDivided = manifest.publication.some(({ by }) => by !== null);
  const smaller = (least: number): Group[] => (isDivided ? [{ group: "smaller", base: least, shown: null }] : []);
  const shown = (group: "everyone" | "larger", of: number, counts: readonly number[], form: typeof banded): Group => ({
    group,
    base: of,
    shown: counts.map((count) => form(count, of)),
  });
  const climate = [
    shown("everyone", base, [base - 18, 11, 7], exactOrBanded),
    ...(isDivided ? [shown("larger", larger, [larger - 13, 8, 5], banded)] : []),
    ...smaller(general),
  ];
  const acts = [shown("everyone", base, [base - 3, 2, 1], banded), ...smaller(sensitive)];
  return [{ kind: "climate", groups: climate }, ...(asksOfActs(questionnaire) ? [{ kind: "acts" as const, groups: acts }] : [])];
}

function asksOfActs({ sections }: Questionnaire): boolean {
  return sections.some((section) => section.sensitive || section.items.some((item) => item.sensitive));
}
