/**
 * The trustees' page: from the mail's link to an enrolled key, and from a key file to the waves that depend on it.
 *
 * Token, words and key are in this page's memory only: nothing is stored but how far papers are typed in (papers.ts), and
 * a reload asks for the file again. What must be remembered is in the file, which its owner keeps.
 */
import "./trustees.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { takenFragment } from "../invitation.ts";
import type { Language } from "../questionnaire.ts";
import { LanguageOfPage } from "../speech.tsx";
import { copyOf } from "./copy.ts";
import type { KeyFile, Unlocked } from "./keyfile.ts";
import { messages, useWords } from "./messages.ts";
import { EnrolPage } from "./pages/enrol.tsx";
import { ServerSaidNo } from "./pages/refused.tsx";
import { StartPage } from "./pages/start.tsx";
import { WavePage } from "./pages/wave.tsx";
import { WavesPage } from "./pages/waves.tsx";
import { type Me, ServerRefused, TrusteeServer, type WaveSummary } from "./server.ts";

function App({ token, initialLanguage }: { token: string | null; initialLanguage: Language }) {
  const [language, setLanguage] = useState(initialLanguage);
  const say = messages(language);
  useEffect(() => dress(language), [language]);
  const other = language === "da" ? "en" : "da";
  return (
    <LanguageOfPage.Provider value={language}>
      <nav class="answering-languages" aria-label={say.languages}>
        <button type="button" class="function-link" lang={other} onClick={() => setLanguage(other)}>
          {say.otherLanguage}
        </button>
      </nav>
      {token === null ? <Visit token={null} invited={null} /> : <Arrival token={token} />}
    </LanguageOfPage.Provider>
  );
}

/** What stands outside the script's own part of the page. */
function dress(language: Language): void {
  const say = messages(language);
  document.documentElement.lang = language;
  document.title = `${say.pageTitle} – Tillid`;
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    const words = element.dataset["say"];
    const isOurs = words === "pageTitle" || words === "skipToContent" || words === "demo" || words === "program";
    if (isOurs) element.textContent = say[words];
  }
}

/** Asks whose invitation the link holds. */
function Arrival({ token }: { token: string }) {
  const say = useWords();
  const [invited, setInvited] = useState<Me | string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    new TrusteeServer(token).me().then(setInvited, (fault: unknown) => setInvited(codeOf(fault)));
  }, [attempt]);
  const again = () => {
    setInvited(null);
    setAttempt(attempt + 1);
  };
  if (invited === null) return <p role="status">{say.loading}</p>;
  if (typeof invited === "string") return <ServerSaidNo code={invited} onRetry={again} />;
  return <Visit token={token} invited={invited} />;
}

function codeOf(fault: unknown): string {
  if (fault instanceof ServerRefused) return fault.code;
  throw fault;
}

/** Enrols whoever has no key yet, and lets in whoever opens their file. */
function Visit({ token, invited }: { token: string | null; invited: Me | null }) {
  const [me, setMe] = useState<Unlocked | null>(null);
  const [hasLeft, setHasLeft] = useState(false);
  const close = () => {
    setMe(null);
    setHasLeft(true);
  };
  if (me) return <Opened me={me} onFile={(file) => setMe({ ...me, file })} onClose={close} />;
  if (invited && invited.fingerprint === null && token !== null && !hasLeft) {
    return <EnrolPage invited={invited} token={token} server={new TrusteeServer(token)} onEnrolled={setMe} />;
  }
  return <StartPage token={token} hasCopy={invited?.copy ?? false} focused={hasLeft} onOpen={setMe} />;
}

interface OpenedProps {
  readonly me: Unlocked;
  readonly onFile: (file: KeyFile) => void;
  readonly onClose: () => void;
}

type Listed = { readonly waves: readonly WaveSummary[]; readonly isCopyKept: boolean };

function Opened({ me, onFile, onClose }: OpenedProps) {
  const say = useWords();
  const [server] = useState(() => new TrusteeServer(me.file.token));
  const [listed, setListed] = useState<Listed | string | null>(null);
  const [looked, setLooked] = useState<string | null>(null);
  const refresh = () => {
    setListed(null);
    const asked = Promise.all([server.waves(), server.me()]);
    asked.then(
      ([waves, { copy }]) => setListed({ waves, isCopyKept: copy }),
      (fault: unknown) => setListed(codeOf(fault)),
    );
  };
  useEffect(refresh, []);
  if (listed === null) return <p role="status">{say.loading}</p>;
  if (typeof listed === "string") return <ServerSaidNo code={listed} onRetry={refresh} />;
  const setCopy = (isCopyKept: boolean) => setListed({ ...listed, isCopyKept });
  const copy = {
    isKept: listed.isCopyKept,
    keep: async () => setCopy((await server.keepCopy(await copyOf(me)), true)),
    forget: async () => setCopy((await server.forgetCopy(), false)),
  };
  const remember = (file: KeyFile) => {
    onFile(file);
    // The copy follows the file; when the server does not take it, the file on the disk is what counts.
    if (listed.isCopyKept) void copyOf({ ...me, file }).then((text) => server.keepCopy(text)).catch(() => setCopy(false));
  };
  const back = () => {
    setLooked(null);
    refresh();
  };
  if (looked) return <WavePage key={looked} wave={looked} me={me} server={server} onFile={remember} onBack={back} />;
  return (
    <WavesPage file={me.file} waves={listed.waves} copy={copy} onLook={setLooked} onRefresh={refresh} onClose={onClose} />
  );
}

function begin(root: HTMLElement): void {
  const token = takenFragment(window).replace(/^#/, "") || null;
  // Another link opened in this tab changes the fragment only.
  addEventListener("hashchange", () => {
    if (location.hash.length > 1 && location.hash !== "#main") location.reload();
  });
  // A page that the browser kept in memory may be shown to whoever sits there next.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  root.replaceChildren();
  render(<App token={token} initialLanguage={document.documentElement.lang === "en" ? "en" : "da"} />, root);
}

const root = document.getElementById("trustees");
if (root) begin(root);
