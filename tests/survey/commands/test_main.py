import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from survey.commands.main import COMMANDS, Lazy, is_our_own, main, tillid
from survey.storage.upgrading import SchemaError


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_it_is_said_to_be_and_tells_what_it_does(name: str) -> None:
    result = CliRunner().invoke(tillid, [name, "--help"])

    assert result.exit_code == 0, result.output
    assert f"tillid {name}" in result.output


def test_help_names_every_command_without_importing_any() -> None:
    script = (
        "import sys; from survey.commands.main import tillid\n"
        "tillid(['--help'], standalone_mode=False)\n"
        "heavy = {'flask', 'sqlalchemy', 'pandas', 'cryptography', 'granian'} & set(sys.modules)\n"
        "sys.exit(' '.join(heavy) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)

    assert result.returncode == 0, result.stderr
    assert all(name in result.stdout for name in COMMANDS)


def test_an_unknown_command_is_refused_by_name() -> None:
    result = CliRunner().invoke(tillid, ["survey"])

    assert result.exit_code == 2
    assert "No such command 'survey'" in result.output


def test_what_is_no_command_cannot_be_one() -> None:
    with pytest.raises(TypeError, match="COMMANDS is not a command"):
        Lazy("survey.commands.main:COMMANDS", "").loaded()


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    @click.command()
    def fail() -> None:
        raise error

    monkeypatch.setattr("survey.commands.main.tillid", lambda: fail([]))


def test_our_own_errors_are_one_line_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, SchemaError("database of the alliance: old. Run `tillid database upgrade`."))

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert (
        capsys.readouterr().err == "tillid: database of the alliance: old. Run `tillid database upgrade`.\n"
    )


def test_a_fault_of_the_program_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        main()
    assert not is_our_own(ZeroDivisionError())
