/**
 * Arriving with a code on paper: typing it, and comparing the promises' fingerprint with the card.
 */
import { useRef, useState } from "preact/hooks";
import { grouped, normalised } from "../base32.ts";
import { CODE_LENGTH } from "../invitation.ts";
import { useSpeech } from "../speech.ts";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";

interface CodeFieldProps {
  readonly submit: string;
  readonly onCode: (code: string) => void;
}

/** A field for a code; reads lower case, spaces and hyphens, `O` for `0`, `I` and `L` for `1`. */
export function CodeField({ submit, onCode }: CodeFieldProps) {
  const { say } = useSpeech();
  const field = useRef<HTMLInputElement>(null);
  const [invalid, setInvalid] = useState(false);
  const read = (event: Event) => {
    event.preventDefault();
    const code = normalised(field.current?.value ?? "", CODE_LENGTH);
    if (code !== null) return onCode(code);
    setInvalid(true);
    field.current?.focus();
  };
  return (
    <form onSubmit={read} noValidate>
      <div class={`form-group${invalid ? " form-error" : ""}`}>
        <label class="form-label" for="code">
          {say.code.label}
        </label>
        <span class="form-hint" id="code-hint">
          {say.code.hint}
        </span>
        {invalid && (
          <span class="form-error-message" id="code-error" role="alert">
            <span class="sr-only">{say.error}: </span>
            {say.code.invalid}
          </span>
        )}
        <input
          ref={field}
          id="code"
          class="form-input answering-code"
          type="text"
          autoComplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby={invalid ? "code-hint code-error" : "code-hint"}
          aria-invalid={invalid}
        />
      </div>
      <Buttons>
        <Primary>{submit}</Primary>
      </Buttons>
    </form>
  );
}

interface CodePageProps {
  readonly brokenLink: boolean;
  readonly focused: boolean;
  readonly onCode: (code: string) => void;
}

export function CodePage({ brokenLink, focused, onCode }: CodePageProps) {
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
    </Page>
  );
}

interface ComparePageProps {
  readonly pin: string;
  readonly onSame: () => void;
  readonly onDifferent: () => void;
}

export function ComparePage({ pin, onSame, onDifferent }: ComparePageProps) {
  const { say } = useSpeech();
  return (
    <Page title={say.compare.title} focused>
      <p>{say.compare.intro}</p>
      <p class="form-label" id="fingerprint-label">
        {say.compare.label}
      </p>
      <p class="answering-print" aria-labelledby="fingerprint-label" role="group" data-testid="fingerprint">
        {grouped(pin)}
      </p>
      <p>{say.compare.question}</p>
      <Buttons>
        <Primary onClick={onSame}>{say.compare.yes}</Primary>
        <Secondary onClick={onDifferent}>{say.compare.no}</Secondary>
      </Buttons>
    </Page>
  );
}
