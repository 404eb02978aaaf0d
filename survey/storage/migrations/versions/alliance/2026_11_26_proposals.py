"""
Activities that a member proposes: whether one is published, what is proposed of it, and what was asked.

It could link nothing: no wave, no response and no person is named.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_proposals"
down_revision = "2026_11_26_one_application"


def upgrade() -> None:
    """What is there is published."""
    for column in (
        sa.Column("published", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("review", sa.String(length=16), nullable=False, server_default="published"),
        sa.Column("proposed", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("note", sa.String(length=2000), nullable=False, server_default=""),
    ):
        op.add_column("activities", column)
    op.create_index("ix_activities_review", "activities", ["review"])
