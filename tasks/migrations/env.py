"""Runs the migrations on the connection that it is given."""

from alembic import context

from tasks.ledger.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
