"""The only wiring: builds the service from its settings and serves it."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from actions.answer import AnswerAction
from actions.complaint import COMPLAINT_ROUTES, ComplaintAction
from actions.compose import Composer
from actions.converse import REPLIES, ConverseAction
from actions.handover import HandOverAction
from actions.tracking import TrackAction
from actions.turn_action import Decide, TurnAction
from actions.webhook import MAX_BODY_BYTES as MAX_ACTION_BODY_BYTES
from actions.webhook import action_router
from bot.core.calendar import WorkingCalendar
from bot.core.clock import SystemClock
from bot.core.enquiry import EnquiryResolver
from bot.core.errors import ConfigurationError, StoreUnavailable
from bot.core.phrases import Phrases, load_phrases
from bot.core.ports import KnowledgeBase, UnitOfWorkFactory
from bot.core.replies import Button, Reply
from bot.core.routes import Route
from bot.core.turns import Dispatcher, TurnRunner
from bot.logs import configure_logging
from bot.processes import EXIT_CONFIGURATION
from bot.settings import Settings, load
from bot.store import KeyRing, SingleProcessLock, Store
from bot.tokens import with_tokens
from channels.evaluation import evaluation_router
from channels.web import BodyLimit, InProcessNotifier, WebChannelSettings, install_web_channel, web_router
from nlu.client import RasaDialogue

REREAD_SECONDS = 2.0
SINGLE_PROCESS_REREAD_SECONDS = 30.0


@dataclass(frozen=True)
class Parts:
    """The joined parts of one service process."""

    settings: Settings
    store: Store
    knowledge: KnowledgeBase
    dialogue: RasaDialogue
    phrases: Phrases
    notifier: InProcessNotifier
    dispatcher: Dispatcher


def make_actions(knowledge: KnowledgeBase, units: UnitOfWorkFactory, phrases: Phrases) -> list[TurnAction]:
    """Return the custom actions that the dialogue's rules name."""
    resolver, hand_over = EnquiryResolver(knowledge), HandOverAction(phrases)
    complaint, track = ComplaintAction(phrases), TrackAction(phrases)
    guesses: dict[str, Decide] = {
        **dict.fromkeys(COMPLAINT_ROUTES, complaint),
        Route.TRACK_CASE: track,
        Route.TALK_TO_HUMAN: hand_over,
    }
    answer = AnswerAction(resolver, Composer(phrases, WorkingCalendar.load()), hand_over, phrases, guesses)
    converse = ConverseAction(resolver, answer, phrases)
    guesses.update(dict.fromkeys(REPLIES, converse))
    decisions: dict[str, Decide] = {
        "action_answer": answer,
        "action_complaint": complaint,
        "action_converse": converse,
        "action_hand_over": hand_over,
        "action_track": track,
    }
    return [TurnAction(name, decide, units, phrases) for name, decide in decisions.items()]


def open_store(settings: Settings) -> Store:
    """Open, migrate and check the database. Raises ConfigurationError with one line."""
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    store.migrate()
    store.check()
    return store


def open_knowledge(settings: Settings, store: Store) -> KnowledgeBase:
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
    knowledge = open_knowledge(settings, store)
    phrases = load_phrases(settings.contacts_file)
    notifier, clock = InProcessNotifier(), SystemClock()
    dialogue = RasaDialogue(str(settings.rasa_url), settings.secret("rasa_token"), settings.rasa_timeout_seconds)
    runner = TurnRunner(
        units=store,
        dialogue=dialogue,
        clock=clock,
        phrases=phrases,
        notifier=notifier,
        worker=f"{socket.gethostname()}-{os.getpid()}",
        lease_seconds=settings.lease_seconds,
        give_up_after_seconds=settings.give_up_after_seconds,
    )
    dispatcher = Dispatcher(runner, store, clock, settings.workers)
    return Parts(settings, store, knowledge, dialogue, phrases, notifier, dispatcher)


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
        task = asyncio.create_task(parts.dispatcher.run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await parts.dialogue.aclose()

    app = FastAPI(
        title="Tiếp Dân", description="Hỏi đáp thủ tục hành chính", lifespan=lifespan, docs_url=None, redoc_url=None
    )
    web = web_router(
        uow_factory=parts.store,
        clock=clock,
        notify=parts.notifier,
        on_message=parts.dispatcher.wake,
        greeting=greeting(parts.phrases),
        settings=WebChannelSettings(
            token_lifetime=timedelta(hours=settings.session_hours),
            max_waiting_messages=settings.max_waiting_messages,
            evaluation_token=settings.secret("evaluation_token") if settings.evaluation else None,
            # The notifier misses nothing where there is no other process that writes.
            reread_seconds=SINGLE_PROCESS_REREAD_SECONDS if parts.store.single_process else REREAD_SECONDS,
        ),
    )
    install_web_channel(app, web, settings.max_body_bytes)
    actions = make_actions(parts.knowledge, parts.store, parts.phrases)
    loopback_only = settings.rasa_url.host in {"127.0.0.1", "localhost", "[::1]"}
    app.include_router(action_router(actions, settings.secret("action_token"), loopback_only=loopback_only))
    app.add_middleware(BodyLimit, max_bytes=MAX_ACTION_BODY_BYTES, prefix="/webhook")
    if settings.evaluation:
        app.include_router(evaluation_router(parts.store, settings.secret("evaluation_token")))
    _add_health(app, parts)
    return app


def _add_health(app: FastAPI, parts: Parts) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        try:
            await asyncio.to_thread(parts.store.ping)
        except StoreUnavailable:
            return JSONResponse({"store": False}, status_code=503)
        return JSONResponse({"store": True, "rasa": await parts.dialogue.healthy()})


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
                unit.commit()
        parts = join(settings, store)
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
