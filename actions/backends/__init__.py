"""Complaint backends: the contract, the local one (in process and over HTTP), the client of others, a verifier."""
