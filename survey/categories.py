"""What the kinds of tools are called: dashboards point to them, and the library is sorted by them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

CATEGORIES: Final = {
    "knowledge": lazy_gettext("Knowledge about sexual harassment"),
    "guidelines": lazy_gettext("Guidelines"),
    "norms_agreement": lazy_gettext("Agreements about how we are together"),
    "dialogue": lazy_gettext("Tools for talking together"),
    "bystander": lazy_gettext("Practice for those who see it happen"),
    "leader_training": lazy_gettext("Training for leaders"),
    "contact_points": lazy_gettext("Somebody to turn to"),
    "independent_channel": lazy_gettext("A way past one's own management"),
    "case_procedure": lazy_gettext("What happens when somebody speaks up"),
    "external_parties": lazy_gettext("Customers, patients, citizens and guests"),
    "onboarding": lazy_gettext("A good start for the young and the new"),
    "events": lazy_gettext("Parties, trips and events"),
    "counselling": lazy_gettext("Counselling"),
    "mapping_survey": lazy_gettext("Finding out more"),
    "good_example": lazy_gettext("Good examples"),
    "law": lazy_gettext("The law"),
}
