/**
 * One wave: what it promises, in the words that respondents read, from bytes that custody signed; then what this
 * trustee can do about it.
 */
import { useEffect, useState } from "preact/hooks";
import { encode, grouped } from "../../base32.ts";
import type { Manifest } from "../../manifest.ts";
import { verifiedDefinition } from "../../manifest.ts";
import { Facts, Promises, Together } from "../../pages/consent.tsx";
import { Alert, Buttons, Page, Primary, Secondary } from "../../pages/frame.tsx";
import { type Definition, type Questionnaire, questionnaireOf } from "../../questionnaire.ts";
import { PromisesOfPage, Words } from "../../speech.tsx";
import { inGroups, type KeyFile, spoken, type Unlocked } from "../keyfile.ts";
import { useWords } from "../messages.ts";
import { paperCodes } from "../papers.ts";
import { type Promised, promised, type WaveAnswer } from "../promise.ts";
import { type Reason, TrusteeRefused } from "../refusals.ts";
import { ServerRefused, type TrusteeServer, type WaveSummary } from "../server.ts";
import { Deeds } from "./deeds.tsx";
import { Print } from "./fields.tsx";
import { Papers } from "./papers.tsx";
import { ApproveNothing, ServerSaidNo } from "./refused.tsx";
import { Danger, Waits } from "./waves.tsx";

interface WaveProps {
  readonly wave: string;
  readonly me: Unlocked;
  readonly server: TrusteeServer;
  /** The file that remembers more, saved by now. */
  readonly onFile: (file: KeyFile) => void;
  readonly onBack: () => void;
}

interface Seen {
  readonly answer: WaveAnswer & WaveSummary;
  readonly promise: Promised;
  readonly questionnaire: Questionnaire;
}

type Outcome = Seen | { readonly refused: Reason } | { readonly code: string };

export function WavePage(props: WaveProps) {
  const say = useWords();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    void outcomeOf(() => seen(props)).then(setOutcome);
  }, [attempt]);
  const again = () => {
    setOutcome(null);
    setAttempt(attempt + 1);
  };
  if (outcome === null) return <p role="status">{say.loading}</p>;
  if ("refused" in outcome) return <ApproveNothing reason={outcome.refused} onBack={props.onBack} />;
  if ("code" in outcome) return <ServerSaidNo code={outcome.code} onRetry={again} />;
  const finish = (file: KeyFile, words: string) => {
    props.onFile(file);
    setDone(words);
    again();
  };
  const fail = (fault: unknown) => void outcomeOf(() => Promise.reject(fault)).then(setOutcome);
  const { promise, questionnaire } = outcome;
  if (codes) {
    const verified = { manifest: promise.manifest, digest: promise.digest, pin: encode(promise.digest.slice(0, 10)) };
    return <Papers verified={verified} questionnaire={questionnaire} codes={codes} onBack={() => setCodes(null)} />;
  }
  const type = (sealed: string) => void paperCodes(props.me, promise, sealed).then(setCodes, fail);
  return (
    <Looked key={attempt} {...props} {...outcome} done={done} onDone={finish} onFault={fail} onPapers={type} />
  );
}

async function outcomeOf(look: () => Promise<Seen>): Promise<Outcome> {
  try {
    return await look();
  } catch (fault) {
    if (fault instanceof TrusteeRefused) return { refused: fault.reason };
    if (fault instanceof ServerRefused) return { code: fault.code };
    console.error(fault);
    return { refused: "unreadable" };
  }
}

async function seen({ wave, me, server }: WaveProps): Promise<Seen> {
  const [answer, definition] = await Promise.all([server.wave(wave), server.questionnaire(wave)]);
  const promise = await promised(me.file, wave, answer);
  try {
    const written = await verifiedDefinition(definition, promise.manifest);
    return { answer, promise, questionnaire: questionnaireOf(written as Definition) };
  } catch (cause) {
    throw new TrusteeRefused("other_questionnaire", { cause });
  }
}

interface LookedProps extends WaveProps, Seen {
  readonly done: string | null;
  readonly onDone: (file: KeyFile, words: string) => void;
  readonly onFault: (fault: unknown) => void;
  /** Begins to type papers in, under codes that are sealed to this trustee. */
  readonly onPapers: (sealed: string) => void;
}

