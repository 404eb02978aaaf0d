"""
The audit log, whose rows can be added and never changed.

What it could link: nothing about respondents is written into it. An entry tells which account did what, when.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_audit_log"
down_revision = "2026_11_25_queued_mails"

SQLITE = """
CREATE TRIGGER audit_entries_keep_{verb} BEFORE {verb} ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
POSTGRESQL = (
    """
    CREATE FUNCTION audit_entries_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_entries_keep BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_keep()
    """,
    """
    CREATE TRIGGER audit_entries_keep_all BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_keep()
    """,
)
REFUSALS = {
    "sqlite": tuple(SQLITE.format(verb=verb) for verb in ("update", "delete")),
    "postgresql": POSTGRESQL,
}


def upgrade() -> None:
    """Make the table, and refuse every change to what stands in it."""
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(25), nullable=False),
        sa.Column("actor", sa.String(16), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor"])
    op.create_index("ix_audit_entries_organisation_id", "audit_entries", ["organisation_id"])
    for statement in REFUSALS[op.get_bind().dialect.name]:
        op.execute(statement)
