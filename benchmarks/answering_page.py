"""
What an answering page costs a phone: bytes of a first visit, Lighthouse, moving on, sealing and sending.

`make bench` runs it against `tillid web` on this machine, with the system's Chromium. Moving and sending are
measured with the CPU slowed down six times: moving from a click to the next paint (Event Timing, W3C),
sending without the random pause that is waited on purpose. Limits: docs/measurements/0004-answering.md.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
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

OBSERVE = """() => {
  window.moves = [];
  new PerformanceObserver((list) => {
    const clicks = list.getEntries().filter(({ name }) => name === "click");
    window.moves.push(...clicks.map(({ duration }) => duration));
  }).observe({ type: "event", durationThreshold: 16 });
  window.stages = [];
  let last = null;
  new MutationObserver(() => {
    const shown = document.querySelector("[aria-current=step]") ?? document.querySelector("h1");
    const now = shown?.innerText;
    if (now !== last) window.stages.push([now, performance.now()]);
    last = now;
  }).observe(document.getElementById("answering"), {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
}"""


Measured = tuple[str, str, str, bool]
"""What was measured, the figure, its limit, and whether it is kept."""


def main() -> None:
    """Measure, print a table, and end with status 1 if a limit is passed."""
    units = [Unit(id=f"u{n}", name=f"Afdeling {n}", parent=None, headcount=20) for n in range(1, 5)]
    with (
        tempfile.TemporaryDirectory(prefix="tillid-bench-") as folder,
        served(Path(folder), alliance_definition("workplace"), units, 8) as live,
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
    """Whole journeys with the CPU slowed down; the slowest move, and the slowest sealing and sending."""
    moves: list[float] = []
    sendings: list[float] = []
    for number in range(1, 1 + SENDINGS):
        with chromium() as page:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(live.link(number))
            page.evaluate(OBSERVE)
            to_review(page)
            moves += page.evaluate("() => window.moves")
            sendings.append(sending(page))
    slowest = max(moves, default=0)
    often = f"{len(moves)} of the moves took 16 ms or more"
    yield (
        f"moving between sections, {SLOWER}x slower CPU, slowest ({often})",
        f"{slowest:.0f} ms", f"{MOVE_MS} ms", slowest <= MOVE_MS,
    )  # fmt: skip
    yield (
        f"sealing, exchanging and sending without the pause, {SLOWER}x slower CPU, slowest of {SENDINGS}",
        f"{max(sendings):.0f} ms", f"{SEND_MS} ms", max(sendings) <= SEND_MS,
    )  # fmt: skip


def to_review(page: Page) -> None:
    """Answer nothing, and go on until the review."""
    page.get_by_role("button", name=FORWARD).wait_for()
    while (before := page.get_by_role("heading", level=1).inner_text()) != "Dine svar":
        label = page.get_by_role("button", name=FORWARD).inner_text()
        page.get_by_role("button", name=FORWARD).click()
        page.wait_for_function(
            "([heading, button]) => document.querySelector('h1')?.innerText !== heading"
            " || ![...document.querySelectorAll('button')].some((b) => b.innerText === button)",
            arg=[before, label],
        )


def sending(page: Page) -> float:
    """Milliseconds from pressing *send* to the receipt, without the pause."""
    page.evaluate("() => { window.stages = [] }")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Tak. Dit svar er sendt").wait_for(timeout=60_000)
    stages: list[tuple[str, float]] = page.evaluate("() => window.stages")
    at = [time for _, time in stages]
    # The observer saw the stages in their order; only the third is a wait.
    pausing = next(place for place, (words, _) in enumerate(stages) if "tilfældige sekunder" in words)
    return at[-1] - at[0] - (at[pausing + 1] - at[pausing])


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
    click.echo(
        f"{what}: Lighthouse {step['version']}, {step['throttling']}; {metrics}; below: {step['failed']}"
    )
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
