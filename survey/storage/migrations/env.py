"""Where Alembic meets a connection; run by `survey/storage/upgrading.py`, once for each database."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
