/**
 * After sending: the receipt, shown once, and a few words to end on.
 */
import { useRef, useState } from "preact/hooks";
import { grouped } from "../base32.ts";
import type { Questionnaire } from "../questionnaire.ts";
import { useSpeech } from "../speech.ts";
import { Buttons, Page, Primary } from "./frame.tsx";
import { HelpLines } from "./help.tsx";

interface ReceiptProps {
  /** Null after a reload: it is kept nowhere. */
  readonly receipt: string | null;
  readonly questionnaire: Questionnaire;
  readonly focused: boolean;
  readonly onLeave: () => void;
}

export function ReceiptPage({ receipt, questionnaire, focused, onLeave }: ReceiptProps) {
  const { say, read } = useSpeech();
  return (
    <Page title={say.receipt.title} focused={focused}>
      <p>{say.receipt.sealed}</p>
      {receipt === null ? <p>{say.receipt.already}</p> : <Receipt receipt={receipt} />}
      {questionnaire.debrief && <p class="answering-intro">{read(questionnaire.debrief)}</p>}
      <HelpLines lines={questionnaire.helpLines} open />
      <h2>{say.receipt.clear}</h2>
      <p>{say.receipt.clearText}</p>
      <Buttons>
        <Primary onClick={onLeave}>{say.receipt.close}</Primary>
      </Buttons>
    </Page>
  );
}

function Receipt({ receipt }: { receipt: string }) {
  const { say } = useSpeech();
  const text = useRef<HTMLParagraphElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = () => {
    const written = navigator.clipboard?.writeText(grouped(receipt)) ?? Promise.reject();
    written.then(
      () => setCopied(true),
      () => {
        setCopied(false);
        if (text.current) getSelection()?.selectAllChildren(text.current);
      },
    );
  };
  return (
    <section class="answering-receipt" aria-labelledby="receipt-label">
      <h2 id="receipt-label">{say.receipt.label}</h2>
      <p ref={text} class="answering-print" data-testid="receipt">
        {grouped(receipt)}
      </p>
      <p>{say.receipt.use}</p>
      <p>{say.receipt.keep}</p>
      <div class="answering-buttons answering-no-print">
        <button type="button" class="button button-secondary" onClick={copy}>
          {say.receipt.copy}
        </button>
        <button type="button" class="button button-secondary" onClick={() => print()}>
          {say.receipt.print}
        </button>
      </div>
      <p role="status">{copied === null ? "" : copied ? say.receipt.copied : say.receipt.notCopied}</p>
    </section>
  );
}
