"""The complaint backend: cases handed over exactly once, and what it reports of them."""
