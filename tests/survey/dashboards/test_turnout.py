from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from analysis.release import Participation
from survey.dashboards.turnout import Turnout, turnout
from survey.site.languages import TRANSLATIONS
from tests.alliances import routing
from tests.releases import release

Told = Callable[..., Turnout]


@pytest.fixture(params=["en"])
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    app = Flask("turnout")
    Babel(app, default_locale=request.param, default_translation_directories=str(TRANSLATIONS))

    def of(
        counted: int, invited: int, withdrawn: int = 0, rejected: int = 0, mode: str = "invited"
    ) -> Turnout:
        kinds = {"malformed": rejected} if rejected else {}
        received = counted + withdrawn + rejected
        participation = Participation(
            invited=invited, received=received, withdrawn=withdrawn, rejected=kinds, counted=counted
        )
        organisation = {"id": "0" * 16, "name": "Example"}
        made = release(routing(), "0" * 16, organisation, [], participation.model_dump())
        wave = made.wave.model_copy(update={"mode": mode})
        return turnout(made.model_copy(update={"wave": wave}))

    with app.test_request_context():
        yield of


@pytest.mark.parametrize(
    ("counted", "meaning"),
    [
        (100, "Nearly everyone"),
        (80, "Nearly everyone"),
        (79, "Most people"),
        (60, "Most people"),
        (59, "About half"),
        (40, "About half"),
        (39, "Few are heard"),
        (1, "Few are heard"),
    ],
)
def test_the_rate_is_said_with_what_it_means(told: Told, counted: int, meaning: str) -> None:
    answered = told(counted, 100)

    assert answered.sentence == f"{counted} of 100 invited people have answered: {counted}%."
    assert answered.meaning.startswith(meaning)


def test_a_low_rate_never_sets_anyone_looking_for_who_did_not_answer(told: Told) -> None:
    assert "never who did not answer" in told(30, 100).meaning


@pytest.mark.parametrize(("counted", "invited"), [(50, 0), (90, 80)])
def test_where_nobody_knows_how_many_could_answer_there_is_no_rate(
    told: Told, counted: int, invited: int
) -> None:
    answered = told(counted, invited)

    assert answered.sentence == f"{counted} people have answered."
    assert answered.meaning.startswith("There is no answer rate")


@pytest.mark.parametrize("told", ["da"], indirect=True)
def test_a_single_voice_is_said_in_the_singular(told: Told) -> None:
    assert told(1, 0).sentence == "1 person har svaret."


def test_what_became_of_other_responses_is_said_only_where_there_are_any(told: Told) -> None:
    assert told(60, 80).notes == ()
    assert told(60, 80, withdrawn=1, rejected=2).notes == (
        "1 answer was taken back by the person who sent it.",
        "2 answers could not be read, and are not counted.",
    )


def test_an_open_wave_says_that_somebody_may_have_answered_twice(told: Told) -> None:
    answered = told(60, 0, mode="open")

    assert answered.sentence == "60 answers have come in."
    assert "repeated answers cannot be excluded" in answered.meaning
