"""Turns that are about a complaint: opening one, talking about it, sending it, following it."""
