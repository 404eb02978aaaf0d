"""`tillid release`: what anybody can check of a release, with the file alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from analysis.agreement import as_asked, disagreements
from analysis.disclosure.public import Doubt, Finding, findings
from analysis.plan import PublicationPlan
from analysis.published import families
from analysis.release import Release, ReleaseError, from_bytes
from analysis.replanning import plan_of, untold
from policy import POLICY, Policy, PolicyError
from questionnaires.digest import load_definition
from questionnaires.errors import QuestionnaireError
from questionnaires.files import read_file
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.waves.help_lines import published_definitions

_LARGEST_FILE = 64 * 1024 * 1024
_TOLD_AT_MOST = 5

_WORDS = {
    Doubt.BASE: "fewer answered than the policy shows anything of",
    Doubt.FEW: "fewer answered than the policy shows it from",
    Doubt.COUNTED: "its base does not agree with how many were counted",
    Doubt.PLAN: "it is no table of the questionnaire's plan",
    Doubt.OPTIONS: "its options are not those that the questionnaire and the policy give it",
    Doubt.SENSITIVE: "sensitive, and told exactly where the policy shows bands",
    Doubt.FORM: "its interval is none of the policy's forms for that base",
    Doubt.EXACT: "a number under 5, or the whole but under 5, is told exactly",
    Doubt.TOLD: "what is shown tells more than its interval",
    Doubt.NO_MEAN: "a mean stands where the policy shows none",
    Doubt.MEAN: "no answers that agree with the figures have its mean",
    Doubt.LEDGER: "the ledger's range is not what the tables leave open",
    Doubt.LEDGER_FORM: "the ledger says another form than its cells have",
    Doubt.CONTRADICTION: "its parts are more than the whole",
    Doubt.UNSOLVED: "no answers give these figures, or the solver found none",
    Doubt.MISSING: "it is planned, and neither among the tables nor among what was left out",
    Doubt.TWICE: "it is told of twice",
    Doubt.LONE: "hidden beside others, where the policy hides a row as a whole or not at all",
    Doubt.LIST: "it has fewer responses than were counted, or more than were received and not withdrawn",
}


@click.group()
def release() -> None:
    """Check releases."""


@release.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--questionnaire",
    "definition",
    type=click.Path(path_type=Path),
    help="The definition that was asked, where it is none of the alliance's own.",
)
def audit(file: Path, definition: Path | None) -> None:
    """
    Repeat the public part of the disclosure audit, for each table of a release.

    FILE is the release as custody signed it. Says "proven" or what is not. Ends with status 1 if anything is
    not. What cannot be told from a release alone is said at the end.
    """
    read = _read(file)
    policy = _policy(file, read)
    asked = _asked(read, definition)
    plan = None if asked is None else plan_of(read, asked)
    doubts = [*disagreements(read, policy, asked), *(() if plan is None else untold(read, plan))]
    of_list = [finding for finding in doubts if finding.doubt is Doubt.LIST]
    if of_list:
        click.echo(f"list: not proven: {_WORDS[Doubt.LIST]}")
    doubted = 0
    for tables in families(read):
        found = [*findings(tables, policy), *doubts]
        for table in tables:
            own = [each for each in found if each.table == table.id and each not in of_list]
            doubted += bool(own)
            click.echo(f"{table.id}: {_said(own) if own else 'proven'}")
    is_told = _say_left_out(read, doubts)
    click.echo(_summary(read, doubted, asked, plan), err=True)
    if doubted or of_list or not is_told:
        raise SystemExit(1)


def _say_left_out(read: Release, doubts: Sequence[Finding]) -> bool:
    """A line for each table that is not in the release; whether all of them are as they should be."""
    left_out = {fact.table: fact.reason for fact in read.ledger.left_out}
    shown = {table.id for table in read.tables}
    found = {
        doubt.table: doubt.doubt
        for doubt in doubts
        if doubt.doubt is not Doubt.LIST and doubt.table not in shown
    }
    for name in dict.fromkeys([*left_out, *found]):
        said = f"not in the release ({left_out[name]}); nothing to prove" if name in left_out else ""
        click.echo(f"{_short(name)}: {f'not proven: {_WORDS[found[name]]}' if name in found else said}")
    return not found


def _read(file: Path) -> Release:
    try:
        content = read_file(file, _LARGEST_FILE + 1)
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror}); name a file") from error
    if len(content) > _LARGEST_FILE:
        raise click.ClickException(f"{file}: over {_LARGEST_FILE:,} bytes; no release is so large")
    try:
        return from_bytes(content)
    except (ReleaseError, RecursionError) as error:
        raise click.ClickException(f"{file}: {error}") from error


def _policy(file: Path, read: Release) -> Policy:
    if read.policy.version != POLICY.version:
        raise click.ClickException(
            f"{file}: follows {_short(read.policy.version)}, and this one knows {POLICY.version}; check it"
            " with the Tillid that made it"
        )
    try:
        return POLICY.raised(read.policy.raised)
    except PolicyError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _asked(read: Release, definition: Path | None) -> Questionnaire | None:
    """What was asked: the given definition, or the alliance's own that the release's digest names."""
    if definition is not None:
        asked = as_asked(_definition(definition), read.questionnaire)
        if asked is None:
            raise click.ClickException(
                f"{definition}: the release is of another questionnaire. Give the definition that was asked."
            )
        return asked
    own = (as_asked(known, read.questionnaire) for known in published_definitions())
    return next((asked for asked in own if asked is not None), None)


def _definition(file: Path) -> Questionnaire:
    """A definition as it is written, or as a wave serves it."""
    try:
        return load_definition(read_file(file)) if file.suffix == ".json" else load(file)
    except OSError as error:
        raise click.ClickException(f"{file}: cannot be read ({error.strerror}); name a file") from error
    except QuestionnaireError as error:
        raise click.ClickException(f"{file}: {error}") from error


def _said(found: Sequence[Finding]) -> str:
    told = "; ".join(map(_one, found[:_TOLD_AT_MOST]))
    more = len(found) - _TOLD_AT_MOST
    return f"not proven: {told}" + (f"; and {more} more" if more > 0 else "")


def _one(finding: Finding) -> str:
    rest = "those whom no group shows, of " if finding.is_rest else ""
    place = rest + ("the whole" if finding.group is None else f'group "{_short(finding.group)}"')
    option = "" if finding.option is None else f', option "{_short(finding.option)}"'
    found = "" if finding.found is None else f" ({finding.found.lo} to {finding.found.hi})"
    return f"{place}{option}: {_WORDS[finding.doubt]}{found}"


def _summary(read: Release, doubted: int, asked: Questionnaire | None, plan: PublicationPlan | None) -> str:
    proven = len(read.tables) - doubted
    said = [
        f"{proven} of {len(read.tables)} tables proven, as far as a release alone can tell. Not checked:",
        "- what a person who knows the staff list learns: custody alone has the sizes to audit that with",
        "- what items that lie within one another tell together, an index and its items or acts and any act",
        "- what earlier releases of the organisation tell beside this one",
        "- custody's signature",
    ]
    if plan is None:
        said.append(f"- whether each table that was planned is told of, shown or left out: {_no_plan(asked)}")
    if asked is None:
        said.append(
            "- which items are sensitive, in which options and from how many people each may be shown: the"
            f" release does not say, and its questionnaire ({_short(read.questionnaire.id)}"
            f" {_short(read.questionnaire.version)}) is none of the alliance's; give it with --questionnaire"
        )
    return "\n".join(said)


def _no_plan(asked: Questionnaire | None) -> str:
    if asked is None:
        return "its questionnaire is not known"
    return "its questionnaire gives no plan of the ledger's digest; its manifest may plan otherwise"


def _short(name: str) -> str:
    """A name from a file, short and without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in name[:60])
