"""The audit log, its check against the database, and the mark of how far it had got."""
