/**
 * After sending: the receipt, shown once, and a few words to end on.
 */
import { useRef, useState } from "preact/hooks";
import { grouped } from "../base32.ts";
import type { Questionnaire } from "../questionnaire.ts";
import { useSpeech, Words } from "../speech.tsx";
import type { Sent } from "../sending.ts";
import { Later } from "./arrival.tsx";
import { Buttons, Page, Primary } from "./frame.tsx";

interface ReceiptProps {
  /** Null after a reload: it is kept nowhere. */
  readonly sent: Sent | null;
  readonly pin: string;
  readonly questionnaire: Questionnaire;
  readonly focused: boolean;
  readonly onLeave: () => void;
  /** Where one replaces or withdraws, while the wave is open; where one sees whether one was counted, after that. */
  readonly onLater: () => void;
  readonly isOpen: boolean;
}

export function ReceiptPage({ sent, pin, questionnaire, focused, onLeave, onLater, isOpen }: ReceiptProps) {
  const { say } = useSpeech();
  return (
    <Page title={say.receipt.title} focused={focused}>
      <p>{isOpen ? say.receipt.sealed : say.closed.text}</p>
      {sent === null ? (
        <>
          <p>{say.receipt.already}</p>
          <Later text="" action={isOpen ? say.later.useReceipt : say.later.wasCounted} onClick={onLater} />
        </>
      ) : (
        <Receipt sent={sent} pin={pin} />
      )}
      {questionnaire.debrief && (
        <p class="answering-intro">
          <Words text={questionnaire.debrief} />
        </p>
      )}
      <h2>{say.receipt.clear}</h2>
      <p>{say.receipt.clearText}</p>
      <Buttons>
        <Primary onClick={onLeave}>{say.receipt.close}</Primary>
      </Buttons>
    </Page>
  );
}

function Receipt({ sent: { receipt, listNumber }, pin }: { sent: Sent; pin: string }) {
  const { say } = useSpeech();
  const text = useRef<HTMLDivElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = () => {
    const lines = [
      `${say.receipt.label}: ${grouped(receipt)}`,
      `${say.receipt.listNumber}: ${grouped(listNumber)}`,
      `${say.consent.fingerprint}: ${grouped(pin)}`,
    ];
    const written = navigator.clipboard?.writeText(lines.join("\n")) ?? Promise.reject();
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
      <h2 id="receipt-label">{say.receipt.noteTitle}</h2>
      <p>{say.receipt.keep}</p>
      <div ref={text}>
        <h3>{say.receipt.label}</h3>
        <p class="answering-print" data-testid="receipt">
          {grouped(receipt)}
        </p>
        <p>{say.receipt.use}</p>
        <h3>{say.receipt.listNumber}</h3>
        <p class="answering-print" data-testid="list-number">
          {grouped(listNumber)}
        </p>
        <p>{say.receipt.listUse}</p>
        <p>
          {say.consent.fingerprint}: <span class="answering-mono">{grouped(pin)}</span>
        </p>
      </div>
      <p class="form-hint answering-no-print" id="copy-warning">
        {say.receipt.copyWarning}
      </p>
      <div class="answering-buttons answering-no-print">
        <button type="button" class="button button-secondary" aria-describedby="copy-warning" onClick={copy}>
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
