/**
 * Fields for what people copy from paper: codes, receipts, list numbers. They read lower case, spaces and hyphens,
 * `O` for `0`, `I` and `L` for `1`, and keep what was typed when it cannot be read.
 */
import { useRef, useState } from "preact/hooks";
import { normalised } from "../base32.ts";
import type { Bytes } from "../bytes.ts";
import { CODE_LENGTH } from "../invitation.ts";
import { LIST_NUMBER_LENGTH, secretIn } from "../receipts.ts";
import { useSpeech } from "../speech.tsx";
import { Buttons, Primary } from "./frame.tsx";

interface FieldProps<Value> {
  readonly id: string;
  readonly words: { readonly label: string; readonly hint: string; readonly invalid: string };
  readonly submit: string;
  /** What was typed stands for, or null if it stands for nothing. */
  readonly read: (typed: string) => Value | null | Promise<Value | null>;
  readonly onRead: (value: Value) => void;
}

function Field<Value>({ id, words, submit, read, onRead }: FieldProps<Value>) {
  const { say } = useSpeech();
  const field = useRef<HTMLInputElement>(null);
  const [invalid, setInvalid] = useState(false);
  const check = async (event: Event) => {
    event.preventDefault();
    const value = await read(field.current?.value ?? "");
    if (value !== null) return onRead(value);
    setInvalid(true);
    field.current?.focus();
  };
  return (
    <form onSubmit={check} noValidate>
      <div class={`form-group${invalid ? " form-error" : ""}`}>
        <label class="form-label" for={id}>
          {words.label}
        </label>
        <span class="form-hint" id={`${id}-hint`}>
          {words.hint}
        </span>
        {invalid && (
          <span class="form-error-message" id={`${id}-error`} role="alert">
            <span class="sr-only">{say.error}: </span>
            {words.invalid}
          </span>
        )}
        <input
          ref={field}
          id={id}
          class="form-input answering-code"
          type="text"
          autoComplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby={invalid ? `${id}-hint ${id}-error` : `${id}-hint`}
          aria-invalid={invalid}
        />
      </div>
      <Buttons>
        <Primary>{submit}</Primary>
      </Buttons>
    </form>
  );
}

export function CodeField({ submit, onCode }: { submit: string; onCode: (code: string) => void }) {
  const { say } = useSpeech();
  const read = (typed: string) => normalised(typed, CODE_LENGTH);
  return <Field id="code" words={say.code} submit={submit} read={read} onRead={onCode} />;
}

export function ReceiptField({ submit, onSecret }: { submit: string; onSecret: (secret: Bytes) => void }) {
  const { say } = useSpeech();
  return <Field id="receipt" words={say.later.receipt} submit={submit} read={secretIn} onRead={onSecret} />;
}

export function ListNumberField({ submit, onNumber }: { submit: string; onNumber: (number: string) => void }) {
  const { say } = useSpeech();
  const read = (typed: string) => normalised(typed, LIST_NUMBER_LENGTH);
  return <Field id="list-number" words={say.later.listNumber} submit={submit} read={read} onRead={onNumber} />;
}
