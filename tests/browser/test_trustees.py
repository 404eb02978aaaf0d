"""Trustees in Chromium: invited by mail, a key made and kept, a whole wave confirmed, opened, destroyed."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Download, Locator, Page, Route, expect
from sqlalchemy import select

from questionnaires.loading import load
from survey.accounts.links import one_time_link
from survey.commands.alliance import Alliance, Ballot, open_alliance
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account, join
from survey.sealing import shares, xwing
from survey.sealing.at_rest import AtRest
from survey.storage.mails import QueuedMail
from survey.storage.models import MembershipRole, Organisation, Trustee, TrusteeRole
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient, enrol
from survey.trustees.keyfile import load_key_file
from survey.waves import manifest as manifests
from survey.waves.clock import today
from survey.waves.invitations import invite
from survey.waves.lifecycle import Draft, advance, draft_wave
from survey.waves.manifest import Unit, to_b64
from survey.waves.states import WaveState
from survey.waves.trusteeship import invite_trustee
from tests.alliances import ROUTING, Clock, plan, routing_replies
from tests.live import free_port, web_process

Faults = Callable[[Page], list[str]]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
ANSWERED = 12
INVITED = 15
UNITS = [Unit(id="u1", name="Smedjen", parent=None, headcount=INVITED)]
PATIENCE = 60_000
WORDS = "abandon ability able about above absent"


@dataclass(slots=True)
class Scene:
    """An alliance that is served, with the accounts that run it; custody steps when a test says so."""

    alliance: Alliance
    organisation: str
    secretariat: str
    accounts: dict[str, str]
    clock: Clock
    folder: Path
    complaints: list[str] = field(default_factory=list)

    def visitor(self, browser: Browser, size: dict[str, int], language: str) -> Page:
        """A person with a browser of their own, whose scripts must neither fail nor break the policy."""
        context = browser.new_context(viewport=size, locale=language)  # type: ignore[arg-type]  # a size
        page = context.new_page()
        page.set_default_timeout(PATIENCE)

        def listen(message: ConsoleMessage) -> None:
            # Chromium also reports each answer that is not 2xx here.
            if message.type == "error" and not message.text.startswith("Failed to load resource"):
                self.complaints.append(message.text)

        page.on("console", listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, page: Page, who: str) -> None:
        config = self.alliance.config
        page.goto(one_time_link(config.secret_key, config.base_url, self.accounts[who]))

    def link_in_the_mail(self) -> str:
        """The link of the newest mail in the outbox, which is then emptied."""
        outbox = Outbox(AtRest(self.alliance.config.mail_keys))
        with self.alliance.databases.alliance_session() as session:
            (mail,) = session.scalars(select(QueuedMail)).all()
            text = outbox.message(mail.content or b"").text
            session.delete(mail)
        found = re.search(r"http\S+/trustees/#\S+", text)
        assert found is not None, text
        return found[0]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, chromium_executable: str) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("trustees")
    # Words are worked on for a while, on purpose, and two cores are shared.
    expect.set_options(timeout=PATIENCE)
    clock = Clock(today())
    with open_alliance(folder, free_port(), clock) as alliance:
        organisation = alliance.organisation("Havnens Værksted", "labour_market")
        secretariat = alliance.organisation("Alliancen", "culture_leisure")
        with alliance.databases.alliance_session() as session:
            steward = add_account(session, "steward@example.org", WORDS)
            join(session, steward.id, organisation, MembershipRole.STEWARD)
            office = add_account(session, "office@example.org", WORDS)
            session.get_one(Organisation, secretariat).is_alliance = True
            join(session, office.id, secretariat, MembershipRole.SECRETARIAT)
        accounts = {"steward": steward.id, "secretariat": office.id}
        with web_process(alliance.config, folder / "web.log"):
            yield Scene(alliance, organisation, secretariat, accounts, clock, folder)
    expect.set_options(timeout=5_000)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def kept(page: Page, folder: Path) -> Path:
    """Save the file that the page offers, and show the page that it is saved."""
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile("^(Gem filen|Save the file)$")).click()
    download: Download = started.value
    path = folder / download.suggested_filename
    download.save_as(path)
    page.get_by_label(re.compile("lige gemte|just saved")).set_input_files(path)
    return path


def enrolled(page: Page, link: str, folder: Path, buttons: tuple[str, str, str, str]) -> tuple[Path, str]:
    """Take somebody through enrolment; their file and words."""
    begin, written, make, to_waves = buttons
    page.goto(link)
    press(page, begin)
    words = " ".join(page.get_by_test_id("passphrase").locator("li").all_inner_texts())
    press(page, written)
    page.get_by_label(re.compile("^(De seks ord|The six words)$")).fill(words)
    press(page, make)
    expect(page.get_by_role("link", name=re.compile("Gem filen|Save the file"))).to_be_visible(
        timeout=PATIENCE
    )
    path = kept(page, folder)
    expect(page.get_by_test_id("custody-fingerprint")).to_be_visible()
    press(page, to_waves)
    return path, words


DANISH = ("Lav min nøgle", "Jeg har skrevet dem ned", "Lav nøglen", "Se undersøgelserne")
ENGLISH = ("Make my key", "I have written them down", "Make the key", "See the surveys")


def invited(scene: Scene, page: Page, name: str, role: str) -> str:
    """Invite somebody on the steward's page; the link they get."""
    page.goto(f"{scene.alliance.config.base_url}/o/{scene.organisation}/trustees?lang=da")
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Mailadresse").fill(f"{name.split(maxsplit=1)[0].lower()}@example.org")
    page.get_by_label(role).check(force=True)
    press(page, "Send invitationen")
    expect(page.get_by_role("status")).to_have_text("Invitationen er på vej.")
    return scene.link_in_the_mail()


