/**
 * Sending, in words: each stage as it happens, the pause and its reason, and what to do when it stops.
 */
import { useSpeech } from "../speech.ts";
import type { Failure, Stage } from "../sending.ts";
import { CodeField } from "./arrival.tsx";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";

const STAGES: readonly Stage[] = ["sealing", "exchanging", "pausing", "sending"];

/** What no second try can change. */
const FINAL: readonly Failure[] = ["wave_closed", "unknown_wave", "wrong_manifest", "sequence_refused"];

interface SendingProps {
  readonly stage: Stage;
  readonly failure: Failure | null;
  readonly onRetry: () => void;
  readonly onCode: (code: string) => void;
  readonly onBack: () => void;
}

export function SendingPage(props: SendingProps) {
  return props.failure === null ? <Under stage={props.stage} /> : <Failed {...props} failure={props.failure} />;
}

function Under({ stage }: { stage: Stage }) {
  const { say } = useSpeech();
  const now = STAGES.indexOf(stage);
  return (
    <Page key="under" title={say.sending.title} focused>
      <p>{say.sending.wait}</p>
      <ol class="answering-stages">
        {STAGES.map((name, position) => (
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

function Failed({ failure, onRetry, onCode, onBack }: SendingProps & { failure: Failure }) {
  const { say } = useSpeech();
  const isFinal = FINAL.includes(failure);
  return (
    <Page key="failed" title={say.sending.failedTitle} focused>
      <Alert kind="error" role="alert">
        <p class="alert-text" data-failure={failure}>
          {say.sending.failures[failure]}
        </p>
      </Alert>
      {!isFinal && <p>{say.sending.kept}</p>}
      {failure === "code_refused" ? (
        <CodeField submit={say.tryAgain} onCode={onCode} />
      ) : (
        !isFinal && (
          <Buttons>
            <Primary onClick={onRetry}>{say.tryAgain}</Primary>
            <Secondary onClick={onBack}>{say.backToReview}</Secondary>
          </Buttons>
        )
      )}
    </Page>
  );
}
