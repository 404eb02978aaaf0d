"""Lines that gather in logs tell of no person, whichever library wrote them."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from survey.logs import set_up_logs, without_people


@contextmanager
def logs_of(process: str, form: str) -> Iterator[None]:
    """A process of its own to its logs: pytest's handlers step aside."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    set_up_logs(process, form)
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("could not send to anna@example.org now", "could not send to (address) now"),
        ("GET /w/0123456789abcdef/list/0f failed", "GET (path) failed"),
        ("client 192.0.2.77:4711 went away", "client (host) went away"),
        ("client [2001:db8::1] went away", "client [(host)] went away"),
        ("code 7KQ4-XM2P-9TBR-0HZD was refused", "code (code) was refused"),
        (f"digest {'ab' * 32}", "digest (bytes)"),
        ("Bearer " + "aZ9_-" * 9, "Bearer (bytes)"),
        ("wave 4wq81k2m9xtb03hz: closed", "wave 4wq81k2m9xtb03hz: closed"),
        ("started at 12:30:15, 14 mails sent", "started at 12:30:15, 14 mails sent"),
        ("survey.storage.repositories.NotFoundError", "survey.storage.repositories.NotFoundError"),
    ],
)
def test_what_could_tell_of_a_person_is_named_by_its_kind(written: str, kept: str) -> None:
    assert without_people(written) == kept


def test_a_line_of_json_says_when_which_process_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    with logs_of("worker", "json"):
        logging.getLogger("some.library").warning("no answer from %s", "192.0.2.7")

    line = json.loads(capsys.readouterr().err)
    assert set(line) == {"time", "process", "level", "logger", "message"}
    assert (line["process"], line["level"], line["logger"]) == ("worker", "warning", "some.library")
    assert line["message"] == "no answer from (host)"


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_is_told_by_its_kind_and_place_and_never_by_its_words(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    row = f"anna-{form}-4711"
    with logs_of("web", form):
        try:
            int(row)
        except ValueError:
            logging.getLogger("tillid.web").exception("it failed")

    told = capsys.readouterr().err
    assert "it failed: builtins.ValueError" in told
    assert "test_logs.py" in told
    assert row not in told
