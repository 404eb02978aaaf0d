"""The steps that say whom people can turn to, what they are told, and what is promised."""

from __future__ import annotations

import datetime
import re
from typing import Any, Final

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectMultipleField,
)
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from policy import POLICY
from survey.forms import Day, choices_of
from survey.stewardship.joint_forms import names, not_responsible
from survey.stewardship.setup_form import (
    CHOOSE,
    WRITE_A_DAY,
    WRITE_A_NUMBER,
    Facts,
    StepForm,
    day,
    line,
)
from survey.storage.models import TrusteeRole
from survey.waves.plan import LegalBasis, Notice
from survey.waves.setup import MOST_CONTACTS, Contact, Setup

_URL: Final = re.compile(r"https://[^\s\"'<>]+")
LEGAL_BASES: Final = {
    LegalBasis.LEGAL_OBLIGATION.value: lazy_gettext(
        "A duty in law, as the assessment of the working environment (article 6(1)(c))"
    ),
    LegalBasis.PUBLIC_TASK.value: lazy_gettext("A task in the public interest (article 6(1)(e))"),
    LegalBasis.LEGITIMATE_INTERESTS.value: lazy_gettext("Our legitimate interests (article 6(1)(f))"),
    LegalBasis.CONSENT.value: lazy_gettext("Consent (article 6(1)(a))"),
}


