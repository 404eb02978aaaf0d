"""
Mails that wait to be sent.

What it could link: a mail that carries an invitation's code lies here, encrypted, until it is sent. Whoever
has the database and the web's or the worker's mail key could match code and address meanwhile; afterwards
both are gone.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_queued_mails"
down_revision = "2026_11_25_confirmations"


def upgrade() -> None:
    """Make the queue."""
    op.create_table(
        "queued_mails",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queued_mails"),
    )
    op.create_index("ix_queued_mails_about", "queued_mails", ["about"])
    op.create_index("ix_queued_mails_due", "queued_mails", ["due"])
