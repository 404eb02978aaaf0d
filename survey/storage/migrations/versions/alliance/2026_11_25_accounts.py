"""
Second factors, passkeys, people who are invited, organisations that ask to start, checked help lines.

What it could link: none of it names a wave, an invitation to one, or a response.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_accounts"
down_revision = "2026_11_25_trustee_reminders"


def upgrade() -> None:
    """Add columns that rows of before need not fill, and five tables."""
    _columns()
    _of_accounts()
    _of_the_alliance()


def _columns() -> None:
    for column in (
        sa.Column("cvr", sa.String(8), nullable=False, server_default=""),
        sa.Column("scheme", sa.String(40), nullable=False, server_default=""),
        sa.Column("scheme_version", sa.String(20), nullable=False, server_default=""),
        sa.Column("scheme_code", sa.String(40), nullable=False, server_default=""),
        sa.Column("is_alliance", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_member", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("organisations", column)
    op.create_index("ix_organisations_cvr", "organisations", ["cvr"])
    for added in (
        sa.Column("language", sa.String(2), nullable=False, server_default="da"),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_counter", sa.BigInteger(), nullable=True),
        sa.Column("recovery_codes", sa.JSON(), nullable=True),
    ):
        op.add_column("accounts", added)


def _of_accounts() -> None:
    op.create_table(
        "passkeys",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("credential_id", name="pk_passkeys"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_passkeys_account_id"),
    )
    op.create_index("ix_passkeys_account_id", "passkeys", ["account_id"])
    op.create_table(
        "person_invitations",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_invitations"),
        sa.UniqueConstraint("token_digest", name="uq_person_invitations_token_digest"),
        _organisation("person_invitations"),
    )
    op.create_index("ix_person_invitations_organisation_id", "person_invitations", ["organisation_id"])
    op.create_index("ix_person_invitations_email", "person_invitations", ["email"])


def _of_the_alliance() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("cvr", sa.String(8), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("organisation_id", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        _organisation("applications"),
    )
    op.create_index("ix_applications_cvr", "applications", ["cvr"])
    op.create_table(
        "help_line_checks",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_help_line_checks"),
    )
    op.create_table(
        "questionnaire_states",
        sa.Column("questionnaire_id", sa.String(80), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("questionnaire_id", "version", name="pk_questionnaire_states"),
    )


def _organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id"], ["organisations.id"], name=f"fk_{table}_organisation_id"
    )
