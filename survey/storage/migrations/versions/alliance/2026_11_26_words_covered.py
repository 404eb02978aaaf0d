"""
PostgreSQL finds words in an index alone, as SQLite does: what a word weighs stands in the key's index too.

It could link nothing: the words are those of published entries.
"""

from alembic import op

revision = "2026_11_26_words_covered"
down_revision = "2026_11_26_proposals"


def upgrade() -> None:
    """Make the key's index anew where rows do not lie in it themselves."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE library_words DROP CONSTRAINT pk_library_words, "
            "ADD CONSTRAINT pk_library_words PRIMARY KEY (word, entry_id) INCLUDE (weight)"
        )
