/**
 * What somebody comes back for after having answered; kept in the history like a step, so that *back* leaves it.
 */
import { useEffect, useState } from "preact/hooks";
import { entry, FIRST, placeAfter, placeIn } from "./place.ts";

/** Replace or withdraw with the receipt; see whether one was counted. */
export type Errand = "receipt" | "counted";

export interface Errands {
  readonly errand: Errand | null;
  readonly begin: (errand: Errand) => void;
  /** Leave it for the beginning of the journey. */
  readonly finish: () => void;
  /** Stay on the page, and let a reload not come back to it. */
  readonly settle: () => void;
}

const STEPS: Readonly<Record<string, Errand>> = { "errand receipt": "receipt", "errand counted": "counted" };

export function useErrands(): Errands {
  const [errand, setErrand] = useState(() => errandIn(history.state));
  useEffect(() => {
    const onPop = (event: PopStateEvent) => setErrand(errandIn(event.state));
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  }, []);
  const settle = () => {
    history.replaceState(entry({ ...FIRST, depth: placeIn(history.state).depth }), "", location.pathname);
  };
  return {
    errand,
    settle,
    begin: (wanted) => {
      history.pushState(entry(placeAfter(placeIn(history.state), `errand ${wanted}`)), "", location.pathname);
      setErrand(wanted);
    },
    finish: () => {
      settle();
      setErrand(null);
    },
  };
}

function errandIn(state: unknown): Errand | null {
  return STEPS[placeIn(state).step] ?? null;
}
