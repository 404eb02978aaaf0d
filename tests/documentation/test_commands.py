"""docs/reference/commands.md has every command with each of its options, and none that is not there."""

import re
from collections.abc import Iterator

import click
import pytest

from survey.commands.main import tillid
from tests.documentation.pages import ROOT, code, rows, section

PAGE = ROOT / "docs" / "reference" / "commands.md"
# Every command has it, and the page says so once.
HELP = "--help"


def commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, by all of its words."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    if command.invoke_without_command:
        yield name, command
    context = click.Context(command)
    for part in command.list_commands(context):
        found = command.get_command(context, part)
        assert found is not None
        yield from commands(f"{name} {part}", found)


COMMANDS = dict(commands("tillid", tillid))


def test_every_command_has_its_section_and_every_section_its_command() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == [f"`{name}`" for name in COMMANDS]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_is_described_and_none_else(name: str) -> None:
    listed = [code(row[0])[0] for row in rows(section(f"`{name}`", PAGE))]

    assert listed == [option.opts[0] for option in COMMANDS[name].params if HELP not in option.opts]


@pytest.mark.parametrize("name", COMMANDS)
def test_what_must_be_given_is_said_to_be_required(name: str) -> None:
    listed = {code(row[0])[0]: row[1] for row in rows(section(f"`{name}`", PAGE))}
    required = {option.opts[0] for option in COMMANDS[name].params if option.required}

    assert {option for option, said in listed.items() if said == "required"} == required