@dataclass(frozen=True, slots=True)
class Trio:
    """Two trustees at their browsers and the organisation's steward, with what the first of them holds."""

    anna: Page
    bo: Page
    steward: Page
    file: Path
    words: str

    @property
    def fingerprint(self) -> str:
        return shares.spoken(load_key_file(self.file).fingerprint)


def test_two_trustees_in_their_browsers_open_a_whole_wave(
    scene: Scene, browser: Browser, accessibility_faults: Faults
) -> None:
    trio = who_was_invited_by_mail_has_a_key(scene, browser, accessibility_faults)
    the_secretariat_confirms_who_she_is(scene, browser, accessibility_faults, trio.fingerprint)
    wave, third = drafted(scene)
    both_confirm_what_they_read(scene, trio, accessibility_faults)
    ballot = opened_for_answers(scene, wave, third)
    scene.alliance.answer(ballot, routing_replies(ANSWERED), lambda _done, _of: None)
    she_shows_that_her_key_works(trio.anna)
    scene.alliance.close(ballot)
    she_declines_and_the_steward_reads_why(scene, trio)
    a_false_one_time_key_gets_nothing(trio.anna)
    newest = both_approve(scene, trio)
    scene.alliance.custody.step()
    with scene.alliance.databases.alliance_session(reading=True) as session:
        assert WaveRegistry(session).release(wave).content

    # What her browser remembers, the program remembers too: the only list she can ever approve.
    remembered = load_key_file(newest)
    assert remembered.waves[wave].list is not None
    assert remembered.seed(trio.words)
    assert newest.name > trio.file.name

    scene.clock.day += datetime.timedelta(days=31)
    scene.alliance.custody.step()
    press(trio.anna, "Tilbage til undersøgelserne")
    expect(trio.anna.get_by_text("Slettet: de låste svar")).to_be_visible()
    assert accessibility_faults(trio.anna) == []
    assert scene.complaints == []


def who_was_invited_by_mail_has_a_key(scene: Scene, browser: Browser, faults: Faults) -> Trio:
    steward = scene.visitor(browser, DESK, "da-DK")
    scene.sign_in(steward, "steward")
    anna, bo = scene.visitor(browser, PHONE, "da-DK"), scene.visitor(browser, DESK, "en-GB")
    asked: list[str] = []
    anna.on("request", lambda request: asked.append(request.url))
    first = invited(scene, steward, "Anna Berg", "Medarbejdernes repræsentant")
    second = invited(scene, steward, "Bo Holm", "Ledelsens repræsentant")
    assert faults(steward) == []

    file, words = enrolled(anna, first, scene.folder, DANISH)
    enrolled(bo, second, scene.folder, ENGLISH)

    assert faults(anna) == faults(bo) == []
    # Her token was in no address that the server saw, and is in no store of her browser.
    token = first.partition("#")[2]
    assert not any(token in url.partition("#")[0] for url in asked)
    assert token not in anna.url
    assert anna.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    return Trio(anna, bo, steward, file, words)


def the_secretariat_confirms_who_she_is(
    scene: Scene, browser: Browser, faults: Faults, fingerprint: str
) -> None:
    office = scene.visitor(browser, PHONE, "da-DK")
    scene.sign_in(office, "secretariat")
    office.goto(f"{scene.alliance.config.base_url}/o/{scene.secretariat}/representatives")
    expect(office.get_by_text(fingerprint)).to_be_visible()
    assert faults(office) == []
    press(office, "Jeg har talt med vedkommende, og fingeraftrykket er dette – Havnens Værksted")
    expect(office.get_by_role("status")).to_contain_text("Du har bekræftet")


