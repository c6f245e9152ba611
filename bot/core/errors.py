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
├── StoreUnavailable          the database did not answer; nothing of the unit was kept (retry)
├── HandOverError             who answers a conversation cannot be changed so
│   ├── ClaimedByAnother      somebody else attends it; `by` says who
│   ├── NotAttended           nobody attends it
│   └── OutOfOrder            something must come before, or was done already
├── CaseError                 something about a case cannot be done; the message says what, without a citizen's words
│   ├── UnknownCase           no such case (also: not for this principal's eyes)
│   ├── DecideAnew            what was decided on has changed meanwhile: the turn is decided once more
│   │   └── NumberTaken       another case has this number
│   ├── CaseConflict          the case is in a state in which this cannot be done, or somebody else was faster
│   ├── NotPermitted          the principal's role, unit or name forbids it
│   ├── UnknownAttachment     no such file
│   ├── AttachmentRefused     a file of a kind or size that is not taken; `reason` says which
│   ├── PrincipalExists       a principal with this id exists
│   ├── FilingStale           what is to be filed is not what was shown; `fields` names what changed
│   └── FilingRepeated        a client's id stands for another filing already
├── StaffError                something about the console's people cannot be done
│   ├── LoginRefused          wrong name, password or code, or a closed account
│   ├── CodeNeeded            the password is right, the code of the second step is missing
│   ├── LoginLocked           too many wrong tries; `retry_after` seconds are left
│   ├── WeakPassword          a new password is refused; `weakness` says why
│   ├── UnknownAccount        no such account
│   ├── AccountConflict       the account's state forbids it; `code` says why
│   └── StaffBusy             too many people sign in at once (retry)
├── CallError                 something about a telephone call cannot be done
│   ├── UnknownCall           no such call
│   ├── CallClaimed           somebody else has the call; `by` says who
│   ├── DialRefused           a number cannot be dialled; `why` says why
│   └── DialFailed            the switchboard did not take the wish to dial
└── BackendError              the complaint backend
    ├── BackendRefused        it refused for good; people must look at it
    └── BackendUnavailable    it did not answer, or not usably (retry); `uncertain` where it may have accepted
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


class HandOverError(TiepDanError):
    """Who answers a conversation cannot be changed so."""


class ClaimedByAnother(HandOverError):
    """Somebody else attends the conversation: `by` is their account's id."""

    def __init__(self, by: str) -> None:
        super().__init__(f"the conversation is attended by {by}")
        self.by = by


class NotAttended(HandOverError):
    """Nobody attends the conversation."""


class OutOfOrder(HandOverError):
    """Something must come before, or was done already; the message says what."""


class CaseError(TiepDanError):
    """Something about a case cannot be done; the message says what, without a citizen's words."""


class UnknownCase(CaseError):
    """No such case, or none for this principal's eyes."""


class DecideAnew(CaseError):
    """What a turn was decided on has changed meanwhile; it is decided once more."""


class NumberTaken(DecideAnew):
    """Another case has this number."""


class CaseConflict(CaseError):
    """The case is in a state in which this cannot be done, or somebody else was faster."""


class NotPermitted(CaseError):
    """The principal's role, unit or name forbids it."""


class UnknownAttachment(CaseError):
    """No such file."""


class AttachmentRefused(CaseError):
    """A file of a kind or size that is not taken; `reason` is one word for replies and logs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PrincipalExists(CaseError):
    """A principal with this id exists."""


class FilingStale(CaseError):
    """What is to be filed is not what was shown; `fields` names what is read otherwise now."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"read otherwise: {', '.join(fields)}")
        self.fields = fields


class FilingRepeated(CaseError):
    """A client's id stands for another filing already."""


class CallError(TiepDanError):
    """Something about a telephone call cannot be done."""


class UnknownCall(CallError):
    """No such call."""


class CallClaimed(CallError):
    """Somebody else has the call; `by` is who, `name` how they are called."""

    def __init__(self, by: str, name: str = "") -> None:
        super().__init__("the call is somebody else's")
        self.by = by
        self.name = name


class DialRefused(CallError):
    """A number cannot be dialled; `why` is `no-switchboard`, `no-extension` or `no-number`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class DialFailed(CallError):
    """The switchboard did not take the wish to dial, as far as is known."""


class BackendError(TiepDanError):
    """The complaint backend."""


class BackendRefused(BackendError):
    """It refused for good; people must look at it. The message is its reason, without a citizen's words."""


class BackendUnavailable(BackendError):
    """It did not answer, or not usably; try again. `uncertain`: it may have accepted what was sent."""

    def __init__(self, cause: str, *, uncertain: bool = False) -> None:
        super().__init__(cause)
        self.uncertain = uncertain


class StaffError(TiepDanError):
    """Something about the console's people cannot be done."""


class LoginRefused(StaffError):
    """Name, password or code is wrong, or the account is closed: on purpose nobody is told which."""


class CodeNeeded(StaffError):
    """The password is right; the code of the second step is missing."""


class LoginLocked(StaffError):
    """Too many wrong tries; nothing is looked at for `retry_after` seconds, whether or not there is an account."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many wrong tries")
        self.retry_after = retry_after


class WeakPassword(StaffError):
    """A new password is refused; `weakness` is one word that says why."""

    def __init__(self, weakness: str) -> None:
        super().__init__(f"the password is refused: {weakness}")
        self.weakness = weakness


class UnknownAccount(StaffError):
    """No such account."""


class AccountConflict(StaffError):
    """The account is in a state in which this cannot be done; `code` says in one word why."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code


class StaffBusy(StaffError):
    """Too many people sign in at once; try again in a moment."""
