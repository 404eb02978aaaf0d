/**
 * The language that the respondent reads, for every part of the page.
 */
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Manifest } from "./manifest.ts";
import { wordsFor } from "./messages.joint.ts";
import { type Messages, messages, spoken } from "./messages.ts";
import type { Language, Text } from "./questionnaire.ts";

export const LanguageOfPage = createContext<Language>("da");

/** The promises that the page is about, once they are known: a joint wave speaks of nobody's employer. */
export const PromisesOfPage = createContext<Manifest | null>(null);

export interface Speech {
  readonly language: Language;
  readonly say: Messages;
  /** A text of the questionnaire. */
  readonly read: (text: Text) => string;
  /** The same to be shown, marked where it is in another language than the page around it. */
  readonly words: (text: Text) => ComponentChildren;
}

export function useSpeech(): Speech {
  const language = useContext(LanguageOfPage);
  const manifest = useContext(PromisesOfPage);
  return {
    language,
    say: wordsFor(messages(language), spoken(language), manifest),
    read: (text) => text[available(text, language)]!,
    words: (text) => {
      const found = available(text, language);
      return found === spoken(language) ? text[found] : <span lang={found}>{text[found]}</span>;
    },
  };
}

/** A text of the questionnaire; where there are many, `words` is quicker than a component for each. */
export function Words({ text }: { text: Text }) {
  return <>{useSpeech().words(text)}</>;
}

function available(text: Text, language: Language): Language {
  return [language, spoken(language)].find((candidate) => candidate in text) ?? Object.keys(text)[0]!;
}
