"""Alembic's environment: works on the connection that bot.store.revisions hands over, in its transaction."""

from alembic import context

from bot.store.tables.conversations import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
