from collections.abc import Callable

from sqlalchemy import create_engine, text


def test_each_database_of_a_test_is_empty_and_its_own(new_postgres_url: Callable[[], str]) -> None:
    first, second = create_engine(new_postgres_url()), create_engine(new_postgres_url())
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE kept (number integer)"))

    with second.connect() as connection:
        found = connection.scalar(text("SELECT to_regclass('kept')"))

    assert found is None
    first.dispose()
    second.dispose()
