/**
 * Help lines, one tap away. Only verified ones come here (`questionnaire.ts`); without any, nothing is shown.
 */
import type { HelpLine } from "../questionnaire.ts";
import { useSpeech } from "../speech.ts";

export function HelpLines({ lines, open }: { lines: readonly HelpLine[]; open?: boolean }) {
  const { say } = useSpeech();
  if (lines.length === 0) return null;
  return (
    <details class="details" open={open} data-testid="help">
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

function Line({ line }: { line: HelpLine }) {
  const { say, read } = useSpeech();
  return (
    <li>
      <strong>{read(line.name)}</strong>
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
