/**
 * Consent: the manifest in words, before anything is asked. Everything here is made from the pinned bytes.
 */
import { grouped } from "../base32.ts";
import type { Manifest, TrusteeRole, VerifiedManifest } from "../manifest.ts";
import { LEAST_EXACT_COUNT, thresholds } from "../policy.ts";
import type { Questionnaire } from "../questionnaire.ts";
import { useSpeech } from "../speech.ts";
import { Buttons, Page, Primary, Secondary } from "./frame.tsx";
import { HelpLines } from "./help.tsx";

interface ConsentProps {
  readonly verified: VerifiedManifest;
  readonly questionnaire: Questionnaire;
  /** Path of the wave, `/w/WAVE`. */
  readonly base: string;
  readonly focused: boolean;
  readonly survivesReload: boolean;
  readonly onAgree: () => void;
  readonly onDecline: () => void;
}

export function ConsentPage(props: ConsentProps) {
  const { verified, questionnaire, base, focused, survivesReload, onAgree, onDecline } = props;
  const { say, read } = useSpeech();
  const { manifest, pin } = verified;
  return (
    <Page title={read(questionnaire.title)} above={say.consent.asks(manifest.organisation.name)} focused={focused}>
      {questionnaire.intro && <p class="answering-intro">{read(questionnaire.intro)}</p>}
      <Facts manifest={manifest} questionnaire={questionnaire} />
      <Points title={say.consent.voluntary.title} points={say.consent.voluntary.points} />
      {!survivesReload && <p>{say.notRemembered}</p>}
      <Leaders manifest={manifest} questionnaire={questionnaire} />
      <Opening manifest={manifest} />
      <h2>{say.consent.destruction.title}</h2>
      <p>
        {say.consent.destruction.text(manifest.retention.days_after_release, manifest.retention.days_after_closing)}
      </p>
      <Points title={say.consent.limits.title} points={say.consent.limits.points} />
      <p>{say.consent.notAReport}</p>
      <HelpLines lines={questionnaire.helpLines} />
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
    </Page>
  );
}

function Facts({ manifest, questionnaire }: { manifest: Manifest; questionnaire: Questionnaire }) {
  const { say } = useSpeech();
  const { facts } = say.consent;
  const minutes = questionnaire.estimatedMinutes;
  const invited = say.consent.invited(manifest.invited);
  const onPaper = manifest.paper_credentials > 0 ? say.consent.paper(manifest.paper_credentials) : "";
  return (
    <dl class="answering-facts">
      <Fact name={facts.who} text={manifest.organisation.name} />
      <Fact name={facts.invited} text={invited + onPaper} />
      {minutes && <Fact name={facts.duration} text={say.consent.minutes(...minutes)} />}
      <Fact name={facts.until} text={say.consent.until(say.day(manifest.field_period.last_possible_day))} />
    </dl>
  );
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
          points.fewest(least.opening),
          points.groups(least.sensitive, least.general),
          points.bands(LEAST_EXACT_COUNT),
          useBreakdowns(manifest, questionnaire),
          manifest.alliance_sharing === "never" ? points.neverShared : points.mayBeShared,
        ]}
      />
      <Example base={Math.max(40, least.sensitive)} />
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

/** A table with invented figures, in the forms that the policy gives to what is sensitive. */
function Example({ base }: { base: number }) {
  const { say } = useSpeech();
  const words = say.consent.leaders;
  const band = `0–${LEAST_EXACT_COUNT - 1}`;
  const rows = [
    [words.exampleNever, `${base - LEAST_EXACT_COUNT + 1}–${base}`],
    [words.exampleEver, band],
    [words.exampleNone, band],
  ] as const;
  return (
    <table class="table table--compact answering-example">
      <caption>
        {words.exampleTitle(base)} <em>{words.exampleQuestion}</em>
      </caption>
      <thead>
        <tr>
          <th scope="col">{words.exampleAnswer}</th>
          <th scope="col">{words.exampleCount}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([answer, count]) => (
          <tr key={answer}>
            <th scope="row">{answer}</th>
            <td>{count}</td>
          </tr>
        ))}
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
