"""
The sealed responses.

What it could link: nothing. The table has no clock, no counter and no key to anything a person has; on SQLite
it has no rowid, which would number the rows in their order of arrival; on PostgreSQL no value is moved out of
its row (TOAST), where it would be numbered in that order, nor compressed, which would tell a withdrawal by
its size.
"""

import sqlalchemy as sa
from alembic import op

BYTES = (
    "credential_digest",
    "credential_key",
    "randomiser",
    "issuing_signature",
    "row_signature",
    "envelope",
)

revision = "2026_11_22_first_table"
down_revision = None


def upgrade() -> None:
    """Make the one table."""
    op.create_table(
        "sealed_responses",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("credential_digest", sa.LargeBinary(), nullable=False),
        sa.Column("credential_key", sa.LargeBinary(), nullable=False),
        sa.Column("randomiser", sa.LargeBinary(), nullable=False),
        sa.Column("issuing_signature", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("row_signature", sa.LargeBinary(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "credential_digest", name="pk_sealed_responses"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        for column in BYTES:
            op.execute(f"ALTER TABLE sealed_responses ALTER COLUMN {column} SET STORAGE PLAIN")
