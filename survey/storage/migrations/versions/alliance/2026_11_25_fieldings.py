"""
Invitations by mail: where they went, the words they had, when a reminder is due; the announced last day.

What it could link: an address with an invitation, for whoever holds the web's and the worker's key; never
with a response. A copy of the table and of `invitations` without that key says how many of those mailed to
were exchanged, which a copy of `invitations` alone says too. Rows are erased when the wave closes.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_fieldings"
down_revision = "2026_11_25_library"


def upgrade() -> None:
    """Make the two tables; no wave from before has an announced day but its last possible one."""
    op.create_table(
        "invited_addresses",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_a_wave("invited_addresses"),
        sa.PrimaryKeyConstraint("wave_id", "code_digest", name="pk_invited_addresses"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fieldings",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("handed_out", sa.Boolean(), nullable=False),
        _of_a_wave("fieldings"),
        sa.PrimaryKeyConstraint("wave_id", name="pk_fieldings"),
    )
    op.create_index("ix_fieldings_organisation_id", "fieldings", ["organisation_id"])
    op.add_column("waves", sa.Column("announced_last_day", sa.Date(), nullable=True))
    op.add_column(
        "queued_mails", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def _of_a_wave(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["wave_id", "organisation_id"], ["waves.id", "waves.organisation_id"], name=f"fk_{table}_wave_id"
    )
