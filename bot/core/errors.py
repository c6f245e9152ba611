"""The one tree of errors; adapters translate into it at their edge.

TiepDanError
├── ConfigurationError        start-up cannot go on; the message says in one line what to do
│   ├── IndexMismatch         an index was built from other texts, encoder or normaliser
│   └── StoreUnusable         the database cannot be opened, is locked or has another schema
├── CatalogueError            a catalogue file or row is unusable
├── DialogueFailed            Rasa gave no usable answer (retry)
│   └── DialogueUnavailable   Rasa could not be reached at all (retry)
├── UnknownTurn               an action was called for a turn that does not exist
├── UnknownConversation       a conversation was named that does not exist
├── ConversationBusy          too many messages wait in one conversation
└── StoreUnavailable          the database did not answer; nothing of the unit was kept (retry)
"""


class TiepDanError(Exception):
    """Base of everything this project raises on purpose."""


class ConfigurationError(TiepDanError):
    """Start-up cannot go on; the message says in one line what to do."""


class IndexMismatch(ConfigurationError):
    """An index was built from other texts, another encoder or another normaliser."""


class StoreUnusable(ConfigurationError):
    """The database cannot be opened, is locked, or has another schema."""


class CatalogueError(TiepDanError):
    """A catalogue file or row is unusable."""


class DialogueFailed(TiepDanError):
    """Rasa gave no usable answer; the turn may be tried again."""


class DialogueUnavailable(DialogueFailed):
    """Rasa could not be reached at all; the turn may be tried again."""


class UnknownTurn(TiepDanError):
    """An action was called for a turn that does not exist."""


class UnknownConversation(TiepDanError):
    """A conversation was named that does not exist."""


class ConversationBusy(TiepDanError):
    """Too many messages wait in one conversation."""


class StoreUnavailable(TiepDanError):
    """The database did not answer or stayed locked; nothing of the unit was kept, and it may be tried again."""
