/**
 * The steps of one respondent's journey: which there are, which comes next, and what moving on leaves behind.
 *
 * Steps follow from the answers alone, as the path does, so going back and answering otherwise changes them.
 */
import { chosenCodes, without } from "./answers.ts";
import type { Draft } from "./draft.ts";
import type { Questionnaire, Section } from "./questionnaire.ts";
import { routed } from "./routing.ts";

export type Step =
  | { readonly kind: "consent" | "unit" | "review" | "sending"; readonly id: string; readonly number: number | null }
  | {
      readonly kind: "warning" | "section";
      readonly id: string;
      readonly number: number;
      readonly section: Section;
      /** Ids of the section's items on the path. */
      readonly asked: readonly string[];
    };

/** What moving on took away: answers in a section passed by, and answers that the path no longer leads to. */
export interface LeftBehind {
  readonly inSkippedSection: number | null;
  readonly offPath: number;
}

export const NOTHING_LEFT_BEHIND: LeftBehind = { inSkippedSection: null, offPath: 0 };

/** All steps from consent to sending, in order; a warning and its section have one number together. */
export function stepsOf(questionnaire: Questionnaire, hasUnits: boolean, draft: Draft): readonly Step[] {
  const steps: Step[] = [{ kind: "consent", id: "consent", number: null }];
  let number = 1;
  if (hasUnits) steps.push({ kind: "unit", id: "unit", number: number++ });
  const onPath = new Set(routed(questionnaire, draft.answers, draft.skipped).path);
  for (const section of questionnaire.sections) {
    const isSkipped = draft.skipped.includes(section.id);
    const asked = isSkipped ? askedIfNotSkipped(section, questionnaire, draft) : idsOf(section).filter((id) => onPath.has(id));
    if (asked.length === 0) continue;
    if (section.contentWarning) steps.push({ kind: "warning", id: `warning ${section.id}`, number, section, asked });
    if (!isSkipped) {
      steps.push({ kind: "section", id: `section ${section.id}`, number, section, asked });
    }
    number += 1;
  }
  steps.push({ kind: "review", id: "review", number });
  return [...steps, { kind: "sending", id: "sending", number: null }];
}

function idsOf(section: Section): readonly string[] {
  return section.items.map(({ id }) => id);
}

/** The items of a skipped section that would be asked otherwise: where there are none, nothing is warned of. */
function askedIfNotSkipped(section: Section, questionnaire: Questionnaire, draft: Draft): readonly string[] {
  const skipped = draft.skipped.filter((id) => id !== section.id);
  const { path } = routed(questionnaire, draft.answers, skipped);
  return idsOf(section).filter((id) => path.includes(id));
}

/** How many steps are numbered: "2 of 7". */
export function total(steps: readonly Step[]): number {
  return Math.max(...steps.map(({ number }) => number ?? 0));
}

/**
 * The step of that id, or, where the path no longer leads there, the one that is asked in its stead:
 * the section's warning, else the review.
 */
export function stepNamed(steps: readonly Step[], id: string): Step {
  const found =
    steps.find((step) => step.id === id) ??
    steps.find((step) => step.id === id.replace(/^section /, "warning ")) ??
    steps.find(({ kind }) => kind === "review");
  return found!;
}

/**
 * The step after `id`. From the review, a change leads only through steps that were never shown, and back.
 */
export function stepAfter(steps: readonly Step[], id: string, from: { review: boolean; seen: readonly string[] }): Step {
  const at = steps.findIndex((step) => step.id === id);
  const later = steps.slice(at + 1);
  const next = from.review
    ? later.find((step) => step.kind === "review" || !from.seen.includes(step.id) || isWithin(step, id))
    : later[0];
  return next ?? stepNamed(steps, "review");
}

/** From a section's warning one goes on into that section, however often it was shown. */
function isWithin(step: Step, id: string): boolean {
  return id.startsWith("warning ") && step.id === id.replace(/^warning /, "section ");
}

/** The draft without answers that the path no longer leads to: an abandoned path takes its answers with it. */
export function tidied(questionnaire: Questionnaire, draft: Draft): { draft: Draft; left: LeftBehind } {
  const { answers, dropped } = routed(questionnaire, draft.answers, draft.skipped);
  if (dropped.length === 0) return { draft, left: NOTHING_LEFT_BEHIND };
  return { draft: { ...draft, answers }, left: { inSkippedSection: null, offPath: dropped.length } };
}

/** The draft with a section passed by as a whole. */
export function passedBy(
  questionnaire: Questionnaire,
  draft: Draft,
  section: Section,
): { draft: Draft; left: LeftBehind } {
  const inSection = section.items.map(({ id }) => id).filter((id) => chosenCodes(draft.answers, id).length > 0);
  const skipped = [...draft.skipped.filter((id) => id !== section.id), section.id];
  const passed = tidied(questionnaire, { ...draft, skipped, answers: without(draft.answers, inSection) });
  return { draft: passed.draft, left: { ...passed.left, inSkippedSection: inSection.length } };
}

/** The draft with a section asked after all. */
export function takenUp(draft: Draft, section: Section): Draft {
  return { ...draft, skipped: draft.skipped.filter((id) => id !== section.id) };
}
