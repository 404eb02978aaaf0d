"""The two doors: whoever has shown an address applies, and no crowd of machines keeps anybody out."""

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.accounts.links import one_time_link
from survey.people import applying
from survey.people.applying import (
    MOST_OF_ONE_ADDRESS,
    MOST_OF_ONE_DOMAIN,
    WEEK,
    ApplicationError,
    Applied,
    hand_in,
)
from survey.storage.audit import AuditEntry
from survey.storage.models import MembershipRole
from survey.storage.people import Application, ApplicationState, Wish
from tests.survey.accounts.people import (
    apply_link,
    good,
    mail_to,
    mails,
    organisation,
    person,
    send,
    without_limit,
)

CONTACT = "leder@teatret.example"
THEATRE = {"name": "Teatret ved Åen", "cvr": "DK 13 58 56 28", "area": "culture_leisure"}
CHOIRS = {
    "name": "Danske Kor",
    "cvr": "13585628",
    "kind": "interest_org",
    "area": "culture_leisure",
    "reach": "Kor i alle regioner.",
    "website": "https://kor.example/?utm_source=x",
}
FORMS = {"start": THEATRE, "join": CHOIRS}
DOORS = pytest.mark.parametrize("door", ["start", "join"])


def applications(app: Flask) -> list[Application]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(Application)))


def number(which: int) -> str:
    """One of many CVR numbers whose check digit fits."""
    fitting = (
        f"{digits:07}{-sum(map(lambda w, d: w * int(d), (2, 7, 6, 5, 4, 3, 2), f'{digits:07}')) % 11}"
        for digits in range(1_000_000 + 20 * which, 2_000_000)
    )
    return next(found for found in fitting if len(found) == len("12345678"))


@DOORS
def test_whoever_applies_shows_the_address_first_and_then_waits_for_the_secretariat(
    app: Flask, client: FlaskClient, door: str
) -> None:
    for language in ("da", "en"):
        good(client.get(f"/o/{door}?lang={language}"))
    link = apply_link(app, client, door, "Leder@Teatret.example")
    assert applications(app) == []  # nothing is kept of whoever has shown nothing
    assert CONTACT in good(client.get(link)).text()
    assert applications(app) == []  # a mail program looked
    assert "Tak" in good(send(client, link, FORMS[door])).heading

    (waiting,) = applications(app)
    assert (waiting.state, waiting.cvr) == (ApplicationState.WAITING, "13585628")
    assert (waiting.contact, waiting.wish) == (CONTACT, Wish.MEMBER if door == "join" else Wish.START)
    assert waiting.website == ("https://kor.example/" if door == "join" else "")


@DOORS
def test_whoever_sends_it_again_replaces_what_waits(app: Flask, client: FlaskClient, door: str) -> None:
    link = apply_link(app, client, door, CONTACT)
    for name in ("Teatret", "Teatret ved Åen"):
        good(send(client, link, {**FORMS[door], "name": name}))

    assert [waiting.name for waiting in applications(app)] == ["Teatret ved Åen"]


