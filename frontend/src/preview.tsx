/**
 * A questionnaire as its respondents will meet it, for the steward who brought it: the same pages, from the definition
 * that a wave would ask. Answers live in this page alone; nothing is sealed, kept or sent.
 */
import { render } from "preact";
import { useState } from "preact/hooks";
import { withAnswer } from "./answers.ts";
import { type Draft, newDraft } from "./draft.ts";
import { messages } from "./messages.ts";
import type { Manifest, VerifiedManifest } from "./manifest.ts";
import { ConsentPage } from "./pages/consent.tsx";
import { Buttons, Page, Secondary } from "./pages/frame.tsx";
import { SectionPage, WarningPage } from "./pages/section.tsx";
import { type Definition, type Language, type Questionnaire, questionnaireOf } from "./questionnaire.ts";
import { LanguageOfPage, PromisesOfPage, useSpeech, Words } from "./speech.tsx";
import { type LeftBehind, NOTHING_LEFT_BEHIND, passedBy, stepAfter, stepNamed, stepsOf, takenUp, tidied, total } from "./steps.ts";

interface Shown {
  readonly draft: Draft;
  /** Ids of the steps so far, the present one last. */
  readonly steps: readonly string[];
  readonly left: LeftBehind;
}

/** What stands for the fingerprint of promises that are not fixed yet. */
const NO_PIN = "0".repeat(16);

const BEGINNING: Shown = { draft: newDraft("", null), steps: ["consent"], left: NOTHING_LEFT_BEHIND };

interface PreviewProps {
  readonly questionnaire: Questionnaire;
  /** What a wave would promise, where one is being set up; no digest pins it yet. */
  readonly promised: { readonly verified: VerifiedManifest; readonly base: string } | null;
}

function Preview({ questionnaire, promised }: PreviewProps) {
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
    if (step.kind === "consent" && promised) {
      return (
        <ConsentPage
          key="consent"
          {...promised}
          questionnaire={questionnaire}
          focused={false}
          survivesReload
          isReplacing={false}
          onAgree={() => go(draft, step.id)}
          onDecline={() => setShown(BEGINNING)}
          onReceipt={() => setShown(BEGINNING)}
        />
      );
    }
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
  const base = root.dataset["base"];
  const addresses = [root.dataset["definition"]!, ...(base ? [`${base}/manifest.json`] : [])];
  const answers = await Promise.all(addresses.map((address) => fetch(address, { credentials: "same-origin" })));
  root.replaceChildren();
  if (!answers.every((answer) => answer.ok)) {
    root.textContent = messages(language).preview.failed;
    return;
  }
  const questionnaire = questionnaireOf((await answers[0]!.json()) as Definition);
  const manifest = base ? ((await answers[1]!.json()) as Manifest) : null;
  const verified = manifest && { manifest, digest: new Uint8Array(32), pin: NO_PIN };
  render(
    <LanguageOfPage.Provider value={language}>
      <PromisesOfPage.Provider value={manifest}>
        <Preview questionnaire={questionnaire} promised={verified && { verified, base: base! }} />
      </PromisesOfPage.Provider>
    </LanguageOfPage.Provider>,
    root,
  );
}

void start();