def both_confirm_what_they_read(scene: Scene, trio: Trio, faults: Faults) -> None:
    for page, look, begin, done in (
        (trio.anna, "Se løfterne, og hvad du kan gøre", "Bekræft", "Du har bekræftet. Tak."),
        (trio.bo, "See the promises, and what you can do", "Confirm", "You have confirmed. Thank you."),
    ):
        page.get_by_role("button", name=re.compile("^(Se efter igen|Look again)$")).click()
        page.get_by_role("button", name=re.compile(look)).click()
        expect(page.get_by_test_id("keys")).to_contain_text(trio.fingerprint)
        press(page, begin)
        expect(page.get_by_role("alert")).to_contain_text(re.compile("krydser|every box"))
        for box in page.get_by_role("checkbox").all():
            box.check(force=True)
        assert faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        press(page, begin)
        kept(page, scene.folder)
        expect(page.get_by_text(done)).to_be_visible()


def she_shows_that_her_key_works(anna: Page) -> None:
    look_again(anna)
    press(anna, "Vis, at den virker")
    expect(anna.get_by_text("Din nøgle virker. Tak.")).to_be_visible()


def she_declines_and_the_steward_reads_why(scene: Scene, trio: Trio) -> None:
    anna, steward = trio.anna, trio.steward
    look_again(anna)
    expect(anna.get_by_test_id("list")).to_contain_text(str(ANSWERED))
    press(anna, "Nej …")
    press(anna, "Send mit nej")
    expect(anna.get_by_role("alert")).to_contain_text("Skriv en begrundelse.")
    anna.get_by_label("Din begrundelse").fill("Der er flere svar, end vi er folk.")
    press(anna, "Send mit nej")
    expect(anna.get_by_text("Dit nej er sendt.")).to_be_visible()
    steward.goto(f"{scene.alliance.config.base_url}/o/{scene.organisation}/trustees?lang=da")
    expect(steward.get_by_text("Der er flere svar, end vi er folk.")).to_be_visible()
    expect(steward.get_by_text("Går én mere tabt, kan svarene aldrig åbnes.")).to_be_visible()


def a_false_one_time_key_gets_nothing(anna: Page) -> None:
    """She looks behind a web that changes what it was told to say; nothing may be sent to it."""

    def lie(route: Route) -> None:
        assert route.request.method == "GET"
        told = route.fetch()
        data = told.json()
        data["opening"]["one_time_key"] = to_b64(xwing.public_bytes(bytes(32)))
        route.fulfill(response=told, body=json.dumps(data))

    anna.route(re.compile(r"/trustees/waves/[a-z0-9]{16}(/approval)?$"), lie)
    look_again(anna)
    expect(anna.get_by_test_id("reason")).to_contain_text("En underskrift passer ikke")
    anna.unroute_all()


def both_approve(scene: Scene, trio: Trio) -> Path:
    look_again(trio.anna)
    press(trio.anna, "Ja, åbn svarene")
    newest = kept(trio.anna, scene.folder)
    expect(trio.anna.get_by_text("Dit ja er sendt.")).to_be_visible()
    look_again(trio.bo)
    press(trio.bo, "Yes, open the answers")
    kept(trio.bo, scene.folder)
    expect(trio.bo.get_by_text("Your yes is sent.")).to_be_visible()
    return newest


def drafted(scene: Scene) -> tuple[str, TrusteeClient]:
    """A wave in ceremony with both and the secretariat's trustee, who uses the program."""
    alliance = scene.alliance
    with alliance.databases.alliance_session() as session:
        token = invite_trustee(session, scene.secretariat, TrusteeRole.SECRETARIAT)
    file = enrol(alliance.http, token, WORDS)
    alliance.custody.directory.vouch(shares.spoken(file.fingerprint))
    with alliance.databases.alliance_session() as session:
        trustees = session.scalars(select(Trustee).order_by(Trustee.role)).all()
        draft = Draft(scene.organisation, load(ROUTING), plan(INVITED, UNITS, today()), trustees)
        wave = draft_wave(session, draft, AtRest(alliance.config.fernet_keys))
        advance(wave, WaveState.CEREMONY)
    alliance.custody.step()
    client = TrusteeClient(alliance.http, file, file.seed(WORDS))
    return wave.id, TrusteeClient(alliance.http, client.confirm(wave.id), client.seed)


def opened_for_answers(scene: Scene, wave: str, third: TrusteeClient) -> Ballot:
    scene.alliance.custody.step()
    with scene.alliance.databases.alliance_session() as session:
        stored = WaveRegistry(session).wave(wave)
        codes = invite(session, stored, INVITED, scene.alliance.config.invitation_key)
        advance(stored, WaveState.FIELDING)
        pin = manifests.pin(bytes.fromhex(stored.manifest_digest or ""))
    return Ballot(wave, pin, codes, [third])


