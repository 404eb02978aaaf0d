"""The alliance's words for itself: its members' four duties, and kinds of activities."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

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
