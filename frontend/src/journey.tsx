/**
 * One respondent's journey from consent to receipt: holds the draft and the place, and shows the step that is there.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { type Answers, plaintext, withAnswer } from "./answers.ts";
import { type Draft, sentDraft, type TabMemory } from "./draft.ts";
import type { Loaded } from "./loading.ts";
import { ConsentPage } from "./pages/consent.tsx";
import { ReceiptPage } from "./pages/receipt.tsx";
import { ReviewPage } from "./pages/review.tsx";
import { SectionPage, UnitPage, WarningPage } from "./pages/section.tsx";
import { SendingPage } from "./pages/sending.tsx";
import { entry, FIRST, type Place, placeAfter, placeIn } from "./place.ts";
import { routed } from "./routing.ts";
import { type Failure, randomPause, send, SendingFailed, type Stage } from "./sending.ts";
import { useSpeech } from "./speech.ts";
import {
  type LeftBehind,
  NOTHING_LEFT_BEHIND,
  passedBy,
  type Step,
  stepAfter,
  stepNamed,
  stepsOf,
  takenUp,
  tidied,
  total,
} from "./steps.ts";

interface JourneyProps {
  readonly base: string;
  readonly loaded: Loaded;
  readonly memory: TabMemory;
  readonly initial: Draft;
  /** Aborts when the respondent leaves the page. */
  readonly leaving: AbortSignal;
  /** Whether something else was shown before, so that the first heading takes the focus. */
  readonly hasMoved: boolean;
  readonly onDecline: () => void;
  readonly onLeave: () => void;
}

export function Journey(props: JourneyProps) {
  const { base, loaded, memory, leaving } = props;
  const { questionnaire, verified } = loaded;
  const { units } = verified.manifest;
  const { say } = useSpeech();
  const kept = useDraft(props.initial, memory);
  const { draft } = kept;
  const steps = stepsOf(questionnaire, units.length > 0, draft);
  const journey = usePlace(loaded, kept);
  const { place } = journey;
  const [receipt, setReceipt] = useState<string | null>(null);
  const focused = journey.hasMoved || props.hasMoved;

  if (draft.sent) {
    return (
      <ReceiptPage
        key="receipt"
        receipt={receipt}
        questionnaire={questionnaire}
        focused={receipt !== null}
        onLeave={props.onLeave}
      />
    );
  }
  const step = shown(stepNamed(steps, place.step), steps, draft);
  const next = stepAfter(steps, step.id, { review: place.fromReview, seen: draft.seen });
  const common = {
    above: step.number === null ? "" : say.step(step.number, total(steps)),
    focused,
    left: journey.left,
    nextLabel: place.fromReview && next.kind === "review" ? say.backToReview : say.next,
    onNext: () => journey.go(next.id, { fromReview: place.fromReview }),
    onBack: () => history.back(),
  };
  switch (step.kind) {
    case "consent":
      return (
        <ConsentPage
          key={step.id}
          verified={verified}
          questionnaire={questionnaire}
          base={base}
          focused={focused}
          survivesReload={memory.survivesReload}
          onAgree={common.onNext}
          onDecline={props.onDecline}
        />
      );
    case "unit":
      return (
        <UnitPage
          key={step.id}
          {...common}
          units={units}
          unit={draft.unit}
          onUnit={(unit) => kept.keep({ ...draft, unit })}
        />
      );
    case "warning":
      return (
        <WarningPage
          key={step.id}
          {...common}
          section={step.section}
          helpLines={questionnaire.helpLines}
          onNext={() => journey.open(step.section)}
          onSkip={() => journey.skip(step.section)}
        />
      );
    case "section":
      return (
        <SectionPage
          key={step.id}
          {...common}
          section={step.section}
          asked={step.asked}
          answers={draft.answers}
          helpLines={questionnaire.helpLines}
          target={place.target}
          onAnswer={(itemId, answer) => kept.answer(itemId, answer)}
          onSkip={() => journey.skip(step.section)}
        />
      );
    case "review":
      return (
        <ReviewPage
          key={step.id}
          {...common}
          steps={steps}
          units={units}
          draft={draft}
          onChange={(id, target) => journey.go(id, { fromReview: true, target })}
          onSend={() => journey.startSending()}
        />
      );
    case "sending":
      return (
        <SendingStep
          key={step.id}
          base={base}
          loaded={loaded}
          kept={kept}
          leaving={leaving}
          onSent={(receipt) => {
            setReceipt(receipt);
            journey.finish();
          }}
          onBack={common.onBack}
        />
      );
  }
}

/** Going forward in the browser's history sends nothing: only the button does. */
function shown(step: Step, steps: readonly Step[], draft: Draft): Step {
  return step.kind === "sending" && !draft.sending ? stepNamed(steps, "review") : step;
}

interface Kept {
  readonly draft: Draft;
  /** The draft as it is now, also between two renderings. */
  readonly current: () => Draft;
  readonly keep: (draft: Draft) => void;
  readonly answer: (itemId: string, answer: string | readonly string[] | null) => void;
}

