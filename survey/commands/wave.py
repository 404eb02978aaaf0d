"""`tillid wave`: what a trustee does for a wave on a machine of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx

from survey.answering.client import Respondent
from survey.commands.asking import ask
from survey.commands.files import read_replies
from survey.commands.paperbook import PaperError, Typist, book_at, read_book
from survey.trustees.client import TrusteeClient
from survey.trustees.keyfile import load_key_file
from survey.waves import manifest as manifests
from survey.waves.manifest import Channel

_TIMEOUT_SECONDS = 30


@click.group()
def wave() -> None:
    """Type in responses on paper."""


@wave.command(name="enter-paper")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="The trustee's key file: the employees' or the secretariat's.",
)
@click.option("--wave", "wave_id", required=True, help="The wave's id.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    help="Papers you have typed into a file, a row each, instead of being asked.",
)
@click.option(
    "--lang", "language", help="Language of the papers; the questionnaire's first one if not given."
)
def enter_paper(path: Path, wave_id: str, csv_file: Path | None, language: str | None) -> None:
    """Seal filled-in papers on this machine and send them, each under a paper credential of the wave."""
    with _typist(path, wave_id) as typist:
        if typist.finish_pending():
            click.echo("A paper that was on its way has arrived.")
        if csv_file is not None:
            _from_file(typist, csv_file)
        else:
            _interactively(typist, _language(typist, language))
        click.echo(f"{typist.left} of {len(typist.codes)} paper credentials are left.")
    click.echo("Shred the papers once the wave is closed, and tell nobody what stood on them.")


@contextmanager
def _typist(path: Path, wave_id: str) -> Iterator[Typist]:
    file = load_key_file(path)
    seed = file.seed(click.prompt("Passphrase", hide_input=True))
    with httpx.Client(base_url=file.server, timeout=_TIMEOUT_SECONDS) as http:
        yield typist_of(TrusteeClient(http, file, seed), wave_id, book_at(path, wave_id))


def typist_of(client: TrusteeClient, wave_id: str, book: Path) -> Typist:
    """
    A typist for one wave, held to the promises that the trustee's file remembers.

    Raises:
        TrusteeError: If the promises are others, or this trustee may not type papers in.
        AnsweringError: If the server serves respondents something else than it signed.
        PaperError: If the book is of another wave.
    """
    promise, codes = client.paper_codes(wave_id)
    pin = manifests.pin(promise.digest)
    respondent = Respondent.arrive(client.http, wave_id, pin, Channel.PAPER)
    if respondent.manifest_digest != promise.digest:
        raise PaperError(f"wave {wave_id}: the page promises something else than you confirmed; send nothing")
    return Typist(respondent, codes, book, read_book(book, wave_id))


def _language(typist: Typist, language: str | None) -> str:
    written = typist.respondent.questionnaire.languages
    chosen = language or typist.respondent.questionnaire.default_language
    if chosen not in written:
        raise PaperError(f"--lang: {chosen!r} is not among {', '.join(written)}; choose one of them")
    return chosen


def _from_file(typist: Typist, file: Path) -> None:
    respondent = typist.respondent
    replies = read_replies(file, respondent.questionnaire, respondent.manifest.units)
    sent, left_out = typist.enter_rows(file, replies)
    click.echo(f"{sent} papers sent, {len(replies) - sent} of this file were sent before.")
    _say_left_out(left_out)


def _interactively(typist: Typist, language: str) -> None:
    respondent = typist.respondent
    while typist.left > 0:
        paper = ask(respondent.questionnaire, respondent.manifest.units, language)
        click.echo("\n".join(["", *paper.summary()]))
        # No default: whoever presses Enter once too often must not send a paper.
        if click.confirm("Is this what stands on the paper? It is sealed and sent", default=None):
            _say_left_out(typist.enter(paper.reply()))
        if not click.confirm("Another paper?", default=None):
            return


def _say_left_out(answers: int) -> None:
    if answers:
        click.echo(
            f"{answers} answers were left out: their questions are not asked after the others' answers."
        )
