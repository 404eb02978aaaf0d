"""`systemctl reload`: a node of the web whose processes are replaced by new ones while people answer."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from questionnaires.answers import Answers
from questionnaires.loading import load
from survey.answering.client import AnsweringError, Respondent
from survey.storage.models import Invitation
from survey.storage.responses import SealedResponse
from tests.alliances import ROUTING
from tests.live import Live, served

AT_ONCE = 4
PATIENCE = 120.0
INVITED = 4_000
pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Load:
    """People who answer one after the other, each over connections of their own, and never try twice."""

    live: Live
    sent: int = 0
    faults: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, respondent: Respondent, codes: Sequence[str]) -> None:
        blank = Answers((None,) * len(respondent.questionnaire.items))
        for code in codes:
            if self.over.is_set():
                return
            try:
                with httpx.Client(base_url=self.live.config.base_url, timeout=30) as http:
                    replace(respondent, http=http).send(code, None, blank)
            except (httpx.HTTPError, AnsweringError) as fault:
                self.faults.append(repr(fault))
            else:
                self.sent += 1

    def await_more(self) -> None:
        """Until some more are through: else nothing would be under way."""
        enough, until = self.sent + 2 * AT_ONCE, time.monotonic() + PATIENCE
        while self.sent < enough and not self.faults:
            assert time.monotonic() < until, "nobody gets through"
            time.sleep(0.01)


@contextmanager
def answering(live: Live) -> Iterator[Load]:
    """Some answer all the time until the block ends."""
    load, ballot = Load(live), live.ballot
    with httpx.Client(base_url=live.config.base_url, timeout=30) as http:
        respondent = Respondent.arrive(http, ballot.wave, ballot.pin)
    shares = [ballot.codes[start::AT_ONCE] for start in range(AT_ONCE)]
    threads = [threading.Thread(target=load.answer, args=(respondent, share)) for share in shares]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.over.set()
        for thread in threads:
            thread.join()


def processes(pid: int) -> set[int]:
    """The processes that this one started and that have not ended: proc(5), children."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def reload(live: Live) -> None:
    """What the unit's ExecReload does, and waiting until every process is a new one."""
    process = live.web._process
    assert process is not None
    before = processes(process.pid)
    os.kill(process.pid, signal.SIGHUP)
    until = time.monotonic() + PATIENCE
    while len(before - processes(process.pid)) < live.config.workers:
        assert time.monotonic() < until, "the processes are not replaced"
        time.sleep(0.05)


def test_no_request_is_lost_while_a_nodes_processes_are_replaced_under_load(tmp_path: Path) -> None:
    with served(tmp_path, [load(ROUTING)], [], INVITED) as live:
        with answering(live) as people:
            for _ in range(2):
                people.await_more()
                reload(live)
                people.await_more()
        with live.databases.alliance_session(reading=True) as session:
            exchanged = session.scalars(select(func.count(Invitation.blinded_digest))).one()
        with live.databases.responses_session(reading=True) as session:
            stored = session.scalars(select(func.count()).select_from(SealedResponse)).one()

    assert people.faults == []
    assert stored == exchanged == people.sent > 4 * AT_ONCE
