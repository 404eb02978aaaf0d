"""The web: its slices put together, and what holds for every page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flask import Flask, request
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import survey.accounts.views as accounts
import survey.answering.views as answering
import survey.dashboards.views as dashboards
import survey.knowledge.about as alliance_pages
import survey.knowledge.desk as library_desk
import survey.knowledge.members as alliance_members
import survey.knowledge.views as library
import survey.secretariat.views as desk
import survey.site.views as site
import survey.stewardship.questionnaires as own_questionnaires
import survey.stewardship.views as stewardship
import survey.trustees.views as trustees
from config import Config
from survey.access import Audience, Services, admit, audiences_of, check_audiences, open_to, provide
from survey.accounts import applying, joining, members, own_account
from survey.accounts.signing_in import set_up_signing_in
from survey.attempts import counting_in
from survey.dashboards import planning, published, sharing
from survey.delivery.outbox import Outbox
from survey.knowledge import (
    activities,
    activity_desk,
    contributing,
    figures,
    membership,
    open_data,
    promising,
    proposing,
    register_desk,
)
from survey.sealing.at_rest import AtRest
from survey.site import monitoring
from survey.site.assets import Assets
from survey.site.assets import provide as provide_assets
from survey.site.errors import handle_errors
from survey.site.headers import set_on_every_answer
from survey.site.languages import speak
from survey.stewardship import correcting, following, guide, inviting, mending, setting_up, wave_list
from survey.storage.databases import Databases, open_databases
from survey.waves.clock import Clock, today
from survey.waves.taking import Standings

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
# The longest request is a sealed response, under 8 KiB; a trustee's key is under 4.
LONGEST_BODY: Final = 16 * 1024
# Slices in which nobody has a session, so that there is nothing for another site to ride on.
WITHOUT_SESSION: Final = (answering.blueprint, trustees.blueprint, published.blueprint, monitoring.blueprint)
WITH_SESSION: Final = (
    site.blueprint,
    accounts.blueprint,
    own_account.blueprint,
    joining.blueprint,
    applying.blueprint,
    members.blueprint,
    desk.blueprint,
    dashboards.blueprint,
    sharing.blueprint,
    planning.blueprint,
    stewardship.blueprint,
    own_questionnaires.blueprint,
    library.blueprint,
    figures.blueprint,
    open_data.blueprint,
    library_desk.blueprint,
    inviting.blueprint,
    mending.blueprint,
    following.blueprint,
    correcting.blueprint,
    guide.blueprint,
    wave_list.blueprint,
    setting_up.blueprint,
)
ALLIANCE: Final = (
    contributing.own,
    contributing.review,
    alliance_pages.blueprint,
    activities.blueprint,
    activity_desk.blueprint,
    proposing.blueprint,
    alliance_members.blueprint,
    membership.blueprint,
    promising.blueprint,
    register_desk.blueprint,
)


class Web(Flask):
    """The web: before a view for respondents runs nothing that knows sessions, accounts or forms."""

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run what holds for all views before one of them, unless it is for whoever answers."""
        if Audience.RESPONDENT in audiences_of(self, request.endpoint):
            return None
        return super().preprocess_request()


def create_app(config: Config, *, assets: Mapping[str, str] | None = None, clock: Clock = today) -> Flask:
    """
    Make the web for these settings; `assets` stands in for what the build lists, `clock` for the day it is.

    Raises:
        AudienceError: If a view does not say whom it is for.
    """
    app = Web(__name__, template_folder=TEMPLATES, static_folder=Path(__file__).parent / "static")
    app.config.update(SECRET_KEY=config.secret_key, MAX_CONTENT_LENGTH=LONGEST_BODY)
    app.jinja_env.undefined = StrictUndefined
    app.before_request(admit)
    databases = open_databases(config.database_url, config.responses_url)
    provide(app, _services(config, databases, clock))
    provide_assets(app, Assets(assets))
    speak(app)
    csrf = set_up_signing_in(app, databases, secure=config.secure)
    for blueprint in WITHOUT_SESSION:
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    for blueprint in (*WITH_SESSION, *ALLIANCE):
        app.register_blueprint(blueprint)
    if config.one_time_sign_in:
        app.register_blueprint(accounts.one_time)
    open_to(Audience.PUBLIC)(app.view_functions["static"])
    app.context_processor(lambda: {"demo": config.demo, "contact": config.contact})
    handle_errors(app)
    set_on_every_answer(app, secure=config.secure)
    check_audiences(app)
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to put something around itself
        app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=0
    )
    return app


def _services(config: Config, databases: Databases, clock: Clock) -> Services:
    attempts = counting_in(config.redis_url)
    return Services(
        databases=databases,
        standings=Standings(databases, clock),
        at_rest=AtRest(config.fernet_keys),
        outbox=Outbox(AtRest(config.mail_keys)),
        invitation_key=config.invitation_key,
        secret_key=config.secret_key,
        base_url=config.base_url,
        today=clock,
        metrics_token=config.metrics_token,
        failed_attempts=attempts("codes", 30),
        failed_sign_ins=attempts("sign-ins", 30),
        failed_codes=attempts("second-factors", 10),
        mails_asked_for=attempts("mails", 20),
        links_written=attempts("links", 3, 7 * 24 * 3600),
    )
