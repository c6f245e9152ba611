"""Telegram through the Bot API: reading its updates, sending, files, the webhook's check, polling for development."""
