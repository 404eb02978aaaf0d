/**
 * Typing papers in: one after the other, as their people crossed them, each looked through and sent sealed.
 */
import { useState } from "preact/hooks";
import { withAnswer } from "../../answers.ts";
import { contentOf } from "../../content.ts";
import { type Draft, newDraft } from "../../draft.ts";
import type { VerifiedManifest } from "../../manifest.ts";
import { Alert, Buttons, Page, Primary, Secondary } from "../../pages/frame.tsx";
import { Reviewed } from "../../pages/review.tsx";
import { SectionPage, UnitPage, WarningPage } from "../../pages/section.tsx";
import type { Questionnaire } from "../../questionnaire.ts";
import { SendingFailed } from "../../sending.ts";
import { useSpeech } from "../../speech.tsx";
import { type LeftBehind, NOTHING_LEFT_BEHIND, passedBy, stepAfter, stepNamed, stepsOf, takenUp, tidied, total } from "../../steps.ts";
import { useWords } from "../messages.ts";
import { bookOf, type Desk, enter, enterPending, type PaperBook } from "../papers.ts";

interface PapersProps {
  readonly verified: VerifiedManifest;
  readonly questionnaire: Questionnaire;
  readonly codes: readonly string[];
  readonly onBack: () => void;
}

export function Papers({ verified, questionnaire, codes, onBack }: PapersProps) {
  const say = useWords();
  const [desk] = useState<Desk>(() => ({ verified, codes, store: localStorage, fetch: globalThis.fetch.bind(globalThis) }));
  const [book, setBook] = useState(() => bookOf(desk.store, verified.manifest.wave));
  const [phase, setPhase] = useState<"desk" | "typing" | "sending">("desk");
  const [told, setTold] = useState<{ kind: "success" | "error"; text: string } | null>(null);
  const words = say.papers;
  const deliver = (work: () => Promise<PaperBook>) => {
    setPhase("sending");
    const tell = (kind: "success" | "error", text: string) => {
      setBook(bookOf(desk.store, verified.manifest.wave));
      setTold({ kind, text });
      setPhase("desk");
    };
    work().then(
      () => tell("success", words.sent),
      (fault: unknown) => tell("error", words.failed(fault instanceof SendingFailed ? fault.failure : "unexpected")),
    );
  };
  if (phase === "sending") return <p role="status">{words.sending}</p>;
  if (phase === "typing") {
    const send = (draft: Draft) =>
      deliver(() => enter(desk, contentOf(questionnaire, verified.manifest.units, draft)));
    return <Typing verified={verified} questionnaire={questionnaire} onSend={send} onCancel={() => setPhase("desk")} />;
  }
  const left = codes.length - book.used;
  return (
    <Page key={told?.text ?? "papers"} title={words.title} focused>
      {told && (
        <Alert kind={told.kind} role={told.kind === "error" ? "alert" : "status"}>
          <p class="alert-text">{told.text}</p>
        </Alert>
      )}
      <p>{words.alone}</p>
      <p>{words.shuffle}</p>
      <p data-testid="papers-used">{words.used(say.count(book.used), say.count(codes.length))}</p>
      {book.pending && (
        <Alert kind="warning">
          <p class="alert-text">{words.pending}</p>
        </Alert>
      )}
      <Buttons>
        {book.pending ? (
          <Primary onClick={() => deliver(() => enterPending(desk))}>{words.again}</Primary>
        ) : (
          left > 0 && <Primary onClick={() => setPhase("typing")}>{words.begin}</Primary>
        )}
        <Secondary onClick={onBack}>{words.leave}</Secondary>
      </Buttons>
    </Page>
  );
}

interface TypingProps {
  readonly verified: VerifiedManifest;
  readonly questionnaire: Questionnaire;
  readonly onSend: (draft: Draft) => void;
  readonly onCancel: () => void;
}

