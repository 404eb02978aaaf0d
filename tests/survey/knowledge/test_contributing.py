"""A member writes in the library; the secretariat asks back, publishes, and keeps what was there before."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.accounts.links import one_time_link
from survey.knowledge.pictures import LONGEST_SIDE, PictureError, made_anew
from survey.storage.library import LibraryEntry, LibraryPicture, LibraryRevision, RevisionState
from survey.storage.models import MembershipRole, Organisation
from tests.survey.accounts.people import good, hidden, mail_to, organisation, person

EMAIL = "kor@example.org"
TOLD = {
    "title": "Korrejsen uden krænkelser",
    "kind": "experience",
    "language": "da",
    "done": "Vi talte om aftaler **før** afrejse. <script>alert(1)</script>",
    "for_whom": "40 sangere",
    "outcome": "Færre måtte gribe ind.",
    "others": "Begynd med værelserne.",
    "url": "",
}


def picture(size: tuple[int, int] = (2000, 1000), kind: str = "JPEG") -> bytes:
    """A picture that says where it was taken."""
    made, file = Image.new("RGB", size, (200, 30, 30)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Vejle, hos formanden", 6
    made.save(file, kind, **({"exif": exif} if kind != "GIF" else {}))
    return file.getvalue()


def test_a_picture_is_made_anew_upright_smaller_and_without_what_hung_on_it() -> None:
    made = made_anew(picture())

    assert (made.width, made.height) == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert b"Vejle" not in made.content
    assert not Image.open(io.BytesIO(made.content)).getexif()


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "kind"),
        (b"GIF89a", "kind"),
        (picture(kind="GIF"), "kind"),
        (b"", "kind"),
        (picture()[:2000], "broken"),
        (picture((9000, 5000)), "size"),
        (b"\xff" * (8 * 1024 * 1024 + 1), "size"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(sent: bytes, fault: str) -> None:
    with pytest.raises(PictureError) as refused:
        made_anew(sent)

    assert refused.value.fault == fault


@pytest.fixture
def member(app: Flask, client: FlaskClient) -> str:
    """Where a member's contributor, who is signed in, writes."""
    own = organisation(app, "member")
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, own).is_member = True
    writer = person(app, own, MembershipRole.CONTRIBUTOR, email=EMAIL)
    client.get(one_time_link(app.config["SECRET_KEY"], "", writer.id))
    return f"/o/{own}/library/"


@pytest.fixture
def secretary(app: Flask) -> tuple[FlaskClient, str]:
    """The secretariat, signed in, and where it answers."""
    alliance = organisation(app, "alliance", alliance=True)
    person_ = person(app, alliance, MembershipRole.SECRETARIAT, email="sekretariat@example.org")
    client = app.test_client()
    client.environ_base.update({"HTTP_ACCEPT_LANGUAGE": "da", "HTTP_ACCEPT": "text/html"})
    client.get(one_time_link(app.config["SECRET_KEY"], "", person_.id))
    return client, f"/o/{alliance}/desk/"


def post(client: FlaskClient, page: str, form: dict[str, object]) -> TestResponse:
    return client.post(page, data={**hidden(client, page), **form}, content_type="multipart/form-data")


def only(app: Flask) -> LibraryEntry:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        found: LibraryEntry = session.scalars(select(LibraryEntry)).one()
        return found


