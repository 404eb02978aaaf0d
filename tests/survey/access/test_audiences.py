import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from survey.access import Audience, AudienceError, audiences_of, check_audiences, open_to
from survey.storage.models import MembershipRole


def view(**_: str) -> ResponseReturnValue:
    return "seen"


def web(route: str, *audiences: Audience) -> Flask:
    app = Flask("web", static_folder=None)

    def fresh(**ids: str) -> ResponseReturnValue:
        return view(**ids)

    app.add_url_rule(route, "page", open_to(*audiences)(fresh) if audiences else fresh)
    return app


@pytest.mark.parametrize(
    ("route", "audiences"),
    [
        ("/", (Audience.PUBLIC,)),
        ("/w/<wave_id>", (Audience.RESPONDENT,)),
        ("/trustees/waves", (Audience.TRUSTEE_KEY,)),
        ("/o/", (Audience.SIGNED_IN,)),
        ("/o/<organisation_id>/releases", (Audience.LEADER, Audience.STEWARD)),
    ],
)
def test_a_view_that_says_whom_it_is_for_may_start(route: str, audiences: tuple[Audience, ...]) -> None:
    app = web(route, *audiences)

    check_audiences(app)

    assert audiences_of(app, "page") == set(audiences)


@pytest.mark.parametrize(
    ("route", "audiences", "fault"),
    [
        ("/", (), "no audience is declared. Put @open_to(Audience.…) under its route"),
        ("/", (Audience.PUBLIC, Audience.LEADER), "leader and public do not go together. Make two views"),
        ("/people", (Audience.SIGNED_IN,), "the session is not known here. Put it under /o/"),
        (
            "/o/answering",
            (Audience.RESPONDENT,),
            "it is for respondents, and /o/ knows who is signed in",
        ),
        (
            "/o/releases",
            (Audience.LEADER,),
            "its roles hold in an organisation. Put it under /o/<organisation_id>/",
        ),
    ],
)
def test_the_web_does_not_start_with_a_view_for_nobody_knows_whom(
    route: str, audiences: tuple[Audience, ...], fault: str
) -> None:
    with pytest.raises(AudienceError) as caught:
        check_audiences(web(route, *audiences))

    assert str(caught.value).startswith(f'endpoint "page" ({route}): {fault}')


def test_an_address_that_leads_nowhere_has_no_audience(app: Flask) -> None:
    assert audiences_of(app, None) == audiences_of(app, "no.such") == frozenset()


def test_every_role_is_an_audience() -> None:
    assert {role.value for role in MembershipRole} <= {audience.value for audience in Audience}


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/o/").location == "/o/sign-in?next=/o/"
    assert client.get("/o/?lang=en").location == "/o/sign-in?next=/o/&lang=en"
