"""Papers are typed in by trustees who do not stand for management, each once, no more than promised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from analysis.release import from_bytes
from questionnaires.loading import load
from survey.answering.client import Prepared, Respondent
from survey.commands.alliance import Alliance, Ballot, open_alliance
from survey.commands.files import Reply
from survey.commands.paperbook import PaperError, Pending, Typist, read_book
from survey.commands.wave import typist_of, wave
from survey.storage.models import Invitation, TrusteeRole
from survey.storage.responses import SealedResponse
from survey.trustees.client import TrusteeClient, TrusteeError
from survey.trustees.keyfile import new_passphrase, wrap
from tests.alliances import PORT, ROUTING, Clock, plan, routing_replies

PAPERS = 3


@dataclass(frozen=True)
class Here:
    """An open wave with ten invited people who have answered, and three paper credentials."""

    alliance: Alliance
    ballot: Ballot
    folder: Path

    def trustee(self, role: TrusteeRole) -> TrusteeClient:
        return next(one for one in self.ballot.trustees if one.file.role == role.value)

    def typist(self, role: TrusteeRole = TrusteeRole.EMPLOYEES) -> Typist:
        return typist_of(self.trustee(role), self.ballot.wave, self.folder / f"{role.value}.book")

    def stored(self) -> int:
        with self.alliance.databases.responses_session(reading=True) as session:
            return session.scalars(select(func.count()).select_from(SealedResponse)).one()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    with open_alliance(tmp_path, PORT, Clock()) as alliance:
        organisation = alliance.organisation("Example", "labour_market")
        with_paper = plan(10).model_copy(update={"paper_credentials": PAPERS})
        ballot = alliance.field(organisation, load(ROUTING), with_paper, alliance.trustees(organisation))
        yield Here(alliance, ballot, tmp_path)


@pytest.fixture
def reply() -> Reply:
    return routing_replies(1)[0]


def run(here: Here, monkeypatch: pytest.MonkeyPatch, typed: str, *more: str) -> Result:
    trustee, passphrase = here.trustee(TrusteeRole.EMPLOYEES), new_passphrase()
    kdf, wrapped = wrap(trustee.seed, passphrase)
    file = here.folder / "key.json"
    trustee.file.model_copy(update={"kdf": kdf, "wrapped_seed": wrapped}).save(file)
    monkeypatch.setattr("survey.commands.wave.httpx.Client", lambda **_: nullcontext(here.alliance.http))
    options = ["enter-paper", "--file", str(file), "--wave", here.ballot.wave, *more]
    return CliRunner().invoke(wave, options, input=f"{passphrase}\n{typed}")


def test_papers_count_in_the_release_like_other_responses(here: Here, reply: Reply) -> None:
    here.alliance.answer(here.ballot, routing_replies(10), lambda _done, _of: None)
    for role in (TrusteeRole.EMPLOYEES, TrusteeRole.SECRETARIAT):
        here.typist(role).enter(reply)
    here.alliance.close(here.ballot)
    release = here.alliance.approve(here.ballot, 2)

    assert release is not None
    assert from_bytes(release).participation.counted == 12


def test_nobody_can_type_in_more_papers_than_the_manifest_counts(here: Here, reply: Reply) -> None:
    employees, secretariat = here.typist(), here.typist(TrusteeRole.SECRETARIAT)
    employees.enter(reply)
    secretariat.enter(reply)
    employees.enter(reply)

    for typist in (employees, secretariat):
        with pytest.raises(PaperError, match="all 3 paper credentials of the wave are used"):
            typist.enter(reply)
    assert here.stored() == PAPERS


def test_management_gets_no_paper_codes(here: Here) -> None:
    with pytest.raises(TrusteeError, match="there are no paper codes for you"):
        here.typist(TrusteeRole.MANAGEMENT)


def test_a_trustees_token_without_the_key_gives_no_paper_code(here: Here) -> None:
    mine, theirs = here.trustee(TrusteeRole.EMPLOYEES), here.trustee(TrusteeRole.MANAGEMENT)
    thief = replace(mine, seed=theirs.seed)

    with pytest.raises(Exception, match="paper codes are not sealed to your key"):
        typist_of(thief, here.ballot.wave, here.folder / "book")


def test_a_paper_code_is_worth_nothing_under_the_invitations_key(here: Here, reply: Reply) -> None:
    _, codes = here.trustee(TrusteeRole.EMPLOYEES).paper_codes(here.ballot.wave)
    respondent = Respondent.arrive(here.alliance.http, here.ballot.wave, here.ballot.pin)

    with pytest.raises(Exception, match=r"not a signature of this credential|not taken"):
        respondent.send(codes[0], reply.unit, reply.answers)
    assert here.stored() == 0


def test_the_wave_has_its_paper_to_print_in_its_languages_and_leads_there_without_javascript(
    here: Here,
) -> None:
    http, wave_page = here.alliance.http, f"/w/{here.ballot.wave}"
    made, other = http.get(f"{wave_page}/paper/en.pdf"), http.get(f"{wave_page}/paper/da.pdf")
    without_script = http.get(wave_page).text.partition("<noscript>")[2]

    assert (made.status_code, made.headers["Content-Type"]) == (200, "application/pdf")
    assert made.content.startswith(b"%PDF-")
    assert made.headers["Cache-Control"] == "no-store"
    assert (other.status_code, other.json()) == (404, {"error": "no_paper"})
    assert f'href="{wave_page}/paper/en.pdf"' in without_script
    assert f"{wave_page}/paper/da.pdf" not in without_script


def test_codes_for_paper_lie_among_the_invitations_and_look_like_them(here: Here) -> None:
    with here.alliance.databases.alliance_session(reading=True) as session:
        rows = session.scalars(select(Invitation).where(Invitation.wave_id == here.ballot.wave)).all()

    assert len(rows) == 10 + PAPERS
    assert {(len(row.code_digest), row.blinded_digest) for row in rows} == {(32, None)}


@pytest.mark.parametrize("lost", ["credential", "responses"])
def test_a_paper_whose_reply_is_lost_is_sent_again_and_counted_once(
    here: Here, reply: Reply, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = httpx.Client.post

    def losing(client: httpx.Client, url: str, **more: object) -> httpx.Response:
        answer = honest(client, url, **more)  # type: ignore[arg-type]  # passed on
        if url.endswith(lost):
            raise httpx.ReadTimeout("lost")
        return answer

    with monkeypatch.context() as broken:
        broken.setattr(httpx.Client, "post", losing)
        with pytest.raises(PaperError, match=r"no answer .* run the command again"):
            here.typist().enter(reply)
    again = here.typist()

    assert again.finish_pending()
    assert not again.finish_pending()
    assert (here.stored(), again.left) == (1, PAPERS - 1)


def test_a_file_goes_on_where_it_stopped(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    file = here.folder / "papers.csv"
    file.write_text("start\nyes\nno\n")

    first = run(here, monkeypatch, "", "--csv", str(file))
    second = run(here, monkeypatch, "", "--csv", str(file))

    assert first.exit_code == second.exit_code == 0
    assert "2 papers sent, 0 of this file were sent before" in first.output
    assert "0 papers sent, 2 of this file were sent before" in second.output
    assert here.stored() == 2


def test_a_file_with_more_papers_than_credentials_is_refused_whole(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = here.folder / "papers.csv"
    file.write_text("start\n" + "yes\n" * (PAPERS + 1))

    result = run(here, monkeypatch, "", "--csv", str(file))

    assert isinstance(result.exception, PaperError)
    assert "4 papers to type in, and 3 paper credentials are left" in str(result.exception)
    assert here.stored() == 0


def test_a_paper_is_asked_for_along_its_path_with_a_way_back(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = len(load(ROUTING).items)
    # A wrong number, an answer, back, another answer, the rest left blank; sent; no other paper.
    result = run(here, monkeypatch, "99\n1\n<\n2\n" + "\n" * questions + "y\nn\n")

    assert result.exit_code == 0, result.output
    assert "Type one number from 1 to" in result.output
    assert "2 of 3 paper credentials are left." in result.output
    assert here.stored() == 1


def test_the_book_on_disk_is_the_typists_alone_and_keeps_no_answer(here: Here, reply: Reply) -> None:
    typist = here.typist()
    typist.enter(reply)

    assert typist.path.stat().st_mode & 0o777 == 0o600
    assert read_book(typist.path, here.ballot.wave).pending is None
    assert read_book(typist.path, here.ballot.wave).used == 1


def test_what_is_pending_is_kept_sealed_and_read_again_unchanged(here: Here, reply: Reply) -> None:
    prepared: Prepared = here.typist().respondent.prepared(reply.unit, reply.answers)

    assert Pending.of(prepared).prepared() == prepared
    assert "answers" not in Pending.of(prepared).model_dump()


@pytest.mark.parametrize(
    ("content", "fault"), [("{}", "no paper book"), ('{"wave":"x"}', "another|book of wave")]
)
def test_a_book_that_is_none_is_refused(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "book"
    path.write_text(content)

    with pytest.raises(PaperError, match=fault):
        read_book(path, "0" * 16)
