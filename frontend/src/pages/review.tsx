/**
 * What was answered, each with a way back to it, and the button that sends.
 */
import type { ComponentChildren } from "preact";
import { chosenCodes } from "../answers.ts";
import type { Draft } from "../draft.ts";
import type { Unit } from "../manifest.ts";
import type { Item } from "../questionnaire.ts";
import { useSpeech, Words } from "../speech.tsx";
import type { LeftBehind, Step } from "../steps.ts";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";
import { unitName } from "./unit.ts";

interface ReviewProps {
  readonly above: string;
  readonly focused: boolean;
  readonly left: LeftBehind;
  readonly steps: readonly Step[];
  readonly units: readonly Unit[];
  readonly draft: Draft;
  readonly onChange: (stepId: string, itemId: string | null) => void;
  readonly onSend: () => void;
  readonly onBack: () => void;
}

export function ReviewPage(props: ReviewProps) {
  const { steps, units, draft, onChange, onSend, onBack } = props;
  const { say } = useSpeech();
  const isBlank = draft.unit === null && Object.keys(draft.answers).length === 0;
  return (
    <Page title={say.review.title} above={props.above} focused={props.focused} left={props.left}>
      <p>{say.review.intro}</p>
      {draft.secret !== null && (
        <Alert kind="info">
          <p class="alert-text">{say.later.replacing}</p>
        </Alert>
      )}
      {steps.map((step) => (
        <Reviewed key={step.id} step={step} units={units} draft={draft} onChange={onChange} />
      ))}
      <h2>{say.review.sendTitle}</h2>
      {isBlank && (
        <Alert kind="info">
          <p class="alert-text">{say.review.nothing}</p>
        </Alert>
      )}
      <p>{say.review.sendText}</p>
      <Buttons>
        <Primary onClick={onSend}>{say.review.send}</Primary>
        <Secondary onClick={onBack}>{say.back}</Secondary>
      </Buttons>
    </Page>
  );
}

interface ReviewedProps {
  readonly step: Step;
  readonly units: readonly Unit[];
  readonly draft: Draft;
  readonly onChange: (stepId: string, itemId: string | null) => void;
}

/** A step's answers, each with a way back to it. */
export function Reviewed({ step, units, draft, onChange }: ReviewedProps) {
  const { say, read } = useSpeech();
  if (step.kind === "unit") {
    const unit = units.find(({ id }) => id === draft.unit);
    return (
      <ReviewedSection title={say.unit.title}>
        <Row question={say.unit.question} name={say.unit.question} answers={unit ? [unitName(unit, units, say)] : []} onChange={() => onChange(step.id, null)} />
      </ReviewedSection>
    );
  }
  if (step.kind === "warning" && draft.skipped.includes(step.section.id)) {
    const title = read(step.section.title);
    return (
      <ReviewedSection title={title}>
        <Row question={say.review.skipped} name={title} answers={null} onChange={() => onChange(step.id, null)} />
      </ReviewedSection>
    );
  }
  if (step.kind !== "section") return null;
  return (
    <ReviewedSection title={<Words text={step.section.title} />}>
      {step.section.items
        .filter(({ id }) => step.asked.includes(id))
        .map((item) => (
          <ReviewedItem key={item.id} item={item} draft={draft} onChange={() => onChange(step.id, item.id)} />
        ))}
    </ReviewedSection>
  );
}

function ReviewedSection({ title, children }: { title: ComponentChildren; children: ComponentChildren }) {
  return (
    <>
      <h2>{title}</h2>
      <dl class="answering-review">{children}</dl>
    </>
  );
}

function ReviewedItem({ item, draft, onChange }: { item: Item; draft: Draft; onChange: () => void }) {
  const { read } = useSpeech();
  const codes = chosenCodes(draft.answers, item.id);
  const answers = item.options.filter(({ code }) => codes.includes(code)).map(({ code, label }) => <Words key={code} text={label} />);
  return <Row question={<Words text={item.text} />} name={read(item.text)} answers={answers} onChange={onChange} id={item.id} />;
}

interface RowProps {
  readonly question: ComponentChildren;
  /** What a change is of. */
  readonly name: string;
  /** Null where there is nothing to answer; empty where nothing was answered. */
  readonly answers: readonly ComponentChildren[] | null;
  readonly onChange: () => void;
  readonly id?: string;
}

function Row({ question, answers, onChange, name, id }: RowProps) {
  const { say } = useSpeech();
  return (
    <div data-answer={id}>
      <dt>{question}</dt>
      {answers?.length === 0 && <dd class="answering-blank">{say.review.blank}</dd>}
      {answers?.map((answer, at) => (
        <dd key={at}>{answer}</dd>
      ))}
      <dd class="answering-change">
        <button type="button" class="function-link" onClick={onChange} aria-label={say.review.changeSection(name)}>
          {say.review.change}
        </button>
      </dd>
    </div>
  );
}
