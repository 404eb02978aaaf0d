import pytest
from argon2 import PasswordHasher

from survey.accounts.datastore import Accounts
from survey.people.accounts import AccountError, account_of, add_account, join
from survey.storage.databases import Databases
from survey.storage.models import MembershipRole
from survey.storage.repositories import roles_in
from tests.survey import rows

PASSWORD = "correct horse battery"


def test_a_password_is_kept_as_argon2id_only(databases: Databases) -> None:
    with databases.alliance_session() as session:
        account = add_account(session, "Anna@Example.org", PASSWORD)

    assert account.email == "anna@example.org"
    assert account.password is not None
    assert account.password.startswith("$argon2id$")
    assert PasswordHasher().verify(account.password, PASSWORD)


def test_a_short_password_is_refused_with_how_long_it_should_be(databases: Databases) -> None:
    with databases.alliance_session() as session, pytest.raises(AccountError, match="Give it 12 or more"):
        add_account(session, "anna@example.org", "too short")


def test_an_address_has_one_account(databases: Databases) -> None:
    with databases.alliance_session() as session:
        add_account(session, "anna@example.org", PASSWORD)
        with pytest.raises(AccountError, match="there is an account already"):
            add_account(session, "ANNA@example.org", PASSWORD)


def test_a_role_that_a_person_has_is_given_again_without_harm(databases: Databases) -> None:
    with databases.alliance_session() as session:
        session.add(rows.organisation("own"))
        account = add_account(session, "anna@example.org", PASSWORD)
        for _ in range(2):
            join(session, account.id, rows.identifier("own"), MembershipRole.LEADER)
            session.flush()

        assert roles_in(session, account.id, rows.identifier("own")) == {MembershipRole.LEADER}


def test_flask_security_finds_and_keeps_accounts_in_transactions_of_their_own(databases: Databases) -> None:
    with databases.alliance_session() as session:
        made = add_account(session, "anna@example.org", PASSWORD)
    accounts = Accounts(databases)

    assert accounts.find_user(email="Anna@example.org") is None
    found = accounts.find_user(case_insensitive=True, email="Anna@example.org")
    assert found is not None
    found.active = False
    accounts.put(found)  # type: ignore[arg-type]  # Flask-Security's type for an account
    accounts.commit()

    assert accounts.find_user(fs_uniquifier="nobody's") is None
    with databases.alliance_session(reading=True) as session:
        kept = account_of(session, "anna@example.org")
    assert kept is not None
    assert (kept.id, kept.active) == (made.id, False)
