"""
Questionnaires that organisations bring.

A row tells which organisation asks what, and nothing of anybody who is asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_own_questionnaires"
down_revision = "2026_11_25_accounts"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "own_questionnaires",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("brought_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_own_questionnaires_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_own_questionnaires"),
    )
    op.create_index("ix_own_questionnaires_organisation_id", "own_questionnaires", ["organisation_id"])
