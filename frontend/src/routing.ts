/**
 * The path: what one respondent is asked, in order, from the answers alone (questionnaires/routing.py).
 *
 * A sensitive item, and whatever stands behind a content warning, is asked only when its conditions are known to be
 * true; any other item is passed over only when they are known to be false.
 */
import { type Answers, chosenCodes, without } from "./answers.ts";
import { type Scope, TRUE, truth, UNKNOWN } from "./conditions.ts";
import type { Item, Questionnaire, Section } from "./questionnaire.ts";

export interface Routed {
  /** Ids of the items that are asked, in order. */
  readonly path: readonly string[];
  /** The answers on the path. */
  readonly answers: Answers;
  /** Ids of the items whose answers the path no longer leads to, in order. */
  readonly dropped: readonly string[];
}

/**
 * One walk from first to last: a condition reads only items that stand before what it guards, so each item is
 * decided by answers that are already known to be on the path.
 */
export function routed(questionnaire: Questionnaire, answers: Answers, skipped: readonly string[] = []): Routed {
  const skippedItems = new Set(
    questionnaire.sections.filter(({ id }) => skipped.includes(id)).flatMap(({ items }) => items.map(({ id }) => id)),
  );
  const path: string[] = [];
  const dropped: string[] = [];
  let kept = answers;
  for (const section of questionnaire.sections) {
    for (const item of section.items) {
      const scope = { questionnaire, answers: kept, skippedItems };
      if (!skippedItems.has(item.id) && isAsked(section, item, scope)) {
        path.push(item.id);
      } else if (chosenCodes(kept, item.id).length > 0) {
        dropped.push(item.id);
        kept = without(kept, [item.id]);
      }
    }
  }
  return { path, answers: kept, dropped };
}

/** Both the section's condition and the item's must let the respondent through. */
function isAsked(section: Section, item: Item, scope: Scope): boolean {
  const careful = item.sensitive || item.contentWarning || section.sensitive || section.contentWarning;
  return [section.showIf, item.showIf].every(
    (condition) => condition === null || truth(condition, scope) >= (careful ? TRUE : UNKNOWN),
  );
}
