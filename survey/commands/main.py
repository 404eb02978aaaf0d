"""`tillid`: every command by name, each imported only when it runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import click

PACKAGES: Final = frozenset({"config", "policy", "questionnaires", "analysis", "survey"})


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command is (`module:attribute`), and the line that `tillid --help` has on it."""

    target: str
    summary: str

    def loaded(self) -> click.Command:
        """Import the command."""
        module, attribute = self.target.split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.target} is not a command")
        return command


# One line each: what a command imports, no other command waits for.
COMMANDS: Final[Mapping[str, Lazy]] = {
    "account": Lazy("survey.commands.account:account", "People who sign in, and their roles."),
    "alliance": Lazy("survey.commands.founding:alliance", "Found the alliance, once."),
    "audit": Lazy("survey.commands.audit:audit", "See that the audit log is what was written."),
    "custody": Lazy("survey.commands.custody:custody", "Run custody, the process that holds waves' keys."),
    "database": Lazy("survey.commands.database:database", "Make or upgrade the databases."),
    "demo": Lazy("survey.commands.demo:demo", "A small alliance on this machine, filled and served."),
    "disclosure": Lazy("survey.commands.disclosure:disclosure", "Protect tables by cell suppression."),
    "keys": Lazy("survey.commands.keys:keys", "Make the keys that the settings ask for."),
    "questionnaire": Lazy("survey.commands.questionnaire:questionnaire", "Check, show, exchange them."),
    "release": Lazy("survey.commands.release:release", "Check a release, from the file alone."),
    "replay": Lazy("survey.commands.replay:replay", "Take responses from a file to a release."),
    "trustee": Lazy("survey.commands.trustee:trustee", "Hold a share: enrol a key, confirm, approve."),
    "wave": Lazy("survey.commands.wave:wave", "Type in responses on paper."),
    "web": Lazy("survey.commands.web:web", "Serve the pages."),
    "worker": Lazy(
        "survey.commands.worker:worker", "Run the worker: mails, closing on time, counts, rewriting."
    ),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  Click's signature.
        """List every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  Click's.
        """Import a command."""
        return COMMANDS[cmd_name].loaded() if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  Click's.
        """Write the commands with their lines, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tillid")
def tillid() -> None:
    """Surveys of workplace culture in which nobody can learn who answered what."""


def main() -> None:
    """Run `tillid`; what the product itself finds wrong is told in one line, without a traceback."""
    try:
        tillid()
    except Exception as error:
        if not is_our_own(error):
            raise
        click.echo(f"tillid: {error}", err=True)
        sys.exit(1)


def is_our_own(error: Exception) -> bool:
    """Say whether an exception is of the product's families, whose messages say place, fact and remedy."""
    return type(error).__module__.partition(".")[0] in PACKAGES
