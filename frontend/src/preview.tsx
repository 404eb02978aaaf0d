/**
 * A questionnaire as its respondents will meet it, for the steward who brought it: the same pages, from the definition
 * that a wave would ask. Answers live in this page alone; nothing is sealed, kept or sent.
 */
import { render } from "preact";
import { useState } from "preact/hooks";
import { withAnswer } from "./answers.ts";
import { type Draft, newDraft } from "./draft.ts";
import { messages } from "./messages.ts";
import { Buttons, Page, Secondary } from "./pages/frame.tsx";
import { SectionPage, WarningPage } from "./pages/section.tsx";
import { type Definition, type Language, type Questionnaire, questionnaireOf } from "./questionnaire.ts";
import { LanguageOfPage, useSpeech, Words } from "./speech.tsx";
import { type LeftBehind, NOTHING_LEFT_BEHIND, passedBy, stepAfter, stepNamed, stepsOf, takenUp, tidied, total } from "./steps.ts";

interface Shown {
  readonly draft: Draft;
  /** Ids of the steps so far, the present one last. */
  readonly steps: readonly string[];
  readonly left: LeftBehind;
}

const BEGINNING: Shown = { draft: newDraft("", null), steps: ["consent"], left: NOTHING_LEFT_BEHIND };

function Preview({ questionnaire }: { questionnaire: Questionnaire }) {
  const { say } = useSpeech();
  const [shown, setShown] = useState(BEGINNING);
  const { draft } = shown;
  const steps = stepsOf(questionnaire, false, draft);
  const step = stepNamed(steps, shown.steps.at(-1)!);
  const change = (changed: Draft) => setShown({ ...shown, draft: changed });
  const go = (from: Draft, after: string, left?: LeftBehind) => {
    const kept = tidied(questionnaire, from);
    const next = stepAfter(stepsOf(questionnaire, false, kept.draft), after, { review: false, seen: [] });
    setShown({ draft: kept.draft, steps: [...shown.steps, next.id], left: left ?? kept.left });
  };
  const back = () => setShown({ ...shown, steps: shown.steps.slice(0, -1), left: NOTHING_LEFT_BEHIND });
  if (step.kind !== "warning" && step.kind !== "section") {
    return step.kind === "consent" ? (
      <Beginning key="consent" questionnaire={questionnaire} onNext={() => go(draft, step.id)} />
    ) : (
      <Ending key="end" questionnaire={questionnaire} onAgain={() => setShown(BEGINNING)} />
    );
  }
  const { section } = step;
  const skip = () => {
    const passed = passedBy(questionnaire, draft, section);
    go(passed.draft, step.id, passed.left);
  };
  const common = {
    above: say.step(step.number, total(steps)),
    focused: true,
    left: shown.left,
    nextLabel: say.next,
    onBack: back,
    section,
    onSkip: skip,
  };
  return step.kind === "warning" ? (
    <WarningPage key={step.id} {...common} onNext={() => go(takenUp(draft, section), step.id)} />
  ) : (
    <SectionPage
      key={step.id}
      {...common}
      asked={step.asked}
      answers={draft.answers}
      target={null}
      alone={null}
      onAnswer={(item, answer) => change({ ...draft, answers: withAnswer(draft.answers, item, answer) })}
      onNext={() => go(draft, step.id)}
    />
  );
}

function Beginning({ questionnaire, onNext }: { questionnaire: Questionnaire; onNext: () => void }) {
  const { say } = useSpeech();
  return (
    <Page title={<Words text={questionnaire.title} />} focused={false}>
      {questionnaire.intro && (
        <p class="answering-intro">
          <Words text={questionnaire.intro} />
        </p>
      )}
      <Buttons>
        <button type="button" class="button button-primary" onClick={onNext}>
          {say.next}
        </button>
      </Buttons>
    </Page>
  );
}

function Ending({ questionnaire, onAgain }: { questionnaire: Questionnaire; onAgain: () => void }) {
  const { say } = useSpeech();
  return (
    <Page title={say.preview.end} focused>
      {questionnaire.debrief && (
        <p>
          <Words text={questionnaire.debrief} />
        </p>
      )}
      <p>{say.preview.nothingSent}</p>
      <Buttons>
        <Secondary onClick={onAgain}>{say.preview.again}</Secondary>
      </Buttons>
    </Page>
  );
}

async function start(): Promise<void> {
  const root = document.getElementById("preview");
  if (!root) return;
  const language: Language = root.dataset["language"] ?? "da";
  const answer = await fetch(root.dataset["definition"]!, { credentials: "same-origin" });
  root.replaceChildren();
  if (!answer.ok) {
    root.textContent = messages(language).preview.failed;
    return;
  }
  const questionnaire = questionnaireOf((await answer.json()) as Definition);
  render(
    <LanguageOfPage.Provider value={language}>
      <Preview questionnaire={questionnaire} />
    </LanguageOfPage.Provider>,
    root,
  );
}

void start();
