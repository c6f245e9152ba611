"""Benchmarks of the running product, beside what one could have instead."""
