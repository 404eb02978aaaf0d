/**
 * Conditions over answers in three values: true, false, unknown (unanswered).
 *
 * The same as questionnaires/conditions.py; tests/vectors/conditions.json holds both to it. Connectives are
 * Kleene's strong ones. Negation is carried down to the tests, so that a skipped section makes a test false and its
 * opposite false too: nothing is ever concluded from somebody's wish to pass.
 */
import { type Answers, chosenCodes } from "./answers.ts";
import type { Condition, Item, ItemTest, Option, Questionnaire } from "./questionnaire.ts";

/** Ordered, so that "all" is the least of its parts and "any" the greatest. */
export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;
export type Truth = typeof FALSE | typeof UNKNOWN | typeof TRUE;

/** What a condition is read against: answers on the path only. */
export interface Scope {
  readonly questionnaire: Questionnaire;
  readonly answers: Answers;
  /** Items of sections that were passed by as a whole. */
  readonly skippedItems: ReadonlySet<string>;
}

export function truth(condition: Condition, scope: Scope, negated = false): Truth {
  if (typeof condition === "string") return truth(named(condition, scope), scope, negated);
  if ("ref" in condition) return truth(named(condition.ref, scope), scope, negated);
  if ("not" in condition) return truth(condition.not, scope, !negated);
  if ("all" in condition) return connected(condition.all, scope, negated, !negated);
  if ("any" in condition) return connected(condition.any, scope, negated, negated);
  const tests = condition.items.map((itemId) => tested(itemId, condition, scope, negated));
  const holdsForEach = condition.includes_none !== undefined;
  return holdsForEach === negated ? greatest(tests) : least(tests);
}

function named(name: string, { questionnaire }: Scope): Condition {
  const condition = questionnaire.conditions[name];
  if (condition === undefined) throw new Error(`conditions: there is no condition "${name}"`);
  return condition;
}

function connected(parts: readonly Condition[], scope: Scope, negated: boolean, every: boolean): Truth {
  const known = parts.map((part) => truth(part, scope, negated));
  return every ? least(known) : greatest(known);
}

function tested(itemId: string, test: ItemTest, scope: Scope, negated: boolean): Truth {
  if (scope.skippedItems.has(itemId)) return FALSE;
  const chosen = chosenCodes(scope.answers, itemId);
  if (test.answered) return chosen.length > 0 === negated ? FALSE : TRUE;
  const item = scope.questionnaire.items.find(({ id }) => id === itemId);
  if (!item || chosen.length === 0) return UNKNOWN;
  const codes = test.in ?? test.includes_any ?? test.includes_none ?? [];
  const turned = negated !== (test.includes_none !== undefined);
  const told = chosen.map((code) => toldBy(optionOf(item, code), codes, turned));
  return turned ? least(told) : greatest(told);
}

/** What choosing this option alone tells about whether one of the codes was chosen, or (`turned`) none. */
function toldBy(option: Option, codes: readonly string[], turned: boolean): Truth {
  if (codes.includes(option.code)) return turned ? FALSE : TRUE;
  // Whoever would rather not say, does not know or is in doubt has not said no.
  if (["no_answer", "dont_know", "unsure"].includes(option.kind)) return UNKNOWN;
  return turned ? TRUE : FALSE;
}

function optionOf(item: Item, code: string): Option {
  const option = item.options.find((candidate) => candidate.code === code);
  if (!option) throw new Error(`conditions: item "${item.id}" has no option "${code}"`);
  return option;
}

function least(known: readonly Truth[]): Truth {
  return known.reduce((lowest, value) => (value < lowest ? value : lowest), TRUE as Truth);
}

function greatest(known: readonly Truth[]): Truth {
  return known.reduce((highest, value) => (value > highest ? value : highest), FALSE as Truth);
}
