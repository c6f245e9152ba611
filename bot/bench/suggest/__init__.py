"""Measures suggestions while operators type: latency over HTTP, and how early the right procedure is shown."""
