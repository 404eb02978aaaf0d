"""
Organisations, accounts, waves, invitations, trustees and releases.

What it could link: `invitations` holds a keyed digest of each code and, once exchanged, a digest of the
blinded message, which no credential can be found from. It has no clock and, on SQLite, no rowid, so a row
does not tell when it was exchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_first_tables"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _organisations_and_accounts()
    _waves()
    _of_a_wave()


def _organisations_and_accounts() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password", sa.String(255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_accounts_fs_uniquifier"),
    )
    op.create_table(
        "memberships",
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "organisation_id", "role", name="pk_memberships"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_memberships_account_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_memberships_organisation_id"
        ),
    )
    op.create_index("ix_memberships_organisation_id", "memberships", ["organisation_id"])
    op.create_table(
        "used_sign_in_links",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_used_sign_in_links"),
    )


def _waves() -> None:
    op.create_table(
        "waves",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.Column("issuing_key", sa.LargeBinary(), nullable=True),
        sa.Column("manifest", sa.LargeBinary(), nullable=True),
        sa.Column("manifest_digest", sa.String(64), nullable=True),
        sa.Column("manifest_signature", sa.LargeBinary(), nullable=True),
        sa.Column("list_statement", sa.LargeBinary(), nullable=True),
        sa.Column("list_signature", sa.LargeBinary(), nullable=True),
        sa.Column("list_rows", sa.LargeBinary(), nullable=True),
        sa.Column("one_time_key", sa.LargeBinary(), nullable=True),
        sa.Column("opening_signature", sa.LargeBinary(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("responses_shown", sa.Integer(), nullable=True),
        sa.Column("responses_shown_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_waves"),
        sa.UniqueConstraint("id", "organisation_id", name="uq_waves_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_waves_organisation_id"),
    )
    op.create_index("ix_waves_organisation_id", "waves", ["organisation_id"])
    op.create_table(
        "custody_identities",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_custody_identities"),
    )
    op.create_table(
        "trustees",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_trustees"),
        sa.UniqueConstraint("token_digest", name="uq_trustees_token_digest"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_trustees_organisation_id"
        ),
    )
    op.create_index("ix_trustees_organisation_id", "trustees", ["organisation_id"])


def _of_a_wave() -> None:
    op.create_table(
        "invitations",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("blinded_digest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("wave_id", "code_digest", name="pk_invitations"),
        _wave_key("invitations"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wave_trustees",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("trustee_id", sa.String(16), nullable=False),
        sa.Column("sealed_share", sa.LargeBinary(), nullable=True),
        sa.Column("confirmation_digest", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("approval", sa.LargeBinary(), nullable=True),
        sa.Column("approved_list", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("wave_id", "number", name="pk_wave_trustees"),
        sa.ForeignKeyConstraint(["trustee_id"], ["trustees.id"], name="fk_wave_trustees_trustee_id"),
        _wave_key("wave_trustees"),
    )
    op.create_index("ix_wave_trustees_organisation_id", "wave_trustees", ["organisation_id"])
    op.create_index("ix_wave_trustees_trustee_id", "wave_trustees", ["trustee_id"])
    op.create_table(
        "releases",
        sa.Column("wave_id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", name="pk_releases"),
        _wave_key("releases"),
    )
    op.create_index("ix_releases_organisation_id", "releases", ["organisation_id"])


def _wave_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["wave_id", "organisation_id"], ["waves.id", "waves.organisation_id"], name=f"fk_{table}_wave_id"
    )
