"""Work that is counted, not timed: a busy machine changes nothing."""

import sys
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, are called while `work` runs.

    What happens inside one call of C code (a regular expression) counts as one; a text so long that quadratic
    matching would not end, under `pytest.mark.timeout`, guards against that.
    """
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
