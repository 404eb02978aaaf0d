"""
Waves that are being set up.

A row tells what a steward has decided so far, and nothing of anybody who will be asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_wave_drafts"
down_revision = "2026_11_25_own_questionnaires"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "wave_drafts",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("decided", sa.JSON(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("asked_plan", sa.JSON(), nullable=True),
        sa.Column("asked_definition", sa.LargeBinary(), nullable=True),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_wave_drafts_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wave_drafts"),
    )
    op.create_index("ix_wave_drafts_organisation_id", "wave_drafts", ["organisation_id"])
