"""Trustees' confirmations are kept as they were shown, so that custody checks them itself."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_confirmations"
down_revision = "2026_11_22_first_tables"


def upgrade() -> None:
    """Add the column; a wave in its ceremony is confirmed once more."""
    with op.batch_alter_table("wave_trustees") as table:
        table.add_column(sa.Column("confirmation", sa.LargeBinary(), nullable=True))
