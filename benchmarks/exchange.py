"""
What it takes to read a form that somebody uploads: honest ones of growing size, and the worst that are read.

Each in a process of its own, so that memory is that of the one file. The promise is 2 s and 300 MB for any
file of up to 10 MB; refusing counts as well.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
import warnings
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from questionnaires.exchange.limesurvey_writing import write_limesurvey
from questionnaires.exchange.reading import read_questionnaire
from questionnaires.exchange.report import ExchangeError
from questionnaires.exchange.xlsform_writing import write_xlsform
from questionnaires.loading import alliance_definition

sys.path.insert(0, str(Path(__file__).parents[1]))  # the hostile files are the tests'

from tests.questionnaires.exchange.forms import workbook
from tests.questionnaires.exchange.hostile import CLEANED, LISTS, REFUSED, questions

SECONDS, MEGABYTES = 2.0, 300
WORST = 8


def measured(data: bytes) -> tuple[float, int, str]:
    """Processor seconds, peak memory in MB and what came of reading the file, in a process of its own."""
    there, here = Pipe()
    child = os.fork()
    if child == 0:
        _read(data, here)
    result: tuple[float, int, str] = there.recv()
    os.waitpid(child, 0)
    return result


def _read(data: bytes, to: Connection) -> None:
    warnings.simplefilter("ignore")
    began = time.process_time()
    try:
        came = f"{len(read_questionnaire({'form': data}, 'en').entries)} entries"
    except ExchangeError:
        came = "refused"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    to.send((time.process_time() - began, peak, came))
    os._exit(0)


def line(name: str, data: bytes) -> tuple[float, int]:
    """Measure three times, print the middle one."""
    seconds, peak, came = sorted(measured(data) for _ in range(3))[1]
    print(
        f"{name:38} {len(data) / 1e6:7.2f} MB {seconds:6.2f} s ({seconds / SECONDS:4.0%}) {peak:4} MB  {came}"
    )
    return seconds, peak


def main() -> None:
    """Print honest forms, then the hostile ones that take longest."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    workplace = alliance_definition("workplace")
    line("workplace, XLSForm", write_xlsform(workplace).content)
    line("workplace, LimeSurvey", write_limesurvey(workplace).content)
    for number in (50, 100, 200, 400, 800):
        line(f"{number} questions, XLSForm", workbook(survey=questions(number), choices=LISTS))
    made: dict[str, Callable[[], bytes]] = {**REFUSED, **CLEANED}
    files = {name: make() for name, make in made.items()}
    taken = {name: measured(data)[0] for name, data in files.items()}
    for name in sorted(taken, key=lambda name: -taken[name])[:WORST]:
        line(name, files[name])
    most = max(measured(data)[1] for data in files.values())
    print(f"most memory of all {len(files)} hostile files: {most} MB ({most / MEGABYTES:.0%})")


if __name__ == "__main__":
    main()
