"""Trustees are people with a name and an address; what they have proven, declined, lost and left with us."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_trustees_as_people"
down_revision = "2026_11_25_paper_codes"


def upgrade() -> None:
    """Add what a trustee is called and where to write, and what they said of a wave since then."""
    op.add_column("trustees", sa.Column("name", sa.String(200), nullable=False, server_default=""))
    op.add_column("trustees", sa.Column("address", sa.LargeBinary(), nullable=True))
    op.add_column("trustees", sa.Column("recognised", sa.String(64), nullable=True))
    op.add_column("trustees", sa.Column("successor", sa.String(16), nullable=True))
    op.add_column("trustees", sa.Column("key_copy", sa.LargeBinary(), nullable=True))
    op.add_column("wave_trustees", sa.Column("proven_on", sa.Date(), nullable=True))
    op.add_column("wave_trustees", sa.Column("declined", sa.String(1000), nullable=True))
