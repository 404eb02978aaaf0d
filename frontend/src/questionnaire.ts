/**
 * The definition a wave asks, as it is served: fields at their default are left out of what is hashed,
 * so they are filled in here (questionnaires/model.py holds the same defaults).
 */

/** Two letters, as a definition's `languages` has them. */
export type Language = string;
/** A text in each of the definition's languages. */
export type Text = Readonly<Record<Language, string>>;

export type OptionKind = "substantive" | "no_answer" | "dont_know" | "unsure" | "not_applicable";

export interface Option {
  readonly code: string;
  readonly label: Text;
  readonly kind: OptionKind;
  readonly exclusive: boolean;
}

export type Condition =
  | string
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly ref: string }
  | ItemTest;

export interface ItemTest {
  readonly items: readonly string[];
  readonly in?: readonly string[];
  readonly includes_any?: readonly string[];
  readonly includes_none?: readonly string[];
  readonly answered?: true;
}

export interface Item {
  readonly id: string;
  readonly type: "single" | "multi" | "scale" | "number";
  readonly text: Text;
  readonly hint: Text | null;
  /** The response scale the options come from, or null where they are the item's own. */
  readonly scale: string | null;
  readonly options: readonly Option[];
  readonly showIf: Condition | null;
  readonly sensitive: boolean;
  readonly contentWarning: boolean;
  readonly maxChoices: number | null;
}

export interface Section {
  readonly id: string;
  readonly title: Text;
  readonly intro: Text | null;
  readonly layout: "list" | "matrix";
  readonly showIf: Condition | null;
  readonly sensitive: boolean;
  readonly contentWarning: boolean;
  readonly showHelp: boolean;
  readonly skippable: boolean;
  readonly items: readonly Item[];
}

export interface HelpLine {
  readonly id: string;
  readonly name: Text;
  readonly phone: string | null;
  readonly url: string | null;
  readonly anonymous: boolean;
}

export interface Questionnaire {
  readonly languages: readonly Language[];
  readonly title: Text;
  readonly intro: Text | null;
  readonly debrief: Text | null;
  readonly estimatedMinutes: readonly [number, number] | null;
  /** Only those that somebody has verified: a wrong number is worse than none. */
  readonly helpLines: readonly HelpLine[];
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly sections: readonly Section[];
  /** All items in the definition's order: the order of a response's plaintext. */
  readonly items: readonly Item[];
}

/** What stands in the file: the fields at their default are not there. */
type Written<T, Always extends keyof T> = Pick<T, Always> & Partial<Omit<T, Always>>;

type WrittenOption = Written<Option, "code" | "label">;

interface WrittenItem {
  id: string;
  type: Item["type"];
  text: Text;
  hint?: Text;
  scale?: string;
  options?: WrittenOption[];
  show_if?: Condition;
  sensitive?: boolean;
  content_warning?: boolean;
  max_choices?: number;
}

interface WrittenSection {
  id: string;
  title: Text;
  intro?: Text;
  layout?: Section["layout"];
  show_if?: Condition;
  sensitive?: boolean;
  content_warning?: boolean;
  show_help?: boolean;
  skippable?: boolean;
  items: WrittenItem[];
}

type WrittenHelpLine = Written<HelpLine, "id" | "name"> & { verify_before_release?: boolean };

/** `alliance-questionnaire/1`, as far as a respondent's browser reads it. */
export interface Definition {
  languages: Language[];
  title: Text;
  intro?: Text;
  debrief?: Text;
  estimated_minutes?: [number, number];
  help_lines?: WrittenHelpLine[];
  scales?: Record<string, { options: WrittenOption[] } | WrittenOption[]>;
  conditions?: Record<string, Condition>;
  sections: WrittenSection[];
}

/** The questionnaire in a definition whose digest has been checked. */
export function questionnaireOf(definition: Definition): Questionnaire {
  const sections = definition.sections.map((section) => sectionOf(section, definition));
  return {
    languages: definition.languages,
    title: definition.title,
    intro: definition.intro ?? null,
    debrief: definition.debrief ?? null,
    estimatedMinutes: definition.estimated_minutes ?? null,
    helpLines: (definition.help_lines ?? []).filter((line) => !line.verify_before_release).map(helpLineOf),
    conditions: definition.conditions ?? {},
    sections,
    items: sections.flatMap((section) => section.items),
  };
}

function sectionOf(section: WrittenSection, definition: Definition): Section {
  return {
    id: section.id,
    title: section.title,
    intro: section.intro ?? null,
    layout: section.layout ?? "list",
    showIf: section.show_if ?? null,
    sensitive: section.sensitive ?? false,
    contentWarning: section.content_warning ?? false,
    showHelp: section.show_help ?? false,
    skippable: section.skippable ?? false,
    items: section.items.map((item) => itemOf(item, definition)),
  };
}

function itemOf(item: WrittenItem, definition: Definition): Item {
  return {
    id: item.id,
    type: item.type,
    text: item.text,
    hint: item.hint ?? null,
    scale: item.scale ?? null,
    options: optionsOf(item, definition).map(optionOf),
    showIf: item.show_if ?? null,
    sensitive: item.sensitive ?? false,
    contentWarning: item.content_warning ?? false,
    maxChoices: item.max_choices ?? null,
  };
}

function optionsOf(item: WrittenItem, definition: Definition): readonly WrittenOption[] {
  if (item.scale === undefined) return item.options ?? [];
  const scale = definition.scales?.[item.scale];
  if (!scale) throw new Error(`questionnaire: item "${item.id}" is on "${item.scale}", which is no scale`);
  return Array.isArray(scale) ? scale : scale.options;
}

function optionOf(option: WrittenOption): Option {
  const { code, label, kind = "substantive", exclusive = false } = option;
  return { code, label, kind, exclusive };
}

function helpLineOf(line: WrittenHelpLine): HelpLine {
  const { id, name, phone = null, url = null, anonymous = false } = line;
  return { id, name, phone, url, anonymous };
}
