"""
What an answering page costs a phone: bytes of a first visit, Lighthouse, moving on, sealing and sending.

`make bench` runs it against `tillid web` on this machine, with the system's Chromium. Moving and sending are
measured with the CPU slowed down six times, by the main thread's own time: what else runs on the machine does
not count. Sending is without the random pause that is waited on purpose. The limits are those of
docs/measurements/0004-answering.md.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urljoin

import click
import httpx
from playwright.sync_api import Page, sync_playwright

from questionnaires.loading import alliance_definition
from survey.waves.manifest import Unit
from tests.live import Live, served

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
SLOWER = 6
SENDINGS = 3
FIRST_VISIT_KB, MOVE_MS, SEND_MS = 120, 50, 1_000
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
PHONE = {"width": 390, "height": 844}
FORWARD = re.compile("^(Ja, jeg vil gerne svare|Vis spørgsmålene|Næste)$")

OBSERVE_STAGES = """() => {
  window.stages = [];
  let last = null;
  new MutationObserver(() => {
    const shown = document.querySelector("[aria-current=step]") ?? document.querySelector("h1");
    if (shown?.textContent !== last) window.stages.push([shown?.textContent, performance.now()]);
    last = shown?.textContent;
  }).observe(document.getElementById("answering"), { subtree: true, childList: true, attributes: true });
}"""


Measured = tuple[str, str, str, bool]
"""What was measured, the figure, its limit, and whether it is kept."""


def main() -> None:
    """Measure, print a table, and end with status 1 if a limit is passed."""
    units = [Unit(id=f"u{n}", name=f"Afdeling {n}", parent=None, headcount=20) for n in range(1, 5)]
    with (
        tempfile.TemporaryDirectory(prefix="tillid-bench-") as folder,
        served(Path(folder), [alliance_definition("workplace")], units, 8) as live,
    ):
        kept = [_shown(row) for row in chain(first_visit(live), on_a_slow_phone(live), lighthouse(live))]
    if not all(kept):
        raise SystemExit(1)


def _shown(row: Measured) -> bool:
    what, measured, limit, is_kept = row
    click.echo(f"| {what} | {measured} | {limit} | {'kept' if is_kept else 'PASSED'} |")
    return is_kept


def first_visit(live: Live) -> Iterator[Measured]:
    """Everything that a browser fetches on a first visit, each file compressed as a server would."""
    with chromium() as page:
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(live.link(0))
        page.get_by_role("button", name=FORWARD).wait_for()
    sizes: dict[str, int] = {}
    for address in dict.fromkeys(url.partition("#")[0] for url in fetched):
        if not address.endswith(".woff2"):
            content = httpx.get(urljoin(live.config.base_url, address)).content
            sizes[address.rpartition("/")[2]] = len(gzip.compress(content, 6))
    total = sum(sizes.values()) / 1000
    parts = ", ".join(f"{name} {size / 1000:.1f}" for name, size in sorted(sizes.items()))
    yield (
        f"first visit, gzip, without fonts ({parts})",
        f"{total:.1f} kB", f"{FIRST_VISIT_KB} kB", total <= FIRST_VISIT_KB,
    )  # fmt: skip


def on_a_slow_phone(live: Live) -> Iterator[Measured]:
    """Whole journeys with the CPU slowed down; the slowest moves, and the slowest sealing and sending."""
    moves: list[Cost] = []
    reviews: list[Cost] = []
    sendings: list[Cost] = []
    for number in range(1, 1 + SENDINGS):
        with chromium() as page:
            phone = Phone(page)
            page.goto(live.link(number))
            *between, last = to_review(phone)
            moves += between
            reviews.append(last)
            sendings.append(sending(phone))
    yield _of("moving between sections", moves, MOVE_MS)
    # It lists every question and its answer: a page of its own kind, for which there is no limit.
    yield _of("moving to the review", reviews, SEND_MS)
    yield _of("sealing, exchanging and sending without the pause", sendings, SEND_MS)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds by the clock, and of the main thread's own time, which other work does not disturb."""

    wall: float
    cpu: float


