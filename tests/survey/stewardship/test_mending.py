"""What went wrong with invitations is put right, and nobody gets a second answer by it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from survey.answering.client import AnsweringError
from survey.delivery.sending import Delivery
from survey.delivery.transports import MailServer
from survey.people.respondents import Writer, remind_due
from survey.storage.audit import AuditEntry
from survey.storage.fielding import CodeFile, InvitedAddress
from survey.storage.mails import MailState, QueuedMail
from survey.storage.models import Invitation
from survey.waves.fielding import arranged
from survey.worker.answering_reminders import write_to_mended
from survey.worker.duties import close_ended
from tests.alliances import DAY
from tests.pages import Page
from tests.survey.delivery.conftest import SENDER, Postbox, postbox, server
from tests.survey.stewardship.fielding import (
    PAPERS,
    THREE,
    Space,
    answered,
    desk,
    invitations,
    link_to,
    links_in,
    links_made,
    made,
    page,
    ready,
    write_to,
)

__all__ = ["desk", "made", "postbox", "ready", "server"]
BO = "b@culture.example"
OTHER = "bo@culture.example"


def send(desk: Space, server: MailServer) -> None:
    Delivery(desk.databases, desk.outbox, server, SENDER).step()


def write_again(desk: Space) -> list[str]:
    return write_to_mended(desk.databases, Writer(desk.outbox, desk.config.base_url), DAY)


@pytest.fixture
def link(desk: Space, server: MailServer, postbox: Postbox) -> str:
    """Three were written to, and one address took no mail; the link that was meant for it."""
    write_to(desk, THREE)
    meant = link_to(desk, BO)
    postbox.answers[BO] = "550 5.1.1 no such user"
    send(desk, server)
    return meant


def refused_mail(desk: Space) -> str:
    with desk.databases.alliance_session(reading=True) as session:
        return session.scalars(select(QueuedMail.id).where(QueuedMail.state == MailState.REFUSED)).one()


def mend(desk: Space, mail: str, address: str) -> TestResponse:
    where = f"{desk.address}/invitations/refusals/{mail}?lang=en"
    return desk.client.post(where, data={f"{mail}-address": address})


def take_out(desk: Space, mail: str) -> TestResponse:
    return desk.client.post(f"{desk.address}/invitations/refusals/{mail}/removal?lang=en")


def waiting(desk: Space) -> list[str]:
    with desk.databases.alliance_session(reading=True) as session:
        rows = session.scalars(select(QueuedMail).where(QueuedMail.state == MailState.WAITING)).all()
        return [desk.outbox.address(row.address or b"") for row in rows]


def actions(desk: Space) -> list[str]:
    with desk.databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_lists_what_was_refused_with_what_the_codes_mean(
    desk: Space, link: str, language: str
) -> None:
    found = page(desk, "invitations/refusals", language)

    assert found.faults() == []
    assert BO in found.text()
    assert "550 5.1.1" in found.text()
    assert {"en": "there is no such address", "da": "adressen findes ikke"}[language] in found.text()
    assert "a@culture.example" not in found.text()
    assert "invitations/refusals" in desk.client.get(f"{desk.address}/invitations").text


def test_a_mended_address_gets_the_invitation_that_was_meant_for_the_refused_one(
    desk: Space, link: str, server: MailServer, postbox: Postbox
) -> None:
    before = invitations(desk)

    assert mend(desk, refused_mail(desk), OTHER).status_code == 303
    assert write_again(desk) == [desk.wave]
    assert write_again(desk) == []
    assert link_to(desk, OTHER) == link
    assert invitations(desk) == before
    send(desk, server)
    assert postbox.taken[-1]["To"] == OTHER
    assert "There is no such address now" in page(desk, "invitations/refusals").text()
    assert actions(desk)[-1] == "address_mended"
    assert "before=1" in write_to(desk, OTHER).headers["Location"]


def test_a_reminder_goes_to_the_mended_address(desk: Space, link: str, server: MailServer) -> None:
    mend(desk, refused_mail(desk), OTHER)
    writer = Writer(desk.outbox, desk.config.base_url)
    with desk.databases.alliance_session() as session:
        wave = desk.stored()
        writer.remind(session, wave)
    assert sorted(waiting(desk)) == ["a@culture.example", "c@culture.example"]
    write_again(desk)
    send(desk, server)
    with desk.databases.alliance_session() as session:
        arranged(session, desk.stored()).remind_on = DAY
        assert remind_due(session, desk.stored(), writer, DAY)

    assert sorted(waiting(desk)) == ["a@culture.example", OTHER, "c@culture.example"]


def test_an_address_that_is_none_is_refused_and_kept_as_typed(desk: Space, link: str) -> None:
    answer = mend(desk, refused_mail(desk), "bo at culture")

    assert answer.status_code == 400
    assert Page.parsed(answer.text).faults() == []
    assert "Write an e-mail address" in answer.text
    assert 'value="bo at culture"' in answer.text


def test_an_address_that_was_invited_already_gets_no_second_invitation(desk: Space, link: str) -> None:
    answer = mend(desk, refused_mail(desk), "C@culture.example")

    assert answer.status_code == 400
    assert "Somebody was invited at this address already" in answer.text
    assert write_again(desk) == []


def test_the_same_address_can_be_tried_again(desk: Space, link: str) -> None:
    assert mend(desk, refused_mail(desk), BO).status_code == 303
    assert write_again(desk) == [desk.wave]
    assert link_to(desk, BO) == link


def test_all_are_sent_once_more_when_the_mail_server_was_to_blame(
    desk: Space, server: MailServer, postbox: Postbox
) -> None:
    postbox.answers.update(dict.fromkeys(("a@culture.example", BO), "550 5.7.1 policy"))
    write_to(desk, THREE)
    send(desk, server)
    assert "does not let our mails in" in page(desk, "invitations/refusals").text()

    assert desk.client.post(f"{desk.address}/invitations/refusals/again").status_code == 303
    write_again(desk)

    assert sorted(waiting(desk)) == ["a@culture.example", BO]
    assert desk.client.post(f"{desk.address}/invitations/refusals/again").status_code == 303
    assert actions(desk).count("address_mended") == 1


def test_an_address_that_was_taken_out_gets_no_mail_and_its_place_stays_counted(
    desk: Space, link: str
) -> None:
    before = invitations(desk)

    assert take_out(desk, refused_mail(desk)).status_code == 303

    assert invitations(desk) == before
    assert write_again(desk) == []
    with desk.databases.alliance_session() as session:
        Writer(desk.outbox, desk.config.base_url).remind(session, desk.stored())
    assert BO not in waiting(desk)
    assert "3 of 12 people have been invited" in page(desk).text()
    assert actions(desk)[-1] == "address_taken_out"


def test_whoever_was_taken_out_and_is_listed_again_gets_the_invitation_they_had(
    desk: Space, link: str
) -> None:
    take_out(desk, refused_mail(desk))
    before = invitations(desk)

    assert "written=1" in write_to(desk, THREE).headers["Location"]
    write_again(desk)

    assert link_to(desk, BO) == link
    assert invitations(desk) == before


def test_a_refused_mail_is_mended_once(desk: Space, link: str) -> None:
    mail = refused_mail(desk)
    mend(desk, mail, OTHER)

    for answer in (mend(desk, mail, "thief@culture.example"), take_out(desk, mail)):
        assert "done=gone" in answer.headers["Location"]
    write_again(desk)
    assert waiting(desk) == [OTHER]


@pytest.mark.parametrize("state", [MailState.SENT, MailState.WAITING])
def test_nobody_has_an_invitation_sent_to_themselves_that_was_not_refused(
    desk: Space, link: str, state: MailState
) -> None:
    """A steward who holds a code could try it, and learn whether it was used."""
    mail = refused_mail(desk)
    with desk.databases.alliance_session() as session:
        session.execute(update(QueuedMail).where(QueuedMail.id == mail).values(state=state))

    for answer in (mend(desk, mail, "steward@culture.example"), take_out(desk, mail)):
        assert "done=gone" in answer.headers["Location"]
    assert write_again(desk) == []
    with desk.databases.alliance_session(reading=True) as session:
        kept = session.scalars(select(InvitedAddress)).all()
    assert not any(row.silent or row.mended for row in kept)


def test_a_mended_invitation_that_was_used_all_the_same_gives_no_second_answer(
    desk: Space, link: str
) -> None:
    """A mail server can refuse a mail and deliver it: to whoever mends it, all looks the same."""
    answered(desk, link)

    mend(desk, refused_mail(desk), OTHER)
    write_again(desk)

    assert link_to(desk, OTHER) == link
    with pytest.raises(AnsweringError, match="code_refused"):
        answered(desk, link_to(desk, OTHER))


def file_made(desk: Space) -> str:
    with desk.databases.alliance_session(reading=True) as session:
        return session.scalars(select(CodeFile.id)).one()


def make_again(desk: Space, file: str, unused: str = "y") -> TestResponse:
    return desk.client.post(f"{desk.address}/invitations/files/{file}?lang=en", data={"unused": unused})


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_file_is_listed_and_its_page_says_what_making_it_again_means(desk: Space, language: str) -> None:
    links_made(desk, 5)

    assert page(desk, "invitations", language).faults() == []
    found = page(desk, f"invitations/files/{file_made(desk)}", language)
    assert found.faults() == []
    assert {"en": "A file with 5 links", "da": "en fil med 5 links"}[language] in found.text()


def test_a_lost_file_is_made_again_and_the_codes_of_the_lost_one_work_no_more(desk: Space) -> None:
    lost = links_made(desk, 5)

    fresh = links_in(make_again(desk, file_made(desk)))

    assert len({*lost, *fresh}) == 10
    assert invitations(desk) == PAPERS + 5
    with pytest.raises(AnsweringError, match="code_refused"):
        answered(desk, lost[0])
    answered(desk, fresh[0])
    assert actions(desk)[-1] == "codes_made_again"
    again = links_in(make_again(desk, file_made(desk)))
    assert len({*lost, *fresh, *again}) == 15


def test_codes_that_were_used_before_a_file_was_made_again_stay_used(desk: Space) -> None:
    """As many answers as places, whatever is lost; and the same file, whether one was used or not."""
    lost = links_made(desk, 5)
    answered(desk, lost[0])
    answered(desk, lost[1])

    made_again = make_again(desk, file_made(desk))

    assert made_again.status_code == 200
    taken = 0
    for link in links_in(made_again):
        try:
            answered(desk, link)
        except AnsweringError:
            continue
        taken += 1
    assert taken == 3
    with desk.databases.alliance_session(reading=True) as session:
        exchanged = session.scalars(
            select(Invitation.blinded_digest).where(Invitation.blinded_digest.is_not(None))
        ).all()
    assert len(exchanged) == 5


def test_cards_are_made_again_as_cards(desk: Space) -> None:
    desk.client.post(f"{desk.address}/invitations/cards", data={"number": 2, "language": "da"})

    answer = make_again(desk, file_made(desk))

    assert answer.mimetype == "application/pdf"
    assert "2 cards" in page(desk).text()


def test_a_file_is_not_made_again_unless_nothing_of_it_was_handed_out(desk: Space) -> None:
    lost = links_made(desk, 5)

    answer = make_again(desk, file_made(desk), unused="")

    assert answer.status_code == 400
    assert Page.parsed(answer.text).faults() == []
    assert "what was handed out stops working" in answer.text
    answered(desk, lost[0])


def test_an_unknown_file_is_not_there(desk: Space) -> None:
    for name in ("0123456789abcdef", "x" * 16, "..", "a\0b"):
        assert make_again(desk, name).status_code == 404


def test_which_codes_a_file_had_is_told_by_no_copy_of_the_database(desk: Space) -> None:
    links_made(desk, 5)
    links_made(desk, 3)

    with desk.databases.alliance_session(reading=True) as session:
        files = session.scalars(select(CodeFile)).all()
        digests = session.scalars(select(Invitation.code_digest)).all()
    assert [file.number for file in sorted(files, key=lambda file: file.number)] == [3, 5]
    assert not any(digest in file.sealed for file in files for digest in digests)


def test_what_is_kept_of_files_is_erased_when_the_wave_closes(desk: Space) -> None:
    links_made(desk, 5)
    file = file_made(desk)

    close_ended(desk.databases, DAY.replace(year=DAY.year + 1))

    with desk.databases.alliance_session(reading=True) as session:
        assert session.scalars(select(CodeFile)).all() == []
    assert make_again(desk, file).status_code == 404
    assert re.search(r"no such address now", page(desk, "invitations/refusals").text())
