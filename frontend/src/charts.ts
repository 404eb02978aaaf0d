/**
 * Draws the figures of a dashboard: each is JSON in its page, beside the table that says the same.
 *
 * The page is whole without this script. Nothing here moves, so there is nothing to still for those who
 * prefer reduced motion; nothing takes the keyboard or a finger, since every figure stands in its table.
 */
import Plotly from "plotly.js-basic-dist-min";
import type { Figure } from "plotly.js-basic-dist-min";

const SOON = "400px";

/** The place of a chart and what to draw there. */
interface Chart {
  readonly place: HTMLElement;
  readonly figure: Figure;
}

/** The charts of the page, in reading order: `<div data-chart>` directly before its JSON, in a hidden picture. */
function chartsOf(page: Document): readonly Chart[] {
  return [...page.querySelectorAll<HTMLElement>("[data-chart]")].map((place) => {
    const json = place.nextElementSibling;
    if (!(json instanceof HTMLScriptElement)) throw new Error("A chart's place has its figure beside it.");
    return { place, figure: JSON.parse(json.text) as Figure };
  });
}

/** Shows the place at its full height, so that nothing below it jumps when it is drawn. */
function reserve({ place, figure }: Chart): void {
  place.style.minHeight = `${figure.layout.height ?? 0}px`;
  place.closest("[data-picture]")?.removeAttribute("hidden");
}

async function draw({ place, figure }: Chart): Promise<void> {
  await Plotly.newPlot(place, figure.data, figure.layout, { staticPlot: true, responsive: true });
  // The place has the finding for its name; letters and bars by themselves would only be noise beside it.
  for (const part of place.children) part.setAttribute("aria-hidden", "true");
  place.dataset["chart"] = "drawn";
}

/** Draws each chart when it is about to be seen, and all of them before the page is printed. */
function drawWhenSeen(charts: readonly Chart[]): void {
  const waiting = new Map(charts.map((chart) => [chart.place as Element, chart]));
  const drawNow = (place: Element): void => {
    const chart = waiting.get(place);
    if (!chart) return;
    waiting.delete(place);
    watcher.unobserve(place);
    void draw(chart);
  };
  const watcher = new IntersectionObserver(
    (seen) => seen.filter((entry) => entry.isIntersecting).forEach((entry) => drawNow(entry.target)),
    { rootMargin: SOON },
  );
  for (const place of waiting.keys()) watcher.observe(place);
  window.addEventListener("beforeprint", () => [...waiting.keys()].forEach(drawNow));
}

const charts = chartsOf(document);
charts.forEach(reserve);
drawWhenSeen(charts);
