/**
 * Every word of the trustees' page that is not the questionnaire's or the promises' own, in Danish and English.
 */
import { useContext } from "preact/hooks";
import { spoken } from "../messages.ts";
import type { Language } from "../questionnaire.ts";
import { LanguageOfPage } from "../speech.tsx";
import { da, type Messages } from "./messages.da.ts";
import { en } from "./messages.en.ts";

const MESSAGES: Readonly<Record<Language, Messages>> = { da, en };

/** The page's words in a language. */
export function messages(language: Language): Messages {
  return MESSAGES[spoken(language)]!;
}

/** The words in the language that is read. */
export function useWords(): Messages {
  return messages(useContext(LanguageOfPage));
}

export type { Messages };
