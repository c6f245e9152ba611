"""The wiring, with a file for each capability in bot.wiring: builds the service and serves it."""

import asyncio
import contextlib
import gc
import os
import socket
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from actions.webhook import ActionEndpoint
from bot.core.attachments import FileLimits
from bot.core.cases.heard import BehaviourModel
from bot.core.clock import SystemClock
from bot.core.errors import ConfigurationError
from bot.core.notices import Notices
from bot.core.phrases import Phrases, load_phrases
from bot.core.ports import KnowledgeBase
from bot.core.purging import Purger
from bot.core.replies import Button, Reply
from bot.core.taxonomy import Taxonomy
from bot.core.turns import Dispatcher, TurnRunner
from bot.first_administrator import first_administrator
from bot.health import add_health
from bot.logs import configure_logging
from bot.processes import EXIT_CONFIGURATION
from bot.settings import PROJECT_ROOT, Settings, load
from bot.store import KeyRing, SingleProcessLock, Store
from bot.tokens import with_tokens
from bot.wiring.casework import Casework
from bot.wiring.channels import Channels, RelayNotifier, make_recogniser
from bot.wiring.console import Console
from bot.wiring.conversations import AttendedConversations
from bot.wiring.figures import FiguresSide
from bot.wiring.hotline import Hotline
from bot.wiring.plugs import configured
from bot.wiring.suggestions import SpokenSuggester, SuggestionSide
from bot.wiring.turn_actions import make_actions
from bot.wiring.web_limits import opening_limits
from channels.console.conversations import DESK
from channels.evaluation import evaluation_router
from channels.files import FileDesk
from channels.listening import Listener
from channels.web import (
    BodyLimit,
    Doorkeeper,
    WebChannelSettings,
    WebSessions,
    install_web_channel,
    plain_router,
    web_router,
)
from channels.web.files import PREFIX as FILES_PREFIX
from channels.web.files import files_router
from nlu.client import RasaDialogue

if TYPE_CHECKING:
    from knowledge.base import LiveKnowledgeBase

REREAD_SECONDS = 2.0
SINGLE_PROCESS_REREAD_SECONDS = 30.0


@dataclass(frozen=True)
class Parts:
    """The joined parts of one service process."""

    settings: Settings
    store: Store
    knowledge: KnowledgeBase
    behaviours: BehaviourModel
    dialogue: RasaDialogue
    phrases: Phrases
    notifier: RelayNotifier
    dispatcher: Dispatcher
    casework: Casework
    files: FileDesk
    listener: Listener
    channels: Channels
    console: Console
    conversations: AttendedConversations
    hotline: Hotline
    figures: FiguresSide


def open_store(settings: Settings) -> Store:
    """Open, migrate and check the database. Raises ConfigurationError with one line."""
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    store.migrate()
    store.check()
    return store


def open_knowledge(settings: Settings, store: Store) -> "LiveKnowledgeBase":
    """Load the catalogue, encoder and index. Raises ConfigurationError with one line."""
    from knowledge.base import open_knowledge_base

    def withdrawn() -> frozenset[str]:
        with store() as unit:
            return unit.withdrawn()

    return open_knowledge_base(
        settings.catalogue, settings.index_dir, settings.encoder_dir, settings.encoder, withdrawn
    )


def join(settings: Settings, store: Store) -> Parts:
    """Build every part from the settings. Raises ConfigurationError with one line."""
    from knowledge.complaints import open_complaint_reader

    knowledge = open_knowledge(settings, store)
    behaviours = open_complaint_reader(settings.complaints_dir, Taxonomy.load())
    phrases = load_phrases(settings.contacts_file)
    notifier, clock = RelayNotifier(), SystemClock()
    dialogue = RasaDialogue(str(settings.rasa_url), settings.secret("rasa_token"), settings.rasa_timeout_seconds)
    suggesting = SuggestionSide(knowledge, store, phrases)
    files = FileDesk(store, clock, FileLimits(settings.max_file_bytes, settings.max_files))
    spoken = SpokenSuggester(suggesting.suggestions)
    pushed = partial(notifier.wake_only, DESK)
    hotline = Hotline(settings, store, knowledge, phrases, behaviours, files, spoken, pushed)
    runner = TurnRunner(
        units=store,
        dialogue=hotline.answering_codes(dialogue),
        clock=clock,
        phrases=phrases,
        notifier=notifier,
        worker=f"{socket.gethostname()}-{os.getpid()}",
        lease_seconds=settings.lease_seconds,
        give_up_after_seconds=settings.give_up_after_seconds,
    )
    dispatcher = Dispatcher(runner, store, clock, settings.workers)
    casework = Casework(settings, store, phrases)
    plugs, ears = configured(settings, store, clock), make_recogniser(settings)
    channels = Channels(settings, store, phrases, greeting(phrases), notifier, dispatcher.wake, files, plugs, ears)
    conversations = AttendedConversations(settings, store, phrases, notifier, dispatcher.wake)
    console = Console(settings, store, casework.directory(), suggesting, conversations)
    return Parts(
        settings=settings,
        store=store,
        knowledge=knowledge,
        behaviours=behaviours,
        dialogue=dialogue,
        phrases=phrases,
        notifier=notifier,
        dispatcher=dispatcher,
        casework=casework,
        files=files,
        listener=Listener(store, ears),
        channels=channels,
        console=console,
        conversations=conversations,
        hotline=hotline,
        figures=FiguresSide(settings, casework.tools, knowledge),
    )


