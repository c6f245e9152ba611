"""Channels outside the web: their contract, what arrives on them, and what is sent."""
