"""
What whoever watches the machines may ask: is a node ready, and in what state is the whole.

Metrics tell states, never traffic: a counter of requests that is read every few seconds is a clock of who
answered when, and none is kept (docs/decisions/0110). What could be counted back to people is rounded.
"""

from __future__ import annotations

import datetime as dt
import hmac
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from importlib.metadata import version
from typing import Final

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from survey.access import Audience, Services, open_to, services
from survey.storage.databases import transaction
from survey.storage.mails import MailState, QueuedMail
from survey.storage.models import Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.upgrading import SchemaError, check_schema
from survey.waves.checking import promised, standing
from survey.waves.manifest import ManifestError
from survey.waves.retention import due_on
from survey.waves.states import WaveState

blueprint = Blueprint("monitoring", __name__)
ROUNDED_TO: Final = 10
# States in which a process has something to do by a certain day.
_WAITING: Final = tuple(
    state.value for state in (WaveState.FIELDING, WaveState.CLOSED, WaveState.OPENING, WaveState.RELEASED)
)


@blueprint.get("/readyz")
@open_to(Audience.PUBLIC)
def readyz() -> ResponseReturnValue:
    """
    Say whether this node may be given requests: both databases answer, with the tables of its version.

    Or with newer ones: while the next version comes in, this one still serves.
    """
    try:
        check_schema(services().databases, newer=True)
    except (SQLAlchemyError, SchemaError):
        return jsonify(status="unavailable"), HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ready")


@blueprint.get("/metrics")
@open_to(Audience.MONITOR)
def metrics() -> ResponseReturnValue:
    """Give Prometheus the state of the whole, for TILLID_METRICS_TOKEN; where none is set there are none."""
    if not _is_known(services().metrics_token):
        abort(HTTPStatus.NOT_FOUND)
    registry = CollectorRegistry()
    registry.register(State(services()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_known(token: str) -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(shown.encode(), token.encode())


class State(Collector):
    """The state of databases, waves and mails at the moment somebody asks."""

    def __init__(self, asked: Services) -> None:
        self._asked = asked

    def collect(self) -> Iterator[Metric]:
        """Yield each figure; of a database that does not answer, that and nothing else."""
        yield _gauge("tillid_info", "1, with the version that runs.", "version", {version("tillid"): 1})
        databases = self._asked.databases
        seconds = {"alliance": _seconds(databases.alliance), "responses": _seconds(databases.responses)}
        answered = {name: float(taken is not None) for name, taken in seconds.items()}
        yield _gauge("tillid_database_up", "Whether a database answers.", "database", answered)
        taken = {name: each for name, each in seconds.items() if each is not None}
        yield _gauge("tillid_database_seconds", "How long a row took.", "database", taken)
        if answered["alliance"]:
            yield from self._of_the_alliance()

    def _of_the_alliance(self) -> Iterator[Metric]:
        with self._asked.databases.alliance_session(reading=True) as session:
            waves = Counter(session.scalars(select(Wave.state)))
            yield _gauge(
                "tillid_waves",
                "Waves by state.",
                "state",
                {each.value: waves[each.value] for each in WaveState},
            )
            late = overdue(WaveRegistry(session).waves(*_WAITING), self._asked.today())
            yield _gauge("tillid_overdue", "What a process should have done by yesterday.", "process", late)
            query = select(QueuedMail.state, func.count()).group_by(QueuedMail.state)
            mails = {state: number for state, number in session.execute(query)}  # noqa: C416  Rows, typed.
            kept = (MailState.WAITING, MailState.REFUSED)
            rounded = {each.value: mails.get(each, 0) // ROUNDED_TO * ROUNDED_TO for each in kept}
            yield _gauge("tillid_mails", "Mails by state, rounded down to tens.", "state", rounded)


def overdue(waves: Iterable[Wave], today: dt.date) -> dict[str, int]:
    """Count the waves that the worker should have closed, and custody verified or destroyed, by yesterday."""
    late = {"worker": 0, "custody": 0}
    yesterday = today - dt.timedelta(days=1)
    for wave in waves:
        with suppress(ManifestError):  # Said by the worker, who names the wave.
            if wave.state == WaveState.FIELDING.value:
                late["worker"] += standing(wave, yesterday) is WaveState.CLOSED
            elif wave.list_statement is None:
                late["custody"] += wave.closed_on is not None and wave.closed_on < yesterday
            else:
                due = due_on(wave, promised(wave).retention)
                late["custody"] += due is not None and due < yesterday
    return late


def _seconds(engine: Engine) -> float | None:
    began = time.perf_counter()
    try:
        with transaction(engine, reading=True) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return None
    return time.perf_counter() - began


def _gauge(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    gauge = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        gauge.add_metric([str(value)], number)
    return gauge
