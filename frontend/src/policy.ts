/**
 * The numbers of the disclosure policy that the consent page names (policy.py in the root, "policy/1"),
 * with what a wave has raised.
 */
import type { Manifest } from "./manifest.ts";

export interface Thresholds {
  /** Responses under which nothing is opened at all. */
  readonly opening: number;
  /** Base from which items on climate, awareness, dialogue and needs are shown. */
  readonly general: number;
  /** Base from which items on what was experienced or seen are shown. */
  readonly sensitive: number;
}

const POLICY_1: Thresholds = { opening: 10, general: 10, sensitive: 20 };

/** Least count that is ever shown exactly; no wave raises it, since the bands mean the same everywhere. */
export const LEAST_EXACT_COUNT = 5;

/** Responses from which an open wave shows anything. */
export const OPEN_WAVE = 40;

/** Organisations that a joint wave is over at least, and each group that is shown of it. */
export const FEWEST_ORGANISATIONS = 5;

export function thresholds({ policy }: Manifest): Thresholds {
  const least = (name: keyof Thresholds) => Math.max(POLICY_1[name], policy.raised[name] ?? 0);
  return { opening: least("opening"), general: least("general"), sensitive: least("sensitive") };
}
