"""A steward opens a wave and invites: mails, cards, links; their words; reminders."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, lazy_gettext, ngettext
from flask_security import current_user
from sqlalchemy.orm import Session

from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services, takes_up_to
from survey.delivery.cover import Cover, Occasion, Readers, stored_value, to_start_from
from survey.people.respondents import Writer, covers_in, written_day
from survey.sealing.base32 import new_code
from survey.stewardship.addresses import (
    MOST_BYTES,
    AddressList,
    Fault,
    ListError,
    Reason,
    RowFault,
    list_in_file,
    typed_list,
)
from survey.stewardship.cards import download, made_file, poster
from survey.stewardship.handing_out import HandingOut
from survey.stewardship.invitation_overview import overview_of, title_of
from survey.stewardship.invited import Inviting, NotFieldingError, TooManyError
from survey.stewardship.inviting_forms import AddressForm, CoverForm, HandOutForm, ReminderForm
from survey.storage.audit import Action, record
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository
from survey.waves.checking import last_day, promised
from survey.waves.fielding import arranged, begin_fielding
from survey.waves.invitations import open_link
from survey.waves.manifest import ManifestError
from survey.waves.states import TransitionError, WaveState

blueprint = Blueprint(
    "inviting", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/waves/<wave_id>/invitations"
)
LONGEST_UPLOAD: Final = MOST_BYTES + 600 * 1024
MOST_FAULTS: Final = 50
"""How many rows to be mended are shown at once."""
MOST_REMINDERS: Final = 3
DAYS_BETWEEN: Final = datetime.timedelta(days=3)
FAULTS: Final = {
    Fault.NO_ADDRESS: lazy_gettext("this is no e-mail address"),
    Fault.FORMULA: lazy_gettext("this is a formula. Write the address itself"),
    Fault.TWICE: lazy_gettext("this address stands there twice. Take one of them out"),
}
REASONS: Final = {
    Reason.EMPTY: lazy_gettext("There are no addresses. Write some, or choose a file."),
    Reason.TOO_LONG: lazy_gettext(
        "That is too much at once: up to 10,000 addresses and 5 MB. Divide the list."
    ),
    Reason.NO_COLUMN: lazy_gettext(
        "No column of the file has e-mail addresses. Write “e-mail” above the one that has."
    ),
    Reason.UNREADABLE: lazy_gettext("The file cannot be read. Save it as CSV, and choose it again."),
}
READERS: Final = {
    Readers.STAFF.value: lazy_gettext("for staff"),
    Readers.PUPILS.value: lazy_gettext("for pupils and students"),
    Readers.VOLUNTEERS.value: lazy_gettext("for volunteers"),
}
# Words for one organisation's own people would tell those of a joint wave that their employer asks.
READERS_TOGETHER: Final = {Readers.JOINED.value: lazy_gettext("for the people of many organisations")}
DONE: Final = {
    "opened": lazy_gettext("The survey is open from its first day on. Now invite people."),
    "text": lazy_gettext("The text is saved. It is in every mail written from now on."),
    "reminder": lazy_gettext("The reminder is planned."),
}


@blueprint.get("")
@open_to(Audience.STEWARD)
def overview(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show how people can be invited, and what became of the mails."""
    return _page(organisation_id, wave_id)


