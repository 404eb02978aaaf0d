/**
 * The numbers of the disclosure policy that the consent page names (analysis/disclosure/policy.py, "policy/1"),
 * with what a wave has raised.
 */
import type { Manifest } from "./manifest.ts";

export interface Thresholds {
  /** Under so many responses nothing is opened. */
  readonly responses: number;
  /** Base from which exposure and witness items are shown. */
  readonly exposure: number;
  /** A count under this is told from nothing else under it. */
  readonly count: number;
}

const POLICY_1: Thresholds = { responses: 10, exposure: 20, count: 5 };

export function thresholds({ policy }: Manifest): Thresholds {
  const raised = (name: string, least: number) => Math.max(least, policy.raised[name] ?? least);
  return {
    responses: raised("fewest_responses", POLICY_1.responses),
    exposure: raised("exposure_base", POLICY_1.exposure),
    count: raised("smallest_count", POLICY_1.count),
  };
}
