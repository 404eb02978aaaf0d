/**
 * A joint wave: one wave of a member over many small organisations, shown together and none of them by itself.
 *
 * The page tells its reader that no organisation is shown by itself. It says so only where the manifest keeps it:
 * the same sums as in survey/waves/joint.py, done again where no server can leave them out.
 */
import type { Manifest } from "./manifest.ts";
import { FEWEST_ORGANISATIONS } from "./policy.ts";

/** So many organisations of a kind, the largest with so many people. */
export interface Joint {
  readonly organisations: number;
  readonly largest: number;
  /** What they are called, in the plural, by language. */
  readonly kind: Readonly<Record<string, string>>;
}

/** Whether a manifest is of one organisation's own people, or keeps what the page says of a joint wave. */
export function isAsPromised(manifest: Partial<Manifest>): boolean {
  if (!("joint" in manifest)) return true;
  const { joint, alliance_sharing } = manifest;
  return (
    isJoint(joint) &&
    alliance_sharing === "never" &&
    (manifest.mode === "open" || isLargeEnough(joint, manifest))
  );
}

function isJoint(value: unknown): value is Joint {
  const joint = value as Partial<Joint> | null | undefined;
  return (
    Number.isSafeInteger(joint?.organisations) &&
    joint!.organisations! >= FEWEST_ORGANISATIONS &&
    Number.isSafeInteger(joint!.largest) &&
    joint!.largest! >= 1 &&
    typeof joint!.kind === "object" &&
    joint!.kind !== null &&
    Object.values(joint!.kind).some(isWord)
  );
}

function isWord(text: unknown): boolean {
  return typeof text === "string" && text.trim() !== "";
}

/** Whether everybody, each unit, and what units leave over are surely of several organisations. */
function isLargeEnough(joint: Joint, { invited = 0, units = [] }: Partial<Manifest>): boolean {
  const least = FEWEST_ORGANISATIONS * joint.largest;
  const leftOver = (people: number, parent: string | null) => {
    const parts = units.filter((unit) => unit.parent === parent);
    const rest = people - parts.reduce((sum, unit) => sum + unit.headcount, 0);
    return parts.length === 0 || rest <= 0 || rest >= least;
  };
  return (
    invited >= least &&
    leftOver(invited, null) &&
    units.every((unit) => unit.headcount >= least && leftOver(unit.headcount, unit.id))
  );
}
