"""The steps that say who is asked what, when and in which groups."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import (
    IntegerField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from policy import POLICY
from survey.forms import Day, choices_of
from survey.stewardship.joint_forms import OVER, OWN, joint_of, sentences_of, show_joint
from survey.stewardship.setup_form import (
    CHOOSE,
    TOO_LONG,
    WRITE_A_DAY,
    WRITE_A_NUMBER,
    Facts,
    StepForm,
    day,
    line,
    one_line,
)
from survey.stewardship.unit_wording import said_of
from survey.waves import setup as setups
from survey.waves.joint import LONGEST_KIND, own_breakdowns
from survey.waves.manifest import WaveMode
from survey.waves.setup import MOST_ITEMS, MOST_OPTIONS, UNIT, OwnItem, Setup, Step
from survey.waves.unit_tree import UnitsError, people_in, text_of, units_from_file, units_from_text

MOST_BREAKDOWNS: Final = 3
MOST_PEOPLE: Final = 1_000_000
LONGEST_FILE: Final = 10_000_000
_ANSWERS: Final = range(2, MOST_OPTIONS + 1)


MODES: Final = {
    WaveMode.INVITED.value: lazy_gettext("Those I invite, each of them once"),
    WaveMode.OPEN.value: lazy_gettext("Everybody who has a link or sees a poster (an open survey)"),
}


class PeopleForm(StepForm):
    """Who may answer, and how many are asked."""

    mode = RadioField(
        lazy_gettext("Who may answer?"),
        [AnyOf([*MODES], message=CHOOSE)],
        choices=choices_of(MODES),
        default=WaveMode.INVITED.value,
        validate_choice=False,
        description=lazy_gettext(
            "Invite people wherever you know who they are. In an open survey anybody can answer, and answer "
            "again: its figures are shown for everybody together only, from 40 responses on, and the "
            "alliance never counts them."
        ),
    )
    people = IntegerField(
        lazy_gettext("How many people will you ask?"),
        [
            InputRequired(WRITE_A_NUMBER),
            NumberRange(
                min=setups.SMALLEST,
                max=MOST_PEOPLE,
                message=lazy_gettext(
                    "With fewer than 10 people no survey can protect who answered. Talk together instead: "
                    "the dialogue tools are made for that."
                ),
            ),
        ],
        description=lazy_gettext(
            "Everybody who belongs to the workplace, school or association on the first day: also "
            "part-timers, temps, apprentices and leaders. The employees' representative confirms the number. "
            "In an open survey: how many you think will answer."
        ),
    )

    over = RadioField(
        lazy_gettext("Whose people are they?"),
        [AnyOf([*OVER], message=CHOOSE)],
        choices=choices_of(OVER),
        default=OWN,
        validate_choice=False,
        description=lazy_gettext(
            "In a joint survey you ask the people of organisations that are each too small for a survey of "
            "their own. Everything is shown for all of them together: none gets figures of its own, and the "
            "alliance does not count them."
        ),
    )
    organisations = IntegerField(
        lazy_gettext("How many organisations are they?"),
        [Optional()],
        description=lazy_gettext("At least five. Each freelancer counts as one."),
    )
    largest = IntegerField(
        lazy_gettext("How many people has the largest of them?"),
        [Optional()],
        description=lazy_gettext(
            "Everybody who is asked is told this number. Whatever is shown is of at least five times as many "
            "people, so that it is never of one organisation alone."
        ),
    )
    kind_da = line(
        lazy_gettext("What are they called, in Danish?"),
        LONGEST_KIND,
        lazy_gettext("In the plural, as after a number: “små teatre”, “idrætsforeninger”, “freelancere”."),
    )
    kind_en = line(
        lazy_gettext("What are they called, in English?"),
        LONGEST_KIND,
        lazy_gettext("Such as “small theatres”, “sports clubs”, “freelancers”."),
    )
    on_paper = IntegerField(
        lazy_gettext("How many more may answer on paper?"),
        [InputRequired(WRITE_A_NUMBER), NumberRange(min=0, max=MOST_PEOPLE, message=WRITE_A_NUMBER)],
        description=lazy_gettext(
            "For those who have no device, beside the people above; usually none. Their papers are typed in "
            "by the trustee for the employees or for the secretariat, never by anybody else at your place."
        ),
    )

    def show(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002  As every step's.
        """Fill in who, and the numbers."""
        self.mode.data = setup.mode.value
        self.people.data, self.on_paper.data = setup.people, setup.on_paper
        show_joint(self, setup)

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return who, whose people, and the numbers."""
        mode = WaveMode(self.mode.data)
        if mode is WaveMode.OPEN and (self.people.data or 0) < POLICY.open_wave:
            message = lazy_gettext(
                "Of an open survey nothing is shown under %(least)s responses. Invite people instead.",
                least=POLICY.open_wave,
            )
            self.refuse("people", message)
        joint = joint_of(self, facts)
        return {"mode": mode, "people": self.people.data, "on_paper": self.on_paper.data, "joint": joint}


