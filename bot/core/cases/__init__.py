"""Complaints as records: the draft that a talk fills, the case that is filed, and what may be done with it. Pure."""
