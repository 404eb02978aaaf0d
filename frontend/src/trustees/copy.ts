/**
 * A copy of a key file for the server to keep, if its owner wants one: without the token, and under a code that only
 * the holder of the key can make, so that what comes back is what was left.
 *
 * Without that code a cheating server could name another custody in it. It can still give back an older copy; an older
 * one knows fewer waves, and approves less.
 */
import { b64, type Bytes, domain, fromB64 } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { type KeyFile, KeyFileRefused, readKeyFile, type Unlocked, unlocked } from "./keyfile.ts";

const FORMAT = "tillid-trustee-copy/1";

/** The copy of `me`'s file, as the server keeps it. */
export async function copyOf(me: Unlocked): Promise<string> {
  const file: KeyFile = { ...me.file, token: "" };
  const mac = await crypto.subtle.sign("HMAC", await macKey(me.seed, "sign"), canonicalBytes(file));
  return JSON.stringify({ format: FORMAT, file, mac: b64(new Uint8Array(mac)) });
}

/** What a copy holds, with the token its owner came with. Throws `KeyFileRefused`. */
export async function restored(copy: string, token: string, passphrase: string): Promise<Unlocked> {
  const { format, file, mac } = parsed(copy);
  if (format !== FORMAT) throw new KeyFileRefused("changed_copy");
  const me = await unlocked(await readKeyFile(JSON.stringify(file)), passphrase);
  const key = await macKey(me.seed, "verify");
  if (!(await crypto.subtle.verify("HMAC", key, fromB64(mac), canonicalBytes(file)))) {
    throw new KeyFileRefused("changed_copy");
  }
  return { ...me, file: { ...me.file, token } };
}

function parsed(copy: string): { format: string; file: KeyFile; mac: string } {
  try {
    const { format, file, mac } = JSON.parse(copy);
    fromB64(mac);
    return { format, file, mac };
  } catch (cause) {
    throw new KeyFileRefused("changed_copy", { cause });
  }
}

async function macKey(seed: Bytes, use: "sign" | "verify"): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", seed, "HKDF", false, ["deriveBits"]);
  const info = domain("tillid trustee copy v1");
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, material, 256);
  return crypto.subtle.importKey("raw", bits, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}
