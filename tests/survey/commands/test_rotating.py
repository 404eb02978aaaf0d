"""`tillid keys rotate`: what was encrypted opens under the new keys, and no more under the old ones."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import select

from config import MAIL_KEYS
from survey.commands.main import tillid
from survey.delivery.message import Message
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account
from survey.sealing.at_rest import AtRest, AtRestError
from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.mails import QueuedMail
from survey.storage.models import Trustee, TrusteeRole, Wave
from survey.waves.trusteeship import Addresses, invite_trustee
from tests.survey import rows

OLD, NEW, OLD_MAIL, NEW_MAIL = (Fernet.generate_key().decode() for _ in range(4))
MESSAGE = Message("Hello", "A link.")


def fill(databases: Databases) -> None:
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        wave = rows.wave("wave", "own", "fielding")
        wave.issuing_key = AtRest([OLD]).encrypt(b"an issuing key")
        closed = rows.wave("closed", "own", "closed")
        closed.issuing_key = None
        session.add_all([wave, closed])
        account = add_account(session, "anna@example.org", "correct horse battery")
        account.totp_secret = AtRest([OLD]).encrypt(b"a secret")
        mails = AtRest([OLD_MAIL])
        Outbox(mails).queue(session, to="bo@example.org", message=MESSAGE)
        address = Addresses(mails).written("carl@example.org")
        invite_trustee(session, rows.identifier("own"), TrusteeRole.OTHER, name="Carl", address=address)


def check_opened_by(databases: Databases, key: str, mail_key: str) -> None:
    own, mails = AtRest([key]), AtRest([mail_key])
    with databases.alliance_session(reading=True) as session:
        stored = {wave.id: wave.issuing_key for wave in session.scalars(select(Wave))}
        assert own.decrypt(stored[rows.identifier("wave")] or b"") == b"an issuing key"
        assert stored[rows.identifier("closed")] is None
        assert own.decrypt(session.scalars(select(Account.totp_secret)).one() or b"") == b"a secret"
        mail = session.scalars(select(QueuedMail)).one()
        assert Outbox(mails).address(mail.address or b"") == "bo@example.org"
        assert Outbox(mails).message(mail.content or b"") == MESSAGE
        assert Addresses(mails).of(session.scalars(select(Trustee)).one()) == "carl@example.org"


def rotate(databases: Databases, *, keys: str, mail_keys: str) -> tuple[int, str]:
    urls = (
        engine.url.render_as_string(hide_password=False)
        for engine in (databases.alliance, databases.responses)
    )
    names = ("TILLID_DATABASE_URL", "TILLID_RESPONSES_URL", "TILLID_FERNET_KEYS", MAIL_KEYS)
    settings = dict(zip(names, (*urls, keys, mail_keys), strict=True))
    result = CliRunner().invoke(tillid, ["keys", "rotate"], env=settings)
    return result.exit_code, result.output or str(result.exception)


def test_everything_encrypted_is_under_the_first_key_afterwards(either: Databases) -> None:
    fill(either)
    told = rotate(either, keys=f"{NEW},{OLD}", mail_keys=f"{NEW_MAIL},{OLD_MAIL}")

    assert told == (
        0,
        "5 encrypted anew. The former keys open nothing of it; take them out of the settings.\n",
    )
    check_opened_by(either, NEW, NEW_MAIL)
    with pytest.raises(AtRestError):
        check_opened_by(either, OLD, OLD_MAIL)


def test_where_one_key_is_missing_nothing_is_changed(databases: Databases, tmp_path: Path) -> None:
    fill(databases)
    code, told = rotate(databases, keys=f"{NEW},{OLD}", mail_keys=NEW_MAIL)

    assert code == 1
    assert "put former keys behind the new one" in told
    check_opened_by(databases, OLD, OLD_MAIL)
