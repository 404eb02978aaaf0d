/**
 * What is sealed of a draft: the answers that its path leads to.
 */
import { plaintext } from "./answers.ts";
import type { Bytes } from "./bytes.ts";
import type { Draft } from "./draft.ts";
import type { Unit } from "./manifest.ts";
import type { Questionnaire } from "./questionnaire.ts";
import { routed } from "./routing.ts";

export function contentOf(questionnaire: Questionnaire, units: readonly Unit[], draft: Draft): Bytes {
  const unit = units.findIndex(({ id }) => id === draft.unit);
  const { answers } = routed(questionnaire, draft.answers, draft.skipped);
  return plaintext(questionnaire, unit < 0 ? null : unit, answers);
}