function Looked(props: LookedProps) {
  const { answer, promise, questionnaire, me, done, onBack } = props;
  const { manifest } = promise;
  const say = useWords();
  const isKnown = me.file.waves[manifest.wave] !== undefined;
  return (
    <Page title={<Words text={questionnaire.title} />} above={manifest.organisation.name} focused>
      {done && (
        <Alert kind="success" role="status">
          <p class="alert-text">{done}</p>
        </Alert>
      )}
      <p>{say.waves.state[answer.state]}</p>
      <Waits wave={answer} />
      <Danger wave={answer} />
      <Dates manifest={manifest} wave={answer} />
      <h2>{say.wave.above}</h2>
      <p>
        {say.wave.checked} {isKnown && say.wave.known}
      </p>
      <PromisesOfPage.Provider value={manifest}>
        <Facts manifest={manifest} questionnaire={questionnaire} />
        <Together manifest={manifest} />
        <Counts manifest={manifest} />
        <Promises manifest={manifest} questionnaire={questionnaire} />
      </PromisesOfPage.Provider>
      <h2>{say.wave.prints.title}</h2>
      <Print
        name={say.wave.prints.manifest}
        print={grouped(encode(promise.digest.slice(0, 10)))}
        why={say.wave.prints.manifestWhy}
        testid="manifest-fingerprint"
      />
      <Print
        name={say.enrol.custody_fingerprint}
        print={inGroups(me.file.custody)}
        why={say.enrol.custody_why}
        testid="custody"
      />
      <Keys manifest={manifest} mine={promise.number} />
      <Deeds {...props} />
      {isKnown && answer.state === "fielding" && answer.paper_codes && (
        <section class="trustees-panel" aria-labelledby="papers">
          <h2 id="papers">{say.papers.title}</h2>
          <p>{say.papers.text(say.count(manifest.paper_credentials))}</p>
          <Buttons>
            <Primary onClick={() => props.onPapers(answer.paper_codes!)}>{say.papers.open}</Primary>
          </Buttons>
        </section>
      )}
      <Buttons>
        <Secondary onClick={onBack}>{say.back}</Secondary>
      </Buttons>
    </Page>
  );
}

/** Whose keys the wave is locked with: each of the others has to say, elsewhere, that theirs is this one. */
function Keys({ manifest, mine }: { manifest: Manifest; mine: number }) {
  const say = useWords();
  const { prints } = say.wave;
  return (
    <>
      <h3>{prints.keys}</h3>
      <p>{prints.keysWhy}</p>
      <ul data-testid="keys">
        {manifest.trustees.map(({ number, role, fingerprint }) => (
          <li key={number}>
            {number === mine ? prints.you(say.role(role)) : say.role(role)}:{" "}
            <span class="trustees-print">{spoken(fingerprint)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Departments and numbers in the open, not folded away: whoever speaks for the employees counts them. */
function Counts({ manifest }: { manifest: Manifest }) {
  const say = useWords();
  const { counts } = say.wave;
  return (
    <>
      <h2>{counts.title}</h2>
      <p>{counts.text}</p>
      <table class="table table--compact answering-example">
        <thead>
          <tr>
            <th scope="col">{counts.unit}</th>
            <th scope="col">{counts.people}</th>
          </tr>
        </thead>
        <tbody>
          {manifest.units.map((unit) => (
            <tr key={unit.id}>
              <th scope="row" class={unit.parent === null ? undefined : "answering-child"}>
                {unit.name}
              </th>
              <td>{say.count(unit.headcount)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{counts.all}</th>
            <td>{manifest.mode === "open" ? counts.anyone : say.count(manifest.invited)}</td>
          </tr>
          {manifest.paper_credentials > 0 && (
            <tr>
              <th scope="row">{counts.paper}</th>
              <td>{say.count(manifest.paper_credentials)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </>
  );
}

/** When what could be opened is erased, reckoned from the manifest and the days the server tells. */
function Dates({ manifest, wave }: { manifest: Manifest; wave: WaveSummary }) {
  const say = useWords();
  const { days_after_release, days_after_closing } = manifest.retention;
  if (wave.closed_on === null || wave.state === "destroyed") return null;
  const unopened = later(wave.closed_on, days_after_closing);
  if (wave.released_on === null) return <p>{say.wave.closedUnopened(say.day(unopened))}</p>;
  const afterRelease = later(wave.released_on, days_after_release);
  return <p>{say.wave.released(say.day(afterRelease < unopened ? afterRelease : unopened))}</p>;
}

function later(day: string, days: number): string {
  const found = new Date(`${day}T00:00:00Z`);
  found.setUTCDate(found.getUTCDate() + days);
  return found.toISOString().slice(0, 10);
}
