/**
 * The answering page: arrival, the checks before anything is shown, and the ways out.
 *
 * The shell (templates/answering/wave.html) carries the wave's id, its path and its state, and a quick exit that works
 * without this script; everything a respondent reads is made here from bytes that the invitation pins.
 */
import "./answering.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { b64 } from "./bytes.ts";
import { type Draft, draftFor, newDraft, replacingDraft, TabMemory, tabStore } from "./draft.ts";
import { type Errands, useErrands } from "./errands.ts";
import { invitationIn, takenFragment } from "./invitation.ts";
import { Journey } from "./journey.tsx";
import { escapeCounter, replacePage } from "./leaving.ts";
import { type Loaded, loaded, NotLoaded } from "./loading.ts";
import { ManifestRefused } from "./manifest.ts";
import { messages, nameOf, spoken } from "./messages.ts";
import { CodePage, ComparePage } from "./pages/arrival.tsx";
import { Buttons, Primary, Saying, Secondary } from "./pages/frame.tsx";
import { goToHelp, HelpLines } from "./pages/help.tsx";
import { CountedErrand, ReceiptErrand } from "./pages/later.tsx";
import { grouped } from "./base32.ts";
import { sealed, sealedSoon } from "./part.ts";
import { placeIn } from "./place.ts";
import type { Sent } from "./sending.ts";
import type { Language, Questionnaire } from "./questionnaire.ts";
import { LanguageOfPage, useSpeech } from "./speech.tsx";

type Refusal = ManifestRefused["reason"] | NotLoaded["reason"];

interface AppProps {
  readonly wave: string;
  readonly base: string;
  /** The wave's state as the server knows it; only `fielding` takes responses. */
  readonly state: string;
  readonly memory: TabMemory;
  readonly initial: Draft | null;
  readonly brokenLink: boolean;
  readonly leaving: AbortSignal;
  readonly onLeave: () => void;
}

function App(props: AppProps & { initialLanguage: Language }) {
  const [language, setLanguage] = useState(props.initialLanguage);
  const [questionnaire, setQuestionnaire] = useState<Questionnaire | null>(null);
  useEffect(() => dress(language), [language]);
  const choose = (chosen: Language) => {
    props.memory.rememberLanguage(chosen);
    setLanguage(chosen);
  };
  return (
    <LanguageOfPage.Provider value={language}>
      <Tools language={language} questionnaire={questionnaire} onChoose={choose} />
      <Checked {...props} onQuestionnaire={setQuestionnaire} />
    </LanguageOfPage.Provider>
  );
}

interface ToolsProps {
  readonly language: Language;
  readonly questionnaire: Questionnaire | null;
  readonly onChoose: (language: Language) => void;
}

/** At the top of every page: help, and each other language that the questionnaire is in. */
function Tools({ language, questionnaire, onChoose }: ToolsProps) {
  const say = messages(language);
  const others = (questionnaire?.languages ?? ["da", "en"]).filter((other) => other !== language);
  return (
    <div class="answering-tools">
      {questionnaire && questionnaire.helpLines.length > 0 && (
        <button type="button" class="function-link" onClick={goToHelp}>
          {say.help.title}
        </button>
      )}
      {others.length > 0 && (
        <nav aria-label={say.languages}>
          {others.map((other) => (
            <button type="button" class="function-link" key={other} lang={other} onClick={() => onChoose(other)}>
              {nameOf(other)}
            </button>
          ))}
        </nav>
      )}
    </div>
  );
}

/** What stands outside the script's own part of the page: its language, title and fixed words. */
function dress(language: Language): void {
  const say = messages(language);
  document.documentElement.lang = spoken(language);
  document.title = say.pageTitle;
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    const words = element.dataset["say"];
    if (words === "quickExit" || words === "pageTitle" || words === "skipToContent") element.textContent = say[words];
    if (words === "quickExit") element.title = say.quickExitHint;
  }
}

interface CheckedProps extends AppProps {
  readonly onQuestionnaire: (questionnaire: Questionnaire) => void;
}