def look_again(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Tilbage til undersøgelserne|Back to the surveys)$")).click()
    page.get_by_role("button", name=re.compile("^(Se løfterne|See the promises)")).click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.parametrize(("size", "language"), [(PHONE, "da-DK"), (DESK, "en-GB")])
def test_the_page_can_be_used_by_everybody_and_a_file_opened_by_keyboard(
    scene: Scene, browser: Browser, accessibility_faults: Faults, size: dict[str, int], language: str
) -> None:
    with scene.alliance.databases.alliance_session() as session:
        token = invite_trustee(session, scene.organisation, TrusteeRole.OTHER)
    file = enrol(scene.alliance.http, token, WORDS)
    path = scene.folder / f"program-{language}.json"
    file.save(path)
    page = scene.visitor(browser, size, language)
    page.goto(f"{scene.alliance.config.base_url}/trustees/")
    assert accessibility_faults(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    page.bring_to_front()
    with page.expect_file_chooser() as chooser:
        page.locator("#file").press("Enter")
    chooser.value.set_files(path)
    page.keyboard.press("Tab")
    page.keyboard.type("abandon ability able about above absnt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("absnt")
    assert accessibility_faults(page) == []
    page.locator("#words").fill(WORDS)
    page.keyboard.press("Enter")

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("afhænger af dig|depend on you"), timeout=PATIENCE)
    expect(heading).to_be_focused()
    assert accessibility_faults(page) == []
    assert scene.complaints == []


def test_whoever_left_a_copy_comes_back_with_the_link_and_the_words(scene: Scene, browser: Browser) -> None:
    with scene.alliance.databases.alliance_session() as session:
        token = invite_trustee(session, scene.organisation, TrusteeRole.OTHER)
    file = enrol(scene.alliance.http, token, WORDS)
    path = scene.folder / "left.json"
    file.save(path)
    link = f"{scene.alliance.config.base_url}/trustees/#{token}"
    first, second = scene.visitor(browser, PHONE, "da-DK"), scene.visitor(browser, DESK, "da-DK")
    first.goto(link)
    first.locator("#file").set_input_files(path)
    first.locator("#words").fill(WORDS)
    press(first, "Åbn")
    press(first, "Gem en kopi hos jer")
    expect(first.get_by_role("status")).to_contain_text("Der ligger en kopi hos os.")

    second.goto(link)
    second.locator("#words").fill(WORDS)
    press(second, "Hent kopien fra serveren")

    expect(second.get_by_role("heading", level=1)).to_contain_text("afhænger af dig")
    press(second, "Slet kopien hos jer")
    expect(second.get_by_role("status")).to_contain_text("Vi har ingen kopi.")
    assert scene.complaints == []


def test_a_trustee_makes_a_key_and_opens_it_by_keyboard_alone(scene: Scene, browser: Browser) -> None:
    with scene.alliance.databases.alliance_session() as session:
        token = invite_trustee(session, scene.organisation, TrusteeRole.OTHER, name="Carl Dam")
    page = scene.visitor(browser, DESK, "da-DK")
    page.goto(f"{scene.alliance.config.base_url}/trustees/#{token}")
    reach(page, "button", DANISH[0])
    page.keyboard.press("Enter")
    words = " ".join(page.get_by_test_id("passphrase").locator("li").all_inner_texts())
    reach(page, "button", DANISH[1])
    page.keyboard.press("Enter")
    reach(page, "textbox", "De seks ord")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Gem filen")
    expect(link).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    reach(page, "link", "Gem filen")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    path = scene.folder / started.value.suggested_filename
    started.value.save_as(path)
    chosen_by_keyboard(page, page.get_by_label(re.compile("lige gemte")), path)
    expect(page.get_by_test_id("own-fingerprint")).to_be_visible()
    reach(page, "button", DANISH[3])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.context.close()


def reach(page: Page, role: Literal["button", "link", "textbox"], name: str) -> None:
    """Tab from where the focus is to something of this name."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wanted = page.get_by_role(role, name=name, exact=True)
    expect(wanted).to_be_visible(timeout=PATIENCE)
    focused_on(page, wanted)


def focused_on(page: Page, wanted: Locator) -> None:
    for _ in range(40):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def chosen_by_keyboard(page: Page, field: Locator, path: Path) -> None:
    """Open the field's chooser by the keyboard, and choose a file."""
    # From here on the browser hands choosers over. It is told so without being waited for, and what opens
    # before it has heard is lost.
    page.on("filechooser", lambda _chooser: None)
    focused_on(page, field)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)
