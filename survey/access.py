"""
Who may reach what: each view names its audience, and everybody else is turned away before it runs.

A view without an audience stops the application from starting, so that nothing is public by oversight.
Views for people with an account stand under `/o/`, where alone the session's cookie is sent; those of an
organisation under `/o/<organisation_id>/`, and whoever has no part in it gets the answer of one that does not
exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.routing import Rule

from survey.attempts import FailedAttempts
from survey.delivery.outbox import Outbox
from survey.people.applying import Desk
from survey.sealing.at_rest import AtRest
from survey.storage.databases import Databases
from survey.storage.models import MembershipRole
from survey.storage.repositories import roles_in
from survey.waves.clock import Clock
from survey.waves.taking import Standings

SIGN_IN: Final = "accounts.sign_in"
SECOND_FACTOR_PAGE: Final = "own_account.overview"
# In a session: whether its person has shown a second factor.
SECOND_FACTOR: Final = "second_factor"
# The session's cookie is sent to addresses below this one only: whoever is signed in and answers a wave in
# the same browser does not show the answering pages who they are.
WITH_ACCOUNT: Final = "/o/"
ORGANISATION: Final = "organisation_id"
_MARK: Final = "audiences"
_LONGEST: Final = "longest_body"
_EXTENSION: Final = "tillid"

View = TypeVar("View", bound=Callable[..., object])


class Audience(StrEnum):
    """For whom a view is. The roles are those of a membership, and hold in one organisation."""

    PUBLIC = "public"  # anybody
    RESPONDENT = "respondent"  # whoever answers: no account, no cookie, no log line
    TRUSTEE_KEY = "trustee_key"  # a trustee's client, by its bearer token; the view checks it
    MONITOR = "monitor"  # whoever watches the machines, by its own bearer token; the view checks it
    SIGNED_IN = "signed_in"  # anybody with an account
    STEWARD = MembershipRole.STEWARD.value
    LEADER = MembershipRole.LEADER.value
    TRUSTEE = MembershipRole.TRUSTEE.value
    ANALYST = MembershipRole.ANALYST.value
    CONTRIBUTOR = MembershipRole.CONTRIBUTOR.value
    SECRETARIAT = MembershipRole.SECRETARIAT.value
    OPERATOR = MembershipRole.OPERATOR.value


# These stand alone: a view for whoever answers is not also one for whoever is known by name.
WITHOUT_ACCOUNT: Final = frozenset(
    {Audience.PUBLIC, Audience.RESPONDENT, Audience.TRUSTEE_KEY, Audience.MONITOR}
)


# Whoever reads protected figures or writes in the library may do so by password alone; everybody else runs
# something, and shows a second factor.
BY_PASSWORD: Final = frozenset({Audience.LEADER, Audience.CONTRIBUTOR})


class AudienceError(RuntimeError):
    """A view whose audience is missing or makes no sense; the application does not start."""


def open_to(*audiences: Audience) -> Callable[[View], View]:
    """Name the audiences of the view below; several roles mean any of them."""

    def marked(view: View) -> View:
        view.__dict__[_MARK] = frozenset(audiences)
        return view

    return marked


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let the view below be sent a body of so many bytes; others take what a response needs."""

    def marked(view: View) -> View:
        view.__dict__[_LONGEST] = size
        return view

    return marked


def audiences_of(app: Flask, endpoint: str | None) -> frozenset[Audience]:
    """Return the audiences of an endpoint, none for an address that leads nowhere."""
    view = app.view_functions.get(endpoint or "")
    return cast("frozenset[Audience]", vars(view).get(_MARK, frozenset())) if view else frozenset()


def check_audiences(app: Flask) -> None:
    """
    See that each endpoint has an audience, and each role an organisation to hold it in.

    Raises:
        AudienceError: Naming the first endpoint that has not, and what to write.
    """
    for rule in app.url_map.iter_rules():
        fault = _fault(audiences_of(app, rule.endpoint), rule)
        if fault:
            raise AudienceError(f'endpoint "{rule.endpoint}" ({rule}): {fault}')


