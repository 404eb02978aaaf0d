"""A steward opens a wave and invites by mail, by cards and by links; nobody learns who answered."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.commands.alliance import open_alliance
from survey.delivery.message import Message
from survey.delivery.outbox import Outbox
from survey.delivery.sending import Delivery
from survey.delivery.transports import MailServer
from survey.people.respondents import Writer
from survey.sealing.at_rest import AtRest
from survey.storage.audit import AuditEntry
from survey.storage.fielding import Fielding, InvitedAddress
from survey.storage.mails import QueuedMail
from survey.storage.models import WaveTrustee
from survey.waves.states import WaveState
from survey.worker.answering_reminders import remind_respondents
from survey.worker.duties import close_ended
from tests.alliances import DAY, PORT, Clock
from tests.pages import Page
from tests.questionnaires.exchange.forms import workbook
from tests.survey.delivery.conftest import SENDER, Postbox, postbox, server
from tests.survey.stewardship.fielding import (
    INVITED,
    LINK,
    PAPERS,
    THREE,
    Space,
    answered,
    desk,
    invitations,
    link_to,
    links_made,
    made,
    page,
    ready,
    space,
    write_to,
)

__all__ = ["desk", "made", "postbox", "ready", "server"]
ADDRESSES = ["a@culture.example", "b@culture.example", "c@culture.example"]


def pages(desk: Space) -> str:
    """Everything that a steward can read about the wave."""
    names = ("invitations", "following", "invitations/texts/da/invitation", "invitations/texts/en/reminder")
    return " ".join(page(desk, name).text() for name in names)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", ["invitations", "following", "invitations/texts/da/invitation"])
def test_each_page_is_whole_before_and_while_the_wave_is_open(ready: Space, name: str, language: str) -> None:
    assert page(ready, name, language).faults() == []
    assert page(ready.opened(), name, language).faults() == []


def test_opening_gives_out_the_paper_codes_and_happens_once(ready: Space) -> None:
    ready.opened()
    again = ready.client.post(f"{ready.address}/invitations/opening?lang=en")

    assert again.status_code == 400
    assert "cannot be opened now" in again.text
    assert ready.stored().state == WaveState.FIELDING.value
    assert invitations(ready) == PAPERS
    with ready.databases.alliance_session(reading=True) as session:
        places = session.scalars(select(WaveTrustee)).all()
    assert sum(place.paper_codes is not None for place in places) == 2


def test_nobody_is_invited_before_the_wave_is_opened(ready: Space) -> None:
    answers = [
        write_to(ready, THREE),
        ready.client.post(f"{ready.address}/invitations/links?lang=en", data={"number": 1, "language": "da"}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert all("not open for answers" in answer.text for answer in answers)
    assert invitations(ready) == 0


def test_each_address_gets_one_mail_with_a_link_of_its_own(desk: Space) -> None:
    assert write_to(desk, THREE).status_code == 303
    again = write_to(desk, f"{THREE.upper()}\nd@culture.example")

    assert "written=1" in again.headers["Location"]
    assert "before=3" in again.headers["Location"]
    mails = desk.mails()
    assert [to for to, _, _ in mails] == [*ADDRESSES, "d@culture.example"]
    links = {match[0] for _, _, text in mails for match in LINK.finditer(text)}
    assert len(links) == 4
    assert all("Teatret ved Åen" in subject for _, subject, _ in mails)
    assert all("21. december 2026" in text and "21 December 2026" in text for _, _, text in mails)
    assert "{" not in "".join(text for _, _, text in mails)


def test_no_mail_leaves_before_the_first_day(made: tuple[Path, str, str], tmp_path: Path) -> None:
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    with space(tmp_path, *made[1:], day=DAY - datetime.timedelta(days=30)) as early:
        write_to(early.opened(), THREE)
        with early.databases.alliance_session(reading=True) as session:
            due = session.scalars(select(QueuedMail.due)).all()

    eight = int(datetime.datetime(2026, 11, 23, 7, tzinfo=datetime.UTC).timestamp())
    assert min(due) >= eight


def test_a_list_with_faults_names_each_row_and_nobody_is_written_to(desk: Space) -> None:
    typed = "a@culture.example\nnobody\n=HYPERLINK(1)@x.dk\nA@culture.example"

    answer = write_to(desk, typed)

    assert answer.status_code == 400
    text = Page.parsed(answer.text).text()
    assert Page.parsed(answer.text).faults() == []
    assert "Row 2, nobody: this is no e-mail address" in text
    assert "Row 3, =HYPERLINK(1)@x.dk: this is a formula" in text
    assert "Row 4, A@culture.example: this address stands there twice" in text
    assert "nobody\n=HYPERLINK" in answer.text
    assert desk.mails() == []
    assert invitations(desk) == PAPERS


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("Navn;E-mail\nÅse;a@culture.example\nBo;b@culture.example\n".encode(), id="headed"),
        pytest.param("Åse,a@culture.example\nBo,b@culture.example\n".encode("cp1252"), id="ansi"),
        pytest.param("Åse\ta@culture.example\nBo\tb@culture.example\n".encode("utf-16"), id="utf-16"),
    ],
)
def test_a_file_of_a_spreadsheet_is_read_whatever_wrote_it(desk: Space, file: bytes) -> None:
    assert write_to(desk, file=file).status_code == 303
    assert [to for to, _, _ in desk.mails()] == ADDRESSES[:2]


def test_a_workbook_is_read_and_its_formulas_are_not_worked_out(desk: Space) -> None:
    rows = [["Navn", "E-mail"], ["Åse", "a@culture.example"], ["Bo", '=HYPERLINK("b@x.dk")']]

    refused = write_to(desk, file=workbook(staff=rows))

    assert "Row 3" in refused.text
    assert "this is a formula" in refused.text
    assert write_to(desk, file=workbook(staff=rows[:2])).status_code == 303
    assert [to for to, _, _ in desk.mails()] == ["a@culture.example"]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        pytest.param(b"name\nBo\n", "No column of the file", id="no-column"),
        pytest.param(b"\x00\x01\x02", "cannot be read", id="no-text"),
        pytest.param(b"PK\x03\x04 broken", "cannot be read", id="broken-workbook"),
        pytest.param(
            b"e-mail\n" + b"".join(b"p%d@culture.example\n" % place for place in range(100_000)),
            "too much at once",
            id="100,000-rows",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(desk: Space, file: bytes, told: str) -> None:
    answer = write_to(desk, file=file)
    answer.request.environ["wsgi.input"].close()  # a long one lies in a file of the test client's

    assert answer.status_code == 400
    assert told in answer.text
    assert desk.mails() == []


def test_no_more_are_invited_than_the_wave_promised(desk: Space) -> None:
    many = "\n".join(f"p{place}@culture.example" for place in range(INVITED + 1))

    refused = write_to(desk, many)

    assert f"These are {INVITED + 1} people, and {INVITED} can still be invited" in refused.text
    assert "p12@culture.example" in refused.text
    assert desk.mails() == []
    assert write_to(desk, many.rpartition("\n")[0]).status_code == 303
    assert "Everybody has been invited" in page(desk).text()


def test_the_codes_in_a_file_of_links_are_kept_nowhere(desk: Space) -> None:
    codes = {match[1] for link in links_made(desk, 5) if (match := LINK.fullmatch(link))}

    assert len(codes) == 5
    assert invitations(desk) == PAPERS + 5
    files = b"".join(path.read_bytes() for path in desk.config.custody_directory.parent.rglob("*.db*"))
    assert not any(code.encode() in files for code in codes)
    with desk.databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Fielding.handed_out)).one()
        assert "'links'" in str([entry.details for entry in session.scalars(select(AuditEntry))])


def test_the_numbers_of_a_closed_wave_say_that_codes_were_handed_out(desk: Space) -> None:
    links_made(desk, 5)
    close_ended(desk.databases, DAY + datetime.timedelta(days=40))
    with open_alliance(desk.config.custody_directory.parent, PORT, Clock()) as alliance:
        alliance.custody.step()

    assert "handed out on paper or in a file" in desk.client.get(f"/w/{desk.wave}/totals?lang=en").text


def test_cards_are_a_tagged_pdf(desk: Space) -> None:
    answer = desk.client.post(f"{desk.address}/invitations/cards", data={"number": 9, "language": "da"})

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.data.count(b"/Type /Page\n") + answer.data.count(b"/Type/Page/") == 2
    assert b"/StructTreeRoot" in answer.data


def test_a_poster_is_a_tagged_pdf_in_either_language(desk: Space) -> None:
    for language in ("da", "en"):
        answer = desk.client.get(f"{desk.address}/invitations/poster.pdf?lang={language}")

        assert answer.mimetype == "application/pdf"
        assert b"/StructTreeRoot" in answer.data


@pytest.mark.parametrize("number", ["0", "-1", "5001", "many", ""])
def test_a_number_of_cards_that_makes_no_sense_is_refused(desk: Space, number: str) -> None:
    sent = {"number": number, "language": "da"}
    answer = desk.client.post(f"{desk.address}/invitations/cards?lang=en", data=sent)

    assert answer.status_code == 400
    assert "Write a whole number" in answer.text or "Not a valid" in answer.text
    assert invitations(desk) == PAPERS


def test_a_steward_writes_words_of_their_own_and_keeps_the_link(desk: Space) -> None:
    words = {"subject": "Kære alle", "text": "Svar her: {link} inden {last_day}. {organisation} {andet}"}
    address = f"{desk.address}/invitations/texts/da/invitation?lang=en"
    without = desk.client.post(address, data=words | {"text": "Svar nu"})

    assert without.status_code == 400
    assert "Svar nu" in without.text
    assert desk.client.post(address, data=words).status_code == 303
    write_to(desk, THREE)
    _, subject, text = desk.mails()[0]
    assert subject == "Kære alle"
    assert text.startswith("Svar her: http://127.0.0.1:8000/w/")
    assert "inden 21. december 2026. Teatret ved Åen {andet}" in text
    assert "What is it like to volunteer" not in subject
    assert desk.client.get(f"{desk.address}/invitations/texts/fr/invitation").status_code == 404


def plan_reminder(desk: Space, day: datetime.date) -> TestResponse:
    sent = {"remind_on": day.isoformat()}
    return desk.client.post(f"{desk.address}/invitations/reminder?lang=en", data=sent)


def test_a_reminder_goes_to_those_who_have_not_answered_and_nobody_can_count_them(
    desk: Space, server: MailServer, postbox: Postbox
) -> None:
    write_to(desk, THREE)
    answered(desk, link_to(desk, "b@culture.example"))
    postbox.answers["c@culture.example"] = "550 5.1.1 no such user"
    delivery = Delivery(desk.databases, desk.outbox, server, SENDER)
    delivery.step()
    before = pages(desk)
    day = DAY + datetime.timedelta(days=3)
    assert plan_reminder(desk, day).status_code == 303

    writer = Writer(desk.outbox, desk.config.base_url)
    assert remind_respondents(desk.databases, writer, DAY) == []
    assert remind_respondents(desk.databases, writer, day) == [desk.wave]
    assert remind_respondents(desk.databases, writer, day) == []
    while_waiting = pages(desk)
    postbox.taken.clear()
    delivery.step()

    assert [mail["To"] for mail in postbox.taken] == ["a@culture.example"]
    assert "still" in postbox.taken[0].get_content()
    with desk.databases.alliance_session(reading=True) as session:
        left = session.scalars(select(QueuedMail)).all()
        assert all(mail.counted for mail in left)
    counts = re.compile(r"(Sent|Waiting|Refused) (\d+)")
    assert counts.findall(before) == counts.findall(while_waiting) == counts.findall(pages(desk))
    assert counts.findall(before) == [("Sent", "2"), ("Waiting", "0"), ("Refused", "1")]


def test_addresses_stand_in_no_log_and_nowhere_to_be_read(
    desk: Space, caplog: pytest.LogCaptureFixture
) -> None:
    write_to(desk, THREE)

    with desk.databases.alliance_session(reading=True) as session:
        entries = session.scalars(select(AuditEntry)).all()
        kept = session.scalars(select(InvitedAddress)).all()
    told = str([(entry.actor, entry.action, entry.subject, entry.details) for entry in entries]) + caplog.text
    assert not any(address in told + pages(desk) for address in ADDRESSES)
    assert not any(address.encode() in row.sealed for address in ADDRESSES for row in kept)
    assert len({len(row.sealed) for row in kept}) == 1


def test_a_wave_whose_addresses_cannot_be_read_stops_nothing_else(
    desk: Space, caplog: pytest.LogCaptureFixture
) -> None:
    write_to(desk, THREE)
    day = DAY + datetime.timedelta(days=3)
    plan_reminder(desk, day)
    other_keys = Writer(Outbox(AtRest([Fernet.generate_key().decode()])), desk.config.base_url)

    assert remind_respondents(desk.databases, other_keys, day) == []
    assert "no reminder was written" in caplog.text
    with desk.databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Fielding.remind_on)).one() == day


@pytest.mark.parametrize("days", [-1, 2, 40])
def test_a_reminder_has_a_day_within_the_field_period_and_three_after_the_last_mail(
    desk: Space, days: int
) -> None:
    write_to(desk, THREE)

    answer = plan_reminder(desk, DAY + datetime.timedelta(days=days))

    assert answer.status_code == 400
    assert "Choose a day from 26 November 2026 to 21 December 2026" in answer.text


def test_there_are_three_reminders_and_no_more(desk: Space) -> None:
    with desk.databases.alliance_session() as session:
        session.get_one(Fielding, desk.wave).reminders = 3

    answer = plan_reminder(desk, DAY + datetime.timedelta(days=9))

    assert "More would be pressure" in answer.text


def test_addresses_and_mails_are_erased_when_the_wave_closes(desk: Space) -> None:
    write_to(desk, THREE)

    assert close_ended(desk.databases, DAY + datetime.timedelta(days=40)) == [desk.wave]

    with desk.databases.alliance_session(reading=True) as session:
        assert session.scalars(select(InvitedAddress)).all() == []
        assert session.scalars(select(QueuedMail)).all() == []
    assert "not open for answers" in page(desk).text()


def move(desk: Space, day: datetime.date) -> TestResponse:
    return desk.client.post(f"{desk.address}/following/last-day?lang=en", data={"last_day": day.isoformat()})


def test_the_last_day_moves_within_what_was_promised_and_the_wave_ends_with_it(desk: Space) -> None:
    tomorrow = DAY + datetime.timedelta(days=1)
    refused = [move(desk, DAY - datetime.timedelta(days=1)), move(desk, DAY + datetime.timedelta(days=29))]

    assert [answer.status_code for answer in refused] == [400, 400]
    assert "Choose a day from 23 November 2026 to 21 December 2026" in refused[0].text
    assert move(desk, DAY).status_code == 303
    assert move(desk, tomorrow).status_code == 303
    assert 'data-last-day="2026-11-24"' in desk.client.get(f"/w/{desk.wave}").text
    assert close_ended(desk.databases, tomorrow) == []
    assert close_ended(desk.databases, tomorrow + datetime.timedelta(days=1)) == [desk.wave]
    assert move(desk, tomorrow).status_code == 400


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (None, "fewer than 10"),
        (10, "83 per cent of those asked. This is a good"),
        (7, "58 per cent of those asked. About half"),
        (5, "41 per cent of those asked. Less than half"),
    ],
)
def test_following_says_what_the_answer_rate_is_worth(desk: Space, shown: int | None, told: str) -> None:
    with desk.databases.alliance_session() as session:
        session.get_one(type(desk.stored()), desk.wave).responses_shown = shown

    assert told in page(desk, "following").text()


def test_many_mails_are_spread_over_time(desk: Space) -> None:
    with desk.databases.alliance_session() as session:
        mails = [(f"p{place}@culture.example", Message("s", "t")) for place in range(250)]
        desk.outbox.queue_all(session, mails, about="many")
    with desk.databases.alliance_session(reading=True) as session:
        due = session.scalars(select(QueuedMail.due).where(QueuedMail.about == "many")).all()
    assert sorted({each - 1_900_000_000 for each in due}) == [0, 60, 120]
