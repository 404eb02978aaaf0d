"""`tillid keys`, `database` and `account`: what whoever runs the machines types."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import KEYS, Config
from survey.commands.main import tillid
from survey.people.accounts import AccountError, account_of
from survey.storage.audit import Action, AuditError, Process, record
from survey.storage.databases import Databases, open_databases
from survey.storage.models import MembershipRole
from survey.storage.repositories import roles_in
from survey.storage.upgrading import SchemaError, check_schema, upgrade
from tests.survey import rows

Run = Callable[..., Result]


@pytest.fixture
def urls(tmp_path: Path) -> tuple[str, str]:
    return f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db"


@pytest.fixture
def run(urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TILLID_DATABASE_URL", urls[0])
    monkeypatch.setenv("TILLID_RESPONSES_URL", urls[1])

    def invoke(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(tillid, list(arguments), input=typed)

    return invoke


@pytest.fixture
def filled(urls: tuple[str, str]) -> Databases:
    opened = open_databases(*urls)
    upgrade(opened)
    with opened.alliance_session() as session:
        session.add_all([rows.organisation("own"), rows.organisation("twin"), rows.organisation("twins")])
        session.flush()
        twin = rows.organisation("another")
        twin.name = "Twin"
        session.add(twin)
    return opened


def test_keys_are_printed_as_the_settings_take_them(run: Run) -> None:
    printed = dict(line.split("=", 1) for line in run("keys").output.splitlines())

    assert Config.from_environment(printed).secret_key == printed["TILLID_SECRET_KEY"]


def test_upgrading_makes_the_tables_of_both_databases(run: Run, urls: tuple[str, str]) -> None:
    result = run("database", "upgrade")
    opened = open_databases(*urls)

    assert result.exit_code == 0
    check_schema(opened)
    opened.dispose()


def test_grants_are_printed_for_each_database_and_role(run: Run) -> None:
    printed = run("database", "grants").output

    for role in ("tillid_web", "tillid_custody", "tillid_worker"):
        assert f"CREATE ROLE {role} LOGIN;" in printed
    assert "GRANT SELECT, INSERT ON releases TO tillid_custody;" in printed
    assert "GRANT SELECT ON editions TO tillid_web;" in printed
    assert "in the database of the responses" in printed


def test_an_account_is_made_with_a_password_that_is_shown_once(run: Run, filled: Databases) -> None:
    arguments = ("account", "add", "--email", "anna@example.org", "--organisation", "Own", "--role", "leader")
    result = run(*arguments, "--role", "steward")
    again = run(*arguments)

    assert "Password, shown this once: " in result.output
    assert "anna@example.org: leader, steward in Own" in result.output
    assert "Password" not in again.output
    with filled.alliance_session(reading=True) as session:
        account = account_of(session, "anna@example.org")
        assert account is not None
        roles = roles_in(session, account.id, rows.identifier("own"))
    assert roles == {MembershipRole.LEADER, MembershipRole.STEWARD}


def test_a_password_can_be_typed_and_changed(run: Run, filled: Databases) -> None:
    typed = "correct horse battery\n" * 2
    added = run(
        *("account", "add", "--email", "anna@example.org", "--organisation", rows.identifier("own")),
        *("--role", "leader", "--ask-password"),
        typed=typed,
    )
    changed = run("account", "password", "--email", "anna@example.org")

    assert added.exit_code == changed.exit_code == 0
    assert "correct horse" not in added.output
    assert "Password, shown this once: " in changed.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "--email", "a@b.dk", "--organisation", "None", "--role", "leader"), "Known are: Own, Twin"),
        (
            ("add", "--email", "a@b.dk", "--organisation", "Twin", "--role", "leader"),
            "2 have that name. Give one",
        ),
        (("password", "--email", "a@b.dk"), "there is no account of that address"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    run: Run, filled: Databases, arguments: tuple[str, ...], message: str
) -> None:
    result = run("account", *arguments)

    assert isinstance(result.exception, AccountError)
    assert message in str(result.exception)


def test_nobody_is_added_to_databases_without_tables(run: Run) -> None:
    result = run("account", "password", "--email", "a@b.dk")

    assert isinstance(result.exception, SchemaError)


def test_an_alliance_without_organisations_says_so(run: Run) -> None:
    run("database", "upgrade")
    result = run("account", "add", "--email", "a@b.dk", "--organisation", "X", "--role", "leader")

    assert "Known are: none yet" in str(result.exception)


def test_the_audit_log_is_verified_against_a_head_that_was_noted(run: Run, filled: Databases) -> None:
    with filled.alliance_session() as session:
        record(session, actor=Process.COMMAND, action=Action.ACCOUNT_MADE)
    told = run("audit", "verify").output
    noted = told.rpartition(" ")[2].strip()

    assert told.startswith("1 entries, each as it was written. Head: 1:")
    assert run("audit", "verify", "--expect", noted).exit_code == 0
    assert isinstance(run("audit", "verify", "--expect", f"1:{'0' * 64}").exception, AuditError)
