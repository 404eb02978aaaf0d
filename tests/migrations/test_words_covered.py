"""PostgreSQL finds a word of the library without its table, as SQLite does."""

import pytest
from sqlalchemy import text

from survey.storage.databases import Databases


@pytest.mark.postgres
def test_a_word_is_found_in_the_index_alone(postgres_databases: Databases) -> None:
    with postgres_databases.alliance.connect() as connection:
        definition = connection.scalar(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = 'pk_library_words'")
        )

    assert "(word, entry_id) INCLUDE (weight)" in str(definition)
