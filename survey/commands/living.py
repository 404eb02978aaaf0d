"""
The demo's alliance as others see it: a library, members and what they do, activities, an application waiting.

All of it is invented, and every page says so; only what the library starts with is there in the world.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.knowledge.content import Content, Kind, Text
from survey.knowledge.planned import Planned, propose
from survey.knowledge.reviewing import hand_in, publish, waiting
from survey.knowledge.starting import bring_in
from survey.storage.alliance import Activity, Commitment, Member
from survey.storage.audit import Process
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation
from survey.storage.people import Application, ApplicationState, Wish

_MEMBERS: Final = (
    ("Landsforeningen af Opdigtede Værksteder", "employer_org", "labour_market"),
    ("Opdigtede Elevers Fællesråd", "interest_org", "education"),
    ("Forbundet af Scener, Der Ikke Findes", "employee_org", "culture_leisure"),
)
_DONE: Final = {
    "dialogue": (
        "Vi holder fire netværksmøder, hvor medlemmerne fortæller, hvad de har prøvet.",
        "3 blev holdt, med 64 deltagere. Det sidste blev flyttet til i år.",
    ),
    "joint_effort": (
        "Vi laver et fælles forløb om de første uger for nye og unge, sammen med to andre medlemmer.",
        "Forløbet er prøvet 12 steder. Det virkede bedst, hvor en kollega var udpeget som vært.",
    ),
    "sharing": (
        "Vi skriver om det, vi lærer, i vores blad, og fortæller om alliancen på årsmødet.",
        "Fire artikler og et oplæg. Flest spurgte om, hvad en leder siger i situationen.",
    ),
    "tools": (
        "Vi gør dialogværktøjerne kendt i alle lokalafdelinger.",
        "Alle 22 afdelinger har fået dem, og 9 har holdt en dialog.",
    ),
}
_ABOUT: Final = (
    "En dag om, hvordan man taler om tone og grænser, **før** noget er sket.\n\n- Oplæg\n- Øvelser i grupper"
)
_LEARNT: Final = (
    "Opdigtede eksempler virkede bedre end egne historier. Grupper på fem var bedre end grupper på ti."
)


_TOLD: Final = {
    Text.DONE: (
        "Hver ny fik en *vært*, som ikke var leder. De mødtes en halv time om ugen og talte om, hvad der er "
        "i orden her."
    ),
    Text.FOR_WHOM: "Nye og unge på tolv steder, og dem, der tog imod dem.",
    Text.OUTCOME: "Flere sagde fra tidligt. På to steder holdt det op, da værten fik nyt arbejde.",
    Text.OTHERS: "- Vælg to værter\n- Sæt tiden i kalenderen\n- Tal om fester før den første fest",
}


def fill_knowledge(session: Session, today: dt.date) -> str:
    """Give the alliance's own organisation, which is there, a living alliance; return one of its members."""
    bring_in(session, today)
    alliance = session.scalars(select(Organisation.id).where(Organisation.is_alliance)).one()
    members = [_member(session, *invented, today) for invented in _MEMBERS]
    _activities(session, alliance, members, today)
    _contributions(session, members, today)
    _proposal(session, members[1], today)
    _left(session, today)
    session.add(_application(today))
    return members[1]


def _member(session: Session, name: str, kind: str, area: str, today: dt.date) -> str:
    organisation = Organisation(id=new_identifier(), name=name, area=area, is_member=True)
    session.add(organisation)
    session.flush()
    joined = today.replace(year=today.year - 1, month=2, day=1)
    session.add(Member(organisation_id=organisation.id, kind=kind, joined_on=joined))
    for year in (today.year - 1, today.year):
        session.add_all(
            Commitment(
                id=new_identifier(),
                organisation_id=organisation.id,
                year=year,
                duty=duty,
                promise=promise,
                outcome=outcome if year < today.year else "",
                changed_on=today,
            )
            for duty, (promise, outcome) in _DONE.items()
        )
    return organisation.id