/** The draft, remembered by the tab at every change. */
function useDraft(initial: Draft, memory: TabMemory): Kept {
  const [draft, setDraft] = useState(initial);
  const latest = useRef(initial);
  const keep = (changed: Draft) => {
    latest.current = changed;
    memory.remember(changed);
    setDraft(changed);
  };
  return {
    draft,
    current: () => latest.current,
    keep,
    answer: (itemId, answer) =>
      keep({ ...latest.current, answers: withAnswer(latest.current.answers, itemId, answer) }),
  };
}

interface Moving {
  readonly place: Place;
  readonly left: LeftBehind;
  readonly hasMoved: boolean;
  readonly go: (step: string, how?: { fromReview?: boolean; target?: string | null }) => void;
  readonly open: (section: Parameters<typeof takenUp>[1]) => void;
  readonly skip: (section: Parameters<typeof takenUp>[1]) => void;
  readonly startSending: () => void;
  readonly finish: () => void;
}

/** Moves between steps; whatever the path no longer leads to is dropped with every move. */
function usePlace({ questionnaire, verified }: Loaded, kept: Kept): Moving {
  const [place, setPlace] = useState<Place>(() => placeIn(history.state));
  const [left, setLeft] = useState<LeftBehind>(NOTHING_LEFT_BEHIND);
  const [hasMoved, setHasMoved] = useState(false);
  const latest = useRef(place);

  const arrive = (there: Place, moved: { draft: Draft; left: LeftBehind }) => {
    const seen = [...new Set([...moved.draft.seen, latest.current.step, there.step])];
    kept.keep({ ...moved.draft, seen, sending: there.step === "sending" && moved.draft.sending });
    latest.current = there;
    setLeft(moved.left);
    setHasMoved(true);
    setPlace(there);
  };
  const push = (step: string, moved: { draft: Draft; left: LeftBehind }, how: Parameters<typeof placeAfter>[2] = {}) => {
    const there = placeAfter(latest.current, step, how);
    history.pushState(entry(there), "", location.pathname);
    arrive(there, moved);
  };
  const onwards = (moved: { draft: Draft; left: LeftBehind }) => {
    const { step, fromReview } = latest.current;
    const steps = stepsOf(questionnaire, verified.manifest.units.length > 0, moved.draft);
    const here = stepNamed(steps, step).id;
    const next = stepAfter(steps, here, { review: fromReview, seen: moved.draft.seen });
    push(next.id, moved, { fromReview });
  };

  useEffect(() => {
    const onPop = (event: PopStateEvent) => arrive(placeIn(event.state), tidied(questionnaire, kept.current()));
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  }, []);

  return {
    place,
    left,
    hasMoved,
    go: (step, how) => push(step, tidied(questionnaire, kept.current()), how),
    open: (section) => onwards(tidied(questionnaire, takenUp(kept.current(), section))),
    skip: (section) => onwards(passedBy(questionnaire, kept.current(), section)),
    startSending: () => {
      const moved = tidied(questionnaire, kept.current());
      push("sending", { ...moved, draft: { ...moved.draft, sending: true } });
    },
    finish: () => {
      history.replaceState(entry({ ...FIRST, depth: latest.current.depth }), "", location.pathname);
      kept.keep(sentDraft(kept.current()));
    },
  };
}

interface SendingStepProps {
  readonly base: string;
  readonly loaded: Loaded;
  readonly kept: Kept;
  readonly leaving: AbortSignal;
  readonly onSent: (receipt: string) => void;
  readonly onBack: () => void;
}

/** Sends as soon as it is shown, and again when asked to; stops when it is left. */
function SendingStep({ base, loaded, kept, leaving, onSent, onBack }: SendingStepProps) {
  const [stage, setStage] = useState<Stage>("sealing");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(1);

  useEffect(() => {
    const stop = new AbortController();
    const leave = () => stop.abort();
    leaving.addEventListener("abort", leave);
    const world = {
      fetch: globalThis.fetch.bind(globalThis),
      pause: randomPause(),
      // What is under way when one has gone back must not undo what is changed there.
      remember: (draft: Draft) => {
        if (!stop.signal.aborted) kept.keep(draft);
      },
      tell: setStage,
      signal: stop.signal,
    };
    const draft = kept.current();
    const content = contentOf(loaded, draft);
    send({ base, verified: loaded.verified, content, draft }, world).then(onSent, (fault: unknown) => {
      if (!stop.signal.aborted) setFailure(fault instanceof SendingFailed ? fault.failure : "unexpected");
    });
    return () => {
      leaving.removeEventListener("abort", leave);
      leave();
    };
  }, [attempt]);

  const again = () => {
    setFailure(null);
    setStage("sealing");
    setAttempt(attempt + 1);
  };
  const withCode = (code: string) => {
    kept.keep({ ...kept.current(), code });
    again();
  };
  return <SendingPage stage={stage} failure={failure} onRetry={again} onCode={withCode} onBack={onBack} />;
}

function contentOf({ questionnaire, verified }: Loaded, draft: Draft): ReturnType<typeof plaintext> {
  const unit = verified.manifest.units.findIndex(({ id }) => id === draft.unit);
  const answers: Answers = routed(questionnaire, draft.answers, draft.skipped).answers;
  return plaintext(questionnaire, unit < 0 ? null : unit, answers);
}
