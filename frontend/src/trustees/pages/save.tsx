/**
 * Saving the key file, and seeing that it is saved, before anything is sent that it must remember.
 *
 * A browser cannot be trusted to remember, and does not tell a page whether a download ended on the disk. So the
 * file is asked for again and compared: what is sent afterwards, the trustee's own file knows of.
 */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type KeyFile, written } from "../keyfile.ts";
import { useWords } from "../messages.ts";
import { FileField } from "./fields.tsx";

interface SaveStepProps {
  readonly file: KeyFile;
  readonly onKept: () => void;
}

/** The newest file has the highest number: every deed that is remembered makes it one higher. */
export function fileName(file: KeyFile): string {
  const deeds = Object.values(file.waves).reduce((sum, { list }) => sum + (list === null ? 1 : 2), 1);
  return `tillid-${file.role}-${file.trustee.slice(0, 4)}-${deeds}.json`;
}

export function SaveStep({ file, onKept }: SaveStepProps) {
  const say = useWords();
  const [error, setError] = useState<string | null>(null);
  const text = useMemo(() => written(file), [file]);
  const address = useMemo(() => URL.createObjectURL(new Blob([text], { type: "application/json" })), [text]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  const compare = async (chosen: File | null) => {
    if (!chosen) return;
    if ((await chosen.text()) === text) return onKept();
    setError(say.save.different);
  };
  return (
    <>
      <div class="trustees-step">
        <p>{say.save.named(fileName(file))}</p>
        <a class="button button-primary" href={address} download={fileName(file)}>
          {say.save.download}
        </a>
      </div>
      <FileField id="kept" label={say.save.again} hint={say.save.why} error={error} onFile={compare} />
    </>
  );
}
