"""What kinds of tools and of members are called, where several slices say it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

# Dashboards point to them, and the library is sorted by them.
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
MEMBER_KINDS: Final = {
    "professional_society": lazy_gettext("Professional society"),
    "interest_org": lazy_gettext("Interest organisation"),
    "employer_org": lazy_gettext("Employers' organisation"),
    "employee_org": lazy_gettext("Employees' organisation"),
    "authority": lazy_gettext("Public authority"),
    "other_national": lazy_gettext("Another nationwide organisation"),
}
