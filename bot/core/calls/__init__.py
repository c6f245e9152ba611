"""Telephone calls: what a switchboard tells of them, what is said, and what an operator does with them."""
