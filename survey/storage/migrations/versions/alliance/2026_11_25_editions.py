"""
Editions of the sectors' figures.

What it could link: nothing. A figure is over five organisations or more, and which ones is not stored.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_editions"
down_revision = "2026_11_25_fieldings"


def upgrade() -> None:
    """The editions' table."""
    op.create_table(
        "editions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_editions")),
    )