interface Shown {
  readonly draft: Draft;
  /** Ids of the steps so far, the present one last. */
  readonly steps: readonly string[];
  readonly left: LeftBehind;
  /** Whether one is back from the review to change something. */
  readonly isChange: boolean;
}

/** One paper, in the order of its questions; it lives in this page alone until it is sealed. */
function Typing({ verified, questionnaire, onSend, onCancel }: TypingProps) {
  const { say } = useSpeech();
  const { units } = verified.manifest;
  const stepsFor = (draft: Draft) => stepsOf(questionnaire, units.length > 0, draft);
  const [shown, setShown] = useState<Shown>(() => {
    const draft = newDraft("", null);
    const first = stepAfter(stepsFor(draft), "consent", { review: false, seen: [] });
    return { draft, steps: [first.id], left: NOTHING_LEFT_BEHIND, isChange: false };
  });
  const { draft } = shown;
  const steps = stepsFor(draft);
  const step = stepNamed(steps, shown.steps.at(-1)!);
  const change = (changed: Draft) => setShown({ ...shown, draft: changed });
  const go = (from: Draft, left?: LeftBehind) => {
    const kept = tidied(questionnaire, from);
    const next = stepAfter(stepsFor(kept.draft), step.id, { review: shown.isChange, seen: shown.steps });
    const isChange = shown.isChange && next.kind !== "review";
    setShown({ draft: kept.draft, steps: [...shown.steps, next.id], left: left ?? kept.left, isChange });
  };
  const back = () => {
    if (shown.steps.length < 2) return onCancel();
    setShown({ ...shown, steps: shown.steps.slice(0, -1), left: NOTHING_LEFT_BEHIND });
  };
  const common = {
    above: step.number === null ? "" : say.step(step.number, total(steps)),
    focused: true,
    left: shown.left,
    nextLabel: say.next,
    onNext: () => go(draft),
    onBack: back,
  };
  const key = `${shown.steps.length} ${step.id}`;
  if (step.kind === "unit") {
    return <UnitPage key={key} {...common} units={units} unit={draft.unit} onUnit={(unit) => change({ ...draft, unit })} />;
  }
  if (step.kind !== "warning" && step.kind !== "section") {
    const alter = (id: string) => setShown({ ...shown, steps: [...shown.steps, id], isChange: true });
    return <Look key={key} verified={verified} draft={draft} steps={steps} onChange={alter} onSend={() => onSend(draft)} onCancel={onCancel} />;
  }
  const { section } = step;
  const skip = () => {
    const passed = passedBy(questionnaire, draft, section);
    go(passed.draft, passed.left);
  };
  if (step.kind === "warning") {
    return <WarningPage key={key} {...common} section={section} onNext={() => go(takenUp(draft, section))} onSkip={skip} />;
  }
  return (
    <SectionPage
      key={key}
      {...common}
      section={section}
      onSkip={skip}
      asked={step.asked}
      answers={draft.answers}
      target={null}
      alone={null}
      onAnswer={(item, answer) => change({ ...draft, answers: withAnswer(draft.answers, item, answer) })}
    />
  );
}

interface LookProps {
  readonly verified: VerifiedManifest;
  readonly draft: Draft;
  readonly steps: ReturnType<typeof stepsOf>;
  readonly onChange: (step: string) => void;
  readonly onSend: () => void;
  readonly onCancel: () => void;
}

/** What was typed, to be held against the paper before it is sealed. */
function Look({ verified, draft, steps, onChange, onSend, onCancel }: LookProps) {
  const { papers } = useWords();
  return (
    <Page title={papers.lookTitle} focused>
      <p>{papers.lookText}</p>
      {steps.map((each) => (
        <Reviewed key={each.id} step={each} units={verified.manifest.units} draft={draft} onChange={onChange} />
      ))}
      <Buttons>
        <Primary onClick={onSend}>{papers.send}</Primary>
        <Secondary onClick={onCancel}>{papers.cancel}</Secondary>
      </Buttons>
    </Page>
  );
}
