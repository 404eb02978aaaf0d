from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from survey.commands.alliance import Alliance, Ballot
from survey.sealing import xwing
from survey.storage.models import TrusteeRole
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeError
from survey.waves.manifest import to_b64
from survey.waves.trusteeship import invite_trustee
from tests.alliances import Fielded


@pytest.fixture
def field(wave: Fielded) -> Iterator[tuple[Alliance, Ballot]]:
    with wave.opened() as opened:
        yield opened


@pytest.fixture
def alliance(field: tuple[Alliance, Ballot]) -> Alliance:
    return field[0]


@pytest.fixture
def ballot(field: tuple[Alliance, Ballot]) -> Ballot:
    return field[1]


def as_trustee(alliance: Alliance, ballot: Ballot, method: str, path: str, **more: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {ballot.trustees[0].file.token}"}
    return alliance.http.request(method, path, headers=headers, **more)  # type: ignore[arg-type]  # passed on


def invited(alliance: Alliance, ballot: Ballot) -> str:
    with alliance.databases.alliance_session() as session:
        organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
        return invite_trustee(session, organisation, TrusteeRole.OTHER)


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nobody", "Basic abc"])
def test_without_a_trustees_token_nothing_is_told(alliance: Alliance, ballot: Ballot, header: str) -> None:
    for method, path in (
        ("POST", "/trustees/enrolment"),
        ("GET", "/trustees/waves"),
        ("GET", f"/trustees/waves/{ballot.wave}"),
        ("POST", f"/trustees/waves/{ballot.wave}/confirmation"),
        ("POST", f"/trustees/waves/{ballot.wave}/approval"),
    ):
        answer = alliance.http.request(method, path, headers={"Authorization": header})

        assert answer.status_code == 401


def test_a_trustee_sees_their_waves_and_no_other(alliance: Alliance, ballot: Ballot) -> None:
    listed = as_trustee(alliance, ballot, "GET", "/trustees/waves").json()["waves"]
    foreign = as_trustee(alliance, ballot, "GET", f"/trustees/waves/{'0' * 16}")
    newcomer = {"Authorization": f"Bearer {invited(alliance, ballot)}"}
    not_theirs = alliance.http.get(f"/trustees/waves/{ballot.wave}", headers=newcomer)

    assert listed == [
        {
            "wave": ballot.wave,
            "organisation": "Example",
            "state": "fielding",
            "first_day": "2026-11-23",
            "last_possible_day": "2026-12-21",
            "closed_on": None,
            "released_on": None,
            "confirmed": True,
            "approved": False,
            "declined": None,
            "waits_for": None,
            "proven": True,
            "keys": {
                "quorum": 2, "trustees": 3, "able": 3, "proven": 3, "declined": 0, "danger": "none"
            },
        }
    ]  # fmt: skip
    assert (foreign.status_code, foreign.json()) == (404, {"error": "unknown_wave"})
    assert (not_theirs.status_code, not_theirs.json()) == (404, {"error": "unknown_wave"})


def test_a_key_is_enrolled_once_and_the_same_key_again_changes_nothing(
    alliance: Alliance, ballot: Ballot
) -> None:
    headers = {"Authorization": f"Bearer {invited(alliance, ballot)}"}
    mine = {"public_key": to_b64(xwing.public_bytes(bytes(32)))}
    other = {"public_key": to_b64(xwing.public_bytes(bytes(31) + b"\x01"))}

    answers = [
        alliance.http.post("/trustees/enrolment", headers=headers, json=key) for key in (mine, mine, other)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[0].json()["role"] == "other"
    assert answers[2].json() == {"error": "already_enrolled"}


@pytest.mark.parametrize(
    "body", [None, [], {}, {"public_key": 3}, {"public_key": "!"}, {"public_key": "AAAA"}]
)
def test_what_is_no_key_is_malformed(alliance: Alliance, ballot: Ballot, body: object) -> None:
    headers = {"Authorization": f"Bearer {invited(alliance, ballot)}"}

    answer = alliance.http.post("/trustees/enrolment", headers=headers, json=body)

    assert (answer.status_code, answer.json()) == (400, {"error": "malformed"})


def test_a_share_cannot_be_confirmed_or_approved_out_of_turn(alliance: Alliance, ballot: Ballot) -> None:
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).shares(ballot.wave)[0].confirmed = False
    confirmation = as_trustee(
        alliance, ballot, "POST", f"/trustees/waves/{ballot.wave}/confirmation", json={"confirmation": "AAAA"}
    )
    approval = as_trustee(
        alliance, ballot, "POST", f"/trustees/waves/{ballot.wave}/approval",
        json={"list": "0" * 64, "approval": "AAAA"},
    )  # fmt: skip

    assert (confirmation.status_code, confirmation.json()) == (409, {"error": "wrong_state"})
    assert (approval.status_code, approval.json()) == (409, {"error": "wrong_state"})


def test_a_confirmation_that_does_not_prove_the_share_is_refused(alliance: Alliance, ballot: Ballot) -> None:
    with alliance.databases.alliance_session() as session:
        registry = WaveRegistry(session)
        registry.wave(ballot.wave).state = "ceremony"
        place = registry.shares(ballot.wave)[0]
        place.confirmed = False
        shown = to_b64(place.confirmation_digest or b"")

    # What the database holds is not what a trustee shows: a thief of it cannot confirm.
    answer = as_trustee(
        alliance, ballot, "POST", f"/trustees/waves/{ballot.wave}/confirmation", json={"confirmation": shown}
    )

    assert (answer.status_code, answer.json()) == (403, {"error": "confirmation_refused"})


def test_a_second_list_is_never_taken_from_a_trustee_who_approved_one(
    alliance: Alliance, ballot: Ballot
) -> None:
    alliance.close(ballot)
    trustee = ballot.trustees[0]
    _, approval = trustee.approved(ballot.wave)
    trustee.send_approval(ballot.wave, approval)

    answer = as_trustee(
        alliance, ballot, "POST", f"/trustees/waves/{ballot.wave}/approval",
        json={"list": "0" * 64, "approval": approval["approval"]},
    )  # fmt: skip

    assert (answer.status_code, answer.json()) == (409, {"error": "wrong_list"})


def copy(token: str = "") -> bytes:
    return json.dumps({"format": "tillid-trustee-copy/1", "file": {"token": token}, "mac": "AA"}).encode()


def test_a_copy_is_kept_only_while_its_owner_wants_it(alliance: Alliance, ballot: Ballot) -> None:
    path = "/trustees/copy"

    before = as_trustee(alliance, ballot, "GET", path)
    kept = as_trustee(alliance, ballot, "PUT", path, content=copy())
    found = as_trustee(alliance, ballot, "GET", path)
    told = as_trustee(alliance, ballot, "GET", "/trustees/me").json()["copy"]
    forgotten = as_trustee(alliance, ballot, "DELETE", path)
    after = as_trustee(alliance, ballot, "GET", path)

    assert (before.status_code, before.json()) == (404, {"error": "no_copy"})
    assert (kept.status_code, found.content, told) == (204, copy(), True)
    assert (forgotten.status_code, after.status_code) == (204, 404)


@pytest.mark.parametrize(
    "left", [b"", b"{", b"[]", b"{}", copy("a token"), copy()[:-1], copy() + b" " * 12_288, b"[" * 9000]
)
def test_what_is_no_copy_or_holds_a_token_is_not_kept(
    alliance: Alliance, ballot: Ballot, left: bytes
) -> None:
    answer = as_trustee(alliance, ballot, "PUT", "/trustees/copy", content=left)

    assert (answer.status_code, answer.json()) == (400, {"error": "malformed"})
    assert as_trustee(alliance, ballot, "GET", "/trustees/copy").status_code == 404


def test_a_trustee_without_a_key_leaves_no_copy(alliance: Alliance, ballot: Ballot) -> None:
    headers = {"Authorization": f"Bearer {invited(alliance, ballot)}"}

    answer = alliance.http.put("/trustees/copy", headers=headers, content=copy())

    assert (answer.status_code, answer.json()) == (409, {"error": "wrong_state"})


def declining(alliance: Alliance, ballot: Ballot, **body: str) -> httpx.Response:
    return as_trustee(alliance, ballot, "POST", f"/trustees/waves/{ballot.wave}/refusal", json=body)


def test_a_token_alone_declines_nothing(alliance: Alliance, ballot: Ballot) -> None:
    guessed = declining(alliance, ballot, reason="No.", confirmation=to_b64(bytes(32)))

    assert (guessed.status_code, guessed.json()) == (403, {"error": "confirmation_refused"})
    assert ballot.trustees[0].waves()[0]["declined"] is None


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 1001, "a\x00b"])
def test_a_refusal_has_a_reason_that_can_be_read(alliance: Alliance, ballot: Ballot, reason: str) -> None:
    with pytest.raises(TrusteeError, match="400 malformed"):
        ballot.trustees[0].decline(ballot.wave, reason)


