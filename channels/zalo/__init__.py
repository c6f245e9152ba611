"""The Zalo Official Account: reading its webhook, its signatures, its tokens, sending, fetching files."""
