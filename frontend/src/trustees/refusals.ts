/**
 * Why a trustee's browser does not do what it was asked to: the server is not believed, and nothing was sent.
 */
export type Reason =
  | "unreadable"
  | "other_custody"
  | "not_signed"
  | "other_wave"
  | "not_among_trustees"
  | "share_does_not_open"
  | "papers_do_not_open"
  | "other_questionnaire"
  | "other_promises"
  | "not_confirmed"
  | "not_asked"
  | "other_list"
  | "second_list";

export class TrusteeRefused extends Error {
  constructor(
    readonly reason: Reason,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}
