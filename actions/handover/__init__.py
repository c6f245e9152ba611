"""Turns that pass to a person."""
