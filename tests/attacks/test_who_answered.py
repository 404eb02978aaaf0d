"""
Two alliances that differ in one thing: in one of them somebody has answered.

Everything a steward can read must be the same in both, byte for byte, whichever way people were invited and
whatever the steward does next: each page and export there is an address for, the audit log, and each line of
the logs. What is made of chance (codes, ids, form tokens) is left out of the comparison.
"""

from __future__ import annotations

import datetime
import logging
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.answering import views
from survey.delivery.sending import Delivery
from survey.delivery.transports import MailServer
from survey.people.respondents import Writer
from survey.storage.audit import AuditEntry
from survey.storage.fielding import CodeFile
from survey.storage.mails import MailState, QueuedMail
from survey.waves.invitations import open_link
from survey.worker.answering_reminders import remind_respondents, write_to_mended
from survey.worker.duties import refresh_counts
from tests.alliances import DAY
from tests.pages import FORM_TOKEN
from tests.survey.delivery.conftest import SENDER, Postbox, postbox, server
from tests.survey.stewardship.fielding import (
    THREE,
    Space,
    answered,
    confirmed,
    link_to,
    links_made,
    planned,
    planned_for_everybody,
    space,
    write_to,
)

__all__ = ["postbox", "server"]
BY_CHANCE = re.compile(r"\b[0-9a-z]{16}\b|\b[0-9A-Z]{16}\b|(?<=nonce=\")[^\"]*")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
WORDS = {"language": ("da", "en"), "occasion": ("invitation", "reminder")}
OWN = "/o/account"
"""A steward's own sign-in, which makes a new secret each time it is looked at."""
MANY = 8
LATER = DAY + datetime.timedelta(days=3)
REFUSED = "b@culture.example"
Told = Mapping[str, str]


@pytest.fixture(scope="module")
def invited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("invited")
    return (folder, *confirmed(folder, planned()))


