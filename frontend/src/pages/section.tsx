/**
 * A section's questions, the warning before it, and the question of the unit.
 */
import { useEffect, useState } from "preact/hooks";
import type { Answers } from "../answers.ts";
import type { Unit } from "../manifest.ts";
import type { Item, Section } from "../questionnaire.ts";
import { type Messages, messages } from "../messages.ts";
import { useSpeech, Words } from "../speech.tsx";
import type { LeftBehind } from "../steps.ts";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";
import { Matrix, type OnAnswer, Question } from "./items.tsx";
import { unitName } from "./unit.ts";

interface StepProps {
  /** "Step 2 of 7". */
  readonly above: string;
  readonly focused: boolean;
  readonly left: LeftBehind;
  readonly nextLabel: string;
  readonly onNext: () => void;
  readonly onBack: () => void;
}

interface SectionProps extends StepProps {
  readonly section: Section;
  readonly asked: readonly string[];
  readonly answers: Answers;
  /** The item to begin at, when one of them is to be changed. */
  readonly target: string | null;
  readonly onAnswer: OnAnswer;
  readonly onSkip: () => void;
  /** The one item to show, with its place among those of the section; null where all are shown. */
  readonly alone: Alone | null;
}

export interface Alone {
  readonly item: string;
  readonly number: number;
  readonly of: number;
}

export function SectionPage(props: SectionProps) {
  const { section, asked, answers, target, onAnswer, onSkip, alone } = props;
  const { say } = useSpeech();
  const items = section.items.filter(({ id }) => (alone ? id === alone.item : asked.includes(id)));
  useEffect(() => {
    if (target) document.getElementById(`${target}-legend`)?.focus();
  }, [target]);
  const above = alone ? `${props.above} · ${say.section.question(alone.number, alone.of)}` : props.above;
  return (
    <Page title={<Words text={section.title} />} above={above} focused={props.focused} at={alone?.item} left={props.left}>
      <form autoComplete="off" onSubmit={submitting(props.onNext)}>
        {section.intro && (
          <p class="answering-intro">
            <Words text={section.intro} />
          </p>
        )}
        <p class="answering-optional">{say.section.optional}</p>
        {blocks(section, items).map((block) =>
          Array.isArray(block) ? (
            <Matrix
              key={alone ? "alone" : block[0]!.id}
              alone={alone !== null}
              items={block}
              answers={answers}
              onAnswer={onAnswer}
            />
          ) : (
            <Question key={block.id} item={block} answers={answers} onAnswer={onAnswer} />
          ),
        )}
        <StepButtons {...props} onSkip={section.skippable ? onSkip : undefined} />
      </form>
    </Page>
  );
}

/** In a matrix section, neighbours on one scale stand together; everything else by itself. */
export function blocks(section: Section, items: readonly Item[]): readonly (Item | Item[])[] {
  if (section.layout === "list") return items;
  const found: (Item | Item[])[] = [];
  for (const item of items) {
    const last = found.at(-1);
    if (item.type !== "scale") found.push(item);
    else if (Array.isArray(last) && last[0]!.scale === item.scale) last.push(item);
    else found.push([item]);
  }
  return found;
}

function StepButtons({ nextLabel, onBack, onSkip }: StepProps & { onSkip: (() => void) | undefined }) {
  const { say } = useSpeech();
  return (
    <Buttons>
      <Primary>{nextLabel}</Primary>
      <Secondary onClick={onBack}>{say.back}</Secondary>
      {onSkip && (
        <button type="button" class="button button-tertiary" onClick={onSkip}>
          {say.section.skip}
        </button>
      )}
    </Buttons>
  );
}

function submitting(onNext: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    onNext();
  };
}

interface WarningProps extends StepProps {
  readonly section: Section;
  readonly onSkip: () => void;
}

/** Before what may hurt: what it is about, and the way around it. */
export function WarningPage(props: WarningProps) {
  const { section, onNext, onSkip, onBack } = props;
  const { say } = useSpeech();
  return (
    <Page title={<Words text={section.title} />} above={props.above} focused={props.focused} left={props.left}>
      <Alert kind="warning" heading={say.warning.title}>
        <p class="alert-text">{say.warning.text}</p>
      </Alert>
      <Buttons>
        <Primary onClick={onNext}>{say.warning.show}</Primary>
        {section.skippable && <Secondary onClick={onSkip}>{say.section.skip}</Secondary>}
        <button type="button" class="button button-tertiary" onClick={onBack}>
          {say.back}
        </button>
      </Buttons>
    </Page>
  );
}

interface UnitPageProps extends StepProps {
  readonly units: readonly Unit[];
  readonly unit: string | null;
  readonly onUnit: (unit: string | null) => void;
}

const MOST_RADIOS = 12;

export function UnitPage(props: UnitPageProps) {
  const { say } = useSpeech();
  const Choice = props.units.length > MOST_RADIOS ? UnitSelect : UnitRadios;
  return (
    <Page title={say.unit.title} above={props.above} focused={props.focused} left={props.left}>
      <form autoComplete="off" onSubmit={submitting(props.onNext)}>
        <Choice {...props} />
        <StepButtons {...props} onSkip={undefined} />
      </form>
    </Page>
  );
}

/** The unit as an item like any other. */
function unitItem(units: readonly Unit[]): Item {
  const inEach = (text: (say: Messages) => string) => ({ da: text(messages("da")), en: text(messages("en")) });
  return {
    id: "unit",
    type: "single",
    text: inEach((say) => say.unit.question),
    hint: inEach((say) => say.unit.hint),
    scale: null,
    options: units.map((unit) => ({
      code: unit.id,
      label: inEach((say) => unitName(unit, units, say)),
      kind: "substantive",
      exclusive: false,
    })),
    showIf: null,
    sensitive: false,
    contentWarning: false,
    maxChoices: null,
  };
}

function UnitRadios({ units, unit, onUnit }: UnitPageProps) {
  return (
    <Question
      item={unitItem(units)}
      answers={unit === null ? {} : { unit }}
      onAnswer={(_, answer) => onUnit(typeof answer === "string" ? answer : null)}
    />
  );
}

function UnitSelect({ units, unit, onUnit }: UnitPageProps) {
  const { say } = useSpeech();
  const [chosen, setChosen] = useState(unit ?? "");
  const choose = (event: Event) => {
    const value = (event.currentTarget as HTMLSelectElement).value;
    setChosen(value);
    onUnit(value === "" ? null : value);
  };
  return (
    <div class="form-group">
      <label class="form-label" for="unit">
        {say.unit.question}
      </label>
      <span class="form-hint" id="unit-hint">
        {say.unit.hint}
      </span>
      <select class="form-select" id="unit" aria-describedby="unit-hint" value={chosen} onChange={choose}>
        <option value="">{say.unit.choose}</option>
        {units
          .filter(({ parent }) => parent === null)
          .map((top) => (
            <optgroup key={top.id} label={top.name}>
              {[top, ...units.filter(({ parent }) => parent === top.id)].map((one) => (
                <option key={one.id} value={one.id}>
                  {unitName(one, units, say)}
                </option>
              ))}
            </optgroup>
          ))}
      </select>
    </div>
  );
}