@pytest.mark.parametrize(
    ("door", "field", "typed"),
    [
        ("start", "name", ""),
        ("start", "name", "Tеatret"),  # noqa: RUF001  The second letter is Cyrillic: the point of the test.
        ("start", "name", "Tea\u202etret"),
        ("start", "cvr", "13585627"),
        ("start", "cvr", "12"),
        ("start", "area", ""),
        ("start", "area", "the moon"),
        ("join", "cvr", "12345678"),
        ("join", "reach", ""),
        ("join", "reach", "x" * 1001),
        ("join", "website", "javascript:alert(1)"),
        ("join", "kind", "company"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
    app: Flask, client: FlaskClient, door: str, field: str, typed: str
) -> None:
    link = apply_link(app, client, door, CONTACT)
    page = good(send(client, link, {**FORMS[door], field: typed}), 400)
    values = {found.get("name"): found.get("value") for found in page.elements("input")}

    assert page.title.startswith("Fejl: ")
    assert [link.get("href") for link in page.elements("a") if link.get("href") == f"#{field}"]
    assert values["name"] == (typed if field == "name" else FORMS[door]["name"])
    assert applications(app) == []


@pytest.mark.parametrize("typed", ["", "leder", "lеder@teatret.example"])  # noqa: RUF001  A Cyrillic letter.
def test_an_address_that_is_none_is_written_to_by_nobody(app: Flask, client: FlaskClient, typed: str) -> None:
    page = good(send(client, "/o/start", {"contact": typed}), 400)

    assert typed in [found.get("value") for found in page.elements("input")]
    assert mails(app) == []


@DOORS
def test_a_mail_repeats_nothing_that_a_stranger_typed(app: Flask, client: FlaskClient, door: str) -> None:
    good(send(client, f"/o/{door}", {"contact": CONTACT, "name": "Buy this"}))

    assert "Buy this" not in mails(app)[0][1].text


@DOORS
def test_a_machine_that_fills_in_everything_is_told_the_same_and_gets_no_mail(
    app: Flask, client: FlaskClient, door: str
) -> None:
    told = good(send(client, f"/o/{door}", {"contact": CONTACT, "website": "https://spam.example"}))

    assert told.heading == "Se i din indbakke"
    assert mails(app) == []


@DOORS
def test_a_link_that_is_old_forged_or_of_the_other_door_leads_to_the_beginning(
    app: Flask, client: FlaskClient, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = apply_link(app, client, door, CONTACT)
    other = link.replace("/start/", "/-/").replace("/join/", "/start/").replace("/-/", "/join/")
    for address in (f"{link}x", f"/o/{door}/none", other):
        good(client.get(address), 410)
        assert client.post(address).status_code in {400, 410}
    monkeypatch.setattr(applying, "WEEK", dt.timedelta(seconds=-1))

    assert f"/o/{door}" in [a.get("href") for a in good(client.get(link), 410).elements("a")]


def test_whoever_asks_all_the_time_from_one_network_waits_and_whoever_mistypes_does_not(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(25):
        good(send(client, "/o/start", {"contact": "leder"}), 400)
    for which in range(20):
        good(send(client, "/o/start", {"contact": f"a{which}@teatret.example"}))

    good(send(client, "/o/join", {"contact": CONTACT}), 429)


def test_nobodys_mailbox_is_filled_and_whoever_owns_it_still_has_a_link_that_works(
    app: Flask, client: FlaskClient
) -> None:
    without_limit(app)
    for _ in range(8):
        good(send(client, "/o/join", {"contact": CONTACT}))  # not by whoever reads the mailbox

    assert len(mails(app)) == 3
    link = re.search(r"https?://[^/\s]+(/\S+)", mails(app)[-1][1].text)
    assert link
    good(send(client, link[1], CHOIRS))
    assert len(applications(app)) == 1


def test_links_are_counted_for_as_long_as_they_work(app: Flask) -> None:
    assert app.extensions["tillid"].links_written._seconds == WEEK.total_seconds()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """The secretariat, signed in."""
    alliance = organisation(app, "alliance", alliance=True)
    secretary = person(app, alliance, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "da"
    browser.get(one_time_link(app.config["SECRET_KEY"], "", secretary.id))
    browser.environ_base["desk"] = f"/o/{alliance}/desk/"
    return browser


@pytest.mark.slow
def test_a_thousand_applications_by_a_machine_that_confirms_nothing_leave_nothing_and_shut_nobody_out(
    app: Flask, client: FlaskClient, desk: FlaskClient
) -> None:
    without_limit(app)  # a thousand networks
    page = client.get("/o/join").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    logged = entries(app)
    for which in range(1000):
        form = {"contact": f"b{which}@x{which}.example", "csrf_token": token[1]}
        assert client.post("/o/join", data=form).status_code == 200
    assert applications(app) == []
    assert entries(app) == logged

    good(send(client, apply_link(app, client, "join", CONTACT), CHOIRS))
    assert "Danske Kor" in good(desk.get(desk.environ_base["desk"])).text()


@pytest.mark.slow
def test_a_thousand_addresses_of_one_owner_who_confirms_them_all_take_one_line_and_no_room(
    app: Flask, client: FlaskClient, desk: FlaskClient
) -> None:
    services = app.extensions["tillid"]
    faults = []
    for which in range(1000):
        applied = Applied(f"Bot {which}", number(which), "education", "da", "interest_org", "", "Alle.")
        contact = f"b{which}@sub{which % 7}.bot.example"
        try:
            with services.databases.alliance_session() as session:
                hand_in(session, services.desk, Wish.MEMBER, contact, applied)
        except ApplicationError as fault:
            faults.append(fault.fault)
    assert faults == ["many"] * (1000 - MOST_OF_ONE_DOMAIN)
    good(send(client, apply_link(app, client, "join", CONTACT), CHOIRS))
    good(send(client, apply_link(app, client, "start", "a@notbot.example"), {**THEATRE, "cvr": number(2000)}))
    page = good(desk.get(desk.environ_base["desk"]))
    assert f"{MOST_OF_ONE_DOMAIN} fra bot.example" in page.text()
    assert "Bot 1" not in page.text()
    assert "Danske Kor" in page.text()

    together = f"{desk.environ_base['desk']}applications/from/bot.example"
    assert good(desk.get(together)).text().count("Bot ") >= MOST_OF_ONE_DOMAIN
    good(send(desk, together, {"reason": ""}), 400)
    send(desk, together, {"reason": "Det er skrevet af en maskine."})
    assert len([a for a in applications(app) if a.state is ApplicationState.DECLINED]) == MOST_OF_ONE_DOMAIN
    assert desk.get(together).status_code == 404
    assert "Svar på jeres" in mail_to(app, "b1@sub1.bot.example", "Svar").subject


def test_one_address_hands_in_a_few_organisations_and_no_more(app: Flask, client: FlaskClient) -> None:
    link = apply_link(app, client, "start", CONTACT)
    for which in range(MOST_OF_ONE_ADDRESS):
        good(send(client, link, {**THEATRE, "cvr": number(which)}))

    page = good(send(client, link, {**THEATRE, "cvr": number(99)}), 400)
    assert "Skriv til sekretariatet" in page.text()
    assert number(99) in [found.get("value") for found in page.elements("input")]


def test_a_long_list_is_shown_a_page_at_a_time(app: Flask, desk: FlaskClient) -> None:
    with app.extensions["tillid"].databases.alliance_session() as session:
        for which in range(120):
            session.add(
                Application(
                    id=f"{which:016}",
                    name=f"Skole {which:03}",
                    cvr=number(which),
                    contact=f"a@skole{which}.example",
                    wish=Wish.START,
                    state=ApplicationState.WAITING,
                    area="education",
                    language="da",
                    asked_on=app.extensions["tillid"].today(),
                )
            )
    pages = [good(desk.get(f"{desk.environ_base['desk']}?page={page}")).text() for page in (1, 2, 3, 99)]

    assert [page.count("Skole ") // 2 for page in pages] == [50, 50, 20, 20]


def entries(app: Flask) -> int:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