@pytest.fixture(scope="module")
def for_everybody(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("open")
    return (folder, *confirmed(folder, planned_for_everybody()))


def comparable(answer: TestResponse) -> str:
    """What an answer says, without what is made of chance."""
    if answer.mimetype == "application/pdf":
        return f"{answer.status_code} {answer.data.hex()}"
    return f"{answer.status_code} {BY_CHANCE.sub('', FORM_TOKEN.sub('', answer.text))}"


def addresses(desk: Space) -> Iterator[str]:
    """Each address that a browser can read something at, where its parts are known."""
    with desk.databases.alliance_session(reading=True) as session:
        file = session.scalars(select(CodeFile.id)).first()
    parts: Mapping[str, Sequence[str | None]] = {
        "organisation_id": [desk.organisation],
        "wave_id": [desk.wave],
        "file_id": [file],
        **WORDS,
    }
    for rule in desk.client.application.url_map.iter_rules():
        written = [rule.rule]
        for name in PARAMETER.findall(rule.rule):
            some = [each for each in parts.get(name, ()) if each]
            written = [re.sub(rf"<(?:\w+:)?{name}>", one, each) for each in written for one in some]
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(OWN):
            yield from written


def everything(desk: Space, lines: list[str]) -> Told:
    """All that a steward of `desk` can read, by where it stands."""
    told = {where: comparable(desk.client.get(f"{where}?lang=en")) for where in sorted(addresses(desk))}
    with desk.databases.alliance_session(reading=True) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        counted = session.scalars(select(QueuedMail).where(QueuedMail.counted)).all()
        told["log"] = str([(entry.action, entry.details) for entry in entries])
        told["mails"] = str(sorted((mail.state, mail.attempts, mail.reason) for mail in counted))
    told["lines"] = BY_CHANCE.sub("", "\n".join(lines))
    return told


@contextmanager
def two(made: tuple[Path, str, str], folder: Path, arrange: Callable[[Space], str]) -> Iterator[list[Space]]:
    """Two alliances with the same past, in the second of which somebody then answers by `arrange`'s link."""
    first, second = folder / "nobody", folder / "somebody"
    shutil.copytree(made[0], first)
    with space(first, *made[1:]) as found:
        link = arrange(found.opened())
    shutil.copytree(first, second)
    with ExitStack() as stack:
        both = [stack.enter_context(space(each, *made[1:])) for each in (first, second)]
        answered(both[1], link)
        yield both


def by_mail(desk: Space) -> str:
    write_to(desk, THREE)
    return link_to(desk, "a@culture.example")


def by_link(desk: Space) -> str:
    return links_made(desk, 5)[0]


def by_card(desk: Space) -> str:
    """A card's code is a link's, and its file is made as cards."""
    link = links_made(desk, 5)[0]
    with desk.databases.alliance_session() as session:
        session.scalars(select(CodeFile)).one().channel = "cards"
    return link


def by_poster(desk: Space) -> str:
    return open_link(desk.config.base_url, desk.stored())


def days_pass(desk: Space, server: MailServer) -> None:
    """The worker does all it does for days: sends, reminds, counts."""
    delivery, writer = (
        Delivery(desk.databases, desk.outbox, server, SENDER),
        Writer(desk.outbox, desk.config.base_url),
    )
    delivery.step()
    sent = {"remind_on": LATER.isoformat()}
    desk.client.post(f"{desk.address}/invitations/reminder", data=sent)
    write_to_mended(desk.databases, writer, DAY)
    remind_respondents(desk.databases, writer, LATER)
    refresh_counts(desk.databases, LATER)
    delivery.step()


def mends(desk: Space) -> None:
    """The steward does what can be done about refused addresses and lost files."""
    with desk.databases.alliance_session(reading=True) as session:
        mails = session.scalars(select(QueuedMail.id).where(QueuedMail.state == MailState.REFUSED)).all()
        files = session.scalars(select(CodeFile.id)).all()
    for mail in mails:
        sent = {f"{mail}-address": "steward@culture.example"}
        assert desk.client.post(f"{desk.address}/invitations/refusals/{mail}", data=sent).status_code == 303
    for file in files:
        again = desk.client.post(f"{desk.address}/invitations/files/{file}", data={"unused": "y"})
        assert again.status_code == 200


def compared(both: list[Space], caplog: pytest.LogCaptureFixture, do: Callable[[Space], None]) -> None:
    """Do the same in both, and see that nothing a steward reads tells them apart."""
    told = []
    for desk in both:
        caplog.clear()
        do(desk)
        told.append(everything(desk, [record.getMessage() for record in caplog.records]))
    nobody, somebody = told
    assert nobody.keys() == somebody.keys()
    for where, text in nobody.items():
        assert somebody[where] == text, where
    assert sum(text.startswith("200 ") for text in nobody.values()) > MANY


@pytest.mark.parametrize("arrange", [by_mail, by_card, by_link])
def test_nothing_a_steward_reads_tells_whether_an_invited_person_has_answered(
    invited: tuple[Path, str, str],
    arrange: Callable[[Space], str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    server: MailServer,
) -> None:
    caplog.set_level(logging.DEBUG, "tillid")
    with two(invited, tmp_path, arrange) as both:
        compared(both, caplog, lambda desk: days_pass(desk, server))
        compared(both, caplog, mends)


def test_nothing_tells_whether_a_refused_address_has_answered_all_the_same(
    invited: tuple[Path, str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    server: MailServer,
    postbox: Postbox,
) -> None:
    """The worst of mending: the mail had arrived and was used, and the steward asks for it themselves."""
    postbox.answers[REFUSED] = "550 5.1.1 no such user"

    def refused(desk: Space) -> str:
        write_to(desk, THREE)
        link = link_to(desk, REFUSED)
        Delivery(desk.databases, desk.outbox, server, SENDER).step()
        return link

    with two(invited, tmp_path, refused) as both:
        compared(both, caplog, mends)
        compared(both, caplog, lambda desk: days_pass(desk, server))


def test_nothing_a_steward_reads_tells_whether_somebody_answered_an_open_wave(
    for_everybody: tuple[Path, str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "OPEN_BITS", 2)
    caplog.set_level(logging.DEBUG, "tillid")
    with two(for_everybody, tmp_path, by_poster) as both:
        compared(both, caplog, lambda desk: days_pass(desk, server))
