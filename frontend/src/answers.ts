/**
 * What one respondent has chosen, how a choice changes it, and the plaintext that is sealed
 * (docs/reference/formats.md, "Response plaintext"; questionnaires/answers.py reads it).
 */
import { type Bytes, utf8 } from "./bytes.ts";
import type { Item, Option, Questionnaire } from "./questionnaire.ts";

/** Item id → the code of the option chosen, or the codes in a `multi` item. Nothing chosen is not there. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

/** What came of ticking an option: the codes now chosen, and whether the item's limit stopped it. */
export interface Ticked {
  readonly codes: readonly string[];
  readonly stoppedBy: "max_choices" | null;
}

export function withAnswer(answers: Answers, itemId: string, answer: string | readonly string[] | null): Answers {
  const { [itemId]: _, ...others } = answers;
  return answer === null || answer.length === 0 ? others : { ...others, [itemId]: answer };
}

export function without(answers: Answers, itemIds: readonly string[]): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([id]) => !itemIds.includes(id)));
}

/** The codes chosen in an item, in whichever way it is answered. */
export function chosenCodes(answers: Answers, itemId: string): readonly string[] {
  const answer = answers[itemId];
  return answer === undefined ? [] : typeof answer === "string" ? [answer] : answer;
}

/**
 * A `multi` item after one of its options was ticked or unticked.
 *
 * An option that says "none of these" or "I would rather not say" cannot stand with others: it takes their
 * place, and they take its place.
 */
export function ticked(item: Item, chosen: readonly string[], code: string): Ticked {
  if (chosen.includes(code)) return { codes: chosen.filter((other) => other !== code), stoppedBy: null };
  const standsAlone = (other: string) => item.options.some((option) => option.code === other && isAlone(option));
  if (standsAlone(code)) return { codes: [code], stoppedBy: null };
  const codes = [...chosen.filter((other) => !standsAlone(other)), code];
  if (item.maxChoices !== null && codes.length > item.maxChoices) return { codes: chosen, stoppedBy: "max_choices" };
  return { codes, stoppedBy: null };
}

/** Whether an option contradicts every other of its item. */
function isAlone(option: Option): boolean {
  return option.exclusive || ["no_answer", "dont_know", "not_applicable"].includes(option.kind);
}

/**
 * `{"v":1,"a":[unit,answer,…]}`: positions, never codes or texts.
 *
 * `answers` must hold what is on the path only; `unit` is a position in the manifest's list or null.
 */
export function plaintext(questionnaire: Questionnaire, unit: number | null, answers: Answers): Bytes {
  const entries = questionnaire.items.map((item) => entry(item, answers));
  return utf8(JSON.stringify({ v: 1, a: [unit, ...entries] }));
}

function entry(item: Item, answers: Answers): number | number[] | null {
  const codes = chosenCodes(answers, item.id);
  if (codes.length === 0) return null;
  const positions = codes.map((code) => position(item, code)).sort((a, b) => a - b);
  return item.type === "multi" ? positions : (positions[0] ?? null);
}

function position(item: Item, code: string): number {
  const found = item.options.findIndex((option) => option.code === code);
  if (found < 0) throw new Error(`answers: item "${item.id}" has no option "${code}"`);
  return found;
}
