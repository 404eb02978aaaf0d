"""The alliance in Chromium: reading it, applying, writing for a member, and the secretariat's desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from config import Config
from survey.accounts.links import one_time_link
from survey.commands.living import fill_knowledge
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account, join
from survey.people.applying import Desk, write_link
from survey.sealing.at_rest import AtRest
from survey.storage.alliance import Activity, Commitment, Member
from survey.storage.databases import Databases, open_databases
from survey.storage.library import LibraryEntry, LibraryRevision, RevisionState
from survey.storage.mails import QueuedMail
from survey.storage.models import MembershipRole
from survey.storage.people import Application, Wish
from survey.storage.upgrading import upgrade
from survey.waves.clock import today
from tests.live import free_port, web_process
from tests.survey import rows

SIZES = [(390, 844), (1280, 900)]


@dataclass(frozen=True, slots=True)
class Served:
    """A filled alliance on a port, and what its addresses are made of."""

    config: Config
    databases: Databases
    alliance: str
    member: str
    people: dict[str, str]

    def sign_in(self, page: Page, who: str) -> None:
        """Open the one-time link of `secretariat` or `contributor`."""
        page.goto(one_time_link(self.config.secret_key, self.config.base_url, self.people[who]))

    def first(self, query: object) -> str:
        """The id that a query finds first."""
        with self.databases.alliance_session(reading=True) as session:
            return str(session.scalars(query).first())  # type: ignore[call-overload]  # of one text column


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("alliance")
    config = replace(Config.for_demo(folder, free_port()), workers=1)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    with databases.alliance_session() as session:
        own = rows.organisation("alliance")
        own.is_alliance, own.name = True, "Den opdigtede alliance"
        session.add(own)
        session.flush()
        member = fill_knowledge(session, today())
        people = {}
        for who, organisation in (("secretariat", own.id), ("contributor", member)):
            people[who] = add_account(session, f"{who}@example.org", "correct horse battery").id
            join(session, people[who], organisation, MembershipRole(who))
        alliance = own.id
    with web_process(config, folder / "web.log"):
        yield Served(config, databases, alliance, member, people)
    databases.dispose()


def pages(served: Served) -> dict[str, tuple[str, str]]:
    """By name: whose page it is, or nobody's, and its address."""
    entry = served.first(
        select(LibraryEntry.id).where(LibraryEntry.starter == "").order_by(LibraryEntry.state)
    )
    waiting = served.first(
        select(LibraryRevision.entry_id).where(LibraryRevision.state == RevisionState.SUBMITTED)
    )
    past = served.first(select(Activity.id).where(Activity.learnt != ""))
    proposed = served.first(select(Activity.id).where(Activity.review == RevisionState.SUBMITTED))
    promise = served.first(select(Commitment.id).where(Commitment.organisation_id == served.member))
    application = served.first(select(Application.id))
    left = served.first(select(Member.organisation_id).where(Member.left_on.is_not(None)))
    own, desk = f"/o/{served.member}", f"/o/{served.alliance}/desk"
    return {
        "alliance": ("", "/alliance/"),
        "library": ("", "/library/?q=dialog"),
        "entry": ("", f"/library/{entry}"),
        "members": ("", "/members/"),
        "member": ("", f"/members/{served.member}"),
        "former": ("", f"/members/{left}"),
        "activities": ("", "/activities/"),
        "activity": ("", f"/activities/{past}"),
        "join": ("", "/o/join"),
        "start": ("", "/o/start?lang=en"),
        "apply": ("", link(served, Wish.MEMBER)),
        "organisations": ("contributor", "/o/"),
        "contribute": ("contributor", f"{own}/library/new"),
        "contributions": ("contributor", f"{own}/library/"),
        "commitments": ("contributor", f"{own}/commitments/"),
        "membership": ("contributor", f"{own}/membership/"),
        "own activities": ("contributor", f"{own}/activities/"),
        "own activity": ("contributor", f"{own}/activities/{proposed}"),
        "waiting": ("secretariat", f"{desk}/"),
        "application": ("secretariat", f"{desk}/applications/{application}"),
        "desk library": ("secretariat", f"{desk}/library/"),
        "review": ("secretariat", f"{desk}/reviews/{waiting}"),
        "desk members": ("secretariat", f"{desk}/register/"),
        "desk member": ("secretariat", f"{desk}/register/{served.member}"),
        "moderation": ("secretariat", f"{desk}/register/commitments/{promise}"),
        "desk activities": ("secretariat", f"{desk}/activities/"),
        "review activity": ("secretariat", f"{desk}/activities/{proposed}/review"),
    }


