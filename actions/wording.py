"""Small rules for fitting a fact into a sentence. Pure."""


def clip(text: str, words: int) -> str:
    """Return at most `words` words, with «…» where something was left out."""
    parts = text.split()
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]).rstrip(",;.") + "…"


def sentence(text: str) -> str:
    """Return the text beginning with a capital and ending with a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def lower_first(text: str) -> str:
    """Return the text with a small first letter, unless it begins with an abbreviation such as UBND."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]
