"""
What a release costs once its responses are opened: coding and counting them, and protecting what was counted.

Coding and counting grow with the responses. Protecting does not: it looks at what is shown, and takes
longest where much is in bands and hangs together.
"""

from __future__ import annotations

import os
import platform
import resource
import time
from pathlib import Path

import numpy as np

from analysis.coding import coded, counted_as
from analysis.disclosure.suppression import Circumstances, protected
from analysis.measures import measures_of
from analysis.plan import publication_plan
from analysis.routes import Columns
from analysis.tables import Coded, Form, LeftOutReason, Measure, OpenedWave
from analysis.tabulation import tabulated
from policy import POLICY
from questionnaires.answers import encode, longest_plaintext, padded
from questionnaires.loading import load
from survey.commands.synthetic import Place, replies
from survey.custody.reading import ResponseReader

WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
PLAN = publication_plan(WORKPLACE, breakdowns=(), open_wave=False)
MEASURES = measures_of(WORKPLACE)
COUNTED = (10_000, 100_000, 1_000_000)
PROTECTED = (25, 60, 200, 600, 5_600)


def main() -> None:
    """Measure, and print two tables."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, one of them used; {len(WORKPLACE.items)} items")
    print(f"{'responses':>10}{'coded s':>10}{'counted s':>11}{'peak memory MB':>16}")
    answers = opened(2_000).answers
    for size in COUNTED:
        print_counting(OpenedWave(WORKPLACE, (), np.resize(answers, (size, answers.shape[1]))))
    print(
        f"{'responses':>10}{'CPU s':>8}   exact, bands, wide bands, hidden; left out for the base, not proven"
    )
    for size in PROTECTED:
        print_protecting(opened(size))


def print_counting(wave: OpenedWave) -> None:
    """Every measure coded, every table counted."""
    began = time.perf_counter()
    responses = coded(wave, MEASURES.values())
    done = time.perf_counter()
    for table in PLAN.tables:
        tabulated(responses, table, table.alternatives[0])
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{wave.responses:>10,}{done - began:>10.2f}{ended - done:>11.2f}{peak:>16,}")


def print_protecting(wave: OpenedWave) -> None:
    """Every table in its form, or left out."""
    responses = coded(wave, MEASURES.values())
    options = 0 if wave.responses >= POLICY.all_options else -1
    tables = [tabulated(responses, table, table.alternatives[options]) for table in PLAN.tables]
    began = time.process_time()
    shown = protected(
        tables, [], Circumstances(WORKPLACE, wave.responses, is_open=False, policy=POLICY), counted
    )
    spent = time.process_time() - began
    forms = [sum(table.form is form for table in shown.tables) for form in Form]
    left_out = [sum(fact.reason is reason for fact in shown.left_out) for reason in LeftOutReason]
    print(
        f"{wave.responses:>10,}{spent:>8.2f}   {', '.join(map(str, forms))}; {', '.join(map(str, left_out))}"
    )


def counted(measure: Measure, columns: Columns) -> Coded:
    """What answers count as."""
    return counted_as(measure, WORKPLACE, columns)


def opened(people: int) -> OpenedWave:
    """Invented respondents of a place with as much exposure as most."""
    reader, size = ResponseReader(WORKPLACE, ()), longest_plaintext(WORKPLACE, 0) + 1
    made = replies(WORKPLACE, Place("average", 0.7), people, 0, seed=1)
    answers, _ = reader.read([padded(encode(WORKPLACE, None, reply.answers), size) for reply in made])
    return reader.opened([answers])


if __name__ == "__main__":
    main()
