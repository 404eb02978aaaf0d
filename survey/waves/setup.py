"""What a steward has decided about a wave so far, and the questionnaire and plan that come of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from questionnaires.checking import check
from questionnaires.errors import DefinitionError
from questionnaires.model import HelpLine, Questionnaire
from survey.waves.joint import Joint
from survey.waves.manifest import Count, FieldPeriod, Retention, Unit, WaveMode
from survey.waves.plan import Notice, PlanError, WavePlan

SMALLEST: Final = 10
"""Under it no wave is set up: nothing of it could ever be opened."""
CLIMATE_ONLY_UNDER: Final = 50
"""Under it a wave without what was experienced is advised: hardly any figure of that could be shown."""
CLIMATE_ONLY: Final = ("about_place", "climate", "knowledge", "needs", "about_you")
MOST_ITEMS: Final = 5
MOST_OPTIONS: Final = 7
MOST_CONTACTS: Final = 3
MOST_DAYS: Final = 60
"""Longest field period: the closer to one moment, the more it is one picture."""
UNIT: Final = "unit"
_SECTION: Final = "own_questions"
_ITEM: Final = "own_question_"
_CONTACT: Final = "own_contact_"
_DECLINED: Final = {"da": "Ønsker ikke at svare", "en": "Prefer not to answer"}
_ASKED_BY: Final = {"da": "Spørgsmål fra {name}", "en": "Questions from {name}"}
_RETENTION: Final = Retention(days_after_release=30, days_after_closing=60)


class Step(StrEnum):
    """The steps of setting a wave up, in their order."""

    PEOPLE = "people"
    QUESTIONNAIRE = "questionnaire"
    OWN_ITEMS = "own-questions"
    PERIOD = "period"
    GROUPS = "groups"
    CONTACTS = "contacts"
    NOTICE = "notice"
    TRUSTEES = "trustees"
    PROMISES = "promises"


NOT_PREVIEWED: Final = (Step.TRUSTEES, Step.NOTICE)
"""Steps that change nothing about what is shown."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OwnItem(_Part):
    """A closed question of the organisation's own, and its answers, each by language."""

    text: dict[str, str]
    options: tuple[dict[str, str], ...]


class Contact(_Part):
    """Somebody in the organisation, or its whistleblower scheme, shown beside the help lines."""

    name: dict[str, str]
    phone: str = ""
    url: str = ""
    anonymous: bool = False


class Setup(_Part):
    """What has been decided; what has not is as it begins here."""

    taken: tuple[Step, ...] = ()
    """The steps that have been gone through."""
    mode: WaveMode = WaveMode.INVITED
    people: Count | None = None
    """How many are asked; in an open wave, how many are expected to answer."""
    on_paper: Count = 0
    """How many may answer on paper, beside those."""
    joint: Joint | None = None
    """Over which organisations, if they are many small ones; None where its own people are asked."""
    questionnaire: str = ""
    """`ID/VERSION` of one of the alliance's, or the id of the row of one that the organisation brought."""
    sections: tuple[str, ...] = ()
    own_items: Annotated[tuple[OwnItem, ...], Field(max_length=MOST_ITEMS)] = ()
    languages: tuple[str, ...] = ()
    first_day: str = ""
    last_day: str = ""
    units: tuple[Unit, ...] = ()
    breakdowns: tuple[str, ...] = ()
    contacts: Annotated[tuple[Contact, ...], Field(max_length=MOST_CONTACTS)] = ()
    notice: Notice | None = None
    trustees: tuple[str, ...] = ()
    quorum: Annotated[int, Field(ge=2)] = 2
    sharing: Literal["never", "steward_decides"] = "never"
    raised: dict[str, int] = Field(default_factory=dict)

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """The steps that nobody has gone through yet."""
        return tuple(step for step in Step if step not in self.taken)

    def decided(self, step: Step, **choices: object) -> Setup:
        """Return the same with what was chosen in one step."""
        taken = tuple(known for known in Step if known in {*self.taken, step})
        return self.model_copy(update={**choices, "taken": taken})

    def value(self) -> dict[str, object]:
        """Return it as it is stored."""
        value: dict[str, object] = self.model_dump(mode="json")
        return value


def asked(setup: Setup, whole: Questionnaire, organisation: str) -> Questionnaire:
    """
    The questionnaire that the wave asks: its sections, the organisation's own questions and contacts.

    Args:
        setup: With a questionnaire chosen.
        whole: That questionnaire, as it is published or was brought.
        organisation: Its name, for the heading of its own questions.

    Raises:
        DefinitionError: If it cannot be fielded so.
    """
    chosen = [section.id for section in whole.sections if section.id in setup.sections]
    definition: dict[str, object] = (
        whole.with_sections(chosen or [section.id for section in whole.sections])
    ).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    with_own: dict[str, object] = {
        **definition,
        "sections": _with_own_section(definition["sections"], setup, whole, organisation),
        "help_lines": [*whole_lines(whole), *_own_lines(setup, whole)],
    }
    findings = check(with_own)
    if findings:
        raise DefinitionError("questionnaire", findings)
    return Questionnaire.model_validate(with_own)


