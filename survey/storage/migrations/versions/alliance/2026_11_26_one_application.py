"""
One table for whoever applies, to start or to be a member; what nobody confirmed is erased, and none is kept.

Used by no release: member_applications.
It could link nothing: no wave and no response is named.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_one_application"
down_revision = "2026_11_26_moderation"
_OF_ALL = "id, state, name, cvr, area, contact, language, asked_on, reason, organisation_id"
_OF_MEMBERS = f"{_OF_ALL}, kind, website, reach"


def upgrade() -> None:
    """Put both into one."""
    for table in ("applications", "member_applications"):
        op.execute(f"DELETE FROM {table} WHERE state = 'unconfirmed'")  # noqa: S608  Both names stand above.
    for name, length, value in (
        ("wish", 16, "start"),
        ("kind", 40, ""),
        ("website", 500, ""),
        ("reach", 1000, ""),
    ):
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default=value)
        op.add_column("applications", column)
    op.create_index("ix_applications_contact", "applications", ["contact"])
    op.execute(
        f"INSERT INTO applications (wish, {_OF_MEMBERS}) SELECT 'member', {_OF_MEMBERS} "  # noqa: S608  As above.
        "FROM member_applications"
    )
    op.drop_table("member_applications")