class ContactsForm(StepForm):
    """Whom people can turn to in the organisation, and its whistleblower scheme."""

    def show(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Fill in the contacts."""
        for number, contact in enumerate(setup.contacts, 1):
            for language in ("da", "en"):
                self[f"name_{language}_{number}"].data = contact.name.get(language, "")
            self[f"phone_{number}"].data, self[f"url_{number}"].data = contact.phone, contact.url
            self[f"anonymous_{number}"].data = contact.anonymous

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return the contacts that were written."""
        found = [self._contact(number) for number in range(1, MOST_CONTACTS + 1)]
        return {"contacts": tuple(contact for contact in found if contact)}

    def _contact(self, number: int) -> Contact | None:
        names = {language: self.typed(f"name_{language}_{number}") for language in ("da", "en")}
        phone, url = self.typed(f"phone_{number}"), self.typed(f"url_{number}")
        if not (any(names.values()) or phone or url):
            return None
        if not any(names.values()):
            self.refuse(f"name_da_{number}", lazy_gettext("Write who it is."))
        if not phone and not url:
            message = lazy_gettext("Write a telephone number or an address, or nobody can reach them.")
            self.refuse(f"phone_{number}", message)
        if url and not _URL.fullmatch(url):
            self.refuse(f"url_{number}", lazy_gettext("Write an address that begins with https://."))
        anonymous = bool(self[f"anonymous_{number}"].data)
        if self.errors:
            return None
        return Contact(
            name={k: name for k, name in names.items() if name}, phone=phone, url=url, anonymous=anonymous
        )


for _number in range(1, MOST_CONTACTS + 1):
    setattr(
        ContactsForm,
        f"name_da_{_number}",
        line(
            lazy_gettext("Who it is, in Danish"),
            description=lazy_gettext("Such as: the working environment representative, Anna Berg."),
        ),
    )
    setattr(ContactsForm, f"name_en_{_number}", line(lazy_gettext("Who it is, in English")))
    setattr(ContactsForm, f"phone_{_number}", line(lazy_gettext("Telephone"), 40))
    setattr(ContactsForm, f"url_{_number}", line(lazy_gettext("Address on the web"), 200))
    setattr(
        ContactsForm,
        f"anonymous_{_number}",
        BooleanField(lazy_gettext("One can turn to them without saying who one is")),
    )


class NoticeForm(StepForm):
    """What people are told of the use of their answers, by article 13 of the GDPR."""

    controller = line(
        lazy_gettext("Who is responsible for the survey?"),
        description=lazy_gettext("The controller: the organisation, by its full name."),
        needed=lazy_gettext("Write who is responsible."),
    )
    contact = line(
        lazy_gettext("How are they reached?"),
        description=lazy_gettext("An address, a telephone number or an e-mail address."),
        needed=lazy_gettext("Write how they are reached."),
    )
    protection_officer = line(
        lazy_gettext("Data protection officer"),
        description=lazy_gettext("And how to reach them. Leave it empty if you have none."),
    )
    legal_basis = RadioField(
        lazy_gettext("On what legal basis do you ask?"),
        [AnyOf([*LEGAL_BASES], message=CHOOSE)],
        choices=choices_of(LEGAL_BASES),
        validate_choice=False,
        description=lazy_gettext(
            "A public employer often has a task in the public interest. Consent rarely holds at work, where "
            "it is hard to say no. If in doubt, ask your data protection officer."
        ),
    )
    shared_on = Day(
        lazy_gettext("By which day will you tell everybody the results?"),
        [Optional()],
        description=lazy_gettext("Telling them is the best thanks, and what makes people answer next time."),
    )

    def show(self, setup: Setup, facts: Facts) -> None:
        """Fill in the notice; the organisation's name at first."""
        self.controller.data = facts.organisation
        if setup.notice:
            self.fill(setup.notice)

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:
        """Return the notice."""
        if setup.joint:
            self.see_that_it_names(facts.organisation)
        notice = self.notice(setup.last_day)
        return {"notice": notice} if notice else {}

    def see_that_it_names(self, organisation: str) -> None:
        """See that whoever runs a joint wave is its controller: the page that is read first says so."""
        if not names(self.typed("controller"), organisation) and not self.controller.errors:
            self.refuse("controller", not_responsible(organisation))

    def fill(self, notice: Notice) -> None:
        """Fill in what is told now."""
        self.controller.data, self.contact.data = notice.controller, notice.contact
        self.legal_basis.data, self.protection_officer.data = (
            notice.legal_basis.value,
            notice.protection_officer,
        )
        self.shared_on.data = datetime.date.fromisoformat(notice.shared_on) if notice.shared_on else None

    def notice(self, last_day: str) -> Notice | None:
        """Return what was written, for a wave that ends on this day; None if something has to be mended."""
        shared = self.shared_on.data
        if shared is None and not self.shared_on.errors:
            self.refuse("shared_on", WRITE_A_DAY)
        elif shared is not None and last_day and shared.isoformat() <= last_day:
            self.refuse("shared_on", lazy_gettext("People can answer until then. Choose a later day."))
        if self.errors:
            return None
        return Notice(
            controller=self.typed("controller"),
            contact=self.typed("contact"),
            protection_officer=self.typed("protection_officer"),
            legal_basis=LegalBasis(self.typed("legal_basis")),
            shared_on=day(self.shared_on).isoformat(),
        )


class TrusteesForm(StepForm):
    """Who holds a part of the key, and how many of them must agree."""

    trustees = SelectMultipleField(lazy_gettext("Who holds a key to this survey?"), validate_choice=False)
    quorum = IntegerField(
        lazy_gettext("How many of them must agree before the answers are opened?"),
        [InputRequired(WRITE_A_NUMBER), NumberRange(min=2, message=lazy_gettext("At least two must agree."))],
        description=lazy_gettext("Two of three is usual: then one lost key does not lose the survey."),
    )

    def show(self, setup: Setup, facts: Facts) -> None:
        """Fill in who was chosen; everybody at first."""
        self.trustees.data = list(setup.trustees) or [trustee.id for trustee in facts.trustees]
        self.quorum.data = setup.quorum

    def offer(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Offer everybody who has been invited."""
        self.trustees.choices = choices_of({each.id: each.name or each.role for each in facts.trustees})

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return them in the order of the list."""
        chosen = [trustee for trustee in facts.trustees if trustee.id in (self.trustees.data or [])]
        if len(chosen) < 2:  # noqa: PLR2004  Nobody opens alone.
            self.refuse("trustees", lazy_gettext("Choose at least two."))
        elif TrusteeRole.EMPLOYEES not in {trustee.role for trustee in chosen}:
            self.refuse("trustees", lazy_gettext("Somebody must stand for the employees. Choose them too."))
        elif (self.quorum.data or 0) > len(chosen):
            message = lazy_gettext("You chose %(number)s trustees. No more can agree.", number=len(chosen))
            self.refuse("quorum", message)
        return {"trustees": tuple(trustee.id for trustee in chosen), "quorum": self.quorum.data}


SHARING: Final = {
    "never": lazy_gettext("No, the figures stay with us"),
    "steward_decides": lazy_gettext("Perhaps: we decide when we have seen them"),
}
THRESHOLDS: Final = {
    "opening": lazy_gettext("Responses before anything is opened"),
    "general": lazy_gettext("Responses in a group before its climate is shown"),
    "sensitive": lazy_gettext("Responses in a group before what people experienced is shown"),
    "coercion": lazy_gettext("Responses before pressure and force are shown by themselves"),
}
"""The policy's numbers that a steward is offered to raise; each is a number of responses."""
MOST: Final = 1000
"""A threshold over it would hide everything nearly everywhere."""


class PromisesForm(StepForm):
    """Whether figures may be shared, and thresholds that are raised."""

    sharing = RadioField(
        lazy_gettext("May the alliance count your figures in its own?"),
        [AnyOf([*SHARING], message=CHOOSE)],
        choices=choices_of(SHARING),
        validate_choice=False,
        description=lazy_gettext(
            "Only in figures over many organisations, where nobody can tell which are yours."
        ),
    )

    def show(self, setup: Setup, facts: Facts) -> None:  # noqa: ARG002
        """Fill in the thresholds that hold."""
        self.sharing.data = setup.sharing
        least = POLICY.in_force(setup.raised)
        for name in THRESHOLDS:
            self[name].data = getattr(least, name)

    def chosen(self, setup: Setup, facts: Facts) -> dict[str, Any]:  # noqa: ARG002
        """Return the sharing and what is above the policy's own."""
        raised = {
            name: self[name].data for name in THRESHOLDS if (self[name].data or 0) > getattr(POLICY, name)
        }
        return {"sharing": self.sharing.data, "raised": raised}


for _name, _words in THRESHOLDS.items():
    _floor = getattr(POLICY, _name)
    setattr(
        PromisesForm,
        _name,
        IntegerField(
            _words,
            [
                InputRequired(WRITE_A_NUMBER),
                NumberRange(
                    min=_floor,
                    max=MOST,
                    message=lazy_gettext(
                        "Write %(least)s to %(most)s. It may be raised, never lowered.",
                        least=_floor,
                        most=MOST,
                    ),
                ),
            ],
        ),
    )
