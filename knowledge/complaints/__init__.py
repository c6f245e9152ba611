"""Which behaviours of an official a complaint is about: our own examples, the model trained on them, its reader."""

from knowledge.complaints.reader import BehaviourReader, Scored, open_complaint_reader

__all__ = ["BehaviourReader", "Scored", "open_complaint_reader"]
