"""The pure domain: what a turn, a reply, a procedure and a conversation are. Standard library only."""