def test_an_experience_is_handed_in_asked_about_published_and_changed_with_its_history_kept(
    app: Flask, client: FlaskClient, member: str, secretary: tuple[FlaskClient, str]
) -> None:
    desk, address = secretary
    good(client.get(member))
    file = (io.BytesIO(picture()), "kor.jpg")
    post(client, f"{member}new", {**TOLD, "picture": file, "description": "Et rødt korhus"})
    entry = only(app)
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        kept = session.scalars(select(LibraryPicture)).one()
    assert client.get(f"/library/{entry.id}").status_code == 404
    assert client.get(f"/library/pictures/{kept.id}").status_code == 404
    assert client.get(f"{member}pictures/{kept.id}").mimetype == "image/webp"
    assert TOLD["title"] in good(desk.get(f"{address}library/")).text()
    review = f"{address}reviews/{entry.id}"
    good(desk.get(review))
    assert desk.get(f"{address}reviews/pictures/{kept.id}").mimetype == "image/webp"

    good(post(desk, review, {"decision": "ask"}), 400)
    post(desk, review, {"decision": "ask", "question": "Hvem var med til at aftale det?"})
    assert "Hvem var med" in mail_to(app, EMAIL, "spørger").text
    assert desk.get(review).status_code == 404
    assert "Hvem var med" in good(client.get(f"{member}{entry.id}")).text()
    post(client, f"{member}{entry.id}", {**TOLD, "done": "Alle var med."})
    post(desk, review, {"decision": "publish"})
    shown = good(client.get(f"/library/{entry.id}"))
    assert "Alle var med." in shown.text()
    assert "Member" in shown.text()
    assert [image.get("alt") for image in shown.elements("img")] == ["Et rødt korhus"]
    public = client.get(f"/library/pictures/{kept.id}")
    assert (public.status_code, public.mimetype) == (200, "image/webp")
    assert "1 fundet" in good(client.get("/library/?q=korrejse")).text()

    post(client, f"{member}{entry.id}", {**TOLD, "title": "Korrejsen igen", "remove": kept.id})
    assert TOLD["title"] in good(client.get(f"/library/{entry.id}")).text()
    post(desk, review, {"decision": "publish"})
    assert good(client.get(f"/library/{entry.id}")).heading == "Korrejsen igen"
    assert client.get(f"/library/pictures/{kept.id}").status_code == 404
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        history = session.scalars(select(LibraryRevision).order_by(LibraryRevision.number)).all()
    assert [(each.number, each.state) for each in history] == [
        (1, RevisionState.ASKED_BACK),
        (2, RevisionState.PUBLISHED),
        (3, RevisionState.PUBLISHED),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Skriv en"),
        ({"outcome": " "}, "Skriv noget her"),
        ({"kind": "tool", "about": ""}, "Skriv noget her"),
        ({"url": "javascript:alert(1)"}, "Kopiér hele"),
        ({"category": "astrology"}, ""),
        ({"done": "x" * 20_001}, "Brug højst 20.000"),
        ({"picture": (io.BytesIO(b"<svg></svg>"), "x.svg"), "description": "x"}, "JPEG, PNG eller WebP"),
        ({"picture": (io.BytesIO(picture((9, 9))), "x.jpg")}, "Skriv, hvad billedet viser"),
    ],
)
def test_what_is_not_whole_is_refused_and_kept_on_the_page(
    app: Flask, client: FlaskClient, member: str, changes: dict[str, object], message: str
) -> None:
    page = good(post(client, f"{member}new", {**TOLD, **changes}), 400)

    assert message in page.text()
    assert TOLD["others"] in page.text()
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert session.scalars(select(LibraryEntry)).all() == []


def test_nobody_writes_in_anothers_entry(app: Flask, client: FlaskClient, member: str) -> None:
    assert client.get(f"{member}nothing").status_code == 404
    assert client.get(f"{member}pictures/nothing").status_code == 404
    assert client.get("/library/pictures/nothing").status_code == 404


def test_a_version_that_was_handed_in_while_the_secretariat_read_another_is_not_published_unread(
    app: Flask, client: FlaskClient, member: str, secretary: tuple[FlaskClient, str]
) -> None:
    desk, address = secretary
    post(client, f"{member}new", dict(TOLD))
    entry = only(app)
    read = hidden(desk, f"{address}reviews/{entry.id}")["read"]
    post(client, f"{member}{entry.id}", {**TOLD, "done": "Det var Jens."})
    answer = post(desk, f"{address}reviews/{entry.id}", {"decision": "publish", "read": read})

    assert "Det var Jens." in good(answer, 400).text()
    assert client.get(f"/library/{entry.id}").status_code == 404
