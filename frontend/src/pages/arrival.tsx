/**
 * Arriving with a code on paper: typing it, and comparing the promises' fingerprint with the card.
 */
import { grouped } from "../base32.ts";
import type { Manifest } from "../manifest.ts";
import { useSpeech } from "../speech.tsx";
import { CodeField } from "./fields.tsx";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";

interface CodePageProps {
  readonly brokenLink: boolean;
  readonly focused: boolean;
  readonly onCode: (code: string) => void;
  /** To replace or withdraw what was sent earlier. */
  readonly onReceipt: () => void;
}

export function CodePage({ brokenLink, focused, onCode, onReceipt }: CodePageProps) {
  const { say } = useSpeech();
  return (
    <Page title={say.code.title} focused={focused}>
      {brokenLink && (
        <Alert kind="warning">
          <p class="alert-text">{say.code.brokenLink}</p>
        </Alert>
      )}
      <p>{say.code.intro}</p>
      <CodeField submit={say.code.submit} onCode={onCode} />
      <Later text={say.later.answered} action={say.later.useReceipt} onClick={onReceipt} />
    </Page>
  );
}

/** The way to what one can do after having answered. */
export function Later({ text, action, onClick }: { text: string; action: string; onClick: () => void }) {
  return (
    <p class="answering-later">
      {text}{" "}
      <button type="button" class="function-link" onClick={onClick}>
        {action}
      </button>
    </p>
  );
}

interface ComparePageProps {
  /** Whether the fingerprint stands on a card or on a poster. */
  readonly mode: Manifest["mode"];
  readonly pin: string;
  readonly onSame: () => void;
  readonly onDifferent: () => void;
}

export function ComparePage({ pin, mode, onSame, onDifferent }: ComparePageProps) {
  const { say } = useSpeech();
  const words = say.compare[mode];
  return (
    <Page title={words.title} focused>
      <p>{words.intro}</p>
      <p class="form-label" id="fingerprint-label">
        {say.compare.label}
      </p>
      <p class="answering-print" aria-labelledby="fingerprint-label" role="group" data-testid="fingerprint">
        {grouped(pin)}
      </p>
      <p>{words.question}</p>
      <Buttons>
        <Primary onClick={onSame}>{say.compare.yes}</Primary>
        <Secondary onClick={onDifferent}>{say.compare.no}</Secondary>
      </Buttons>
    </Page>
  );
}
