/**
 * One respondent's journey from consent to receipt: holds the draft and the place, and shows the step that is there.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { withAnswer } from "./answers.ts";
import { b64, type Bytes } from "./bytes.ts";
import { contentOf } from "./content.ts";
import { type Draft, replacingDraft, sentDraft, type TabMemory } from "./draft.ts";
import type { Errand } from "./errands.ts";
import type { Loaded } from "./loading.ts";
import { HelpLines } from "./pages/help.tsx";
import { ConsentPage } from "./pages/consent.tsx";
import { ReceiptPage } from "./pages/receipt.tsx";
import { ReviewPage } from "./pages/review.tsx";
import { type Alone, SectionPage, UnitPage, WarningPage } from "./pages/section.tsx";
import { SendingPage } from "./pages/sending.tsx";
import { failureOf, sealed } from "./part.ts";
import { entry, FIRST, type Place, placeAfter, placeIn } from "./place.ts";
import type { Failure, Sent, Stage } from "./sending.ts";
import { PromisesOfPage, useSpeech } from "./speech.tsx";
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
  /** Whether the wave takes responses, as far as the server said when the page was loaded. */
  readonly isOpen: boolean;
  readonly onDecline: () => void;
  readonly onLeave: () => void;
  readonly onErrand: (errand: Errand) => void;
}

export function Journey(props: JourneyProps) {
  const { questionnaire } = props.loaded;
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  return (
    <PromisesOfPage.Provider value={props.loaded.verified.manifest}>
      <Steps {...props} onHelp={setIsHelpOpen} />
      <HelpLines lines={questionnaire.helpLines} open={isHelpOpen} />
    </PromisesOfPage.Provider>
  );
}

function Steps(props: JourneyProps & { readonly onHelp: (open: boolean) => void }) {
  const { base, loaded, memory, leaving } = props;
  const { questionnaire, verified } = loaded;
  const { units } = verified.manifest;
  const { say } = useSpeech();
  const kept = useDraft(props.initial, memory);
  const { draft } = kept;
  const steps = stepsOf(questionnaire, units.length > 0, draft);
  const journey = usePlace(loaded, kept);
  const { place } = journey;
  const isNarrow = useNarrow();
  const [sent, setSent] = useState<Sent | null>(null);
  const focused = journey.hasMoved || props.hasMoved;

  const step = shown(stepNamed(steps, place.step), steps, draft);
  const offersHelp = draft.sent || step.kind === "warning" || (step.kind === "section" && step.section.showHelp);
  useEffect(() => props.onHelp(offersHelp), [step.id, offersHelp]);
  if (draft.sent) {
    return (
      <ReceiptPage
        key="receipt"
        sent={sent}
        pin={verified.pin}
        questionnaire={questionnaire}
        focused={sent !== null}
        onLeave={props.onLeave}
        onLater={() => props.onErrand(props.isOpen ? "receipt" : "counted")}
        isOpen={props.isOpen}
      />
    );
  }
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
          isReplacing={draft.secret !== null}
          onAgree={common.onNext}
          onDecline={props.onDecline}
          onReceipt={() => props.onErrand("receipt")}
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
          onNext={() => journey.open(step.section)}
          onSkip={() => journey.skip(step.section)}
        />
      );
    case "section": {
      const alone = isNarrow ? aloneIn(step, place) : null;
      const following = alone && place.target === null ? step.asked[alone.number] : undefined;
      return (
        <SectionPage
          key={step.id}
          {...common}
          alone={alone}
          nextLabel={following ? say.next : common.nextLabel}
          onNext={
            following
              ? () => journey.go(step.id, { fromReview: place.fromReview, item: following })
              : common.onNext
          }
          section={step.section}
          asked={step.asked}
          answers={draft.answers}
          target={place.target}
          onAnswer={(itemId, answer) => kept.answer(itemId, answer)}
          onSkip={() => journey.skip(step.section)}
        />
      );
    }
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
          onSent={(found) => {
            setSent(found);
            journey.finish();
          }}
          onBack={common.onBack}
          onCounted={() => props.onErrand("counted")}
          onLeave={props.onLeave}
        />
      );
  }
}

/**
 * The one item that a narrow screen shows of a matrix: so many rows below one another are a long way to scroll, and
 * show whoever passes by more than one question at a time.
 */
function aloneIn(step: Step & { kind: "section" | "warning" }, place: Place): Alone | null {
  if (step.section.layout !== "matrix" || step.asked.length < 2) return null;
  const at = Math.max(0, step.asked.indexOf(place.item ?? place.target ?? ""));
  return { item: step.asked[at]!, number: at + 1, of: step.asked.length };
}

/** Whether the screen is too narrow for a matrix as a table (answering.css has the same width). */
function useNarrow(): boolean {
  const [query] = useState(() => matchMedia("(max-width: 47.99em)"));
  const [isNarrow, setIsNarrow] = useState(query.matches);
  useEffect(() => {
    const turn = () => setIsNarrow(query.matches);
    query.addEventListener("change", turn);
    return () => query.removeEventListener("change", turn);
  }, []);
  return isNarrow;
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

type How = NonNullable<Parameters<typeof placeAfter>[2]>;

interface Moving {
  readonly place: Place;
  readonly left: LeftBehind;
  readonly hasMoved: boolean;
  readonly go: (step: string, how?: How) => void;
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
  const push = (step: string, moved: { draft: Draft; left: LeftBehind }, how: How = {}) => {
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
  readonly onSent: (sent: Sent) => void;
  readonly onBack: () => void;
  readonly onCounted: () => void;
  readonly onLeave: () => void;
}

/** Sends as soon as it is shown, and again when asked to; stops when it is left. */
function SendingStep({ base, loaded, kept, leaving, onSent, ...ways }: SendingStepProps) {
  const [stage, setStage] = useState<Stage>("sealing");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [perhaps, setPerhaps] = useState<Sent | null>(null);
  const [attempt, setAttempt] = useState(1);

  useEffect(() => {
    const stop = new AbortController();
    const leave = () => stop.abort();
    leaving.addEventListener("abort", leave);
    const world = {
      fetch: globalThis.fetch.bind(globalThis),
      // What is under way when one has gone back must not undo what is changed there.
      remember: (draft: Draft) => {
        if (!stop.signal.aborted) kept.keep(draft);
      },
      tell: setStage,
      signal: stop.signal,
    };
    const draft = kept.current();
    const content = contentOf(loaded.questionnaire, loaded.verified.manifest.units, draft);
    const { verified } = loaded;
    const sending = sealed().then((part) =>
      part.send({ base, verified, content, draft }, { ...world, pause: part.randomPause() }),
    );
    sending.then(onSent, async (fault: unknown) => {
      if (stop.signal.aborted) return;
      const onTheWay = sealed().then((part) => part.perhapsSent({ draft: kept.current(), verified }));
      setPerhaps(await onTheWay.catch(() => null));
      setFailure(failureOf(fault));
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
  useEffect(() => {
    // Back from where there was no network: nobody has to notice it.
    if (failure !== "offline") return;
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [failure]);
  const withCode = (code: string) => {
    kept.keep({ ...kept.current(), code });
    again();
  };
  const withSecret = (secret: Bytes) => {
    kept.keep({ ...replacingDraft(kept.current(), b64(secret), loaded.verified.pin), sending: true });
    again();
  };
  return (
    <SendingPage
      {...ways}
      stage={stage}
      failure={failure}
      isReplacing={kept.draft.secret !== null}
      perhaps={perhaps}
      onRetry={again}
      onCode={withCode}
      onSecret={withSecret}
    />
  );
}
