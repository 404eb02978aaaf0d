"""
What the secretariat says of a commitment, and why it ended a membership.

It could link nothing: no wave, no response and no person is named.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_moderation"
down_revision = "2026_11_25_members"


def upgrade() -> None:
    """Show what is there."""
    op.add_column(
        "commitments", sa.Column("state", sa.String(length=16), nullable=False, server_default="shown")
    )
    op.add_column("commitments", sa.Column("note", sa.String(length=1000), nullable=False, server_default=""))
    op.add_column(
        "members", sa.Column("end_reason", sa.String(length=1000), nullable=False, server_default="")
    )
