"""What custody cannot take a wave further without, for steward and trustees to see, not its log alone."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_waits_for"
down_revision = "2026_11_25_after_a_release"


def upgrade() -> None:
    """
    Add the word; custody writes it anew at its next look at each wave.

    It cannot link an invitation to a response: it is one of four words, of a whole wave.
    """
    op.add_column("waves", sa.Column("waits_for", sa.String(20), nullable=True))
