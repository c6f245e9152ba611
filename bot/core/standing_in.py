"""Conversations that stand for what was filed for somebody, by telephone or on paper: nobody chats in them. Pure."""

OF_CALL, OF_FILING = "call-", "filed-"
STANDING_IN = (OF_CALL, OF_FILING)


def of_call(call_id: str) -> str:
    """Return the conversation of the cases that are filed out of a call."""
    return f"{OF_CALL}{call_id}"


def of_filing(filing_key: str) -> str:
    """Return the conversation of a case that is filed from a letter, a note, a visit."""
    return f"{OF_FILING}{filing_key[:32]}"


def stands_in(conversation_id: str) -> bool:
    """True where nobody chats, so that nothing can be told there."""
    return conversation_id.startswith(STANDING_IN)
