/**
 * Opening with a key file, or with the copy that its owner left on the server.
 */
import { useState } from "preact/hooks";
import { Buttons, Page, Primary } from "../../pages/frame.tsx";
import { restored } from "../copy.ts";
import { KeyFileRefused, readKeyFile, type Unlocked, unlocked } from "../keyfile.ts";
import { type Messages, useWords } from "../messages.ts";
import { unknownWords } from "../passphrase.ts";
import { ServerRefused, TrusteeServer } from "../server.ts";
import { FileField, WordsField } from "./fields.tsx";

interface StartProps {
  /** From the mail's link, or null. */
  readonly token: string | null;
  /** Whether the server keeps a copy for whoever has the token. */
  readonly hasCopy: boolean;
  readonly focused: boolean;
  readonly onOpen: (me: Unlocked) => void;
}

interface Faults {
  readonly file?: string;
  readonly words?: string;
}

export function StartPage({ token, hasCopy, focused, onOpen }: StartProps) {
  const say = useWords();
  const [file, setFile] = useState<File | null>(null);
  const [words, setWords] = useState("");
  const [faults, setFaults] = useState<Faults>({});
  const [share, setShare] = useState<number | null>(null);
  const attempt = async (open: () => Promise<Unlocked>) => {
    setFaults({});
    setShare(0);
    try {
      onOpen(await open());
    } catch (fault) {
      setFaults(faultsOf(fault, say));
      setShare(null);
    }
  };
  const open = (event: Event) => {
    event.preventDefault();
    if (share !== null) return;
    const wrong = words.trim() && unknownWords(words).join(", ");
    if (!file) return setFaults({ file: say.start.missing });
    if (!words.trim()) return setFaults({ words: say.start.missing });
    if (wrong) return setFaults({ words: say.start.unknown(wrong) });
    void attempt(async () => {
      const read = await readKeyFile(await file.text());
      if (read.server !== location.origin) throw new OtherServer(read.server);
      return unlocked(read, words, setShare);
    });
  };
  const openCopy = () => {
    if (share !== null || !token) return;
    if (!words.trim()) return setFaults({ words: say.start.missing });
    void attempt(async () => restored(await new TrusteeServer(token).copy(), token, words));
  };
  return (
    <Page title={say.start.title} focused={focused}>
      <p>{say.start.text}</p>
      <form onSubmit={open} noValidate>
        <FileField
          id="file"
          label={say.start.file}
          hint={say.start.newest}
          error={faults.file ?? null}
          onFile={setFile}
        />
        <WordsField value={words} onInput={setWords} error={faults.words ?? null} />
        <Buttons>
          <Primary>{say.start.open}</Primary>
          {hasCopy && (
            <button type="button" class="button button-secondary" onClick={openCopy}>
              {say.start.copy}
            </button>
          )}
        </Buttons>
        <p role="status">{share === null ? "" : say.computing(share)}</p>
      </form>
      {hasCopy && <p>{say.start.copyText}</p>}
      {token === null && <p>{say.start.firstTime}</p>}
      <h2>{say.start.lost}</h2>
      <p>{say.start.lostText}</p>
    </Page>
  );
}

class OtherServer extends Error {}

function faultsOf(fault: unknown, say: Messages): Faults {
  if (fault instanceof OtherServer) return { file: say.start.other_server(fault.message) };
  if (fault instanceof ServerRefused) return { file: say.server.offline };
  if (!(fault instanceof KeyFileRefused)) throw fault;
  if (fault.reason === "wrong_passphrase") return { words: say.start.wrong_passphrase };
  return { file: fault.reason === "changed_copy" ? say.start.copyFault : say.start.no_key_file };
}
