/**
 * Whether the server keeps a copy of the key file: only if its owner asks, and no longer than they want.
 */
import { useState } from "preact/hooks";
import { useWords } from "../messages.ts";
import { ServerRefused } from "../server.ts";
import { serverWords } from "./refused.tsx";

export interface CopyState {
  readonly isKept: boolean;
  readonly keep: () => Promise<void>;
  readonly forget: () => Promise<void>;
}

export function CopyChoice({ copy }: { copy: CopyState }) {
  const say = useWords();
  const [fault, setFault] = useState("");
  const choose = (deed: () => Promise<void>) => () => {
    setFault("");
    deed().catch((error: unknown) => {
      if (!(error instanceof ServerRefused)) throw error;
      setFault(serverWords(error.code, say));
    });
  };
  return (
    <section aria-labelledby="copy">
      <h2 id="copy">{say.copy.title}</h2>
      <p>{say.copy.text}</p>
      <p role="status">{fault || (copy.isKept ? say.copy.kept : say.copy.none)}</p>
      <button type="button" class="button button-secondary" onClick={choose(copy.isKept ? copy.forget : copy.keep)}>
        {copy.isKept ? say.copy.forget : say.copy.keep}
      </button>
    </section>
  );
}