def planned(setup: Setup, questionnaire: Questionnaire) -> WavePlan:
    """
    The plan of the wave that asks `questionnaire`.

    Raises:
        PlanError: If a step is missing that it needs.
    """
    missing = [step.value for step in setup.open_steps if step not in NOT_PREVIEWED]
    if missing or setup.people is None:
        raise PlanError(f"plan: {', '.join(missing)}: nothing is decided yet; go through these steps")
    # Whoever answers an open wave may be anybody, and answer twice: it is neither divided nor shared.
    divided = setup.mode is WaveMode.INVITED
    possible = ((UNIT,) if setup.units else ()) + questionnaire.rules.breakdown_items if divided else ()
    return WavePlan(
        mode=setup.mode,
        languages=setup.languages,
        units=setup.units if divided else (),
        invited=setup.people if divided else 0,
        expected=0 if divided else setup.people,
        paper_credentials=setup.on_paper,
        breakdowns=tuple(by for by in setup.breakdowns if by in possible),
        alliance_sharing=setup.sharing if divided and setup.joint is None else "never",
        raised=setup.raised,
        field_period=FieldPeriod(first_day=setup.first_day, last_possible_day=setup.last_day),
        retention=_RETENTION,
        quorum=setup.quorum,
        notice=setup.notice,
        joint=setup.joint,
    )


def copied(plan: WavePlan, questionnaire: Questionnaire, whole: Questionnaire, chosen: str) -> Setup:
    """
    The set-up of an earlier wave, to begin another from; days, trustees and promises are decided anew.

    Args:
        plan: The earlier wave's.
        questionnaire: What it asked.
        whole: The questionnaire that the new one is to ask.
        chosen: What `Setup.questionnaire` calls that.
    """
    known = {section.id for section in whole.sections}
    notice = plan.notice.model_copy(update={"shared_on": "", "corrected_on": ""}) if plan.notice else None
    return Setup(
        taken=(Step.PEOPLE, Step.QUESTIONNAIRE, Step.OWN_ITEMS, Step.GROUPS, Step.CONTACTS),
        mode=plan.mode,
        people=plan.invited or plan.expected,
        on_paper=plan.paper_credentials,
        joint=plan.joint,
        questionnaire=chosen,
        sections=tuple(section.id for section in questionnaire.sections if section.id in known),
        own_items=_own_items_of(questionnaire),
        languages=plan.languages,
        units=plan.units,
        breakdowns=plan.breakdowns,
        contacts=_contacts_of(questionnaire),
        notice=notice,
        quorum=plan.quorum,
        sharing=plan.alliance_sharing,
        raised=plan.raised,
    )


def is_own_contact(line: HelpLine) -> bool:
    """Whether a help line is one of the organisation's own contacts."""
    return line.id.startswith(_CONTACT)


def earliest(last_days: Sequence[datetime.date], months: int) -> datetime.date | None:
    """Return the first day on which a wave may begin after others that ended on these; None if on any."""
    return max((_months_after(last, months) for last in last_days), default=None)


def _months_after(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = datetime.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    # Six months after the 31st of August is the end of February.
    latest = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, latest))


def whole_lines(whole: Questionnaire) -> list[object]:
    """The questionnaire's own help lines, as they stand in a definition."""
    lines: list[object] = whole.model_dump(mode="json", exclude_defaults=True).get("help_lines", [])
    return lines


def _with_own_section(
    sections: object, setup: Setup, whole: Questionnaire, organisation: str
) -> list[object]:
    listed = list(sections) if isinstance(sections, list) else []
    if not setup.own_items:
        return listed
    last = next((at for at, each in enumerate(listed) if each["id"] == "about_you"), len(listed))
    own = {
        "id": _SECTION,
        "title": {
            language: _ASKED_BY.get(language, _ASKED_BY["en"]).format(name=organisation)
            for language in whole.languages
        },
        "items": [_item(number, item, whole) for number, item in enumerate(setup.own_items, 1)],
    }
    return [*listed[:last], own, *listed[last:]]


def _item(number: int, item: OwnItem, whole: Questionnaire) -> dict[str, object]:
    options: list[object] = [
        {"code": f"a{place}", "label": _said(option, whole)} for place, option in enumerate(item.options, 1)
    ]
    declined = {language: _DECLINED.get(language, _DECLINED["en"]) for language in whole.languages}
    return {
        "id": f"{_ITEM}{number}",
        "type": "single",
        "construct": "own.question",
        "text": _said(item.text, whole),
        "options": [*options, {"code": "pna", "label": declined, "kind": "no_answer"}],
    }


def _own_lines(setup: Setup, whole: Questionnaire) -> list[dict[str, object]]:
    return [
        {
            "id": f"{_CONTACT}{number}",
            "name": _said(contact.name, whole),
            "audience": ["everyone"],
            **({"phone": contact.phone} if contact.phone else {}),
            **({"url": contact.url} if contact.url else {}),
            **({"anonymous": True} if contact.anonymous else {}),
        }
        for number, contact in enumerate(setup.contacts, 1)
    ]


def _said(words: Mapping[str, str], whole: Questionnaire) -> dict[str, str]:
    """In every language of the questionnaire; where nothing was written in one, in the first that was."""
    first = next((text for text in words.values() if text), "")
    return {language: words.get(language) or first for language in whole.languages}


def _own_items_of(questionnaire: Questionnaire) -> tuple[OwnItem, ...]:
    return tuple(
        OwnItem(
            text=dict(item.text.root),
            options=tuple(dict(option.label.root) for option in item.options if not option.kind.is_missing),
        )
        for item in questionnaire.items
        if item.id.startswith(_ITEM)
    )


def _contacts_of(questionnaire: Questionnaire) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            name=dict(line.name.root),
            phone=line.phone or "",
            url=line.url or "",
            anonymous=line.anonymous,
        )
        for line in questionnaire.help_lines
        if is_own_contact(line)
    )
