"""
What becomes of a release: shown to those who were asked, given to the alliance's figures, taken back.

Whoever runs the surveys decides, with a second factor; leaders see what was decided. Every change is in the
audit log.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_security import current_user

from analysis.measures import indicators_of
from survey.access import ORGANISATION, WITH_ACCOUNT, Audience, open_to, services
from survey.dashboards.entries import Entry, Standing, days, found, heading, shown
from survey.dashboards.forms import Deed, DeedForm, WithdrawalForm
from survey.dashboards.published import results_page
from survey.dashboards.trusted import Reading
from survey.people.sectors import sector
from survey.storage.audit import Action, record
from survey.storage.models import MembershipRole, Organisation, ReleaseState, StoredRelease
from survey.storage.repositories import ScopedRepository, roles_in

blueprint = Blueprint("sharing", __name__, url_prefix=f"{WITH_ACCOUNT}<{ORGANISATION}>/releases/<wave_id>")
_ACTIONS: Final = {
    Deed.PUBLISH: Action.RELEASE_PUBLISHED,
    Deed.UNPUBLISH: Action.RELEASE_UNPUBLISHED,
    Deed.SHARE: Action.RELEASE_SHARED,
    Deed.UNSHARE: Action.RELEASE_UNSHARED,
}


@blueprint.get("/sharing")
@open_to(Audience.LEADER, Audience.STEWARD)
def overview(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show who sees the figures, with exactly what the alliance would see."""
    with services().databases.alliance_session(reading=True) as session:
        organisation, entry = found(session, organisation_id, wave_id)
        roles = roles_in(session, current_user.id, organisation_id)
    shown(organisation_id, entry)
    return _page(organisation, entry, WithdrawalForm(), may_decide=MembershipRole.STEWARD in roles)


@blueprint.get("/results")
@open_to(Audience.LEADER, Audience.STEWARD)
def preview(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show exactly what those who were asked see, or would see."""
    with services().databases.alliance_session(reading=True) as session:
        _, entry = found(session, organisation_id, wave_id)
        follow_up = ScopedRepository(session, organisation_id).follow_up(wave_id)
    return results_page(wave_id, shown(organisation_id, entry), follow_up)


@blueprint.post("/sharing")
@open_to(Audience.STEWARD)
def decide(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Show or share a release, or stop doing so."""
    form = DeedForm()
    if not form.validate_on_submit():
        abort(HTTPStatus.BAD_REQUEST)
    deed = Deed(form.deed.data)
    with services().databases.alliance_session() as session:
        _, entry = found(session, organisation_id, wave_id)
        reading = shown(organisation_id, entry)
        if deed is Deed.SHARE and not may_be_shared(reading):
            abort(HTTPStatus.CONFLICT)
        if _done(entry.stored, deed):
            record(
                session,
                actor=current_user.id,
                action=_ACTIONS[deed],
                subject=wave_id,
                organisation_id=organisation_id,
            )
    return _back(organisation_id, wave_id)


@blueprint.post("/withdrawal")
@open_to(Audience.STEWARD)
def withdraw(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    """Take a release back for good, with a reason."""
    form = WithdrawalForm()
    with services().databases.alliance_session() as session:
        organisation, entry = found(session, organisation_id, wave_id)
        if entry.standing is Standing.WITHDRAWN:
            shown(organisation_id, entry)
        if not form.validate_on_submit():
            shown(organisation_id, entry)
            page = _page(organisation, entry, form, may_decide=True)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        _take_back(entry.stored, form.typed("reason"))
        record(
            session,
            actor=current_user.id,
            action=Action.RELEASE_WITHDRAWN,
            subject=wave_id,
            organisation_id=organisation_id,
        )
    address = url_for("dashboards.releases", organisation_id=organisation_id, lang=get_locale())
    return redirect(address, HTTPStatus.SEE_OTHER)


def may_be_shared(reading: Reading) -> bool:
    """Whether the wave promised that its figures may go to the alliance, and its policy lets any through."""
    return reading.manifest.alliance_sharing == "steward_decides"


def _done(stored: StoredRelease, deed: Deed) -> bool:
    """Whether this changed anything: a button that is pressed twice is in the log once."""
    today = services().today()
    name = "published_on" if deed in {Deed.PUBLISH, Deed.UNPUBLISH} else "shared_on"
    wanted = today if deed in {Deed.PUBLISH, Deed.SHARE} else None
    if (getattr(stored, name) is None) == (wanted is None):
        return False
    setattr(stored, name, wanted)
    return True


def _take_back(stored: StoredRelease, reason: str) -> None:
    stored.state, stored.withdrawal = ReleaseState.WITHDRAWN, reason
    stored.withdrawn_on = services().today()
    stored.shared_on = None  # those who were shown it read, at the same address, that it was taken back


def _page(organisation: Organisation, entry: Entry, form: WithdrawalForm, *, may_decide: bool) -> str:
    reading = entry.reading
    if reading is None:
        raise RuntimeError(f"wave {entry.wave}: what is not shown has no page of this kind")
    return render_template(
        "dashboards/sharing.html",
        organisation=organisation,
        wave=entry.wave,
        stored=entry.stored,
        heading=heading(reading),
        days=days(reading),
        release=reading.release,
        place=_place(organisation),
        is_joint=reading.manifest.joint is not None,
        may_decide=may_decide,
        may_be_shared=may_be_shared(reading),
        given=[indicator.names for indicator in indicators_of(reading.questionnaire)],
        form=form,
    )


def _place(organisation: Organisation) -> Mapping[str, str] | None:
    """What the organisation's industry or type of institution is called, by language."""
    if not organisation.scheme_code:
        return None
    key = f"{organisation.scheme}/{organisation.scheme_version}/{organisation.scheme_code}"
    found = sector(organisation.area, key)
    return None if found is None else found.name


def _back(organisation_id: str, wave_id: str) -> ResponseReturnValue:
    address = url_for(".overview", organisation_id=organisation_id, wave_id=wave_id, lang=get_locale())
    return redirect(address, HTTPStatus.SEE_OTHER)
