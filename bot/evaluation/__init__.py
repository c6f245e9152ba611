"""Measuring the running stack through its public door: routing of single messages and whole dialogues."""
