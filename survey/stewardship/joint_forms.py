"""What a steward says of a joint wave, and what keeps it from being one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField

from survey.forms import Form
from survey.stewardship.setup_form import WRITE_A_NUMBER, Facts
from survey.waves.joint import (
    FEWEST,
    LONGEST_KIND,
    MOST,
    SHORTEST_KIND,
    Joint,
    SingledOut,
    least_people,
    most_people,
    singled_out,
)
from survey.waves.manifest import Unit, WaveMode
from survey.waves.setup import Setup, Step

OWN: Final = "own"
JOINT: Final = "joint"
OVER: Final = {
    OWN: lazy_gettext("Our own"),
    JOINT: lazy_gettext("Those of many small organisations together (a joint survey)"),
}


def show_joint(form: Form, setup: Setup) -> None:
    """Fill in whose people are asked."""
    form["over"].data = JOINT if setup.joint else OWN
    if setup.joint:
        form["organisations"].data, form["largest"].data = setup.joint.organisations, setup.joint.largest
        form["kind_da"].data, form["kind_en"].data = (setup.joint.kind.get(code, "") for code in ("da", "en"))


def joint_of(form: Form, facts: Facts) -> Joint | None:
    """Return over whom a joint wave is; None for its own people, or where something is wrong."""
    if form["over"].data != JOINT:
        return None
    if not facts.is_member:
        form.refuse("over", lazy_gettext("Only a member of the alliance can ask the people of others."))
    organisations = _number(form, "organisations", FEWEST, _too_few())
    largest = _number(form, "largest", 1, WRITE_A_NUMBER)
    kind = {code: _called(form, f"kind_{code}") for code in ("da", "en")}
    if form.errors:
        return None
    joint = Joint(organisations=organisations, largest=largest, kind=kind)
    _see_that_they_fit(form, joint, form["people"].data or 0)
    return joint


def sentences_of(setup: Setup, units: Sequence[Unit]) -> Iterator[str]:
    """What must be mended before a joint wave is shown by these units, a sentence each."""
    joint, people = setup.joint, setup.people or 0
    if joint is not None:
        yield from (_said(found, joint) for found in singled_out(joint, people, units) if found.unit or units)


def obstacles_of_joint(setup: Setup, facts: Facts) -> Iterator[str]:
    """What keeps a joint wave from being handed over: other steps may have been changed since."""
    if setup.joint is None:
        return
    if not facts.is_member:
        yield gettext("Only a member of the alliance can ask the people of others.")
    units = setup.units if setup.mode is WaveMode.INVITED else ()
    yield from sentences_of(setup, units)
    if Step.NOTICE in setup.taken and setup.notice and not names(setup.notice.controller, facts.organisation):
        yield str(not_responsible(facts.organisation))


def names(controller: str, organisation: str) -> bool:
    """Whether the controller that was written is the organisation that asks."""
    return organisation.casefold() in controller.casefold()


def not_responsible(organisation: str) -> str:
    """What is said where a joint wave's notice names somebody else as its controller."""
    return str(
        gettext(
            "In a joint survey you are responsible yourselves, and everybody is told so before they answer. "
            "Write %(organisation)s, with what belongs to the name.",
            organisation=organisation,
        )
    )


def _too_few() -> str:
    return str(
        gettext(
            "A joint survey is over %(fewest)s organisations at least. With fewer, one of them could work "
            "out what the others answered.",
            fewest=FEWEST,
        )
    )


def _number(form: Form, name: str, least: int, message: object) -> int:
    field: IntegerField = form[name]
    typed: int | None = field.data
    if typed is None or typed > MOST:
        if not field.errors:
            form.refuse(name, WRITE_A_NUMBER)
    elif typed < least:
        form.refuse(name, message)
    return typed or 0


def _called(form: Form, name: str) -> str:
    typed: str = form.typed(name)
    if not SHORTEST_KIND <= len(typed) <= LONGEST_KIND and not form[name].errors:
        form.refuse(
            name, lazy_gettext("Write what they are called, so that people see whom the figures are of.")
        )
    return typed


def _see_that_they_fit(form: Form, joint: Joint, people: int) -> None:
    if people > most_people(joint):
        words: Mapping[str, int] = {
            "organisations": joint.organisations,
            "largest": joint.largest,
            "most": most_people(joint),
        }
        form.refuse(
            "people",
            gettext(
                "%(organisations)s organisations with at most %(largest)s people each have at most %(most)s "
                "people. Mend one of the numbers.",
                **words,
            ),
        )
    if people < least_people(joint):
        form.refuse("largest", _said(SingledOut(people), joint))


def _said(found: SingledOut, joint: Joint) -> str:
    numbers: Mapping[str, object] = {
        "name": found.unit,
        "people": found.people,
        "least": least_people(joint),
        "largest": joint.largest,
    }
    if found.is_rest and found.unit:
        return str(
            gettext(
                "What the parts of “%(name)s” leave over has %(people)s people. It must be none, or "
                "at least %(least)s: five times the largest organisation. Else it could be one organisation "
                "alone.",
                **numbers,
            )
        )
    if found.is_rest:
        return str(
            gettext(
                "%(people)s people are in none of the units. It must be none, or at least %(least)s: "
                "five times the largest organisation. Else they could be one organisation alone.",
                **numbers,
            )
        )
    if found.unit:
        return str(
            gettext(
                "“%(name)s” has %(people)s people. In a joint survey a unit must have at least %(least)s: "
                "five times the largest organisation. Let units be regions, or kinds of organisations, never "
                "single ones.",
                **numbers,
            )
        )
    return str(
        gettext(
            "The largest has %(largest)s people, and you ask %(people)s. Ask at least %(least)s, five times "
            "as many, or let the largest hold a survey of its own: else the figures are mostly of that one.",
            **numbers,
        )
    )
