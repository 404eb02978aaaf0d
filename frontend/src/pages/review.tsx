/**
 * What was answered, each with a way back to it, and the button that sends.
 */
import { chosenCodes } from "../answers.ts";
import type { Draft } from "../draft.ts";
import type { Unit } from "../manifest.ts";
import type { Item } from "../questionnaire.ts";
import { useSpeech } from "../speech.ts";
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

function Reviewed({ step, units, draft, onChange }: ReviewedProps) {
  const { say, read } = useSpeech();
  if (step.kind === "unit") {
    const unit = units.find(({ id }) => id === draft.unit);
    return (
      <ReviewedSection title={say.unit.title}>
        <Row question={say.unit.question} answers={unit ? [unitName(unit, units, say)] : []} onChange={() => onChange(step.id, null)} />
      </ReviewedSection>
    );
  }
  if (step.kind === "warning" && draft.skipped.includes(step.section.id)) {
    const title = read(step.section.title);
    return (
      <ReviewedSection title={title}>
        <Row question={say.review.skipped} answers={null} onChange={() => onChange(step.id, null)} name={title} />
      </ReviewedSection>
    );
  }
  if (step.kind !== "section") return null;
  return (
    <ReviewedSection title={read(step.section.title)}>
      {step.section.items
        .filter(({ id }) => step.asked.includes(id))
        .map((item) => (
          <ReviewedItem key={item.id} item={item} draft={draft} onChange={() => onChange(step.id, item.id)} />
        ))}
    </ReviewedSection>
  );
}

function ReviewedSection({ title, children }: { title: string; children: preact.ComponentChildren }) {
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
  const answers = item.options.filter(({ code }) => codes.includes(code)).map(({ label }) => read(label));
  return <Row question={read(item.text)} answers={answers} onChange={onChange} id={item.id} />;
}

interface RowProps {
  readonly question: string;
  /** Null where there is nothing to answer; empty where nothing was answered. */
  readonly answers: readonly string[] | null;
  readonly onChange: () => void;
  /** What the change is of, where that is not the question. */
  readonly name?: string;
  readonly id?: string;
}

function Row({ question, answers, onChange, name, id }: RowProps) {
  const { say } = useSpeech();
  return (
    <div data-answer={id}>
      <dt>{question}</dt>
      {answers?.length === 0 && <dd class="answering-blank">{say.review.blank}</dd>}
      {answers?.map((answer) => (
        <dd key={answer}>{answer}</dd>
      ))}
      <dd class="answering-change">
        <button type="button" class="function-link" onClick={onChange} aria-label={say.review.changeSection(name ?? question)}>
          {say.review.change}
        </button>
      </dd>
    </div>
  );
}
