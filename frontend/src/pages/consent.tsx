/**
 * Consent: the manifest in words, before anything is asked. Everything here is made from the pinned bytes, but
 * the day that was announced for the end, which can only be an earlier one.
 */
import { grouped } from "../base32.ts";
import { type Group, picture, written } from "../figures.ts";
import { lastDay, type Manifest, type TrusteeRole, type VerifiedManifest } from "../manifest.ts";
import { jointWords } from "../messages.joint.ts";
import { spoken } from "../messages.ts";
import { LEAST_EXACT_COUNT, OPEN_WAVE, thresholds } from "../policy.ts";
import type { Questionnaire } from "../questionnaire.ts";
import { useSpeech, Words } from "../speech.tsx";
import { Later } from "./arrival.tsx";
import { Alert, Buttons, Page, Primary, Secondary } from "./frame.tsx";

interface ConsentProps {
  readonly verified: VerifiedManifest;
  readonly questionnaire: Questionnaire;
  /** Path of the wave, `/w/WAVE`. */
  readonly base: string;
  readonly focused: boolean;
  readonly survivesReload: boolean;
  readonly onAgree: () => void;
  readonly onDecline: () => void;
  /** Whether the answers are to take the place of earlier ones. */
  readonly isReplacing: boolean;
  readonly onReceipt: () => void;
}

export function ConsentPage(props: ConsentProps) {
  const { verified, questionnaire, base, focused, survivesReload, onAgree, onDecline } = props;
  const { say } = useSpeech();
  const { manifest, pin } = verified;
  return (
    <Page title={<Words text={questionnaire.title} />} above={say.consent.asks(manifest.organisation.name)} focused={focused}>
      {props.isReplacing && (
        <Alert kind="info">
          <p class="alert-text">{say.later.replacing}</p>
        </Alert>
      )}
      {questionnaire.intro && (
        <p class="answering-intro">
          <Words text={questionnaire.intro} />
        </p>
      )}
      <Facts manifest={manifest} questionnaire={questionnaire} />
      <Together manifest={manifest} />
      {manifest.paper_credentials > 0 && <OnPaper manifest={manifest} base={base} />}
      <Points title={say.consent.voluntary.title} points={say.consent.voluntary.points} />
      {!survivesReload && <p>{say.notRemembered}</p>}
      <Promises manifest={manifest} questionnaire={questionnaire} />
      <Points
        title={say.consent.limits.title}
        points={[...say.consent.limits[manifest.mode], ...say.consent.limits.points]}
      />
      <p>{say.consent.notAReport}</p>
      <p>
        <a href={`${base}/manifest.json`} target="_blank" rel="noreferrer noopener">
          {say.consent.promises}
        </a>
        <br />
        {say.consent.fingerprint}: <span class="answering-mono">{grouped(pin)}</span>
      </p>
      <Buttons>
        <Primary onClick={onAgree}>{say.consent.agree}</Primary>
        <Secondary onClick={onDecline}>{say.consent.decline}</Secondary>
      </Buttons>
      {!props.isReplacing && <Later text={say.later.answered} action={say.later.useReceipt} onClick={props.onReceipt} />}
    </Page>
  );
}

/** What a wave promises, in the words that respondents and trustees both read. */
export function Promises({ manifest, questionnaire }: { manifest: Manifest; questionnaire: Questionnaire }) {
  const { say } = useSpeech();
  return (
    <>
      <Leaders manifest={manifest} questionnaire={questionnaire} />
      <Opening manifest={manifest} />
      <h2>{say.consent.destruction.title}</h2>
      <p>
        {say.consent.destruction.text(manifest.retention.days_after_release, manifest.retention.days_after_closing)}
      </p>
    </>
  );
}

/** In a joint wave: that no organisation is shown by itself, who asks, and whom the representative stands for. */
export function Together({ manifest }: { manifest: Manifest }) {
  const { language } = useSpeech();
  const words = jointWords(spoken(language), manifest);
  return words && <Points {...words} />;
}

export function Facts({ manifest, questionnaire }: { manifest: Manifest; questionnaire: Questionnaire }) {
  const { say } = useSpeech();
  const { facts } = say.consent;
  const minutes = questionnaire.estimatedMinutes;
  const isOpen = manifest.mode === "open";
  const invited = isOpen ? say.consent.anyone : say.consent.invited(manifest.invited);
  const onPaper = manifest.paper_credentials > 0 ? say.consent.paper(manifest.paper_credentials) : "";
  return (
    <dl class="answering-facts">
      <Fact name={facts.who} text={manifest.organisation.name} />
      <Fact name={isOpen ? facts.mayAnswer : facts.invited} text={invited + onPaper} />
      {minutes && <Fact name={facts.duration} text={say.consent.minutes(...minutes)} />}
      <Fact name={facts.until} text={say.consent.until(say.day(lastDay(manifest, announcedDay())))} />
    </dl>
  );
}

