"""Servers that stand for Zalo and Telegram and check what the real ones check."""