/** Shows nothing of a wave before its manifest and definition are what they should be. */
function Checked(props: CheckedProps) {
  const { wave, base, leaving, memory } = props;
  const { say } = useSpeech();
  const [draft, setDraft] = useState(props.initial);
  const [found, setFound] = useState<Loaded | Refusal | null>(null);
  const [attempt, setAttempt] = useState(1);
  const [hasDeclined, setHasDeclined] = useState(false);
  const pin = draft?.pin ?? null;

  useEffect(() => {
    const world = { fetch: globalThis.fetch.bind(globalThis), signal: leaving };
    loaded({ base, wave, pin }, world).then(
      (loaded) => {
        props.onQuestionnaire(loaded.questionnaire);
        setFound(loaded);
        sealedSoon();
      },
      (fault: unknown) => setFound(reasonOf(fault)),
    );
  }, [attempt]);

  const keep = (changed: Draft) => {
    memory.remember(changed);
    setDraft(changed);
  };
  const decline = () => {
    memory.forgetAll();
    setHasDeclined(true);
  };
  if (hasDeclined) return <Saying key="declined" {...say.consent.declined} />;
  if (found === null) return <p role="status">{say.loading}</p>;
  if (typeof found === "string") {
    const again = () => {
      setFound(null);
      setAttempt(attempt + 1);
    };
    return <Refused reason={found} onRetry={again} />;
  }
  const refuse = () => setFound("other_manifest");
  return <Promised {...props} found={found} draft={draft} onKeep={keep} onDecline={decline} onRefuse={refuse} />;
}

interface PromisedProps extends AppProps {
  readonly found: Loaded;
  readonly draft: Draft | null;
  readonly onKeep: (draft: Draft) => void;
  readonly onDecline: () => void;
  /** What the card says is not what this page promises. */
  readonly onRefuse: () => void;
}

/** What there is to do in a wave whose promises are known: answer, come back for something, or nothing yet. */
function Promised(props: PromisedProps) {
  const { found, state, onKeep } = props;
  const { manifest, pin } = found.verified;
  const { say } = useSpeech();
  const errands = useErrands();
  // Nobody has a code in an open wave: whoever comes to its address can answer.
  const begun = manifest.mode === "open" && state === "fielding" ? newDraft("", null) : null;
  const [draft, setDraft] = useState(props.draft ?? begun);
  const [isCompared, setIsCompared] = useState(draft?.pin === pin);
  const [hasMoved, setHasMoved] = useState(false);
  const keep = (changed: Draft) => {
    onKeep(changed);
    setDraft(changed);
    setHasMoved(true);
  };
  const compared = () => {
    setIsCompared(true);
    if (draft) keep({ ...draft, pin });
  };

  if (!isCompared && (draft || errands.errand)) {
    return <ComparePage key="compare" pin={pin} mode={manifest.mode} onSame={compared} onDifferent={props.onRefuse} />;
  }
  if (errands.errand) {
    const replace = (secret: Parameters<typeof b64>[0]) => {
      keep(replacingDraft(draft ?? newDraft("", pin), b64(secret), pin));
      errands.finish();
    };
    return <OnErrand {...props} errands={errands} onReplace={replace} />;
  }
  if (state === "ready" && !draft?.sent) {
    const { title, text } = say.notOpenYet;
    return <Saying key="early" title={title} text={text(say.day(manifest.field_period.first_day))} />;
  }
  if (state !== "fielding" && !draft?.sent) {
    return <Closed base={props.base} draft={draft} found={found} onCounted={() => errands.begin("counted")} onLeave={props.onLeave} />;
  }
  if (!draft) {
    return (
      <>
        <CodePage
          key="code"
          brokenLink={props.brokenLink}
          focused={hasMoved}
          onCode={(code) => keep(newDraft(code, isCompared ? pin : null))}
          onReceipt={() => errands.begin("receipt")}
        />
        <HelpLines lines={found.questionnaire.helpLines} />
      </>
    );
  }
  return (
    <Journey
      base={props.base}
      loaded={found}
      memory={props.memory}
      initial={draft}
      leaving={props.leaving}
      hasMoved={hasMoved}
      isOpen={state === "fielding"}
      onDecline={props.onDecline}
      onLeave={props.onLeave}
      onErrand={errands.begin}
    />
  );
}

interface OnErrandProps extends PromisedProps {
  readonly errands: Errands;
  readonly onReplace: Parameters<typeof ReceiptErrand>[0]["onReplace"];
}

function OnErrand({ errands, found, state, base, leaving, memory, onLeave, onReplace }: OnErrandProps) {
  const back = () => history.back();
  const common = { base, verified: found.verified, leaving, onLeave, onBack: back };
  const forget = () => {
    memory.forgetAll();
    errands.settle();
  };
  return (
    <>
      {errands.errand === "receipt" && state === "fielding" ? (
        <ReceiptErrand {...common} onReplace={onReplace} onWithdrawn={forget} />
      ) : (
        <CountedErrand {...common} />
      )}
      <HelpLines lines={found.questionnaire.helpLines} />
    </>
  );
}