/** The questionnaire to print, and who reads what is written on it. */
function OnPaper({ manifest, base }: { manifest: Manifest; base: string }) {
  const { say, language } = useSpeech();
  const printed = manifest.languages.includes(language) ? language : manifest.languages[0];
  return (
    <p>
      {say.consent.onPaper}{" "}
      <a href={`${base}/paper/${printed}.pdf`} target="_blank" rel="noreferrer noopener">
        {say.consent.paperToPrint}
      </a>
    </p>
  );
}

/** The day that the page's shell announces; a trustee's page has none. */
function announcedDay(): string | undefined {
  return document.getElementById("answering")?.dataset["lastDay"];
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function Points({ title, points }: { title: string; points: readonly string[] }) {
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </>
  );
}

function Leaders({ manifest, questionnaire }: { manifest: Manifest; questionnaire: Questionnaire }) {
  const { say } = useSpeech();
  const { title, points } = say.consent.leaders;
  const least = thresholds(manifest);
  return (
    <>
      <Points
        title={title}
        points={[
          points.groupsOnly,
          manifest.mode === "open" ? points.fewestOpen(Math.max(least.opening, OPEN_WAVE)) : points.fewest(least.opening),
          points.groups(least.sensitive, least.general),
          points.bands(LEAST_EXACT_COUNT),
          useBreakdowns(manifest, questionnaire),
          manifest.alliance_sharing === "never" ? points.neverShared : points.mayBeShared,
        ]}
      />
      <Picture manifest={manifest} questionnaire={questionnaire} />
      {manifest.units.length > 0 && <Units manifest={manifest} />}
    </>
  );
}

function useBreakdowns(manifest: Manifest, questionnaire: Questionnaire): string {
  const { say, read } = useSpeech();
  const { points } = say.consent.leaders;
  const names = manifest.breakdowns.map((id) => {
    const item = questionnaire.items.find((candidate) => candidate.id === id);
    return item ? `“${read(item.text)}”` : points.unit;
  });
  return names.length === 0 ? points.noBreakdown : points.breakdowns(say.list(names));
}

/** Tables with invented figures, in the forms and from the bases that this wave's policy gives. */
function Picture({ manifest, questionnaire }: { manifest: Manifest; questionnaire: Questionnaire }) {
  const { say } = useSpeech();
  const words = say.consent.leaders;
  return (
    <figure class="answering-picture" data-testid="picture">
      <figcaption>{words.pictureTitle}</figcaption>
      {picture(manifest, questionnaire).map(({ kind, groups }) => (
        <Table key={kind} {...words.pictures[kind]} groups={groups} />
      ))}
      <p>{words.pictureReading(LEAST_EXACT_COUNT)}</p>
    </figure>
  );
}

interface TableProps {
  readonly caption: string;
  readonly options: readonly string[];
  readonly groups: readonly Group[];
}

function Table({ caption, options, groups }: TableProps) {
  const { say } = useSpeech();
  const words = say.consent.leaders;
  return (
    <table class="table table--compact answering-example">
      <caption>
        <em>{caption}</em>
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.exampleAnswer}</th>
          {groups.map(({ group }) => (
            <th scope="col" key={group}>
              {words.groups[group]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {options.map((option, at) => (
          <tr key={option}>
            <th scope="row">{option}</th>
            {groups.map(({ group, shown }) => (
              <td key={group}>{shown ? written(shown[at]!) : words.hidden}</td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">{words.base}</th>
          {groups.map(({ group, base, shown }) => (
            <td key={group}>{shown ? base : words.fewer(base)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Units({ manifest }: { manifest: Manifest }) {
  const { say } = useSpeech();
  return (
    <details class="details">
      <summary class="details-summary">
        <span class="details-summary-text">{say.consent.unitsTitle}</span>
      </summary>
      <div class="details-text">
        <table class="table table--compact">
          <thead>
            <tr>
              <th scope="col">{say.consent.unit}</th>
              <th scope="col">{say.consent.headcount}</th>
            </tr>
          </thead>
          <tbody>
            {manifest.units.map((unit) => (
              <tr key={unit.id}>
                <th scope="row" class={unit.parent === null ? undefined : "answering-child"}>
                  {unit.name}
                </th>
                <td>{unit.headcount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Opening({ manifest }: { manifest: Manifest }) {
  const { say } = useSpeech();
  const { title, text, role } = say.consent.opening;
  const roles: readonly TrusteeRole[] = ["employees", "management", "secretariat", "other"];
  const named = roles
    .map((name) => ({ name, count: manifest.trustees.filter((trustee) => trustee.role === name).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => role(name, count));
  return (
    <>
      <h2>{title}</h2>
      <p>{text(manifest.quorum, manifest.trustees.length, say.list(named))}</p>
    </>
  );
}
