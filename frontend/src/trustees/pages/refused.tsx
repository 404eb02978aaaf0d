/**
 * What a trustee reads when the server said no, and when it said something that does not hold.
 */
import { Alert, Buttons, Page, Primary, Secondary } from "../../pages/frame.tsx";
import { type Messages, useWords } from "../messages.ts";
import type { Reason } from "../refusals.ts";

/** The words for a code of docs/reference/formats.md. */
export function serverWords(code: string, say: Messages): string {
  const words: Readonly<Record<string, string>> = say.server;
  return words[code] ?? say.server.other;
}

export function ServerSaidNo({ code, onRetry }: { code: string; onRetry: () => void }) {
  const say = useWords();
  return (
    <Page key={code} title={say.server.title} focused>
      <p>{serverWords(code, say)}</p>
      <Buttons>
        <Primary onClick={onRetry}>{say.tryAgain}</Primary>
      </Buttons>
    </Page>
  );
}

/** Something is not what it should be: nothing was sent, and the others must hear of it. */
export function ApproveNothing({ reason, onBack }: { reason: Reason; onBack: () => void }) {
  const say = useWords();
  return (
    <Page key={reason} title={say.refused.title} focused>
      <Alert kind="error" role="alert">
        <p class="alert-text" data-testid="reason">
          {say.refused.reasons[reason]}
        </p>
      </Alert>
      <p>{say.refused.after}</p>
      <Buttons>
        <Secondary onClick={onBack}>{say.back}</Secondary>
      </Buttons>
    </Page>
  );
}
