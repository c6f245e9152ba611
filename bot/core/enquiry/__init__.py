"""A question about procedures: what was asked, what was found, and what must be answered."""
