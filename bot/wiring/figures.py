"""Wiring of the day's figures: the console's page and file, and /metrics."""

import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.people import Principal
from bot.core.figures.desk import FiguresDesk, FigureTools
from bot.core.figures.machine import MachineFigures
from bot.core.figures.report import Reporter
from bot.core.figures.words import FigureWords
from bot.core.ports import KnowledgeBase
from bot.core.taxonomy import Taxonomy
from bot.settings import Settings
from channels.console.figures import figures_router
from channels.metrics import metrics_router


class FiguresSide:
    """Everything of figures over one store and knowledge base."""

    def __init__(self, settings: Settings, cases: DeskTools, knowledge: KnowledgeBase) -> None:
        self._chosen = settings.metrics
        tools = FigureTools(cases.units, cases.clock, cases.access, knowledge, Taxonomy.load(), cases.registry)
        self.desk = FiguresDesk(tools, Reporter(FigureWords.load()))
        seconds = self._chosen.cache_seconds
        self.machine = MachineFigures(cases.units, cases.clock, self.desk, seconds, time.monotonic)

    def install(self, app: FastAPI, signed_in: Callable[..., Awaitable[Principal]]) -> None:
        """Add the routes; `signed_in` gives whoever calls at the console, or refuses them."""
        app.include_router(figures_router(self.desk, signed_in))
        if self._chosen.enabled:
            token = self._chosen.token.get_secret_value() if self._chosen.token else None
            app.include_router(metrics_router(self.machine.snapshot, token))