def greeting(phrases: Phrases) -> Reply:
    """Return the first message of a conversation."""
    return Reply(act="greeting", text=phrases.say("greeting"), buttons=(Button("human", phrases.word("ask_person")),))


def build_app(parts: Parts) -> FastAPI:
    """Return the service's application; its dispatcher runs while the application does."""
    settings, clock = parts.settings, SystemClock()

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Store calls and searches: enough threads that a slow disk does not stall the turns.
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=settings.workers * 2, thread_name_prefix="blocking"))
        purger = Purger(parts.store, clock, settings.channels.retention_days)
        tasks = [asyncio.create_task(work) for work in (parts.dispatcher.run(), purger.run())]
        try:
            async with (
                parts.casework.running(),
                parts.channels.running(),
                parts.console.running(),
                parts.hotline.running(),
            ):
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await parts.dialogue.aclose()

    app = FastAPI(
        title="Tiếp Dân", description="Hỏi đáp thủ tục hành chính", lifespan=lifespan, docs_url=None, redoc_url=None
    )
    web_settings = WebChannelSettings(
        session_lifetime=timedelta(hours=settings.session_hours),
        token_lifetime=timedelta(minutes=settings.widget.token_minutes),
        signing_key=settings.secret("session_key"),
        origins=settings.widget.origin_set,
        max_waiting_messages=settings.max_waiting_messages,
        evaluation_token=settings.secret("evaluation_token") if settings.evaluation else None,
        # The notifier misses nothing where there is no other process that writes.
        reread_seconds=SINGLE_PROCESS_REREAD_SECONDS if parts.store.single_process else REREAD_SECONDS,
    )
    door = (
        None if settings.evaluation else Doorkeeper(opening_limits(settings.widget, parts.phrases.contacts.hotline))
    )
    web = web_router(
        # What a citizen sends is acknowledged before what waits to be worked on is written.
        uow_factory=parts.store.urgent,
        clock=clock,
        notify=parts.notifier,
        on_message=parts.dispatcher.wake,
        greeting=greeting(parts.phrases),
        settings=web_settings,
        notices=Notices(PROJECT_ROOT / settings.widget.notices_file).at,
        door=door,
        attended=parts.conversations.attended,
    )
    # Added before the web channel's layers, so that these put their headers on the refusals of both and no error's
    # words reach a log.
    limits = FileLimits(settings.max_file_bytes, settings.max_files)
    app.add_middleware(
        ActionEndpoint,
        actions=make_actions(
            parts.knowledge, parts.store, parts.phrases, parts.behaviours, limits, parts.conversations.front_desk
        ),
        token=settings.secret("action_token"),
        loopback_only=settings.rasa_url.host in {"127.0.0.1", "localhost", "[::1]"},
    )
    app.add_middleware(BodyLimit, max_bytes=settings.max_file_bytes, prefix=FILES_PREFIX)
    install_web_channel(app, web, settings.max_body_bytes, web_settings.origins)
    sessions = WebSessions(parts.store.urgent, clock, greeting(parts.phrases), web_settings)
    app.include_router(files_router(parts.files, sessions, parts.listener))
    app.include_router(plain_router(sessions, parts.notifier, parts.dispatcher.wake, door))
    parts.casework.install(app, parts.console.signed_in.desk)
    parts.console.install(app)
    parts.channels.install(app)
    parts.hotline.install(app, parts.console.signed_in)
    parts.figures.install(app, parts.console.signed_in)
    if settings.evaluation:
        app.include_router(evaluation_router(parts.store, settings.secret("evaluation_token")))
    add_health(app, parts.store, parts.dialogue)
    return app


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises ConfigurationError before serving if anything is unusable."""
    configure_logging(settings.log_level)
    with contextlib.ExitStack() as stack:
        store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
        stack.callback(store.close)
        if store.single_process:
            stack.enter_context(SingleProcessLock(Path(f"{store.name}.lock")))
        store.migrate()
        store.check()
        if store.single_process:
            # Leases left behind by an earlier process belong to nobody.
            with store() as unit:
                unit.release_all_leases()
                unit.threads.expire_leases(SystemClock().now())
                unit.commit()
        if sys.stderr.isatty():  # `tiepdan run` tells it itself, and a log must not have it
            for line in first_administrator(settings, store):
                print(line, file=sys.stderr)  # noqa: T201  (the start's output, seen once)
        parts = join(settings, store)
        # What was loaded stays until the end: the collector need not go through it again and again.
        gc.collect()
        gc.freeze()
        config = uvicorn.Config(
            build_app(parts),
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=5,
            server_header=False,
            proxy_headers=False,
        )
        uvicorn.Server(config).run()


def main() -> None:
    """Serve with the settings of the environment; a configuration error ends with one line and exit code 78."""
    try:
        serve(with_tokens(load()))
    except ConfigurationError as error:
        print(error, file=sys.stderr)  # noqa: T201  (the one line the supervisor shows)
        sys.exit(EXIT_CONFIGURATION)


if __name__ == "__main__":
    main()
