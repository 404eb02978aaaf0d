/**
 * What a unit is called where it is chosen and reviewed.
 */
import type { Unit } from "../manifest.ts";
import type { Messages } from "../messages.ts";

/** With its parent before it; one with others under it stands for those who will not say more. */
export function unitName(unit: Unit, units: readonly Unit[], say: Messages): string {
  const parent = units.find(({ id }) => id === unit.parent);
  if (parent) return say.unit.within(parent.name, unit.name);
  return units.some((other) => other.parent === unit.id) ? say.unit.whole(unit.name) : unit.name;
}
