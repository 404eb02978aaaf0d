/**
 * What one can do later: with the receipt replace or withdraw a response while the wave is open, and after closing see
 * with its list number that it was counted.
 */
import { useState } from "preact/hooks";
import { type Bytes } from "../bytes.ts";
import type { Counted, ListRefused } from "../counted.ts";
import type { VerifiedManifest } from "../manifest.ts";
import { failureOf, sealed } from "../part.ts";
import type { Failure } from "../sending.ts";
import { useSpeech } from "../speech.tsx";
import { ListNumberField, ReceiptField } from "./fields.tsx";
import { Alert, Buttons, Page, Primary, Saying, Secondary } from "./frame.tsx";

interface LaterProps {
  readonly base: string;
  readonly verified: VerifiedManifest;
  /** Aborts when the respondent leaves the page. */
  readonly leaving: AbortSignal;
  readonly onLeave: () => void;
  readonly onBack: () => void;
}

type Withdrawal = "asked" | "under_way" | "done" | Failure;

/** The receipt, and what to do with the response that it belongs to. */
export function ReceiptErrand(props: LaterProps & { readonly onReplace: (secret: Bytes) => void; readonly onWithdrawn: () => void }) {
  const { base, verified, leaving, onLeave, onBack, onReplace } = props;
  const { say } = useSpeech();
  const [secret, setSecret] = useState<Bytes | null>(null);
  const [withdrawal, setWithdrawal] = useState<Withdrawal | null>(null);
  const words = say.later;
  const takeBack = (of: Bytes) => {
    const world = {
      fetch: globalThis.fetch.bind(globalThis),
      pause: () => Promise.resolve(),
      remember: () => {},
      tell: () => {},
      signal: leaving,
    };
    setWithdrawal("under_way");
    const taken = sealed().then(({ withdraw }) => withdraw({ base, verified, secret: of }, world));
    taken.then(
      () => {
        props.onWithdrawn();
        setWithdrawal("done");
      },
      (fault: unknown) => setWithdrawal(failureOf(fault)),
    );
  };
  if (secret === null) {
    return (
      <Page key="receipt" title={words.receiptTitle} focused>
        <p>{words.receiptText}</p>
        <ReceiptField submit={say.code.submit} onSecret={setSecret} />
        <BackLink onBack={onBack} />
      </Page>
    );
  }
  if (withdrawal === null) {
    return (
      <Page key="choice" title={words.choiceTitle} focused>
        <p>{words.choiceText}</p>
        <Buttons>
          <Primary onClick={() => onReplace(secret)}>{words.replace}</Primary>
          <Secondary onClick={() => setWithdrawal("asked")}>{words.withdraw}</Secondary>
        </Buttons>
      </Page>
    );
  }
  if (withdrawal === "under_way") return <Saying key="under way" title={words.withdrawTitle} text={words.underWay} />;
  if (withdrawal === "done") {
    return (
      <Saying key="done" title={words.withdrawnTitle} text={words.withdrawnText}>
        <Buttons>
          <Primary onClick={onLeave}>{say.quickExit}</Primary>
        </Buttons>
      </Saying>
    );
  }
  return (
    <Page key={withdrawal} title={words.withdrawTitle} focused>
      {withdrawal === "asked" ? (
        <p>{words.withdrawText}</p>
      ) : (
        <Alert kind="error" role="alert">
          <p class="alert-text" data-failure={withdrawal}>
            {words.failures[withdrawal] ?? say.sending.failures[withdrawal]}
          </p>
        </Alert>
      )}
      <Buttons>
        <Primary onClick={() => takeBack(secret)}>{withdrawal === "asked" ? words.withdrawNow : say.tryAgain}</Primary>
        <Secondary onClick={onBack}>{say.back}</Secondary>
      </Buttons>
    </Page>
  );
}

function BackLink({ onBack }: { onBack: () => void }) {
  const { say } = useSpeech();
  return (
    <p class="answering-later">
      <button type="button" class="function-link" onClick={onBack}>
        {say.back}
      </button>
    </p>
  );
}

type Look = Counted | ListRefused["reason"] | "offline";

function lookOf(fault: unknown): Look {
  const { reason } = fault as { reason?: unknown };
  return reason === "not_yet" || reason === "not_signed" ? reason : "offline";
}

/** Whether a response was counted, looked up in the whole list, here. */
export function CountedErrand({ base, verified, leaving, onBack }: LaterProps) {
  const { say } = useSpeech();
  const [look, setLook] = useState<Look | "looking" | null>(null);
  const words = say.later;
  const find = (number: string) => {
    const world = { fetch: globalThis.fetch.bind(globalThis), signal: leaving };
    setLook("looking");
    const found = sealed().then(({ counted }) => counted({ base, verified, number }, world));
    found.then(setLook, (fault: unknown) => setLook(lookOf(fault)));
  };
  return (
    <Page key="counted" title={words.countedTitle} focused>
      <p>{words.countedText}</p>
      <ListNumberField submit={words.look} onNumber={find} />
      <div class="answering-look" role="status" data-testid="look">
        {look === "looking" && <p>{words.looking}</p>}
        {look !== null && look !== "looking" && <Found look={look} />}
      </div>
      <BackLink onBack={onBack} />
    </Page>
  );
}

function Found({ look }: { look: Look }) {
  const { say } = useSpeech();
  const words = say.later;
  if (typeof look === "string") {
    return (
      <Alert kind={look === "not_yet" ? "info" : "error"}>
        <p class="alert-text">{words.looks[look]}</p>
      </Alert>
    );
  }
  return (
    <Alert kind={look.isListed ? "success" : "warning"}>
      <p class="alert-text">{look.isListed ? words.listed(look.count) : words.notListed(look.count)}</p>
    </Alert>
  );
}
