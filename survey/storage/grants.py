"""
Who may do what with which table on PostgreSQL: a role for each process, printed by `tillid database grants`.

The web may store a response and replace it, and may not read an envelope, not even a sealed one: whoever gets
hold of the web's role cannot carry them off. Only custody may write a release; nobody may
change what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

_VERSION: Final = "alembic_version"


class Line(StrEnum):
    """Which of the two databases."""

    ALLIANCE = "alliance"
    RESPONSES = "responses"


GRANTS: Final[Mapping[Line, Mapping[str, Mapping[str, str]]]] = {
    Line.ALLIANCE: {
        "tillid_web": {
            "organisations": "SELECT, INSERT, UPDATE",
            "accounts": "SELECT, INSERT, UPDATE, DELETE",
            "memberships": "SELECT, INSERT, DELETE",
            "passkeys": "SELECT, INSERT, UPDATE (sign_count), DELETE",
            "person_invitations": "SELECT, INSERT, UPDATE (expires), DELETE",
            "applications": "SELECT, INSERT, UPDATE",
            "help_line_checks": "SELECT, INSERT, DELETE",
            "questionnaire_states": "SELECT, INSERT, UPDATE",
            "custody_identities": "SELECT",
            # The state's, so that a row can be locked: a closing waits for the exchange that is on its way.
            "waves": "SELECT, INSERT, UPDATE (state, announced_last_day)",
            # A code's digest changes when a lost file is made again, and stays exchanged if it was.
            "invitations": "SELECT, INSERT, UPDATE (blinded_digest, code_digest)",
            "code_files": "SELECT, INSERT, UPDATE (made_on, sealed)",
            # It sees that an address comes twice, and not whom a code went to.
            "invited_addresses": (
                "SELECT (wave_id, address_digest, silent), INSERT, UPDATE (address_digest, mended, silent)"
            ),
            "fieldings": "SELECT, INSERT, UPDATE",
            "trustees": "SELECT, INSERT, UPDATE (public_key, fingerprint, recognised, successor, key_copy)",
            "wave_trustees": (
                "SELECT, INSERT, UPDATE (confirmed, confirmation, approval, approved_list, proven_on, "
                "declined, sealed_share, confirmation_digest, paper_codes)"
            ),
            # Never what it says or who signed it: only what its organisation does with it.
            "releases": ("SELECT, UPDATE (state, shared_on, published_on, withdrawn_on, withdrawal)"),
            "planned_actions": "SELECT, INSERT, UPDATE, DELETE",
            "follow_ups": "SELECT, INSERT, UPDATE, DELETE",
            "own_questionnaires": "SELECT, INSERT, UPDATE (definition, mapping), DELETE",
            "editions": "SELECT",
            "wave_drafts": "SELECT, INSERT, UPDATE, DELETE",
            "members": "SELECT, INSERT, UPDATE",
            "commitments": "SELECT, INSERT, UPDATE",
            "activities": "SELECT, INSERT, UPDATE",
            "library_entries": "SELECT, INSERT, UPDATE",
            "library_revisions": "SELECT, INSERT, UPDATE",
            "library_pictures": "SELECT, INSERT, DELETE",
            "library_words": "SELECT, INSERT, DELETE",
            "library_labels": "SELECT, INSERT, DELETE",
            # The log grows and never changes; the web shows it to the secretariat.
            "audit_entries": "SELECT, INSERT",
            # It writes mails, and cannot read what was written in one.
            "queued_mails": "INSERT, DELETE, SELECT (id, about, counted, state, address, reason)",
            _VERSION: "SELECT",
        },
        "tillid_custody": {
            "organisations": "SELECT",
            "custody_identities": "SELECT, INSERT, UPDATE",
            "waves": "SELECT, UPDATE",
            # How many were exchanged, for the statement of a closed wave; not which.
            "invitations": "SELECT (wave_id, blinded_digest)",
            "trustees": "SELECT",
            "wave_trustees": "SELECT, UPDATE",
            "releases": "SELECT, INSERT",
            "editions": "SELECT, INSERT",
            "audit_entries": "SELECT (number, digest), INSERT",
            _VERSION: "SELECT",
        },
        "tillid_worker": {
            # Whose last day as a member is over is one no more.
            "organisations": "SELECT, UPDATE (is_member)",
            "members": "SELECT",
            "waves": "SELECT, UPDATE (state, closed_on, issuing_key, responses_shown, responses_shown_on)",
            "invitations": "SELECT, INSERT, TRUNCATE",
            # Whom to remind: those it has written to whose invitation was not exchanged. It puts a mended
            # address in its place, and writes to it.
            "invited_addresses": "SELECT, DELETE, UPDATE (sealed, mended)",
            "code_files": "SELECT (wave_id), DELETE",
            "fieldings": "SELECT, UPDATE (remind_on, reminded_on, reminders)",
            "queued_mails": "SELECT, INSERT, UPDATE, DELETE",
            # Previews are made of what is asked about a draft; what its steward decided stays as it is.
            "wave_drafts": "SELECT (id, asked_plan, asked_definition, preview), UPDATE (preview)",
            # Whom to remind, and of what; no share, no key.
            "trustees": "SELECT (id, address, successor)",
            "wave_trustees": (
                "SELECT (wave_id, number, organisation_id, trustee_id, confirmed, approved_list, proven_on, "
                "declined, reminded_on), UPDATE (reminded_on)"
            ),
            "person_invitations": "SELECT (expires), DELETE",
            "accounts": "SELECT (totp_counter), UPDATE (totp_counter)",
            "audit_entries": "SELECT (number, digest), INSERT",
            _VERSION: "SELECT",
        },
    },
    Line.RESPONSES: {
        "tillid_web": {
            "sealed_responses": (
                "INSERT, SELECT (wave_id, credential_digest, sequence, row_signature), "
                "UPDATE (credential_key, randomiser, issuing_signature, sequence, row_signature, envelope)"
            ),
            "closed_waves": "SELECT",
            _VERSION: "SELECT",
        },
        "tillid_custody": {
            "sealed_responses": "SELECT, INSERT, DELETE, TRUNCATE",
            "closed_waves": "SELECT, INSERT",
            _VERSION: "SELECT",
        },
        "tillid_worker": {
            "sealed_responses": "SELECT, INSERT, TRUNCATE",
            _VERSION: "SELECT",
        },
    },
}


def statements(line: Line) -> list[str]:
    """
    Write what the owner of a database runs in it, once its tables are there and the roles exist.

    What nobody was given before stays so: every role begins with nothing.
    """
    roles = ", ".join(GRANTS[line])
    taken = [
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {roles};",
    ]
    given = [
        f"GRANT {privileges} ON {table} TO {role};"
        for role, tables in GRANTS[line].items()
        for table, privileges in tables.items()
    ]
    return [*taken, *given]
