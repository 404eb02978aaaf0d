"""
The alliance's library: entries, their revisions and pictures, and the index of words and labels.

It could link nothing: no table here names a wave, a response or a person.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_library"
down_revision = "2026_11_25_waits_for"


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "library_entries",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("starter", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "sorting",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("link_checked_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_library_entries_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_library_entries"),
    )
    op.create_index("ix_library_entries_organisation_id", "library_entries", ["organisation_id"])
    op.create_index("ix_library_entries_starter", "library_entries", ["starter"])
    op.create_index("ix_library_entries_state_sorting", "library_entries", ["state", "sorting", "id"])
    op.create_index("ix_library_entries_id_sorting", "library_entries", ["id", "state", "sorting"])
    op.create_table(
        "library_labels",
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["library_entries.id"], name="fk_library_labels_entry_id"),
        sa.PrimaryKeyConstraint("facet", "code", "entry_id", name="pk_library_labels"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_library_labels_entry_id", "library_labels", ["entry_id"])
    op.create_table(
        "library_pictures",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["library_entries.id"], name="fk_library_pictures_entry_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_library_pictures_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_library_pictures"),
    )
    op.create_index("ix_library_pictures_entry_id", "library_pictures", ["entry_id"])
    op.create_index("ix_library_pictures_organisation_id", "library_pictures", ["organisation_id"])
    op.create_table(
        "library_revisions",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["library_entries.id"], name="fk_library_revisions_entry_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_library_revisions_organisation_id"
        ),
        sa.PrimaryKeyConstraint("entry_id", "number", name="pk_library_revisions"),
    )
    op.create_index("ix_library_revisions_organisation_id", "library_revisions", ["organisation_id"])
    op.create_index("ix_library_revisions_state", "library_revisions", ["state"])
    op.create_table(
        "library_words",
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["library_entries.id"], name="fk_library_words_entry_id"),
        sa.PrimaryKeyConstraint("word", "entry_id", name="pk_library_words"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_library_words_entry_id", "library_words", ["entry_id"])