def test_an_approval_can_be_taken_back_and_given_again_until_it_was_used(
    alliance: Alliance, ballot: Ballot
) -> None:
    alliance.close(ballot)
    first, second, _ = ballot.trustees

    def said() -> tuple[object, object]:
        (wave,) = first.waves()
        return wave["approved"], wave["declined"]

    _, approval = first.approved(ballot.wave)
    first.send_approval(ballot.wave, approval)
    assert said() == (True, None)
    first.decline(ballot.wave, " Too few of us. ")
    assert said() == (False, "Too few of us.")
    _, others = second.approved(ballot.wave)
    second.send_approval(ballot.wave, others)
    alliance.custody.step()
    assert first.waves()[0]["state"] == "opening"
    first.send_approval(ballot.wave, approval)
    alliance.custody.step()

    assert first.waves()[0]["state"] == "released"
    with pytest.raises(TrusteeError, match="409 wrong_state"):
        first.decline(ballot.wave, "Too late.")


def test_a_key_is_shown_to_work_as_long_as_there_is_something_to_open(
    alliance: Alliance, ballot: Ballot
) -> None:
    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).shares(ballot.wave)[0].proven_on = None
    before = ballot.trustees[0].waves()[0]["proven"]

    ballot.trustees[0].prove(ballot.wave)

    assert (before, ballot.trustees[0].waves()[0]["proven"]) == (False, True)
    unknown = replace(ballot.trustees[0], file=ballot.trustees[0].file.model_copy(update={"waves": {}}))
    with pytest.raises(TrusteeError, match="have not confirmed"):
        unknown.prove(ballot.wave)


def test_the_page_tells_nothing_and_holds_nothing(alliance: Alliance) -> None:
    answer = alliance.http.get("/trustees/", headers={"Accept": "text/html", "Accept-Language": "da"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "<h1>Nøgleholdere</h1>" in answer.text
