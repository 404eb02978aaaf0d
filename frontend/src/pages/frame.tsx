/**
 * What every step shares: its heading, which takes the focus, its place among the steps, notices and buttons.
 */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LeftBehind } from "../steps.ts";
import { useSpeech } from "../speech.tsx";

interface PageProps {
  readonly title: ComponentChildren;
  /** "Step 2 of 7", or what stands above the heading in its place. */
  readonly above?: string | undefined;
  /** Whether the heading takes the focus: on every step but the first, which the browser announces itself. */
  readonly focused: boolean;
  /** What is shown, where the page stays and only that changes: each gets a heading of its own, and the focus. */
  readonly at?: string | undefined;
  readonly left?: LeftBehind | undefined;
  readonly children: ComponentChildren;
}

export function Page({ title, above, focused, at, left, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before anything can be typed: the focus must not be taken from a field that somebody was quick to reach.
  useLayoutEffect(() => {
    if (!focused) return;
    globalThis.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [at]);
  const hasNotice = left !== undefined && (left.inSkippedSection !== null || left.offPath > 0);
  // What stands beside the heading is read with it, since the focus comes here.
  const described = [above && "above", hasNotice && "left-behind"].filter(Boolean).join(" ") || undefined;
  return (
    <>
      {above && (
        <p class="step-subheading answering-above" id="above" data-testid="step">
          {above}
        </p>
      )}
      <h1 key={at} ref={heading} tabIndex={-1} aria-describedby={described}>
        {title}
      </h1>
      {hasNotice && <Dropped left={left} />}
      {children}
    </>
  );
}

function Dropped({ left }: { left: LeftBehind }) {
  const { say } = useSpeech();
  return (
    <Alert kind="info" id="left-behind">
      {left.inSkippedSection !== null && <p class="alert-text">{say.section.skippedAnswers(left.inSkippedSection)}</p>}
      {left.offPath > 0 && <p class="alert-text">{say.section.dropped(left.offPath)}</p>}
    </Alert>
  );
}

type AlertKind = "info" | "warning" | "error" | "success";

interface AlertProps {
  readonly kind: AlertKind;
  readonly heading?: string;
  readonly id?: string;
  readonly role?: "alert" | "status";
  readonly children: ComponentChildren;
}

export function Alert({ kind, heading, id, role, children }: AlertProps) {
  return (
    <div class={`alert alert-${kind}`} id={id} role={role}>
      <svg class="icon-svg alert-icon" viewBox="0 -960 960 960" aria-hidden="true" focusable="false">
        <path d={ICONS[kind]} />
      </svg>
      <div class="alert-body">
        {heading && <h2 class="alert-heading">{heading}</h2>}
        {children}
      </div>
    </div>
  );
}

/** Of dkfds' sprite (Material Symbols, Apache 2.0) these four: the whole would be 15 kB more for every phone. */
const ICONS: Readonly<Record<AlertKind, string>> = {
  info: "M440-280h80v-240h-80v240Zm40-320q17 0 28.5-11.5T520-640q0-17-11.5-28.5T480-680q-17 0-28.5 11.5T440-640q0 17 11.5 28.5T480-600Zm0 520q-83 0-156-31.5T197-197q-54-54-85.5-127T80-480q0-83 31.5-156T197-763q54-54 127-85.5T480-880q83 0 156 31.5T763-763q54 54 85.5 127T880-480q0 83-31.5 156T763-197q-54 54-127 85.5T480-80Zm0-80q134 0 227-93t93-227q0-134-93-227t-227-93q-134 0-227 93t-93 227q0 134 93 227t227 93Zm0-320Z",
  warning:
    "m40-120 440-760 440 760H40Zm138-80h604L480-720 178-200Zm302-40q17 0 28.5-11.5T520-280q0-17-11.5-28.5T480-320q-17 0-28.5 11.5T440-280q0 17 11.5 28.5T480-240Zm-40-120h80v-200h-80v200Zm40-100Z",
  error:
    "M480-280q17 0 28.5-11.5T520-320q0-17-11.5-28.5T480-360q-17 0-28.5 11.5T440-320q0 17 11.5 28.5T480-280Zm-40-160h80v-240h-80v240Zm40 360q-83 0-156-31.5T197-197q-54-54-85.5-127T80-480q0-83 31.5-156T197-763q54-54 127-85.5T480-880q83 0 156 31.5T763-763q54 54 85.5 127T880-480q0 83-31.5 156T763-197q-54 54-127 85.5T480-80Zm0-80q134 0 227-93t93-227q0-134-93-227t-227-93q-134 0-227 93t-93 227q0 134 93 227t227 93Zm0-320Z",
  success:
    "m424-296 282-282-56-56-226 226-114-114-56 56 170 170Zm56 216q-83 0-156-31.5T197-197q-54-54-85.5-127T80-480q0-83 31.5-156T197-763q54-54 127-85.5T480-880q83 0 156 31.5T763-763q54 54 85.5 127T880-480q0 83-31.5 156T763-197q-54 54-127 85.5T480-80Zm0-80q134 0 227-93t93-227q0-134-93-227t-227-93q-134 0-227 93t-93 227q0 134 93 227t227 93Zm0-320Z",
};

/** The buttons at the foot of a step; the main one first in the order of reading and of the tabulator. */
export function Buttons({ children }: { children: ComponentChildren }) {
  return <div class="answering-buttons">{children}</div>;
}

interface ButtonProps {
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export function Primary({ onClick, children }: ButtonProps) {
  return (
    <button type={onClick ? "button" : "submit"} class="button button-primary" onClick={onClick}>
      {children}
    </button>
  );
}

export function Secondary({ onClick, children }: ButtonProps & { onClick: () => void }) {
  return (
    <button type="button" class="button button-secondary" onClick={onClick}>
      {children}
    </button>
  );
}

/** A page that says one thing: why nothing can be asked here, and what to do. */
export function Saying({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <Page title={title} focused>
      <p>{text}</p>
      {children}
    </Page>
  );
}
