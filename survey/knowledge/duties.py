"""The alliance's words for itself: its members' four duties, kinds of members, and kinds of activities."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

DUTIES: Final = {
    "dialogue": lazy_gettext("Talk together and share what we know"),
    "joint_effort": lazy_gettext("Do something together, in projects"),
    "sharing": lazy_gettext("Pass on what we learn, and tell of the alliance"),
    "tools": lazy_gettext("Make known the tools that prevent"),
}
MEMBER_KINDS: Final = {
    "professional_society": lazy_gettext("Professional society"),
    "interest_org": lazy_gettext("Interest organisation"),
    "employer_org": lazy_gettext("Employers' organisation"),
    "employee_org": lazy_gettext("Employees' organisation"),
    "authority": lazy_gettext("Public authority"),
    "other_national": lazy_gettext("Another nationwide organisation"),
}
ACTIVITY_KINDS: Final = {
    "campaign": lazy_gettext("Campaign"),
    "survey": lazy_gettext("Survey"),
    "conference": lazy_gettext("Conference"),
    "meeting": lazy_gettext("Meeting"),
}
