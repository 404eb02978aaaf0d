"""
What an organisation does with a release: gives it away, shows it, takes it back, and plans what comes of it.

Links nothing to anybody's answers: it is all of releases, which say nothing of one person.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_after_a_release"
down_revision = "2026_11_25_wave_drafts"


def upgrade() -> None:
    """Add what stands beside a release, and plans after it; of earlier ones nothing was planned."""
    for day in ("shared_on", "published_on", "withdrawn_on"):
        op.add_column("releases", sa.Column(day, sa.Date(), nullable=True))
    op.add_column("releases", sa.Column("withdrawal", sa.String(1000), nullable=True))
    op.create_table(
        "follow_ups",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("how", sa.String(500), nullable=False),
        _of_a_wave("follow_ups"),
        sa.PrimaryKeyConstraint("wave_id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_organisation_id", "follow_ups", ["organisation_id"])
    op.create_table(
        "planned_actions",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        _of_a_wave("planned_actions"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_actions"),
    )
    op.create_index("ix_planned_actions_organisation_id", "planned_actions", ["organisation_id"])
    op.create_index("ix_planned_actions_wave_id", "planned_actions", ["wave_id"])


def _of_a_wave(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["wave_id", "organisation_id"], ["waves.id", "waves.organisation_id"], name=f"fk_{table}_wave_id"
    )
