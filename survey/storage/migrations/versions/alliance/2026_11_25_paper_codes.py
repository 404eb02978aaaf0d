"""
Codes for responses on paper, sealed to the trustees who may type them in.

What it could link: paper codes lie among the invitations as digests under another name, so that a row there
does not tell whether it is a person's or for paper. What is sealed here opens with a trustee's key only.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_paper_codes"
down_revision = "2026_11_25_audit_log"


def upgrade() -> None:
    """Add the column for sealed paper codes."""
    op.add_column("wave_trustees", sa.Column("paper_codes", sa.LargeBinary(), nullable=True))
