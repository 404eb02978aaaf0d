/**
 * The waves that depend on a trustee: where each stands, what waits for them, and how near it is to being lost.
 */
import { Alert, Page, Secondary } from "../../pages/frame.tsx";
import { type Messages, useWords } from "../messages.ts";
import type { WaveSummary } from "../server.ts";
import type { KeyFile } from "../keyfile.ts";
import { CopyChoice, type CopyState } from "./copying.tsx";

interface WavesProps {
  readonly file: KeyFile;
  readonly waves: readonly WaveSummary[];
  readonly copy: CopyState;
  readonly onLook: (wave: string) => void;
  readonly onRefresh: () => void;
  readonly onClose: () => void;
}

export function WavesPage({ file, waves, copy, onLook, onRefresh, onClose }: WavesProps) {
  const say = useWords();
  return (
    <Page title={say.waves.title} above={say.waves.me(say.role(file.role))} focused>
      {waves.length === 0 && <p>{say.waves.none}</p>}
      {inOrder(waves, say).map((wave) => (
        <WaveCard key={wave.wave} wave={wave} onLook={() => onLook(wave.wave)} />
      ))}
      <div class="answering-buttons">
        <Secondary onClick={onRefresh}>{say.waves.refresh}</Secondary>
        <Secondary onClick={onClose}>{say.waves.close}</Secondary>
      </div>
      <CopyChoice copy={copy} />
    </Page>
  );
}

const PROMISED: readonly WaveSummary["state"][] = ["ceremony", "ready", "fielding", "closed", "opening", "released"];

function WaveCard({ wave, onLook }: { wave: WaveSummary; onLook: () => void }) {
  const say = useWords();
  const waiting = waitingFor(wave, say);
  return (
    <section class="trustees-wave" aria-labelledby={`wave-${wave.wave}`}>
      <h2 id={`wave-${wave.wave}`}>{wave.organisation}</h2>
      <p>
        {say.waves.period(say.day(wave.first_day), say.day(wave.last_possible_day))} {say.waves.state[wave.state]}
      </p>
      {wave.approved && <p>{say.waves.approved}</p>}
      {wave.declined !== null && <p>{say.waves.declined}</p>}
      {waiting && (
        <p>
          <strong>{waiting}</strong>
        </p>
      )}
      <Waits wave={wave} />
      <Danger wave={wave} />
      {PROMISED.includes(wave.state) && (
        <button
          type="button"
          class={`button ${waiting ? "button-primary" : "button-secondary"}`}
          aria-label={say.waves.lookAt(wave.organisation)}
          onClick={onLook}
        >
          {say.waves.look}
        </button>
      )}
    </section>
  );
}

/** What waits for this trustee first, then the newest. */
function inOrder(waves: readonly WaveSummary[], say: Messages): readonly WaveSummary[] {
  const waits = (wave: WaveSummary) => (waitingFor(wave, say) ? 0 : 1);
  return [...waves].sort((a, b) => waits(a) - waits(b) || b.first_day.localeCompare(a.first_day));
}

/** What only this trustee can do now, in a few words; null when nothing waits. */
function waitingFor({ state, confirmed, approved, declined, proven }: WaveSummary, say: Messages): string | null {
  if (state === "ceremony" && !confirmed) return say.waves.toConfirm;
  if (state === "opening" && !approved && declined === null) return say.waves.toApprove;
  if ((state === "ready" || state === "fielding" || state === "closed") && !proven) return say.waves.toProve;
  return null;
}

/** What keeps the wave from going on, which is not this trustee's to mend. */
export function Waits({ wave }: { wave: WaveSummary }) {
  const say = useWords();
  if (wave.waits_for === null) return null;
  return (
    <Alert kind="warning">
      <p class="alert-text">{say.waves.waits[wave.waits_for]}</p>
    </Alert>
  );
}

/** How near the wave is to being lost; after it was opened, that is nobody's worry. */
export function Danger({ wave }: { wave: WaveSummary }) {
  const say = useWords();
  const { danger } = wave.keys;
  const isOver = ["draft", "ceremony", "released", "destroyed", "cancelled"].includes(wave.state);
  if (isOver || danger === "none") return null;
  return (
    <Alert kind={danger === "lost" ? "error" : "warning"}>
      <p class="alert-text">{say.waves.danger[danger](wave.keys)}</p>
    </Alert>
  );
}