def link(served: Served, wish: Wish, contact: str = "formand@kor.example") -> str:
    """The path of the link that a mail would carry."""
    config = served.config
    outbox = Outbox(AtRest(config.mail_keys))
    with served.databases.alliance_session() as session:
        write_link(session, Desk(outbox, "", config.secret_key, today()), wish, contact, "da")
        session.flush()
        queued = session.scalars(select(QueuedMail)).all()
        text = outbox.message(queued[-1].content or b"").text
        for mail in queued:
            session.delete(mail)
    return next(line for line in text.splitlines() if line.startswith("/o/"))


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_every_page_of_the_alliance_can_be_used_by_everybody(
    served: Served,
    page: Page,
    accessibility_faults: Callable[[Page], list[str]],
    size: tuple[int, int],
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    signed_in, faults = "", []
    for name, (who, address) in pages(served).items():
        if who and who != signed_in:
            page.context.clear_cookies()
            served.sign_in(page, who)
            signed_in = who
        page.goto(served.config.base_url + address)
        faults += [f"{name}: {fault}" for fault in accessibility_faults(page)]
        if page.evaluate("() => document.documentElement.scrollWidth") > size[0]:
            faults.append(f"{name}: wider than the screen")

    assert faults == []


def test_a_member_proposes_by_keyboard_and_the_secretariat_publishes(served: Served, page: Page) -> None:
    served.sign_in(page, "contributor")
    page.goto(f"{served.config.base_url}/o/{served.member}/activities/")
    page.get_by_role("link", name="Propose an activity").press("Enter")
    page.get_by_label("What it is called").fill("Møde om tone")
    first = today() + dt.timedelta(days=9)
    for label in ("First day", "Last day"):
        page.get_by_label(label).fill(first.isoformat())
    page.get_by_role("button", name="Hand it in").press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Møde om tone")).to_contain_text(
        "With the secretariat"
    )

    page.context.clear_cookies()
    served.sign_in(page, "secretariat")
    page.goto(f"{served.config.base_url}/o/{served.alliance}/desk/activities/")
    page.get_by_role("listitem").filter(has_text="Møde om tone").get_by_role("link").click()
    page.get_by_label("Publish", exact=True).check()
    page.get_by_role("button", name="Answer").click()
    page.goto(f"{served.config.base_url}/activities/")
    expect(page.get_by_role("link", name="Møde om tone")).to_be_visible()


def test_an_organisation_applies_and_waits_at_the_desk(served: Served, page: Page) -> None:
    page.goto(served.config.base_url + link(served, Wish.MEMBER, "leder@dans.example"))
    page.get_by_label("Name of the organisation").fill("Danske Dansere")
    page.get_by_label("CVR number").fill("13585627")
    page.get_by_label("Culture and leisure").check()
    page.get_by_label("Whom you speak for").fill("Dansere i hele landet")
    page.get_by_role("button", name="Send it to the secretariat").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("CVR number").fill("13585628")
    page.get_by_role("button", name="Send it to the secretariat").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")

    served.sign_in(page, "secretariat")
    page.goto(f"{served.config.base_url}/o/{served.alliance}/desk/")
    expect(page.get_by_text("Danske Dansere").first).to_be_visible()


def test_an_entry_on_paper_has_no_menu_and_names_its_address(served: Served, page: Page) -> None:
    page.goto(served.config.base_url + pages(served)["entry"][1])
    page.emulate_media(media="print")

    for hidden in (".library-back", ".library-related", "nav"):
        for found in page.locator(hidden).all():
            expect(found).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
