/**
 * Sending, in words: each stage as it happens, the pause and its reason, and what to do when it stops.
 */
import { useSpeech } from "../speech.tsx";
import type { Failure, Sent, Stage } from "../sending.ts";
import { grouped } from "../base32.ts";
import type { Bytes } from "../bytes.ts";
import { CodeField, ReceiptField } from "./fields.tsx";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";

const STAGES: readonly Stage[] = ["sealing", "exchanging", "pausing", "sending"];

/** What no second try can change. */
const FINAL: readonly Failure[] = ["wave_closed", "unknown_wave", "wrong_manifest", "sequence_refused"];

interface SendingProps {
  readonly stage: Stage;
  readonly failure: Failure | null;
  /** Whether it takes the place of an earlier response: then there is nothing to exchange and no pause. */
  readonly isReplacing: boolean;
  /** What the response would be found by, where it may have arrived although no answer came. */
  readonly perhaps: Sent | null;
  readonly onRetry: () => void;
  readonly onCode: (code: string) => void;
  readonly onSecret: (secret: Bytes) => void;
  readonly onBack: () => void;
  readonly onCounted: () => void;
  readonly onLeave: () => void;
}

export function SendingPage(props: SendingProps) {
  return props.failure === null ? <Under stage={props.stage} isReplacing={props.isReplacing} /> : <Failed {...props} failure={props.failure} />;
}

function Under({ stage, isReplacing }: { stage: Stage; isReplacing: boolean }) {
  const { say } = useSpeech();
  const stages = STAGES.filter((name) => !isReplacing || name === "sealing" || name === "sending");
  const now = stages.indexOf(stage);
  return (
    <Page key="under" title={say.sending.title} focused>
      <p>{isReplacing ? say.later.wait : say.sending.wait}</p>
      <ol class="answering-stages">
        {stages.map((name, position) => (
          <li
            key={name}
            class={position < now ? "is-done" : position === now ? "is-now" : "is-later"}
            aria-current={position === now ? "step" : undefined}
          >
            {say.sending.stages[name]}
          </li>
        ))}
      </ol>
      <p class="sr-only" role="status">
        {say.sending.stages[stage]}
      </p>
    </Page>
  );
}

function Failed(props: SendingProps & { failure: Failure }) {
  const { failure, isReplacing, perhaps, onRetry, onBack, onLeave } = props;
  const { say } = useSpeech();
  const isFinal = FINAL.includes(failure);
  const words = (isReplacing && say.later.failures[failure]) || say.sending.failures[failure];
  if (failure === "wave_closed" && perhaps) return <ClosedOnTheWay {...props} perhaps={perhaps} />;
  return (
    <Page key="failed" title={perhaps ? say.sending.perhapsTitle : say.sending.failedTitle} focused>
      <Alert kind="error" role="alert">
        <p class="alert-text" data-failure={failure}>
          {words}
        </p>
      </Alert>
      {!isFinal && <p>{perhaps ? say.sending.perhaps : say.sending.kept}</p>}
      {!isReplacing && failure === "code_refused" && <OtherRight {...props} />}
      {isReplacing && failure === "credential_refused" && (
        <ReceiptField submit={say.tryAgain} onSecret={props.onSecret} />
      )}
      {isFinal && (
        <Buttons>
          <Primary onClick={onLeave}>{say.quickExit}</Primary>
        </Buttons>
      )}
      {!isFinal && !["code_refused", "credential_refused"].includes(failure) && (
        <Buttons>
          <Primary onClick={onRetry}>{say.tryAgain}</Primary>
          <Secondary onClick={onBack}>{say.backToReview}</Secondary>
        </Buttons>
      )}
    </Page>
  );
}

/** The code gives no right to answer: it may be mistyped, or spent by an answer that this one is to replace. */
function OtherRight({ onCode, onSecret }: SendingProps) {
  const { say } = useSpeech();
  return (
    <>
      <CodeField submit={say.tryAgain} onCode={onCode} />
      <h2>{say.later.answeredTitle}</h2>
      <p>{say.later.replaceInstead}</p>
      <ReceiptField submit={say.later.replaceNow} onSecret={onSecret} />
    </>
  );
}

/** The wave closed before an answer came: the list will say, and with what to look there. */
function ClosedOnTheWay({ perhaps, onCounted, onLeave }: SendingProps & { perhaps: Sent }) {
  const { say } = useSpeech();
  return (
    <Page key="failed" title={say.sending.perhapsTitle} focused>
      <Alert kind="warning" role="alert">
        <p class="alert-text" data-failure="wave_closed">
          {say.sending.closedOnTheWay}
        </p>
      </Alert>
      <h2>{say.receipt.listNumber}</h2>
      <p class="answering-print" data-testid="list-number">
        {grouped(perhaps.listNumber)}
      </p>
      <Buttons>
        <Primary onClick={onCounted}>{say.later.wasCounted}</Primary>
        <Secondary onClick={onLeave}>{say.quickExit}</Secondary>
      </Buttons>
    </Page>
  );
}
