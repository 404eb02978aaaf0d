/**
 * The answering page: arrival, the checks before anything is shown, and the ways out.
 *
 * The shell (templates/answering/wave.html) carries the wave's id, its path and its state, and a quick exit that works
 * without this script; everything a respondent reads is made here from bytes that the invitation pins.
 */
import "./answering.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Draft, draftFor, newDraft, TabMemory, tabStore } from "./draft.ts";
import { invitationIn, takenFragment } from "./invitation.ts";
import { Journey } from "./journey.tsx";
import { escapeCounter, replacePage } from "./leaving.ts";
import { type Loaded, loaded, NotLoaded } from "./loading.ts";
import { ManifestRefused } from "./manifest.ts";
import { messages } from "./messages.ts";
import { CodePage, ComparePage } from "./pages/arrival.tsx";
import { Primary, Saying } from "./pages/frame.tsx";
import { placeIn } from "./place.ts";
import type { Language } from "./questionnaire.ts";
import { LanguageOfPage, useSpeech } from "./speech.ts";

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
  useEffect(() => dress(language), [language]);
  const choose = (chosen: Language) => {
    props.memory.rememberLanguage(chosen);
    setLanguage(chosen);
  };
  return (
    <LanguageOfPage.Provider value={language}>
      <LanguageSwitch language={language} onChoose={choose} />
      <Checked {...props} />
    </LanguageOfPage.Provider>
  );
}

function LanguageSwitch({ language, onChoose }: { language: Language; onChoose: (language: Language) => void }) {
  const say = messages(language);
  const other = language === "da" ? "en" : "da";
  return (
    <nav class="answering-languages" aria-label={say.languages}>
      <button type="button" class="function-link" lang={other} onClick={() => onChoose(other)}>
        {say.otherLanguage}
      </button>
    </nav>
  );
}

/** What stands outside the script's own part of the page: its language, title and fixed words. */
function dress(language: Language): void {
  const say = messages(language);
  document.documentElement.lang = language;
  document.title = say.pageTitle;
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    const words = element.dataset["say"];
    if (words === "quickExit" || words === "pageTitle" || words === "skipToContent") element.textContent = say[words];
    if (words === "quickExit") element.title = say.quickExitHint;
  }
}

/** Shows nothing of a wave before its manifest and definition are what they should be. */
function Checked(props: AppProps) {
  const { wave, base, leaving, memory } = props;
  const { say } = useSpeech();
  const [draft, setDraft] = useState(props.initial);
  const [found, setFound] = useState<Loaded | Refusal | null>(null);
  const [attempt, setAttempt] = useState(1);
  const [hasMoved, setHasMoved] = useState(false);
  const [hasDeclined, setHasDeclined] = useState(false);
  const pin = draft?.pin ?? null;

  useEffect(() => {
    const world = { fetch: globalThis.fetch.bind(globalThis), signal: leaving };
    loaded({ base, wave, pin }, world).then(setFound, (fault: unknown) => setFound(reasonOf(fault)));
  }, [attempt]);

  const keep = (changed: Draft) => {
    memory.remember(changed);
    setDraft(changed);
    setHasMoved(true);
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
  const { manifest } = found.verified;
  if (props.state === "ready" && !draft?.sent) {
    return <Saying key="early" title={say.notOpenYet.title} text={say.notOpenYet.text(say.day(manifest.field_period.first_day))} />;
  }
  if (props.state !== "fielding" && !draft?.sent) return <Saying key="closed" {...say.closed} />;
  if (!draft) {
    return <CodePage key="code" brokenLink={props.brokenLink} focused={hasMoved} onCode={(code) => keep(newDraft(code, null))} />;
  }
  if (draft.pin === null) {
    return (
      <ComparePage
        key="compare"
        pin={found.verified.pin}
        onSame={() => keep({ ...draft, pin: found.verified.pin })}
        onDifferent={() => setFound("other_manifest")}
      />
    );
  }
  return (
    <Journey
      base={base}
      loaded={found}
      memory={memory}
      initial={draft}
      leaving={leaving}
      hasMoved={hasMoved}
      onDecline={decline}
      onLeave={props.onLeave}
    />
  );
}

function Refused({ reason, onRetry }: { reason: Refusal; onRetry: () => void }) {
  const { say } = useSpeech();
  if (reason === "unknown_wave") return <Saying key={reason} {...say.noWave} />;
  if (reason !== "offline") return <Saying key={reason} {...say.refused[reason]} />;
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

function begin(root: HTMLElement, exit: HTMLAnchorElement): void {
  const { wave = "", base = `/w/${wave}`, state = "fielding" } = root.dataset;
  const memory = new TabMemory(tabStore(window), wave);
  const fragment = takenFragment(window);
  const invitation = invitationIn(fragment);
  const initial = draftFor(invitation, memory.draft());
  if (initial) memory.remember(initial);

  const leaving = new AbortController();
  const leave = () => {
    memory.forgetAll();
    leaving.abort();
    const { depth } = placeIn(history.state);
    // Nothing is left to read while the browser fetches the other page, or if it keeps this one.
    render(null, root);
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
  // A page that the browser kept in memory shows what may have been erased since.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  // Another invitation opened in this tab changes the fragment only.
  addEventListener("hashchange", () => {
    if (location.hash) location.reload();
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
      leaving={leaving.signal}
      onLeave={leave}
      initialLanguage={memory.language() ?? shellLanguage}
    />,
    root,
  );
}

const root = document.getElementById("answering");
const exit = document.getElementById("quick-exit");
if (root && exit instanceof HTMLAnchorElement) begin(root, exit);
