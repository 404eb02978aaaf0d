from pathlib import Path

import pytest
from sqlalchemy import select

from survey.delivery.message import LANGUAGES, TEXTS, Message
from survey.delivery.outbox import AddressError, Outbox, mail_address
from survey.storage.databases import Databases
from survey.storage.mails import MailState, QueuedMail

SECRET = "0123-4567-89AB"


def test_neither_address_nor_text_is_on_the_disk(
    databases: Databases, outbox: Outbox, tmp_path: Path
) -> None:
    with databases.alliance_session() as session:
        outbox.queue(session, to="anna@example.org", message=Message("Hej", f"Din kode: {SECRET}"))
    written = b"".join(path.read_bytes() for path in tmp_path.glob("alliance.db*"))

    assert b"anna" not in written
    assert SECRET.encode() not in written


def test_every_address_takes_the_same_room(databases: Databases, outbox: Outbox) -> None:
    with databases.alliance_session() as session:
        for address in ("a@b.dk", "hans-christian.andersen-schumacher@fagforbundet.example"):
            outbox.queue(session, to=address, message=Message("Hej", "Hej"))
    with databases.alliance_session(reading=True) as session:
        sizes = {len(address or b"") for address in session.scalars(select(QueuedMail.address))}

    assert len(sizes) == 1


@pytest.mark.parametrize(
    "typed", ["", "anna", "anna@", "a@b@c.dk", "anna@example.org\nBcc: bo@example.org", "a@localhost"]
)
def test_what_is_no_address_is_refused_before_anything_is_kept(
    databases: Databases, outbox: Outbox, typed: str
) -> None:
    with databases.alliance_session() as session, pytest.raises(AddressError, match=r"^'.*': "):
        outbox.queue(session, to=typed, message=Message("Hej", "Hej"))


def test_an_address_has_one_spelling() -> None:
    # The first å is a letter and a ring, the second one character.
    assert mail_address(" a\u030ase@EXAMPLE.org ") == "\u00e5se@example.org"


def test_what_was_not_sent_can_be_taken_back(databases: Databases, outbox: Outbox) -> None:
    with databases.alliance_session() as session:
        for about in ("one", "other"):
            outbox.queue(session, to="anna@example.org", message=Message("Hej", "Hej"), about=about)
    with databases.alliance_session() as session:
        outbox.retract(session, "one")

        assert outbox.counts(session, "one")[MailState.WAITING] == 0
        assert outbox.counts(session, "other")[MailState.WAITING] == 1


def test_every_mail_is_there_in_both_languages() -> None:
    names = {path.name.split(".")[0] for path in TEXTS.iterdir()}

    assert {path.name for path in TEXTS.iterdir()} == {
        f"{name}.{lang}.txt" for name in names for lang in LANGUAGES
    }