class QuestionnaireForm(StepForm):
    """Which questionnaire, and which of its sections."""

    questionnaire = RadioField(lazy_gettext("Questionnaire"), validate_choice=False)
    sections = SelectMultipleField(
        lazy_gettext("What do you ask about?"),
        validate_choice=False,
        description=lazy_gettext(
            "Of the alliance's questionnaires. A questionnaire of your own is always asked in full."
        ),
    )

    def show(self, setup: Setup, facts: Facts) -> None:
        """Choose the area's questionnaire at first, and for a small place the climate only."""
        self.questionnaire.data = setup.questionnaire or next(iter(facts.offered), "")
        everything = [section.id for section in next(iter(facts.offered.values())).sections]
        self.sections.data = list(setup.sections) or (
            [section for section in everything if section in setups.CLIMATE_ONLY]
            if (setup.people or 0) < setups.CLIMATE_ONLY_UNDER
            else everything
        )

    def offer(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Offer what is published, and the organisation's own."""
        titles = {key: facts.said(questionnaire.title) for key, questionnaire in facts.offered.items()}
        self.questionnaire.choices = choices_of(titles)
        self.questionnaire.validators = [AnyOf([*facts.offered], message=CHOOSE)]
        sections = next(iter(facts.offered.values())).sections
        self.sections.choices = choices_of({each.id: facts.said(each.title) for each in sections})

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return both; of an own questionnaire all sections."""
        key = self.questionnaire.data
        own = "/" not in key
        known = [section.id for section in facts.offered[key].sections]
        sections = [section for section in known if own or section in (self.sections.data or [])]
        if not sections:
            self.refuse("sections", lazy_gettext("Choose something to ask about."))
        if "incident" in sections and "behaviour" not in sections:
            message = lazy_gettext(
                "What happened is asked only of those who experienced something. Ask both."
            )
            self.refuse("sections", message)
        return {"questionnaire": key, "sections": tuple(sections)}


def _item_fields(language: str) -> dict[str, tuple[Any, Any]]:
    question = {"da": lazy_gettext("Question in Danish"), "en": lazy_gettext("Question in English")}
    answers = {"da": lazy_gettext("Answers in Danish"), "en": lazy_gettext("Answers in English")}
    return {
        "text": (question[language], ""),
        "options": (answers[language], lazy_gettext("One on each line.")),
    }


class OwnItemsForm(StepForm):
    """Up to five closed questions of the organisation's own."""

    def show(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Fill in the questions."""
        for number, item in enumerate(setup.own_items, 1):
            for language in ("da", "en"):
                self[f"text_{language}_{number}"].data = item.text.get(language, "")
                said = [option.get(language, "") for option in item.options]
                self[f"options_{language}_{number}"].data = "\n".join(said).strip()

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return the questions that were written."""
        items = [self._item(number) for number in range(1, MOST_ITEMS + 1)]
        return {"own_items": tuple(item for item in items if item)}

    def _item(self, number: int) -> OwnItem | None:
        texts = {language: self.typed(f"text_{language}_{number}") for language in ("da", "en")}
        options = {language: self._lines(f"options_{language}_{number}") for language in ("da", "en")}
        written = [language for language in ("da", "en") if texts[language] or options[language]]
        for language in written:
            self._see_that_it_is_whole(number, language, texts[language], options[language])
        if len({len(options[language]) for language in written}) > 1:
            message = lazy_gettext("There are not as many answers as in the other language.")
            self.refuse(f"options_en_{number}", message)
        if not written or self.errors:
            return None
        return OwnItem(
            text={language: texts[language] for language in written},
            options=tuple(
                {language: options[language][at] for language in written}
                for at in range(len(options[written[0]]))
            ),
        )

    def _see_that_it_is_whole(self, number: int, language: str, text: str, options: list[str]) -> None:
        place = f"options_{language}_{number}"
        if not text:
            self.refuse(f"text_{language}_{number}", lazy_gettext("There are answers, and no question."))
        if len(options) not in _ANSWERS:
            self.refuse(
                place, lazy_gettext("Write 2 to %(most)s answers, one on each line.", most=MOST_OPTIONS)
            )
        if len({option.casefold() for option in options}) < len(options):
            self.refuse(place, lazy_gettext("Two answers are the same."))
        if any(len(option) > 100 for option in options):  # noqa: PLR2004  As long as a line on a phone can be.
            self.refuse(place, lazy_gettext("An answer is over 100 characters long. Say it shorter."))

    def _lines(self, name: str) -> list[str]:
        return [line for line in map(one_line, self.typed(name).splitlines()) if line]


for _number in range(1, MOST_ITEMS + 1):
    for _language in ("da", "en"):
        _fields = _item_fields(_language)
        setattr(OwnItemsForm, f"text_{_language}_{_number}", line(_fields["text"][0], 300))
        setattr(
            OwnItemsForm,
            f"options_{_language}_{_number}",
            TextAreaField(
                _fields["options"][0],
                [Length(max=2000, message=TOO_LONG)],
                description=_fields["options"][1],
            ),
        )


class PeriodForm(StepForm):
    """In which languages, from when to when."""

    languages = SelectMultipleField(lazy_gettext("Languages"), validate_choice=False)
    first_day = Day(lazy_gettext("First day"), [Optional()])
    last_day = Day(
        lazy_gettext("Last possible day"),
        [Optional()],
        description=lazy_gettext("You may close earlier. Two to three weeks are usual."),
    )

    def show(self, setup: Setup, facts: Facts) -> None:
        """Fill in what was chosen; all languages at first."""
        self.languages.data = list(setup.languages) or list(facts.whole.languages)
        self.first_day.data = datetime.date.fromisoformat(setup.first_day) if setup.first_day else None
        self.last_day.data = datetime.date.fromisoformat(setup.last_day) if setup.last_day else None

    def offer(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Offer the questionnaire's languages."""
        names = {"da": "Dansk", "en": "English"}
        self.languages.choices = choices_of({code: names.get(code, code) for code in facts.whole.languages})

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return languages and days."""
        known = facts.whole.languages
        languages = tuple(code for code in known if code in (self.languages.data or []))
        if not languages:
            self.refuse("languages", lazy_gettext("Choose at least one language."))
        for name in ("first_day", "last_day"):
            if self[name].data is None and not self[name].errors:
                self.refuse(name, WRITE_A_DAY)
        if not self.errors:
            self._see_that_the_days_can_stand(facts)
        if self.errors:
            return {}
        return {
            "languages": languages,
            "first_day": day(self.first_day).isoformat(),
            "last_day": day(self.last_day).isoformat(),
        }

    def _see_that_the_days_can_stand(self, facts: Facts) -> None:
        first, last = day(self.first_day), day(self.last_day)
        if first < facts.today:
            self.refuse("first_day", lazy_gettext("This day is over. Choose a later one."))
        if facts.earliest and first < facts.earliest:
            message = lazy_gettext(
                "Half a year must lie between two surveys, or the two together tell who came and who went. "
                "Begin on %(day)s at the earliest.",
                day=facts.earliest.isoformat(),
            )
            self.refuse("first_day", message)
        if last < first:
            self.refuse("last_day", lazy_gettext("The last day lies before the first. Move one of them."))
        elif (last - first).days > setups.MOST_DAYS:
            message = lazy_gettext(
                "That is over %(days)s days. Choose an earlier day.", days=setups.MOST_DAYS
            )
            self.refuse("last_day", message)


class GroupsForm(StepForm):
    """Units, typed, pasted or from a file, and what figures are shown by."""

    _offered: Sequence[str] = ()
    units = TextAreaField(
        lazy_gettext("Units"),
        description=lazy_gettext(
            "One on each line: name; number of people; what it is a part of, if anything. You can paste from "
            "a spreadsheet. Leave it empty if you want no units."
        ),
    )
    file = FileField(
        lazy_gettext("Or choose a file"),
        description=lazy_gettext(
            "A workbook (.xlsx) or CSV in UTF-8 with the same three columns. It takes the place of what is "
            "written above."
        ),
    )
    breakdowns = SelectMultipleField(
        lazy_gettext("What may figures be shown by?"),
        validate_choice=False,
        description=lazy_gettext(
            "Units, and at most three of the others. The fewer you choose, the more can be shown of each."
        ),
    )

    def show(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Fill in what was decided; units are chosen at first."""
        self.units.data = text_of(setup.units)
        self.breakdowns.data = list(setup.breakdowns) if Step.GROUPS in setup.taken else [UNIT]

    def offer(self, setup: Setup, facts: Facts) -> None:
        """Offer units and what the chosen sections ask of those who answer."""
        asked = setups.asked(setup, facts.whole, facts.organisation)
        of_others = own_breakdowns(asked, asked.rules.breakdown_items) if setup.joint else ()
        items = {
            item: facts.said(asked.item(item).text)
            for item in asked.rules.breakdown_items
            if item not in of_others
        }
        self.breakdowns.choices = choices_of({UNIT: gettext("The units above"), **items})
        self._offered = (UNIT, *items)

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return the tree and the breakdowns."""
        known = self._offered
        breakdowns = tuple(by for by in known if by in (self.breakdowns.data or []))
        if len([by for by in breakdowns if by != UNIT]) > MOST_BREAKDOWNS:
            self.refuse("breakdowns", lazy_gettext("Choose at most three besides the units."))
        field = "file" if self.file.data else "units"
        try:
            units = self._units()
        except UnitsError as error:
            for fault in error.faults:
                self.refuse(field, said_of(fault))
            return {}
        together = people_in(units)
        if together > (setup.people or 0):
            self.refuse(
                field,
                lazy_gettext(
                    "The units have %(together)s people, and you ask %(people)s. Mend one "
                    "of the two numbers.",
                    together=together,
                    people=setup.people or 0,
                ),
            )
        for sentence in sentences_of(setup, units) if setup.joint else ():
            self.refuse(field, sentence)
        if units:
            self.units.data = text_of(units)
        return {"units": units, "breakdowns": breakdowns}

    def problems(self) -> list[dict[str, str]]:
        """List every fault of the units, each with its row; of the other fields the first, as elsewhere."""
        rows = [
            {"field": name, "text": str(fault)} for name in ("units", "file") for fault in self[name].errors
        ]
        return [*rows, *(each for each in super().problems() if each["field"] not in ("units", "file"))]

    def _units(self) -> tuple[Any, ...]:
        if self.file.data:
            return units_from_file(self.file.data.stream.read(LONGEST_FILE + 1))
        return units_from_text(self.typed("units")) if self.typed("units").strip() else ()
