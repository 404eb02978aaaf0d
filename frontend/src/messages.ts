/**
 * Every word of the answering page that is not the questionnaire's, in Danish and English.
 *
 * The English texts have the type of the Danish ones: a text that one language lacks does not compile.
 */
import { da, type Messages } from "./messages.da.ts";
import { en } from "./messages.en.ts";
import type { Language } from "./questionnaire.ts";

const MESSAGES: Readonly<Record<Language, Messages>> = { da, en };

/** The page's words in a language. */
export function messages(language: Language): Messages {
  return MESSAGES[language];
}

export type { Messages };