class Phone:
    """A page with the CPU slowed down, and a meter on its main thread."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy(self) -> float:
        """Milliseconds that the main thread has worked."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")


def _of(what: str, costs: Sequence[Cost], limit: int) -> Measured:
    cpu, wall = ([getattr(cost, kind) for cost in costs] for kind in ("cpu", "wall"))
    most = sorted(cpu)[19 * len(cpu) // 20]
    figures = f"{most:.0f} ms, half under {median(cpu):.0f} ms, slowest {max(cpu):.0f} ms"
    clock = f"by the clock {max(wall):.0f} and {median(wall):.0f} ms"
    what = f"{what}, {SLOWER}x slower CPU, 19 in 20 of {len(costs)}, main thread's time ({clock})"
    return what, figures, f"{limit} ms", most <= limit


# The same two frames without a press: what the meter itself costs.
NOTHING = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# From a press to the second frame after it: by then the next page is painted.
MOVE = """async () => {
  const button = document.querySelector("main button.button-primary");
  const began = performance.now();
  button.click();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""


def to_review(phone: Phone) -> list[Cost]:
    """Answer nothing, and go on until the review; what each move cost."""
    page = phone.page
    page.get_by_role("button", name=FORWARD).wait_for()
    costs = []
    while page.get_by_role("heading", level=1).inner_text() != "Dine svar":
        shown = page.get_by_role("main").text_content()
        before = phone.busy()
        page.evaluate(NOTHING)
        meter = phone.busy() - before
        before = phone.busy()
        wall = page.evaluate(MOVE)
        costs.append(Cost(wall, phone.busy() - before - meter))
        page.wait_for_function("(shown) => document.querySelector('main').textContent !== shown", arg=shown)
    return costs


def sending(phone: Phone) -> Cost:
    """What it costs from pressing *send* to the receipt, without the pause."""
    page, before = phone.page, phone.busy()
    page.evaluate(OBSERVE_STAGES)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Tak. Dit svar er sendt").wait_for(timeout=60_000)
    stages: list[tuple[str, float]] = page.evaluate("() => window.stages")
    at = [time for _, time in stages]
    # The observer saw the stages in their order; only the third is a wait.
    pausing = next(place for place, (words, _) in enumerate(stages) if "tilfældige sekunder" in words)
    return Cost(at[-1] - at[0] - (at[pausing + 1] - at[pausing]), phone.busy() - before)


def lighthouse(live: Live) -> Iterator[Measured]:
    """Lighthouse's scores of the consent page and of a page with a table of questions."""
    if not (LIGHTHOUSE / "node_modules").is_dir():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--loglevel", "error"], cwd=LIGHTHOUSE, check=True)  # noqa: S603  Our own.
    command = ["node", "run.mjs", live.link(7), executable()]
    made = subprocess.run(command, cwd=LIGHTHOUSE, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  Our own.
    for what, step in zip(("consent", "questions"), json.loads(made.stdout), strict=True):
        yield from _scores(what, step)


def _scores(what: str, step: Mapping[str, Any]) -> Iterator[Measured]:
    metrics = ", ".join(f"{name} {value}" for name, value in step["metrics"].items() if value)
    machine = f"{step['throttling']}, benchmark index {step['index']}"
    click.echo(f"{what}: Lighthouse {step['version']}, {machine}; {metrics}; below: {step['failed']}")
    for name, score in step["scores"].items():
        yield f"Lighthouse, {what}, {name}", str(score), str(LEAST[name]), score >= LEAST[name]


@contextmanager
def chromium() -> Iterator[Page]:
    """A tab of a phone's size in a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        try:
            yield browser.new_context(viewport=PHONE, locale="da-DK").new_page()  # type: ignore[arg-type]  # a dict
        finally:
            browser.close()


def executable() -> str:
    """The system's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("there is no Chromium here: apt-get install chromium")
    return found


if __name__ == "__main__":
    main()
