"""What the desk calls roles, and what the log says of each action."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

from survey.storage.audit import Action
from survey.storage.models import MembershipRole

ROLES: Final = {
    MembershipRole.STEWARD: lazy_gettext("Steward"),
    MembershipRole.LEADER: lazy_gettext("Leader"),
    MembershipRole.TRUSTEE: lazy_gettext("Trustee"),
    MembershipRole.ANALYST: lazy_gettext("Analyst"),
    MembershipRole.CONTRIBUTOR: lazy_gettext("Contributor"),
    MembershipRole.SECRETARIAT: lazy_gettext("Secretariat"),
    MembershipRole.OPERATOR: lazy_gettext("Operator"),
}
ACTIONS: Final = {
    Action.ORGANISATION_ASKED.value: lazy_gettext("An organisation asked to start"),
    Action.ORGANISATION_APPROVED.value: lazy_gettext("An organisation was approved"),
    Action.ORGANISATION_DECLINED.value: lazy_gettext("An organisation was declined"),
    Action.ORGANISATION_CLASSIFIED.value: lazy_gettext("An organisation was classified"),
    Action.PERSON_INVITED.value: lazy_gettext("Somebody was invited"),
    Action.INVITATION_WITHDRAWN.value: lazy_gettext("An invitation was withdrawn"),
    Action.ROLE_GIVEN.value: lazy_gettext("A role was given"),
    Action.ROLE_TAKEN.value: lazy_gettext("A role was taken"),
    Action.ACCOUNT_MADE.value: lazy_gettext("An account was made"),
    Action.ACCOUNT_CLOSED.value: lazy_gettext("An account was closed"),
    Action.PASSWORD_CHANGED.value: lazy_gettext("A password was changed"),
    Action.FACTOR_ADDED.value: lazy_gettext("A second factor was added"),
    Action.FACTOR_REMOVED.value: lazy_gettext("A second factor was removed"),
    Action.FACTORS_RESET.value: lazy_gettext("Second factors were taken off"),
    Action.MEMBER_ASKED.value: lazy_gettext("An organisation applied to be a member"),
    Action.MEMBER_ADMITTED.value: lazy_gettext("A member was admitted"),
    Action.MEMBER_DECLINED.value: lazy_gettext("An application to be a member was declined"),
    Action.MEMBER_LEAVES.value: lazy_gettext("It was decided that a member leaves"),
    Action.MEMBER_STAYS.value: lazy_gettext("A member that was to leave stays"),
    Action.MEMBER_LEFT.value: lazy_gettext("A member's last day was over"),
    Action.COMMITMENT_ASKED_ABOUT.value: lazy_gettext("What a member will do was asked about"),
    Action.COMMITMENT_HIDDEN.value: lazy_gettext("What a member will do was hidden"),
    Action.COMMITMENT_SHOWN.value: lazy_gettext("What a member will do is shown again"),
    Action.COMMITMENT_WRITTEN.value: lazy_gettext("A member wrote what it will do, or what came of it"),
    Action.ACTIVITY_WRITTEN.value: lazy_gettext("An activity was written"),
    Action.HELP_LINE_VERIFIED.value: lazy_gettext("A help line was checked"),
    Action.HELP_LINE_WITHDRAWN.value: lazy_gettext("A check of a help line was taken back"),
    Action.QUESTIONNAIRE_PUBLISHED.value: lazy_gettext("A questionnaire was published"),
    Action.QUESTIONNAIRE_RETIRED.value: lazy_gettext("A questionnaire was retired"),
    Action.WAVE_ADVANCED.value: lazy_gettext("A survey went on to its next state"),
    Action.RESPONDENTS_INVITED.value: lazy_gettext("People were invited to answer"),
    Action.RESPONDENTS_REMINDED.value: lazy_gettext("A reminder to those invited was ordered"),
    Action.LAST_DAY_MOVED.value: lazy_gettext("The last day for answers was moved"),
    Action.TRUSTEE_INVITED.value: lazy_gettext("A trustee was invited"),
    Action.TRUSTEE_REPLACED.value: lazy_gettext("A trustee may make a new key"),
    Action.TRUSTEES_REMINDED.value: lazy_gettext("Trustees were reminded"),
    Action.REPRESENTATIVE_CONFIRMED.value: lazy_gettext("The employees' representative was confirmed"),
    Action.KEY_ENROLLED.value: lazy_gettext("A trustee made a key"),
    Action.SHARE_CONFIRMED.value: lazy_gettext("A trustee confirmed a share"),
    Action.OPENING_APPROVED.value: lazy_gettext("A trustee approved an opening"),
    Action.OPENING_DECLINED.value: lazy_gettext("A trustee declined an opening"),
    Action.RELEASE_SHARED.value: lazy_gettext("Figures were shared with the alliance"),
    Action.RELEASE_UNSHARED.value: lazy_gettext("Figures were taken back from the alliance"),
    Action.RELEASE_PUBLISHED.value: lazy_gettext("Figures were shown to those who were asked"),
    Action.RELEASE_UNPUBLISHED.value: lazy_gettext("Figures are no longer shown to those who were asked"),
    Action.RELEASE_WITHDRAWN.value: lazy_gettext("Figures were taken back for good"),
    Action.ACTION_PLANNED.value: lazy_gettext("Something was planned after a survey"),
    Action.ACTION_CHANGED.value: lazy_gettext("Something planned after a survey is done, or not after all"),
    Action.ACTION_REMOVED.value: lazy_gettext("Something planned after a survey was removed"),
    Action.FOLLOW_UP_PLANNED.value: lazy_gettext("It was planned when everybody hears the results"),
    Action.LINK_CHECKED.value: lazy_gettext("A link of the library was checked"),
    Action.STARTING_LIST_BROUGHT_IN.value: lazy_gettext("The library's starting list was brought in"),
    Action.ENTRY_SUBMITTED.value: lazy_gettext("An entry was handed in to the library"),
    Action.ENTRY_ASKED_BACK.value: lazy_gettext("An entry was asked about"),
    Action.ENTRY_PUBLISHED.value: lazy_gettext("An entry was published in the library"),
    Action.ENTRY_RETIRED.value: lazy_gettext("An entry was taken out of the library"),
}
