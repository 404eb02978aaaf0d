"""A served organisation with two releases, one by unit and one that may be shared, and its people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Page

from analysis.plan import publication_plan
from analysis.release import Row, Table
from config import Config
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.accounts.links import one_time_link
from survey.people.accounts import add_account, join
from survey.storage.databases import open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import upgrade
from tests.live import free_port, web_process
from tests.releases import store, tables

BY_UNIT = "I11_climate_index"
UNITS = [{"id": f"u{n}", "name": f"Afdeling {n}", "parent": None, "headcount": 40} for n in range(4)]


@dataclass(frozen=True, slots=True)
class Released:
    """
    The organisation, its people, and its waves: `wave` to be read, `shareable` for one test to give away.
    """

    config: Config
    organisation: str
    wave: str
    shareable: str
    leader: str
    steward: str

    def sign_in(self, page: Page, account: str = "") -> None:
        """Sign the leader, or another, in by a fresh link."""
        page.goto(one_time_link(self.config.secret_key, self.config.base_url, account or self.leader))

    def address(self, language: str, wave: str = "") -> str:
        """Where a dashboard is."""
        return f"{self.config.base_url}/o/{self.organisation}/releases/{wave or self.wave}?lang={language}"


@contextmanager
def serve_releases(folder: Path) -> Iterator[Released]:
    """Serve them until the block ends."""
    config = replace(Config.for_demo(folder, free_port()), workers=1)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    workplace = load(Path("questionnaires/definitions/workplace.yaml"))
    with databases.alliance_session() as session:
        organisation = Organisation(id=new_identifier(), name="Havnens Værksted", area="labour_market")
        session.add(organisation)
        session.flush()
        leader, steward = (
            add_account(session, f"{role.value}@example.org", "correct horse battery")
            for role in (MembershipRole.LEADER, MembershipRole.STEWARD)
        )
        join(session, leader.id, organisation.id, MembershipRole.LEADER)
        join(session, steward.id, organisation.id, MembershipRole.STEWARD)
        shown = tables(workplace)
        broken = [by_unit(workplace, table) for table in shown if table.id == BY_UNIT]
        made = Released(
            config,
            organisation.id,
            store(session, organisation, workplace, shown + broken, breakdowns=("unit",), units=UNITS),
            store(session, organisation, workplace, shown, alliance_sharing="steward_decides"),
            leader.id,
            steward.id,
        )
    databases.dispose()
    with web_process(config, folder / "web.log"):
        yield made


def by_unit(questionnaire: Questionnaire, whole: Table) -> Table:
    """The same figure of each unit, in ranges."""
    plan = publication_plan(questionnaire, breakdowns=("unit",), open_wave=False)
    named = next(planned.id for planned in plan.tables if planned.by == "unit" and planned.item == whole.item)
    rows = tuple(
        Row(group=f"u{n}", parent=None, base=(20, 20), cells=((10, 14), (5, 9), (0, 4), (0, 4)), mean=None)
        for n in range(len(UNITS))
    )
    return whole.model_copy(update={"id": named, "by": "unit", "rows": rows})
