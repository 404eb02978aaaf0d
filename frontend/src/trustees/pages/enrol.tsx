/**
 * Enrolling: a key made here, six words written down and typed again, a file saved and read back, and only then the
 * public key sent. Whatever stops in between leaves the place as free as it was.
 */
import { useState } from "preact/hooks";
import { Buttons, Page, Primary, Secondary } from "../../pages/frame.tsx";
import { inGroups, newKeyFile, spoken, type Unlocked } from "../keyfile.ts";
import { useWords } from "../messages.ts";
import { newPassphrase, normalisedPassphrase } from "../passphrase.ts";
import { type Me, ServerRefused, type TrusteeServer } from "../server.ts";
import { Print, WordsField } from "./fields.tsx";
import { SaveStep } from "./save.tsx";
import { ServerSaidNo } from "./refused.tsx";

interface EnrolProps {
  readonly invited: Me;
  readonly token: string;
  readonly server: TrusteeServer;
  readonly onEnrolled: (me: Unlocked) => void;
}

type Step = "invited" | "words" | "typing" | "saving" | "done";

export function EnrolPage({ invited, token, server, onEnrolled }: EnrolProps) {
  const [step, setStep] = useState<Step>("invited");
  const [passphrase] = useState(newPassphrase);
  const [me, setMe] = useState<Unlocked | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const enrol = async (made: Unlocked) => {
    try {
      const said = await server.enrol(made.file.public_key);
      // A server that says one thing before and another after is not one to enrol with.
      const same = said.trustee === made.file.trustee && said.custody === made.file.custody;
      same ? setStep("done") : setRefusal("other");
    } catch (fault) {
      if (!(fault instanceof ServerRefused)) throw fault;
      setRefusal(fault.code);
    }
  };
  if (refusal !== null) return <ServerSaidNo code={refusal} onRetry={() => setRefusal(null)} />;
  if (step === "invited") return <InvitedStep invited={invited} onNext={() => setStep("words")} />;
  if (step === "words") return <WordsStep key="words" passphrase={passphrase} onNext={() => setStep("typing")} />;
  if (step === "typing" || me === null) {
    const make = async (progress: (share: number) => void) => {
      setMe(await newKeyFile(invited, { server: location.origin, token }, passphrase, progress));
      setStep("saving");
    };
    return <TypingStep key="typing" passphrase={passphrase} onBack={() => setStep("words")} onTyped={make} />;
  }
  if (step === "saving") return <SavingStep key="saving" me={me} onKept={() => enrol(me)} />;
  return <DoneStep key="done" me={me} onNext={() => onEnrolled(me)} />;
}

function InvitedStep({ invited, onNext }: { invited: Me; onNext: () => void }) {
  const say = useWords();
  return (
    <Page title={say.enrol.title(invited.name)} above={say.enrol.above(invited.organisation)} focused={false}>
      <p>{say.enrol.asked(say.role(invited.role))}</p>
      <ul>
        {say.enrol.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p>{say.enrol.own}</p>
      <Buttons>
        <Primary onClick={onNext}>{say.enrol.begin}</Primary>
      </Buttons>
    </Page>
  );
}

function WordsStep({ passphrase, onNext }: { passphrase: string; onNext: () => void }) {
  const say = useWords();
  return (
    <Page title={say.enrol.wordsTitle} focused>
      <p id="words-text">{say.enrol.wordsText}</p>
      <ol class="trustees-words" aria-label={say.enrol.wordsLabel} lang="en" translate={false} data-testid="passphrase">
        {passphrase.split(" ").map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <Buttons>
        <Primary onClick={onNext}>{say.enrol.written}</Primary>
      </Buttons>
    </Page>
  );
}

interface TypingProps {
  readonly passphrase: string;
  readonly onBack: () => void;
  readonly onTyped: (progress: (share: number) => void) => Promise<void>;
}

function TypingStep({ passphrase, onBack, onTyped }: TypingProps) {
  const say = useWords();
  const [typed, setTyped] = useState("");
  const [isWrong, setIsWrong] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const isRight = normalisedPassphrase(typed) === passphrase;
    setIsWrong(!isRight);
    if (!isRight || share !== null) return;
    setShare(0);
    void onTyped(setShare);
  };
  return (
    <Page title={say.enrol.typeTitle} focused>
      <p>{say.enrol.typeText}</p>
      <form onSubmit={submit} noValidate>
        <WordsField value={typed} onInput={setTyped} error={isWrong ? say.enrol.different : null} />
        <Buttons>
          <Primary>{say.enrol.make}</Primary>
          <Secondary onClick={onBack}>{say.enrol.seeAgain}</Secondary>
        </Buttons>
        <p role="status">{share === null ? "" : say.computing(share)}</p>
      </form>
    </Page>
  );
}

function SavingStep({ me, onKept }: { me: Unlocked; onKept: () => void }) {
  const say = useWords();
  return (
    <Page title={say.enrol.saveTitle} focused>
      <p>{say.enrol.saveText}</p>
      <SaveStep file={me.file} onKept={onKept} />
    </Page>
  );
}

function DoneStep({ me, onNext }: { me: Unlocked; onNext: () => void }) {
  const say = useWords();
  return (
    <Page title={say.enrol.doneTitle} focused>
      <p>{say.enrol.doneText}</p>
      <Print
        name={say.enrol.own_fingerprint}
        print={spoken(me.file.fingerprint)}
        why={say.enrol.own_why}
        testid="own-fingerprint"
      />
      <Print
        name={say.enrol.custody_fingerprint}
        print={inGroups(me.file.custody)}
        why={say.enrol.custody_why}
        testid="custody-fingerprint"
      />
      <Buttons>
        <Primary onClick={onNext}>{say.enrol.toWaves}</Primary>
      </Buttons>
    </Page>
  );
}
