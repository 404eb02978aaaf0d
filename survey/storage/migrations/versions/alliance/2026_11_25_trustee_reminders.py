"""When a trustee was last written to about a wave, so that nobody is written to every day."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_trustee_reminders"
down_revision = "2026_11_25_trustees_as_people"


def upgrade() -> None:
    """Add the day of the last reminder; nobody was reminded before."""
    op.add_column("wave_trustees", sa.Column("reminded_on", sa.Date(), nullable=True))
