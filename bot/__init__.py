"""Tiếp Dân: the service (core, store, wiring, command line)."""
