"""The contract test that any complaint backend can be run against, clause by clause."""

from actions.backends.verify.clauses import CLAUSES
from actions.backends.verify.run import ClauseResult, verify

__all__ = ["CLAUSES", "ClauseResult", "verify"]
