"""The alliance's words for itself: its members' four duties, kinds of activities, and where things stand."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

from survey.storage.library import RevisionState

DUTIES: Final = {
    "dialogue": lazy_gettext("Talk together and share what we know"),
    "joint_effort": lazy_gettext("Do something together, in projects"),
    "sharing": lazy_gettext("Pass on what we learn, and tell of the alliance"),
    "tools": lazy_gettext("Make known the tools that prevent"),
}
ACTIVITY_KINDS: Final = {
    "campaign": lazy_gettext("Campaign"),
    "survey": lazy_gettext("Survey"),
    "conference": lazy_gettext("Conference"),
    "meeting": lazy_gettext("Meeting"),
}
STATES: Final = {
    RevisionState.REPLACED: lazy_gettext("Replaced by the next"),
    RevisionState.SUBMITTED: lazy_gettext("With the secretariat"),
    RevisionState.ASKED_BACK: lazy_gettext("The secretariat asks"),
    RevisionState.PUBLISHED: lazy_gettext("Published"),
}
