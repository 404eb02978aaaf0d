/**
 * Help lines, at the foot of every page and one tap away at its top. Only verified ones come here (`questionnaire.ts`); without any, nothing is shown.
 */
import type { HelpLine } from "../questionnaire.ts";
import { useSpeech, Words } from "../speech.tsx";

export function HelpLines({ lines, open = false }: { lines: readonly HelpLine[]; open?: boolean }) {
  const { say } = useSpeech();
  if (lines.length === 0) return null;
  return (
    <details class="details answering-no-print" id="help" open={open} data-testid="help">
      <summary class="details-summary">
        <span class="details-summary-text">{say.help.title}</span>
      </summary>
      <div class="details-text">
        <ul class="nobullet-list answering-help">
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      </div>
    </details>
  );
}

/** To the help lines at the foot of the page, opened. */
export function goToHelp(): void {
  const help = document.getElementById("help") as HTMLDetailsElement | null;
  if (!help) return;
  help.open = true;
  help.querySelector("summary")?.focus();
  help.scrollIntoView();
}

function Line({ line }: { line: HelpLine }) {
  const { say } = useSpeech();
  return (
    <li>
      <strong>
        <Words text={line.name} />
      </strong>
      {line.phone && (
        <>
          <br />
          {say.help.phone}: <a href={`tel:${line.phone.replaceAll(" ", "")}`}>{line.phone}</a>
        </>
      )}
      {line.url && (
        <>
          <br />
          <a href={line.url} rel="noreferrer noopener" target="_blank">
            {line.url.replace("https://", "")}
          </a>
        </>
      )}
      {line.anonymous && (
        <>
          <br />
          {say.help.anonymous}
        </>
      )}
    </li>
  );
}
