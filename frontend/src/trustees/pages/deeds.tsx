/**
 * What a trustee can do about a wave, by where it stands: confirm, show that the key works, approve or decline.
 */
import { useEffect, useState } from "preact/hooks";
import { Alert, Buttons, Primary, Secondary } from "../../pages/frame.tsx";
import { approving, confirming, type Deed, proof } from "../deeds.ts";
import type { KeyFile, Unlocked } from "../keyfile.ts";
import { useWords } from "../messages.ts";
import { type ListStatement, type Promised, requestedOpening, type WaveAnswer } from "../promise.ts";
import type { TrusteeServer, WaveSummary } from "../server.ts";
import { FieldError, Tick } from "./fields.tsx";
import { SaveStep } from "./save.tsx";

const LONGEST_REASON = 1000;

export interface DeedsProps {
  readonly wave: string;
  readonly me: Unlocked;
  readonly server: TrusteeServer;
  readonly answer: WaveAnswer & WaveSummary;
  readonly promise: Promised;
  readonly onDone: (file: KeyFile, words: string) => void;
  readonly onFault: (fault: unknown) => void;
}

export function Deeds(props: DeedsProps) {
  const { state, confirmed } = props.answer;
  if (state === "ceremony" && !confirmed) return <Confirm {...props} />;
  if (state === "opening") return <Approve {...props} />;
  if (["ceremony", "ready", "fielding", "closed"].includes(state)) return <Prove {...props} />;
  return null;
}

/** Does something and gives what goes wrong to the page. */
function guarded(props: DeedsProps, deed: () => Promise<void>): () => void {
  return () => void deed().catch(props.onFault);
}

function Confirm(props: DeedsProps) {
  const { me, wave, answer, promise, server, onDone } = props;
  const say = useWords();
  const { confirm } = say.wave;
  // What has to be known from elsewhere than the server; among invented colleagues a real answer would stand alone.
  const whoMayAnswer = ({ mode, invited }: Promised["manifest"]) =>
    mode === "open" ? confirm.anyone : confirm.real(say.count(invited));
  const joined = ({ joint }: Promised["manifest"]) =>
    joint ? [confirm.joined(say.count(joint.organisations), say.count(joint.largest))] : [];
  const questions = [
    confirm.check,
    confirm.heard,
    ...(me.file.role === "employees" ? [whoMayAnswer(promise.manifest), ...joined(promise.manifest)] : []),
  ];
  const [ticks, setTicks] = useState<ReadonlySet<string>>(new Set());
  const ticked = questions.every((question) => ticks.has(question));
  const [unchecked, setUnchecked] = useState(false);
  const [deed, setDeed] = useState<Deed<object> | null>(null);
  const begin = guarded(props, async () => {
    setUnchecked(!ticked);
    if (ticked) setDeed(await confirming(me, wave, answer));
  });
  if (deed) {
    const send = async () => {
      await server.send(wave, "confirmation", deed.body);
      onDone(deed.file, confirm.done);
    };
    return <Saving title={confirm.saveTitle} text={confirm.saveText} file={deed.file} onKept={guarded(props, send)} />;
  }
  return (
    <section class="trustees-panel" aria-labelledby="confirm">
      <h2 id="confirm">{confirm.title}</h2>
      <p>{confirm.text}</p>
      {unchecked && <FieldError id="tick-error" text={confirm.unchecked} />}
      {questions.map((question, at) => (
        <Tick
          key={question}
          id={`tick-${at}`}
          checked={ticks.has(question)}
          onChange={(checked) => setTicks(new Set([...ticks].filter((other) => other !== question).concat(checked ? question : [])))}
          describedBy={unchecked ? "tick-error" : undefined}
        >
          {question}
        </Tick>
      ))}
      <Buttons>
        <Primary onClick={begin}>{confirm.begin}</Primary>
      </Buttons>
    </section>
  );
}

function Saving({ title, text, file, onKept }: { title: string; text: string; file: KeyFile; onKept: () => void }) {
  return (
    <section class="trustees-panel" aria-labelledby="saving">
      <h2 id="saving" tabIndex={-1} ref={(heading) => heading?.focus()}>
        {title}
      </h2>
      <p>{text}</p>
      <SaveStep file={file} onKept={onKept} />
    </section>
  );
}

