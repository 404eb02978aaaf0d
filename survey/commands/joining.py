"""
The demo's other organisations: what `tillid demo build` made becomes shared waves, beside those run live.

Each comes with a release in which nothing of its own is shown, signed by the demo's custody, and with its
contribution in custody's directory: editions are made of it as of any other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from analysis.contributions import FORMAT as CONTRIBUTION
from analysis.contributions import IndicatorTotal
from analysis.plan import PublicationPlan
from analysis.release import (
    FieldPeriod,
    Ledger,
    ListFacts,
    Participation,
    PolicyFacts,
    QuestionnaireFacts,
    Release,
    SolverFacts,
    WaveFacts,
    to_bytes,
)
from analysis.release import Organisation as NamedOrganisation
from policy import NOISE, POLICY
from questionnaires.digest import canonical_bytes, definition_bytes
from questionnaires.model import Questionnaire
from survey.commands.alliance import Alliance
from survey.commands.building import FIELD_DAYS, FORMAT, published
from survey.commands.files import FileError
from survey.sealing.domains import Domain
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation, StoredRelease, Wave
from survey.waves.states import WaveState

_NOUGHT: Final = "0" * 64


def join_invented(alliance: Alliance, file: Path, today: dt.date) -> int:
    """
    Let every organisation of `file` have shared its waves, as if the file were of today; returns how many.

    Raises:
        FileError: If the file is not what its first line says.
    """
    header, lines = _read(file)
    later = today - dt.date.fromisoformat(header["day"])
    with alliance.databases.alliance_session() as session:
        for line in lines:
            joining = _Joining(alliance, published(line["questionnaire"]), header["indicators"], later)
            joining.join(session, line)
    return len(lines)


def _read(file: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    first, _, rest = file.read_bytes().rstrip(b"\n").partition(b"\n")
    header = json.loads(first)
    if header.get("format") != FORMAT or header.get("digest") != sha256(rest).hexdigest():
        raise FileError(f"{file}: it is not what its first line says; make it anew with `tillid demo build`")
    return header, [json.loads(line) for line in rest.split(b"\n")]


class _Joining:
    """One organisation of the file, and its waves."""

    def __init__(
        self,
        alliance: Alliance,
        questionnaire: Questionnaire,
        indicators: dict[str, Sequence[dict[str, Any]]],
        later: dt.timedelta,
    ) -> None:
        self._alliance = alliance
        self._questionnaire = questionnaire
        self._indicators = indicators
        self._later = later
        self._definition = definition_bytes(questionnaire)

    def join(self, session: Session, line: dict[str, Any]) -> None:
        """Store the organisation, its waves and releases, and hand custody what they gave."""
        scheme, version, code = line["sector"].split("/")
        organisation = Organisation(
            id=new_identifier(),
            name=line["name"],
            area=line["area"],
            scheme=scheme,
            scheme_version=version,
            scheme_code=code,
        )
        session.add(organisation)
        for wave in line["waves"]:
            wave_id = new_identifier()
            last = dt.date.fromisoformat(wave["last_day"]) + self._later
            session.flush()
            session.add(self._wave(wave_id, organisation, last))
            session.flush()
            session.add(self._release(wave_id, organisation, last, line["invited"], wave["respondents"]))
            given = self._contribution(wave_id, organisation.id, line["questionnaire"], wave)
            self._alliance.custody.directory.keep_contribution(wave_id, given)

    def _wave(self, wave_id: str, organisation: Organisation, last: dt.date) -> Wave:
        return Wave(
            id=wave_id,
            organisation_id=organisation.id,
            state=WaveState.DESTROYED.value,
            plan={},
            definition=self._definition,
            closed_on=last,
            released_on=last,
        )

    def _release(
        self, wave_id: str, organisation: Organisation, last: dt.date, invited: int, counted: int
    ) -> StoredRelease:
        first = last - FIELD_DAYS
        release = Release(
            wave=WaveFacts(
                id=wave_id,
                organisation=NamedOrganisation(id=organisation.id, name=organisation.name),
                manifest=_NOUGHT,
                mode="invited",
                field_period=FieldPeriod(first_day=first.isoformat(), last_possible_day=last.isoformat()),
            ),
            questionnaire=QuestionnaireFacts(
                id=self._questionnaire.id,
                version=self._questionnaire.version,
                digest=sha256(self._definition).hexdigest(),
                sections=tuple(section.id for section in self._questionnaire.sections),
            ),
            policy=PolicyFacts(version=POLICY.version, raised={}),
            participation=Participation(
                invited=invited, received=counted, withdrawn=0, rejected={}, counted=counted
            ),
            tables=(),
            ledger=Ledger(
                plan=PublicationPlan(()).digest,
                solver=SolverFacts(name="none", version="0"),
                forms={},
                ranges={},
                left_out=(),
            ),
            list=ListFacts(count=counted, digest=_NOUGHT, signature="A" * 86),
        )
        content = to_bytes(release)
        identity = self._alliance.custody.directory.identity()
        return StoredRelease(
            wave_id=wave_id,
            organisation_id=organisation.id,
            content=content,
            signature=identity.sign(Domain.RELEASE, sha256(content).digest()),
            shared_on=last,
        )

    def _contribution(self, wave_id: str, organisation: str, definition: str, wave: dict[str, Any]) -> bytes:
        """The contribution as custody would have written it at an opening."""
        made = [
            IndicatorTotal(indicator["id"], tuple(indicator["options"]), tuple(counts), points)
            for indicator, counts, points in zip(
                self._indicators[definition], wave["counts"], wave["points"], strict=True
            )
        ]
        return canonical_bytes(
            {
                "format": CONTRIBUTION,
                "wave": wave_id,
                "organisation": organisation,
                "questionnaire": sha256(self._definition).hexdigest(),
                "respondents": wave["respondents"],
                "likelier": str(NOISE.likelier),
                "indicators": [total.value() for total in made],
            }
        )
