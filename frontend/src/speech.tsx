/**
 * The language that the respondent reads, for every part of the page.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Messages, messages, spoken } from "./messages.ts";
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
  return { language, say: messages(language), read: (text) => text[available(text, language)]! };
}

/** A text of the questionnaire, marked where it is in another language than the page around it. */
export function Words({ text }: { text: Text }) {
  const language = useContext(LanguageOfPage);
  const found = available(text, language);
  return found === spoken(language) ? <>{text[found]}</> : <span lang={found}>{text[found]}</span>;
}

function available(text: Text, language: Language): Language {
  return [language, spoken(language)].find((candidate) => candidate in text) ?? Object.keys(text)[0]!;
}