interface ClosedProps {
  readonly base: string;
  readonly draft: Draft | null;
  readonly found: Loaded;
  readonly onCounted: () => void;
  readonly onLeave: () => void;
}

/** Too late to answer; a response that was on its way when the tab was reloaded may have arrived all the same. */
function Closed({ base, draft, found, onCounted, onLeave }: ClosedProps) {
  const { say } = useSpeech();
  const [perhaps, setPerhaps] = useState<Sent | null>(null);
  useEffect(() => {
    if (!draft?.response?.offered) return;
    const asked = sealed().then((part) => part.perhapsSent({ draft, verified: found.verified }));
    asked.then(setPerhaps, () => {});
  }, []);
  const { title, text } = say.closed;
  return (
    <Saying key="closed" title={title} text={perhaps ? say.sending.closedOnTheWay : text}>
      {perhaps && <p class="answering-print">{grouped(perhaps.listNumber)}</p>}
      <Buttons>
        <Primary onClick={onCounted}>{say.later.wasCounted}</Primary>
        <Secondary onClick={onLeave}>{say.quickExit}</Secondary>
      </Buttons>
      <Totals base={base} />
    </Saying>
  );
}

/** The way to what became of all responses. */
function Totals({ base }: { base: string }) {
  const { say, language } = useSpeech();
  return (
    <p class="answering-later">
      <a href={`${base}/totals?lang=${spoken(language)}`} rel="noreferrer">
        {say.closed.totals}
      </a>
    </p>
  );
}

function Refused({ reason, onRetry }: { reason: Refusal; onRetry: () => void }) {
  const { say } = useSpeech();
  if (reason === "unknown_wave") return <Saying key={reason} {...say.noWave} />;
  if (reason !== "offline" && reason !== "not_yet") return <Saying key={reason} {...say.refused[reason]} />;
  return (
    <Saying key={reason} {...say.notLoaded}>
      <Primary onClick={onRetry}>{say.tryAgain}</Primary>
    </Saying>
  );
}

function reasonOf(fault: unknown): Refusal {
  if (fault instanceof ManifestRefused || fault instanceof NotLoaded) return fault.reason;
  console.error(fault);
  return "unknown_format";
}

/** What leaves at once, from every answering page, whether or not anything is asked on it. */
function exitFrom(root: HTMLElement | null, exit: HTMLAnchorElement, memory: TabMemory): { leave: () => void; signal: AbortSignal } {
  const leaving = new AbortController();
  const leave = () => {
    memory.forgetAll();
    leaving.abort();
    const { depth } = placeIn(history.state);
    // Nothing is left to read while the browser fetches the other page, or if it keeps this one.
    if (root) render(null, root);
    document.body.replaceChildren();
    replacePage(window, exit.href, depth);
  };
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  const isThirdEscape = escapeCounter();
  addEventListener("keydown", (event) => {
    if (isThirdEscape(event.key, event.repeat, event.timeStamp)) leave();
  });
  return { leave, signal: leaving.signal };
}

function begin(root: HTMLElement, exit: HTMLAnchorElement): void {
  const { wave = "", base = `/w/${wave}`, state = "fielding" } = root.dataset;
  const memory = new TabMemory(tabStore(window), wave);
  const fragment = takenFragment(window);
  const invitation = invitationIn(fragment);
  const initial = draftFor(invitation, memory.draft());
  if (initial) memory.remember(initial);
  const { leave, signal } = exitFrom(root, exit, memory);
  // A page that the browser kept in memory shows what may have been erased since.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  // Another invitation opened in this tab changes the fragment only.
  addEventListener("hashchange", () => {
    if (invitationIn(location.hash)) location.reload();
  });

  const shellLanguage = document.documentElement.lang === "en" ? "en" : "da";
  render(
    <App
      wave={wave}
      base={base}
      state={state}
      memory={memory}
      initial={initial}
      brokenLink={fragment.length > 1 && invitation === null}
      leaving={signal}
      onLeave={leave}
      initialLanguage={memory.language() ?? shellLanguage}
    />,
    root,
  );
}

/** To the content without an entry in the history, which would be one without a place in the journey. */
function skipWithoutTrace(link: HTMLAnchorElement): void {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  });
}

const skip = document.querySelector<HTMLAnchorElement>(".skipnav");
if (skip) skipWithoutTrace(skip);
const root = document.getElementById("answering");
const exit = document.getElementById("quick-exit");
if (exit instanceof HTMLAnchorElement) {
  if (root) begin(root, exit);
  else exitFrom(null, exit, new TabMemory(tabStore(window), ""));
}
