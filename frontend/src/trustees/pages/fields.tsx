/**
 * The fields of the trustees' page: a passphrase, a file, and what is wrong with them.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../messages.ts";

/** What is wrong, beside what it is wrong with; read out when it comes. */
export function FieldError({ id, text }: { id: string; text: string }) {
  const say = useWords();
  return (
    <span class="form-error-message" id={id} role="alert">
      <span class="sr-only">{say.error}: </span>
      {text}
    </span>
  );
}

interface WordsFieldProps {
  readonly value: string;
  readonly onInput: (typed: string) => void;
  readonly error: string | null;
}

/** Six words, hidden as they are typed; nothing of them goes to a spelling checker or a list of passwords. */
export function WordsField({ value, onInput, error }: WordsFieldProps) {
  const say = useWords();
  const [shown, setShown] = useState(false);
  const field = {
    id: "words",
    class: "form-input",
    autoComplete: "off",
    autocapitalize: "none",
    spellcheck: false,
    value,
    onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
    "aria-invalid": error !== null,
    "aria-describedby": error ? "words-hint words-error" : "words-hint",
  } as const;
  return (
    <div class={`form-group${error ? " form-error" : ""}`}>
      <label class="form-label" for="words">
        {say.start.words}
      </label>
      <span class="form-hint" id="words-hint">
        {say.start.wordsHint}
      </span>
      {error && <FieldError id="words-error" text={error} />}
      {shown ? <input type="text" {...field} /> : <input type="password" {...field} />}
      <Tick id="show-words" checked={shown} onChange={setShown}>
        {say.start.show}
      </Tick>
    </div>
  );
}

interface TickProps {
  readonly id: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly describedBy?: string | undefined;
  readonly children: ComponentChildren;
}

export function Tick({ id, checked, onChange, describedBy, children }: TickProps) {
  return (
    <div class="form-group-checkbox">
      <input
        id={id}
        class="form-checkbox"
        type="checkbox"
        checked={checked}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{children}</label>
    </div>
  );
}

interface FileFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error: string | null;
  readonly onFile: (file: File | null) => void;
}

export function FileField({ id, label, hint, error, onFile }: FileFieldProps) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div class={`form-group${error ? " form-error" : ""}`}>
      <label class="form-label" for={id}>
        {label}
      </label>
      {hint && (
        <span class="form-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && <FieldError id={`${id}-error`} text={error} />}
      <input
        id={id}
        class="trustees-file"
        type="file"
        accept=".json,application/json"
        aria-describedby={described}
        aria-invalid={error !== null}
        onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
      />
    </div>
  );
}

/** A fingerprint as it is read aloud. */
export function Print({ name, print, why, testid }: { name: string; print: string; why: string; testid: string }) {
  return (
    <div class="trustees-step">
      <h3 id={`${testid}-label`}>{name}</h3>
      <p class="trustees-print" role="group" aria-labelledby={`${testid}-label`} data-testid={testid}>
        {print}
      </p>
      <p>{why}</p>
    </div>
  );
}
