/**
 * The language that the respondent reads, for every part of the page.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Messages, messages } from "./messages.ts";
import type { Language, Text } from "./questionnaire.ts";

export const LanguageOfPage = createContext<Language>("da");

export interface Speech {
  readonly language: Language;
  readonly say: Messages;
  /** A text of the questionnaire. */
  readonly read: (text: Text) => string;
}

export function useSpeech(): Speech {
  const language = useContext(LanguageOfPage);
  return { language, say: messages(language), read: (text) => text[language] };
}
