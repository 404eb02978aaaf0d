"""
Invitations that went wrong: an address put in another's place, a file of codes made again.

What it could link: which invitations came from one file, for whoever holds the database and the web's keys,
and so how many of that file's were exchanged; never with a response. A mended address says that a mail was
refused, nothing of whether its invitation was exchanged. All of it is erased when the wave closes.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_mended_invitations"
down_revision = "2026_11_26_words_covered"


def upgrade() -> None:
    """Make the table of files; no address from before was mended or taken out."""
    op.create_table(
        "code_files",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id", "organisation_id"],
            ["waves.id", "waves.organisation_id"],
            name="fk_code_files_wave_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code_files"),
    )
    op.create_index("ix_code_files_wave_id", "code_files", ["wave_id"])
    op.add_column("invited_addresses", sa.Column("mended", sa.LargeBinary(), nullable=True))
    op.add_column(
        "invited_addresses", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_invited_addresses_address", "invited_addresses", ["wave_id", "address_digest"])
