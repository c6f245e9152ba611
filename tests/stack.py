"""A running stack for tests: models made once, a private database and private ports each time."""

from bot.preparation import preparation
from bot.settings import Settings
from bot.steps import run_steps


def models_ready(settings: Settings) -> Settings:
    """Return the settings after training and building whatever is missing (a no-op when all is there)."""
    import asyncio
    import threading

    failure: list[BaseException] = []

    def prepare() -> None:
        try:
            asyncio.run(run_steps(preparation(settings), print))
        except BaseException as error:
            failure.append(error)

    # A thread of its own: the caller may be inside an event loop.
    thread = threading.Thread(target=prepare)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return settings
