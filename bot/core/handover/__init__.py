"""Handing a conversation to a person and back: who answers, who waits, who is there, and what is told. Pure."""