@blueprint.post("/opening")
@open_to(Audience.STEWARD)
def begin(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Open the wave for answers, from its first day on."""
    try:
        with services().databases.alliance_session() as session:
            wave = ScopedRepository(session, organisation_id).wave(wave_id)
            begin_fielding(session, wave, services().invitation_key, actor=current_user.id)
    except TransitionError:
        problem = gettext(
            "The survey cannot be opened now. Its trustees must confirm it first, and only once."
        )
        return _page(organisation_id, wave_id, problems=[{"field": "opening", "text": problem}])
    return _back(organisation_id, wave_id, "opened")


@blueprint.post("/mails")
@open_to(Audience.STEWARD)
@takes_up_to(LONGEST_UPLOAD)
def mails(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Write to everybody on a list, or say what is wrong with it and write to nobody."""
    form = AddressForm()
    # Before anything is written: what takes time must not keep others from writing.
    listed = _listed(form)
    if isinstance(listed, str):
        return _page(organisation_id, wave_id, form, [{"field": "addresses", "text": listed}])
    if listed.faults:
        return _page(organisation_id, wave_id, form, faults=listed.faults)
    try:
        with services().databases.alliance_session() as session:
            inviting = _inviting(session, organisation_id)
            written = inviting.by_mail(inviting.wave(wave_id), listed.addresses, _writer())
    except (NotFieldingError, TooManyError) as fault:
        return _page(organisation_id, wave_id, form, [{"field": "addresses", "text": _told(fault)}])
    before = len(listed.addresses) - written
    return _back(organisation_id, wave_id, "mails", written, before)


@blueprint.post("/cards", defaults={"channel": "cards"})
@blueprint.post("/links", defaults={"channel": "links"})
@open_to(Audience.STEWARD)
def hand_out(organisation_id: str, wave_id: str, channel: str) -> ResponseReturnValue:
    """Make a file of cards or of links: what is in it is kept nowhere."""
    form = HandOutForm()
    try:
        with services().databases.alliance_session(reading=True) as session:
            form.offer(_languages(ScopedRepository(session, organisation_id).wave(wave_id)))
            if not form.validate_on_submit():
                return _page(organisation_id, wave_id, handing=form, problems=form.problems())
            wave = _inviting(session, organisation_id).open_wave(wave_id)
            codes = [new_code() for _ in range(form.number.data or 0)]
            data = made_file(wave, channel, form.typed("language"), services().base_url, codes)
        with services().databases.alliance_session() as session:
            inviting = _inviting(session, organisation_id)
            HandingOut(inviting, services().at_rest).count(
                inviting.wave(wave_id),
                codes,
                channel=channel,
                language=form.typed("language"),
                today=services().today(),
            )
    except (NotFieldingError, TooManyError, ManifestError) as fault:
        return _page(
            organisation_id, wave_id, handing=form, problems=[{"field": "number", "text": _told(fault)}]
        )
    return download(channel, data)


@blueprint.get("/poster.pdf")
@open_to(Audience.STEWARD)
def poster_to_print(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """A poster in the page's language, where the wave has it."""
    with services().databases.alliance_session(reading=True) as session:
        wave = _fixed(session, organisation_id, wave_id)
    spoken, language = _languages(wave), str(get_locale())
    made = poster(wave, language if language in spoken else spoken[0], services().base_url)
    return Response(made, mimetype="application/pdf")


@blueprint.get("/texts/<language>/<occasion>")
@open_to(Audience.STEWARD)
def text(organisation_id: str, wave_id: str, language: str, occasion: str) -> ResponseReturnValue:
    """Show what a mail says, to be changed."""
    return _text_page(organisation_id, wave_id, language, _occasion(occasion))


@blueprint.post("/texts/<language>/<occasion>")
@open_to(Audience.STEWARD)
def save_text(organisation_id: str, wave_id: str, language: str, occasion: str) -> ResponseReturnValue:
    """Keep a steward's own words for a mail."""
    form = CoverForm()
    if not form.validate_on_submit():
        return _text_page(organisation_id, wave_id, language, _occasion(occasion), form)
    with services().databases.alliance_session() as session:
        wave = ScopedRepository(session, organisation_id).wave(wave_id)
        covers = {key: dict(by) for key, by in covers_in(session, _of_language(wave, language)).items()}
        covers[language][_occasion(occasion)] = Cover(
            form.typed("subject").strip(), form.typed("text").strip()
        )
        arranged(session, wave).texts = stored_value(covers)
    return _back(organisation_id, wave_id, "text")


@blueprint.post("/reminder")
@open_to(Audience.STEWARD)
def remind(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Plan a mail to those who have not used their invitation; the worker alone knows who they are."""
    form = ReminderForm()
    problem = None if form.validate_on_submit() else form.problems()
    if problem is None:
        with services().databases.alliance_session() as session:
            wave = ScopedRepository(session, organisation_id).wave(wave_id)
            problem = _planned(session, wave, form)
    if problem:
        return _page(organisation_id, wave_id, reminding=form, problems=problem)
    return _back(organisation_id, wave_id, "reminder")


def _planned(session: Session, wave: Wave, form: ReminderForm) -> list[dict[str, str]]:
    """Plan a reminder; what is wrong with the day, if anything is."""
    if wave.state != WaveState.FIELDING.value:
        return [{"field": "remind_on", "text": _told(NotFieldingError())}]
    found, day, today = arranged(session, wave), form.remind_on.data or datetime.date.min, services().today()
    first = datetime.date.fromisoformat(promised(wave).field_period.first_day)
    earliest = max(today, (found.reminded_on or first) + DAYS_BETWEEN)
    if found.reminders >= MOST_REMINDERS:
        form.refuse(
            "remind_on", gettext("There have been %(most)s reminders. More would be pressure.", most=3)
        )
    elif not earliest <= day <= last_day(wave):
        form.refuse(
            "remind_on",
            gettext(
                "Choose a day from %(first)s to %(last)s: there are at least three days between mails.",
                first=written_day(earliest, str(get_locale())),
                last=written_day(last_day(wave), str(get_locale())),
            ),
        )
    else:
        found.remind_on = day
        _note(session, wave, day)
    return form.problems()


def _note(session: Session, wave: Wave, day: datetime.date) -> None:
    record(
        session,
        actor=current_user.id,
        action=Action.RESPONDENTS_REMINDED,
        subject=wave.id,
        organisation_id=wave.organisation_id,
        details={"day": day.isoformat()},
    )


def _page(
    organisation_id: str,
    wave_id: str,
    form: AddressForm | None = None,
    problems: Sequence[dict[str, str]] = (),
    faults: Sequence[RowFault] = (),
    *,
    handing: HandOutForm | None = None,
    reminding: ReminderForm | None = None,
) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        wave = _fixed(session, organisation_id, wave_id)
        found = overview_of(session, wave, services().outbox)
    handing = handing or HandOutForm(formdata=None)
    handing.offer(found.languages)
    wrong = [*problems, *([{"field": "faults", "text": _count_of(faults)}] if faults else [])]
    page = render_template(
        "stewardship/inviting.html",
        organisation_id=organisation_id,
        found=found,
        form=form or AddressForm(formdata=None),
        handing=handing,
        reminding=reminding or ReminderForm(formdata=None),
        problems=wrong,
        faults=faults[:MOST_FAULTS],
        words=FAULTS,
        states=WaveState,
        most_reminders=MOST_REMINDERS,
        open_link=open_link(services().base_url, wave) if found.is_open else None,
        done=_done(),
    )
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def _fixed(session: Session, organisation_id: str, wave_id: str) -> Wave:
    """The wave, if its promises are fixed; before, nobody can be invited to it."""
    wave = ScopedRepository(session, organisation_id).wave(wave_id)
    if wave.manifest is None:
        abort(HTTPStatus.NOT_FOUND)
    return wave


def _text_page(
    organisation_id: str, wave_id: str, language: str, occasion: Occasion, form: CoverForm | None = None
) -> ResponseReturnValue:
    with services().databases.alliance_session(reading=True) as session:
        wave = _of_language(ScopedRepository(session, organisation_id).wave(wave_id), language)
        joint = promised(wave).joint is not None
        offered, readers = READERS_TOGETHER if joint else READERS, request.args.get("readers", "")
        cover = (
            to_start_from(Readers(readers), language)
            if readers in offered
            else covers_in(session, wave)[language]
        )[occasion]
        title = title_of(wave)
    form = form or CoverForm(formdata=None, data={"subject": cover.subject, "text": cover.text})
    page = render_template(
        "stewardship/inviting_text.html",
        organisation_id=organisation_id,
        wave_id=wave_id,
        title=title,
        language=language,
        occasion=occasion.value,
        readers=offered,
        is_joint=joint,
        form=form,
    )
    return page, HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def _occasion(named: str) -> Occasion:
    if named not in {occasion.value for occasion in Occasion}:
        abort(HTTPStatus.NOT_FOUND)
    return Occasion(named)


def _of_language(wave: Wave, language: str) -> Wave:
    """The wave, if its promises are fixed and it speaks that language."""
    if language not in _languages(wave):
        abort(HTTPStatus.NOT_FOUND)
    return wave


def _languages(wave: Wave) -> tuple[str, ...]:
    return promised(wave).languages if wave.manifest is not None else ()


def _listed(form: AddressForm) -> AddressList | str:
    """What the form lists, or why it cannot be read."""
    try:
        if form.file.data:
            with form.file.data.stream as file:
                return list_in_file(file.read())
        return typed_list(form.typed("addresses"))
    except ListError as fault:
        return str(REASONS[fault.reason])


def _told(fault: Exception) -> str:
    match fault:
        case TooManyError(left=0):
            return str(gettext("Everybody has been invited that the survey promised to ask."))
        case TooManyError(asked=asked, left=left):
            return str(
                gettext(
                    "These are %(asked)s people, and %(left)s can still be invited. The number was promised "
                    "to everybody who is asked.",
                    asked=asked,
                    left=left,
                )
            )
        case _:
            return str(gettext("Nobody can be invited now: the survey is not open for answers."))


def _count_of(faults: Sequence[RowFault]) -> str:
    return str(
        ngettext(
            "%(num)s row has to be mended before anybody is written to. It is shown below.",
            "%(num)s rows have to be mended before anybody is written to. They are shown below.",
            len(faults),
        )
    )


def _inviting(session: Session, organisation_id: str) -> Inviting:
    return Inviting(session, organisation_id, current_user.id, services().invitation_key)


def _writer() -> Writer:
    return Writer(services().outbox, services().base_url)


def _done() -> str | None:
    done = request.args.get("done", "")
    if done == "mails":
        written, before = (request.args.get(name, 0, type=int) for name in ("written", "before"))
        return str(
            gettext(
                "%(written)s invitations are on their way. %(before)s had been invited already.",
                written=written,
                before=before,
            )
        )
    return str(DONE[done]) if done in DONE else None


def _back(
    organisation_id: str, wave_id: str, done: str, written: int = 0, before: int = 0
) -> ResponseReturnValue:
    counts = {"written": written, "before": before} if done == "mails" else {}
    here = url_for(".overview", organisation_id=organisation_id, wave_id=wave_id, done=done)
    return redirect(
        "&".join([here, *(f"{name}={number}" for name, number in counts.items())]), HTTPStatus.SEE_OTHER
    )
