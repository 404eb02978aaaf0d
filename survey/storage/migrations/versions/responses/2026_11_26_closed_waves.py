"""
Waves that take no more responses: custody writes one here before it lists what there is.

What it could link: nothing. A row says that a wave is closed, which is public; on SQLite it has no rowid,
which would number waves in the order of their closing.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_closed_waves"
down_revision = "2026_11_22_first_table"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "closed_waves",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", name="pk_closed_waves"),
        sqlite_with_rowid=False,
    )
