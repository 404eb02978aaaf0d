"""
A dashboard of 100 reporting groups, 14 indicators and 45 items: time at the server, bytes over the wire, PDF.

The pages are asked for as a signed-in leader's browser does, in this process. Processor time is told beside
time, for a machine that is busy with other work.

    .venv/bin/python benchmarks/dashboard.py [--requests 200]
"""

from __future__ import annotations

import argparse
import gzip
import platform
import statistics
import tempfile
import time
from http import HTTPStatus
from pathlib import Path

from flask.testing import FlaskClient

from analysis.measures import measures_of
from analysis.plan import publication_plan
from analysis.release import Row, Table
from config import Config
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.accounts.links import one_time_link
from survey.app import create_app
from survey.people.accounts import add_account, join
from survey.storage.databases import open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import upgrade
from tests.releases import bounds, made_up, store

GROUPS = 100
PEOPLE = 4000
PROMISED = "p95 under 100 ms, at most 500 kB; a PDF in at most 2 s"


def figures(questionnaire: Questionnaire) -> list[Table]:
    """Everything that can be planned, of the organisation and of each group."""
    measures = measures_of(questionnaire)
    plan = publication_plan(questionnaire, breakdowns=("unit",), open_wave=False)
    return [
        whole if planned.by is None else _by_unit(whole, planned.id)
        for planned in plan.tables
        if (whole := made_up(questionnaire, measures[planned.item], PEOPLE))
    ]


def _by_unit(whole: Table, table_id: str) -> Table:
    people = PEOPLE // GROUPS
    cells = tuple(bounds(cell[0] * people // PEOPLE, people, banded=True) for cell in whole.rows[0].cells)
    rows = tuple(
        Row(group=f"u{number}", parent=None, base=(people, people), cells=cells, mean=whole.rows[0].mean)
        for number in range(GROUPS)
    )
    return whole.model_copy(update={"id": table_id, "by": "unit", "rows": rows})


def main() -> None:
    """Fill a folder, ask for each page many times, and say what it took."""
    parser = argparse.ArgumentParser(description="Measure a large dashboard.")
    parser.add_argument("--requests", type=int, default=200)
    requests = parser.parse_args().requests
    print(f"{platform.machine()}, Python {platform.python_version()}; promised: {PROMISED}")
    with tempfile.TemporaryDirectory() as folder:
        config = Config.for_demo(Path(folder), 8000)
        databases = open_databases(config.database_url, config.responses_url)
        upgrade(databases)
        questionnaire = load(Path("questionnaires/definitions/workplace.yaml"))
        units = [
            {"id": f"u{number}", "name": f"Afdeling {number}", "parent": None, "headcount": 40}
            for number in range(GROUPS)
        ]
        with databases.alliance_session() as session:
            organisation = Organisation(id=new_identifier(), name="Koncernen", area="labour_market")
            session.add(organisation)
            session.flush()
            shown = figures(questionnaire)
            heard = {"invited": 5000, "received": PEOPLE, "withdrawn": 0, "rejected": {}, "counted": PEOPLE}
            wave = store(
                session, organisation, questionnaire, shown, heard, breakdowns=("unit",), units=units
            )
            person = add_account(session, "leder@example.org", "correct horse battery")
            join(session, person.id, organisation.id, MembershipRole.LEADER)
        client = create_app(config).test_client()
        client.get(one_time_link(config.secret_key, "", person.id))
        base = f"/o/{organisation.id}/releases/{wave}"
        print(f"{len([table for table in shown if table.by is None])} figures, each by {GROUPS} groups")
        for page in ("", "/brief", "/groups", "/groups/I11_climate_index", "/definitions", "/sharing"):
            _measured(client, f"{base}{page}?lang=da", page or "dashboard", requests)
        for file in ("report.pdf", "dialogue.pdf"):
            began = time.perf_counter(), time.process_time()
            size = len(client.get(f"{base}/{file}?lang=da").data)
            taken = time.perf_counter() - began[0]
            used = time.process_time() - began[1]
            print(f"{file:28} {taken:6.2f} s ({used:.2f} s of processor), {size / 1000:6.0f} kB")
        databases.dispose()


def _measured(client: FlaskClient, address: str, name: str, requests: int) -> None:
    began = time.perf_counter()
    data = client.get(address).data
    first = time.perf_counter() - began
    taken, used = [], []
    for _ in range(requests):
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(address)
        taken.append(1000 * (time.perf_counter() - began))
        used.append(1000 * (time.process_time() - busy))
        if answer.status_code != HTTPStatus.OK:
            raise SystemExit(f"{address}: {answer.status_code}")
    p95 = statistics.quantiles(taken, n=20)[-1]
    busy95 = statistics.quantiles(used, n=20)[-1]
    print(
        f"{name:28} p95 {p95:6.1f} ms ({busy95:.1f} ms of processor), first {1000 * first:6.0f} ms, "
        f"{len(data) / 1000:5.0f} kB ({len(gzip.compress(data)) / 1000:.0f} kB if compressed)"
    )


if __name__ == "__main__":
    main()
