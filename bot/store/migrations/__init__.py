"""Alembic's folder: the environment and the revisions, run by bot.store.revisions."""