function Prove(props: DeedsProps) {
  const { me, wave, answer, server, onDone } = props;
  const { prove } = useWords().wave;
  const show = guarded(props, async () => {
    await server.send(wave, "confirmation", await proof(me, wave, answer));
    onDone(me.file, prove.done);
  });
  return (
    <section class="trustees-panel" aria-labelledby="prove">
      <h2 id="prove">{prove.title}</h2>
      <p>{prove.text}</p>
      {answer.proven && <p>{prove.recently}</p>}
      <Buttons>
        <Primary onClick={show}>{prove.button}</Primary>
      </Buttons>
    </section>
  );
}

function Approve(props: DeedsProps) {
  const { me, wave, answer, promise, server, onDone, onFault } = props;
  const say = useWords();
  const { approve, decline } = say.wave;
  const [deed, setDeed] = useState<Deed<object> | null>(null);
  const [declining, setDeclining] = useState(false);
  // The list is shown only when custody's signature holds.
  useEffect(() => {
    requestedOpening(promise, answer).catch(onFault);
  }, []);
  const list = answer.opening?.list;
  const begin = guarded(props, async () => setDeed(await approving(me, wave, answer)));
  if (deed) {
    const send = async () => {
      await server.send(wave, "approval", deed.body);
      onDone(deed.file, approve.done);
    };
    return <Saving title={approve.saveTitle} text={approve.saveText} file={deed.file} onKept={guarded(props, send)} />;
  }
  if (declining) return <Decline {...props} onCancel={() => setDeclining(false)} />;
  return (
    <section class="trustees-panel" aria-labelledby="approve">
      <h2 id="approve">{approve.title}</h2>
      <p>{approve.text}</p>
      {list && <Listed list={list} promise={promise} />}
      {answer.approved && <p>{approve.again}</p>}
      {answer.declined !== null && (
        <p>
          {decline.mine} {answer.declined}
        </p>
      )}
      <Buttons>
        <Primary onClick={begin}>{approve.yes}</Primary>
        <Secondary onClick={() => setDeclining(true)}>{approve.no}</Secondary>
      </Buttons>
    </section>
  );
}

function Listed({ list, promise }: { list: ListStatement; promise: Promised }) {
  const say = useWords();
  const { approve } = say.wave;
  const rejected = Object.values(list.rejected).reduce((sum, count) => sum + count, 0);
  const { manifest } = promise;
  const most = manifest.invited + manifest.paper_credentials;
  const rows = [
    ...(manifest.mode === "open" ? [] : [[approve.invited, manifest.invited] as const]),
    [approve.received, list.received],
    [approve.withdrawn, list.withdrawn],
    [approve.rejected, rejected],
    [approve.counted, list.count],
  ] as const;
  return (
    <>
      <dl class="answering-facts" data-testid="list">
        {rows.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{say.count(count)}</dd>
          </div>
        ))}
      </dl>
      {manifest.mode === "invited" && list.count + list.withdrawn > most && (
        <Alert kind="warning">
          <p class="alert-text">{approve.more}</p>
        </Alert>
      )}
    </>
  );
}

function Decline(props: DeedsProps & { onCancel: () => void }) {
  const { me, wave, answer, server, onDone, onCancel } = props;
  const { decline } = useWords().wave;
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const { able, quorum } = answer.keys;
  const after = answer.declined === null ? able - 1 : able;
  const send = guarded(props, async () => {
    if (!reason.trim()) return setError(decline.missing);
    if (reason.length > LONGEST_REASON) return setError(decline.long);
    const { confirmation } = await proof(me, wave, answer);
    await server.send(wave, "refusal", { confirmation, reason });
    onDone(me.file, decline.done);
  });
  return (
    <section class="trustees-panel" aria-labelledby="decline">
      <h2 id="decline" tabIndex={-1} ref={(heading) => heading?.focus()}>
        {decline.title}
      </h2>
      <p>{decline.consequence(after, quorum)}</p>
      <div class={`form-group${error ? " form-error" : ""}`}>
        <label class="form-label" for="reason">
          {decline.label}
        </label>
        <span class="form-hint" id="reason-hint">
          {decline.text}
        </span>
        {error && <FieldError id="reason-error" text={error} />}
        <textarea
          id="reason"
          class="form-input"
          rows={4}
          value={reason}
          aria-describedby={error ? "reason-hint reason-error" : "reason-hint"}
          aria-invalid={error !== null}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <Buttons>
        <Primary onClick={send}>{decline.send}</Primary>
        <Secondary onClick={onCancel}>{decline.cancel}</Secondary>
      </Buttons>
    </section>
  );
}
