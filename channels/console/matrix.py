"""Who may call which route of the console: the one table, looked up at every request and walked by a test.

A route that is not in it is open to nobody. Parts of a path that name something are written `{}`. What a role may do
with a single case or conversation is decided beyond this table.
"""

import re
from collections.abc import Mapping

from bot.core.cases.people import Role
from bot.core.staff.accounts import CONSOLE_ROLES

PREFIX = "/api/console"
Roles = frozenset[Role]
Table = Mapping[tuple[str, str], Roles]

EVERYBODY: Roles = CONSOLE_ROLES
ADMINISTRATORS: Roles = frozenset({Role.ADMINISTRATOR})
# Those who talk with citizens, in chats and on the telephone.
TALKING: Roles = frozenset({Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR})
SUPERVISORS: Roles = frozenset({Role.SUPERVISOR})
# Those who look answers up.
READING: Roles = EVERYBODY - {Role.UNIT, Role.AUDITOR}
EDITING: Roles = frozenset({Role.KNOWLEDGE_EDITOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
# Those who see the day's figures; a unit, which complaints are about, does not. Of cases see bot.core.figures.desk.
COUNTING: Roles = EVERYBODY - {Role.UNIT}

# Where one is not signed in yet.
OPEN = frozenset(
    {
        ("GET", "/session/ways"),
        ("POST", "/session"),
        ("GET", "/session/sso/start"),
        ("GET", "/session/sso/callback"),
    }
)
SESSION: Table = {
    ("GET", "/session"): EVERYBODY,
    ("DELETE", "/session"): EVERYBODY,
    ("POST", "/session/touch"): EVERYBODY,
    ("POST", "/password"): EVERYBODY,
    ("POST", "/totp/start"): EVERYBODY,
    ("POST", "/totp/confirm"): EVERYBODY,
    ("DELETE", "/totp"): EVERYBODY,
}
PEOPLE: Table = {
    ("GET", "/users"): ADMINISTRATORS,
    ("POST", "/users"): ADMINISTRATORS,
    ("POST", "/users/{}/reset"): ADMINISTRATORS,
    ("POST", "/users/{}/lock"): ADMINISTRATORS,
    ("POST", "/users/{}/unlock"): ADMINISTRATORS,
    ("POST", "/users/{}/role"): ADMINISTRATORS,
    ("POST", "/users/{}/sso"): ADMINISTRATORS,
    ("DELETE", "/users/{}/sso"): ADMINISTRATORS,
}
DIRECTORY: Table = {
    ("GET", "/directory"): EVERYBODY,
    ("GET", "/cases/{}"): EVERYBODY,
}
CONVERSATIONS: Table = {
    ("GET", "/conversations"): TALKING,
    ("GET", "/conversations/{}"): TALKING,
    ("GET", "/conversations/{}/events"): TALKING,
    ("POST", "/conversations/{}/claim"): TALKING,
    ("POST", "/conversations/{}/release"): TALKING,
    ("POST", "/conversations/{}/transfer"): TALKING,
    ("POST", "/conversations/{}/reply"): TALKING,
    ("POST", "/conversations/{}/note"): TALKING,
    ("POST", "/conversations/{}/hand-back"): TALKING,
    ("POST", "/conversations/{}/close"): TALKING,
    ("POST", "/conversations/{}/abuse"): TALKING,
    ("GET", "/stream"): TALKING,
    ("POST", "/presence"): TALKING,
    ("GET", "/presence"): TALKING,
    ("GET", "/hours"): EVERYBODY,
}
SUGGESTIONS: Table = {
    ("GET", "/suggest"): READING,
    ("GET", "/procedures/{}"): READING,
    ("GET", "/conversations/{}/suggestions"): TALKING,
    ("POST", "/suggestions/{}/{}"): TALKING,
    ("POST", "/verdicts"): READING,
    ("GET", "/quick-replies"): READING,
    ("POST", "/quick-replies"): READING,
    ("PUT", "/quick-replies/{}"): READING,
    ("DELETE", "/quick-replies/{}"): READING,
    ("GET", "/review"): EDITING,
    ("POST", "/review/{}"): EDITING,
    ("GET", "/notes"): EDITING,
    ("POST", "/notes/{}/done"): EDITING,
}
CALLS: Table = {
    ("GET", "/calls"): TALKING,
    ("POST", "/calls"): TALKING,
    ("GET", "/calls/{}"): TALKING,
    ("GET", "/calls/{}/suggestions"): TALKING,
    ("POST", "/calls/{}/answer"): TALKING,
    ("POST", "/calls/{}/end"): TALKING,
    ("POST", "/calls/{}/looked-up"): TALKING,
    ("POST", "/calls/{}/wrap-up"): TALKING,
    ("POST", "/calls/{}/send"): TALKING,
    ("POST", "/calls/{}/reveal-number"): TALKING,
    ("POST", "/calls/{}/call-back"): TALKING,
    ("GET", "/dial"): TALKING,
    ("POST", "/calls/{}/dial"): TALKING,
    ("POST", "/cases/{}/dial"): TALKING,
    ("POST", "/filing/read"): TALKING,
    ("POST", "/filing/check"): TALKING,
    ("POST", "/filing/read-back"): TALKING,
    ("POST", "/filing/confirm"): TALKING,
    ("GET", "/filing/files"): TALKING,
    ("POST", "/filing/files"): TALKING,
    ("DELETE", "/filing/files/{}"): TALKING,
    ("GET", "/filing/choices"): TALKING,
    ("GET", "/filing/units"): TALKING,
}
FIGURES: Table = {
    ("GET", "/figures"): COUNTING,
    ("GET", "/figures.csv"): COUNTING,
}
MATRIX: Table = {**SESSION, **PEOPLE, **DIRECTORY, **CONVERSATIONS, **SUGGESTIONS, **CALLS, **FIGURES}
# What a page of ours does by itself, without its user: no sign of life, though it changes something.
BACKGROUND = frozenset({("POST", "/presence"), ("POST", "/suggestions/{}/{}")})
_NAMED = re.compile(r"\{[^{}]*\}")


def row_of(method: str, path: str) -> tuple[str, str]:
    """Return a route's place in the table: `/api/console/users/{user_id}/lock` is `/users/{}/lock`."""
    return method, _NAMED.sub("{}", path).removeprefix(PREFIX)


def allowed(role: Role, method: str, path: str) -> bool:
    """True when the role may call the route."""
    return role in MATRIX.get(row_of(method, path), frozenset())