def _activities(session: Session, alliance: str, members: list[str], today: dt.date) -> None:
    planned = (
        (alliance, "conference", "Konference: Sig det, før det sker", 40, 40, "09:30", "15:00", "Odense"),
        (members[0], "campaign", "Kampagne: De første uger", -10, 20, "", "", ""),
        (members[1], "meeting", "Netværksmøde om introforløb", 14, 14, "16:00", "18:00", "På nettet"),
        (members[2], "survey", "Fælles undersøgelse blandt freelancere på scenen", 60, 90, "", "", ""),
        (alliance, "conference", "Konference: Når nogen griber ind", -200, -200, "10:00", "15:30", "Aarhus"),
        (members[1], "meeting", "Elevråd om tone i klassen", -90, -90, "13:00", "", "Vejle"),
    )
    for holder, kind, title, first, last, begins, ends, place in planned:
        session.add(
            Activity(
                id=new_identifier(),
                organisation_id=holder,
                kind=kind,
                title=title,
                language="da",
                begins_on=today + dt.timedelta(days=first),
                ends_on=today + dt.timedelta(days=last),
                begins_at=begins,
                ends_at=ends,
                place=place,
                about=_ABOUT,
                learnt=_LEARNT if last < 0 else "",
                changed_on=today,
            )
        )


def _proposal(session: Session, member: str, today: dt.date) -> None:
    """An activity that waits for the secretariat."""
    day = today + dt.timedelta(days=50)
    planned = Planned(
        kind="campaign",
        title="Kampagne: Sig hej til de nye (opdigtet)",
        language="da",
        begins_on=day,
        ends_on=day + dt.timedelta(days=14),
        about="Plakater og en øvelse til den første skoleuge.",
    )
    propose(session, None, member, planned, today, actor=Process.COMMAND)


def _left(session: Session, today: dt.date) -> None:
    """Somebody who was a member."""
    name = "Sammenslutningen af Nedlagte Foreninger (opdigtet)"
    organisation = Organisation(id=new_identifier(), name=name, area="culture_leisure")
    session.add(organisation)
    session.flush()
    joined, left = today.replace(year=today.year - 2, month=3, day=1), today - dt.timedelta(days=100)
    session.add(
        Member(organisation_id=organisation.id, kind="other_national", joined_on=joined, left_on=left)
    )


def _contributions(session: Session, members: list[str], today: dt.date) -> None:
    """An experience that is published, and a project that waits for the secretariat."""
    for member, title, kind, area in (
        (members[0], "De første fire uger: en vært til hver ny kollega (opdigtet)", Kind.EXPERIENCE, 0),
        (members[1], "Et blidt introforløb (opdigtet)", Kind.PROJECT, 1),
    ):
        content = Content(
            kind=kind,
            title=title,
            publisher=session.get_one(Organisation, member).name,
            language="da",
            areas=(("labour_market", "education")[area],),
            audience=(("leader", "pupil_student")[area],),
            categories=("onboarding", "good_example"),
            texts=_TOLD,
        )
        entry = hand_in(session, None, member, content, today, actor=Process.COMMAND)
        session.flush()
        revision = waiting(session, entry.id)
        if kind is Kind.EXPERIENCE and revision is not None:
            publish(session, entry, revision, today, actor=Process.COMMAND)


def _application(today: dt.date) -> Application:
    return Application(
        id=new_identifier(),
        wish=Wish.MEMBER,
        state=ApplicationState.WAITING,
        name="Selskabet for Opdigtede Kor",
        cvr="13585628",
        kind="interest_org",
        area="culture_leisure",
        reach="140 kor i alle regioner, med 4.200 sangere. Vi vil gerne dele det, vi har lært på korrejser.",
        contact="formand@kor.example",
        language="da",
        asked_on=today,
    )
