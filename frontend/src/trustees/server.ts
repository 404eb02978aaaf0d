/**
 * The trustees' endpoints. The token goes in a header, never in an address.
 */
import type { TrusteeRole } from "../manifest.ts";
import type { WaveAnswer } from "./promise.ts";

export interface Me {
  readonly trustee: string;
  readonly role: TrusteeRole;
  readonly name: string;
  readonly organisation: string;
  /** Of the key that is enrolled, or null. */
  readonly fingerprint: string | null;
  readonly custody: string;
  /** Whether the server keeps a copy of the key file. */
  readonly copy: boolean;
}

export type WaveState =
  | "draft"
  | "ceremony"
  | "ready"
  | "fielding"
  | "closed"
  | "opening"
  | "released"
  | "destroyed"
  | "cancelled";

/** A wave in the server's own words. */
export interface WaveSummary {
  readonly wave: string;
  readonly organisation: string;
  readonly state: WaveState;
  readonly first_day: string;
  readonly last_possible_day: string;
  readonly closed_on: string | null;
  readonly released_on: string | null;
  /** What custody cannot go on without, or null. */
  readonly waits_for: "vouching" | "later_days" | "destruction" | "operator" | null;
  readonly confirmed: boolean;
  readonly approved: boolean;
  readonly declined: string | null;
  readonly proven: boolean;
  readonly keys: {
    readonly quorum: number;
    readonly trustees: number;
    readonly able: number;
    readonly proven: number;
    readonly declined: number;
    readonly danger: "none" | "unproven" | "last" | "lost";
  };
}

/** The server said no, or nothing; `code` is one of docs/reference/formats.md, or `offline`. */
export class ServerRefused extends Error {
  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

const REQUEST = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" } as const;

export class TrusteeServer {
  constructor(
    private readonly token: string,
    private readonly ask: typeof fetch = globalThis.fetch.bind(globalThis),
  ) {}

  async me(): Promise<Me> {
    return (await this.got("GET", "/trustees/me")).json();
  }

  async enrol(publicKey: string): Promise<{ trustee: string; role: string; custody: string }> {
    return (await this.got("POST", "/trustees/enrolment", JSON.stringify({ public_key: publicKey }))).json();
  }

  async waves(): Promise<readonly WaveSummary[]> {
    const { waves } = await (await this.got("GET", "/trustees/waves")).json();
    return waves;
  }

  async wave(wave: string): Promise<WaveAnswer & WaveSummary> {
    return (await this.got("GET", `/trustees/waves/${wave}`)).json();
  }

  async questionnaire(wave: string): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await this.got("GET", `/trustees/waves/${wave}/questionnaire`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async send(wave: string, deed: "confirmation" | "approval" | "refusal", body: object): Promise<void> {
    await this.got("POST", `/trustees/waves/${wave}/${deed}`, JSON.stringify(body));
  }

  async copy(): Promise<string> {
    return (await this.got("GET", "/trustees/copy")).text();
  }

  async keepCopy(copy: string): Promise<void> {
    await this.got("PUT", "/trustees/copy", copy);
  }

  async forgetCopy(): Promise<void> {
    await this.got("DELETE", "/trustees/copy");
  }

  private async got(method: string, path: string, body: string | null = null): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.token}`, Accept: "application/json" };
    if (body !== null) headers["Content-Type"] = "application/json";
    const { ask } = this;
    let answer: Response;
    try {
      answer = await ask(path, { ...REQUEST, method, headers, body });
    } catch (cause) {
      throw new ServerRefused("offline", { cause });
    }
    if (!answer.ok) throw new ServerRefused(await codeOf(answer));
    return answer;
  }
}

async function codeOf(answer: Response): Promise<string> {
  try {
    return String((await answer.json()).error ?? answer.status);
  } catch {
    return String(answer.status);
  }
}
