/**
 * Every word of the answering page that is not the questionnaire's, in Danish and English.
 *
 * The English texts have the type of the Danish ones: a text that one language lacks does not compile.
 */
import { da, type Messages } from "./messages.da.ts";
import { en } from "./messages.en.ts";
import type { Language } from "./questionnaire.ts";

const MESSAGES: Readonly<Record<Language, Messages>> = { da, en };

/** In which language the page speaks to somebody who reads the questionnaire in `language`. */
export function spoken(language: Language): Language {
  return language in MESSAGES ? language : "en";
}

/** The page's words for somebody who reads the questionnaire in `language`; English where it has none in it. */
export function messages(language: Language): Messages {
  return MESSAGES[spoken(language)]!;
}

/** What a language calls itself. */
export function nameOf(language: Language): string {
  const name = new Intl.DisplayNames([language], { type: "language", fallback: "code" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

export type { Messages };