def _fault(audiences: frozenset[Audience], rule: Rule) -> str | None:
    if not audiences:
        return "no audience is declared. Put @open_to(Audience.…) under its route."
    if audiences & WITHOUT_ACCOUNT:
        if len(audiences) > 1:
            return f"{' and '.join(sorted(audiences))} do not go together. Make two views."
        # Before it nothing looks at forms or sessions: there must be none.
        sealed = Audience.RESPONDENT not in audiences or not rule.rule.startswith(WITH_ACCOUNT)
        return None if sealed else f"it is for respondents, and {WITH_ACCOUNT} knows who is signed in."
    if not rule.rule.startswith(WITH_ACCOUNT):
        return f"the session is not known here. Put it under {WITH_ACCOUNT}."
    if _needs_role(audiences) and ORGANISATION not in rule.arguments:
        return f"its roles hold in an organisation. Put it under {WITH_ACCOUNT}<{ORGANISATION}>/."
    return None


def admit() -> ResponseReturnValue | None:
    """Turn away whoever is not of the audience; runs before every view."""
    audiences = audiences_of(current_app, request.endpoint)
    if not request.endpoint or audiences & WITHOUT_ACCOUNT:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for(SIGN_IN, next=request.path if request.method == "GET" else None))
    if _needs_role(audiences) and (turned_away := _admit_member(audiences)) is not None:
        return turned_away
    # Only now, and before anything reads the body: whoever is turned away has not made us take a long one.
    request.max_content_length = longest_body(current_app, request.endpoint)
    return None


def longest_body(app: Flask, endpoint: str) -> int:
    """Return how many bytes a view may be sent."""
    return cast("int", vars(app.view_functions[endpoint]).get(_LONGEST, app.config["MAX_CONTENT_LENGTH"]))


def _needs_role(audiences: frozenset[Audience]) -> bool:
    return not audiences & {*WITHOUT_ACCOUNT, Audience.SIGNED_IN}


def _admit_member(audiences: frozenset[Audience]) -> ResponseReturnValue | None:
    organisation = (request.view_args or {})[ORGANISATION]
    with services().databases.alliance_session(reading=True) as session:
        roles = roles_in(session, current_user.id, organisation)
    if not roles:
        # A foreign organisation answers as one that does not exist: who is a customer is nobody's business.
        abort(404)
    admitted = audiences & {Audience(role.value) for role in roles}
    if not admitted:
        abort(403)
    if not admitted & BY_PASSWORD and not browser_session.get(SECOND_FACTOR):
        return redirect(url_for(SECOND_FACTOR_PAGE, needed="1"))
    return None


@dataclass(frozen=True, slots=True)
class Services:
    """What views work with; made once by `create_app`, reached by `services()`."""

    databases: Databases
    standings: Standings
    at_rest: AtRest
    outbox: Outbox
    invitation_key: bytes
    secret_key: str
    base_url: str
    today: Clock
    metrics_token: str
    # By address: wrong codes of invitations.
    failed_attempts: FailedAttempts
    # By address: wrong passwords.
    failed_sign_ins: FailedAttempts
    # By account: six digits are soon guessed. Only who knows the password gets to use these up.
    failed_codes: FailedAttempts
    # By address: how often somebody asks for mails to be written, who has no account.
    mails_asked_for: FailedAttempts
    # By mailbox and week: links by which an organisation applies.
    links_written: FailedAttempts

    def may_ask_for_mail(self, network: str) -> bool:
        """Say whether a network may have another mail written, and count it."""
        return _counted(self.mails_asked_for, network)

    def may_get_link(self, mailbox: str) -> bool:
        """
        Say whether another link may be written to a mailbox, and count it.

        Links work for a week, which is as long as they are counted: whoever gets no more has one that works.
        """
        return _counted(self.links_written, mailbox)

    @property
    def desk(self) -> Desk:
        """What it takes to write to people who ask for something."""
        return Desk(self.outbox, self.base_url, self.secret_key, self.today())


def _counted(attempts: FailedAttempts, address: str) -> bool:
    if not attempts.allowed(address):
        return False
    attempts.record_failure(address)
    return True


def provide(app: Flask, provided: Services) -> None:
    """Hand the services to the views of an application."""
    app.extensions[_EXTENSION] = provided


def services() -> Services:
    """Return what the view at work may use."""
    return cast("Services", current_app.extensions[_EXTENSION])
