"""The day's figures: what is counted, over which hours, and how small groups are kept from being recognised."""
