/**
 * One question, in each of the ways it can be answered: one fieldset with its legend per item, never nested, hint and
 * message joined by `aria-describedby`. What was chosen can be taken back.
 */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Answers, chosenCodes, ticked } from "../answers.ts";
import type { Item } from "../questionnaire.ts";
import { useSpeech, Words } from "../speech.tsx";

export type OnAnswer = (itemId: string, answer: string | readonly string[] | null) => void;

interface ItemProps {
  readonly item: Item;
  readonly answers: Answers;
  readonly onAnswer: OnAnswer;
}

export function Question(props: ItemProps) {
  return props.item.type === "multi" ? <Several {...props} /> : <One {...props} />;
}

/** One option of several; also for scales, and for numbers, whose bands are options. */
function One({ item, answers, onAnswer }: ItemProps) {
  const hint = useHint(item);
  return (
    <div class="form-group answering-item">
      <fieldset id={item.id} data-item={item.id} aria-describedby={hint && `${item.id}-hint`}>
        <Legend item={item} />
        <Hint item={item} hint={hint} />
        <Radios item={item} answers={answers} onAnswer={onAnswer} />
      </fieldset>
    </div>
  );
}

/** An item's radios and the button that takes the answer back. */
function Radios({ item, answers, onAnswer }: ItemProps) {
  const { say, read, words } = useSpeech();
  const first = useRef<HTMLInputElement>(null);
  const [chosen] = chosenCodes(answers, item.id);
  const clear = () => {
    onAnswer(item.id, null);
    // The button is about to go: whoever uses the keyboard stays at the question.
    first.current?.focus();
  };
  return (
    <>
      {item.options.map(({ code, label }, position) => {
        const id = `${item.id}-${code}`;
        return (
          <div class="form-group-radio" key={code}>
            <input
              {...(position === 0 ? { ref: first } : {})}
              key={id}
              class="form-radio"
              type="radio"
              id={id}
              name={item.id}
              value={code}
              checked={code === chosen}
              onChange={() => onAnswer(item.id, code)}
            />
            <label class="form-label" for={id}>
              <span class="answering-option">{words(label)}</span>
            </label>
          </div>
        );
      })}
      {chosen !== undefined && (
        <button type="button" class="function-link answering-clear" onClick={clear} aria-label={say.section.clearFor(read(item.text))}>
          {say.section.clear}
        </button>
      )}
    </>
  );
}

/** Several options; some contradict the others, and there may be a limit, which is said, never enforced by force. */
function Several({ item, answers, onAnswer }: ItemProps) {
  const { say, words } = useSpeech();
  const [message, setMessage] = useState<"stopped" | "untold" | null>(null);
  const hint = useHint(item);
  const chosen = chosenCodes(answers, item.id);
  const tick = (code: string, box: HTMLInputElement) => {
    const { codes, stoppedBy } = ticked(item, chosen, code);
    const isUntold = chosen.some((other) => other !== code && !codes.includes(other));
    setMessage(stoppedBy !== null ? "stopped" : isUntold ? "untold" : null);
    if (stoppedBy === null) onAnswer(item.id, codes);
    else box.checked = false;
  };
  return (
    <div class="form-group answering-item">
      <fieldset id={item.id} data-item={item.id} aria-describedby={`${hint ? `${item.id}-hint ` : ""}${item.id}-message`}>
        <Legend item={item} />
        <Hint item={item} hint={hint} />
        {item.options.map((option) => (
          <div class="form-group-checkbox" key={option.code}>
            <input
              class="form-checkbox"
              type="checkbox"
              id={`${item.id}-${option.code}`}
              value={option.code}
              checked={chosen.includes(option.code)}
              onChange={(event) => tick(option.code, event.currentTarget)}
            />
            <label class="form-label" for={`${item.id}-${option.code}`}>
              {words(option.label)}
            </label>
          </div>
        ))}
        <p class="answering-message" id={`${item.id}-message`} role="status">
          {message === "stopped" && say.section.stopped(item.maxChoices ?? 0)}
          {message === "untold" && say.section.untold}
        </p>
      </fieldset>
    </div>
  );
}

/** Whether anything stands under the question: a warning, a hint of the definition's, how many to choose. */
function useHint(item: Item): readonly ComponentChildren[] | undefined {
  const { say, read } = useSpeech();
  const isToldMost = item.maxChoices === null || say.section.tellsMost(read(item.text), item.maxChoices);
  const parts = [
    item.contentWarning && say.section.contentWarning,
    item.hint && <Words text={item.hint} />,
    !isToldMost && say.section.limit(item.maxChoices!),
  ].filter(Boolean);
  return parts.length > 0 ? parts.flatMap((part, at) => (at > 0 ? [" ", part] : [part])) : undefined;
}

function Hint({ item, hint }: { item: Item; hint: readonly ComponentChildren[] | undefined }) {
  if (hint === undefined) return null;
  return (
    <span class="form-hint" id={`${item.id}-hint`}>
      {hint}
    </span>
  );
}

function Legend({ item }: { item: Item }) {
  return (
    <legend class="form-label" id={`${item.id}-legend`} tabIndex={-1}>
      <Words text={item.text} />
    </legend>
  );
}

interface MatrixProps {
  /** Items on one response scale. */
  readonly items: readonly Item[];
  /** Whether they come one after the other: the row of the last one is then kept for the next. */
  readonly alone: boolean;
  readonly answers: Answers;
  readonly onAnswer: OnAnswer;
}

/**
 * Items on one scale: each a fieldset of its own, laid out as the rows of a table where there is room for one and
 * below one another on a phone. Every radio has its own label, so nobody has to find out what a column means.
 */
export function Matrix({ items, alone, answers, onAnswer }: MatrixProps) {
  const { words } = useSpeech();
  const options = items[0]?.options ?? [];
  return (
    <div class="answering-matrix" style={{ "--options": options.length }}>
      <div class="answering-matrix-head" aria-hidden="true">
        <span />
        {options.map((option) => (
          <span key={option.code}>{words(option.label)}</span>
        ))}
        <span />
      </div>
      {items.map((item) => (
        <MatrixRow key={alone ? "alone" : item.id} item={item} answers={answers} onAnswer={onAnswer} />
      ))}
    </div>
  );
}

function MatrixRow({ item, answers, onAnswer }: ItemProps) {
  const hint = useHint(item);
  return (
    <fieldset class="answering-matrix-row" id={item.id} data-item={item.id} aria-describedby={hint && `${item.id}-hint`}>
      <Legend item={item} />
      <Hint item={item} hint={hint} />
      <Radios item={item} answers={answers} onAnswer={onAnswer} />
    </fieldset>
  );
}
