"""The day's figures of a fake console: the real counting over the real store of an office."""

from fastapi import FastAPI, Request

from bot.core.cases.people import Principal
from channels.console.figures import figures_router
from channels.console.matrix import COUNTING
from channels.web.problems import Problem
from tests.browser.console_people import People
from tests.integration.desk_client import Office
from tests.integration.figures_rig import figures_desk


def install_figures(app: FastAPI, people: People, office: Office) -> None:
    """Add GET /figures and /figures.csv, with the matrix' rule of who may call them."""

    async def counting(request: Request) -> Principal:
        caller = await people.signed_in(request)
        if caller.role not in COUNTING:
            raise Problem(403, code="not-permitted")
        return caller

    app.include_router(figures_router(figures_desk(office), counting))
