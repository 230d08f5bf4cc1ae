"""The durable engine: one DBOS workflow a recording and revision. The only file that knows DBOS.

A step is a plain function that runs on a thread of its own; what it returns is kept, so that after a kill the
workflow goes on behind the last step that ended. Steps may run again, and so they are idempotent. A step's
error is data here ({"error": …}): the workflow ends by telling it, and nothing is thrown through the engine.
"""

import asyncio
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dbos import DBOS, DBOSConfig, Serializer

from pipeline.model.config import Settings
from pipeline.post.steps import LIMITS, QUEUES, merged

log = logging.getLogger(__name__)
FILE = "engine.sqlite"
# Fixed across releases that can finish each other's work: another version's unfinished work would be left alone.
_VERSION = "ekultura-1"
_RECOVERIES = 1000  # the default gives up after a hundred crashes
_POLL_S = 0.5
Json = dict[str, Any]
RunStep = Callable[[str, Json, Json, threading.Event], Json]
Status = Literal["unknown", "going", "ended", "broken"]


class _Json(Serializer):
    """JSON in the engine's tables instead of pickle: readable, and nothing is executed when it is read."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, ensure_ascii=False, default=_told)

    def deserialize(cls, serialized_data: str) -> Any:
        raw = json.loads(serialized_data)
        if isinstance(raw, dict) and set(raw) == {"__error__"}:
            return RuntimeError(str(raw["__error__"]))
        return raw

    def name(self) -> str:
        return "ekultura_json"


def _told(value: object) -> Json:
    if isinstance(value, BaseException):
        return {"__error__": f"{type(value).__name__}: {value}"}
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """`address` is SQLAlchemy's; `executor` names this machine's worker, one running process each."""

    address: str
    executor: str

    @classmethod
    def of(cls, settings: Settings, executor: str) -> "EngineConfig":
        """The engine's own file in the work folder, or its schema in the station's PostgreSQL."""
        if settings.database is not None:
            return cls(settings.database.get_secret_value(), executor)
        return cls(f"sqlite:///{(settings.folders.work / FILE).as_posix()}", executor)


class Engine:
    """Runs and resumes workflows once started; one of it a process.

    `run_step(step, job, facts, stop)` does a step's work and returns its facts, or {"error": …}; it must end
    soon after `stop` is set, by raising. `on_error(job, error)` is told, durably, when a job ends by an error.
    """

    def __init__(self, config: EngineConfig, run_step: RunStep, on_error: Callable[[Json, Json], None]) -> None:
        self._config = config
        self._run_step = run_step
        self._on_error = on_error
        self._pool = ThreadPoolExecutor(8, "step")
        self._closing = threading.Event()
        self._here: set[str] = set()  # jobs that this process is at

    def start(self) -> None:
        """Open the engine's database and resume what a dead process of this executor left unfinished."""
        if self._config.address.startswith("sqlite:///"):
            _write_ahead(Path(self._config.address.removeprefix("sqlite:///")))
        config: DBOSConfig = {
            "name": "ekultura",
            "system_database_url": self._config.address,
            "application_version": _VERSION,
            "executor_id": self._config.executor,
            "serializer": _Json(),
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": _POLL_S,
        }
        DBOS(config=config)
        _quiet_logger()
        self._register()
        DBOS.launch()
        for queue, limit in LIMITS.items():
            DBOS.register_queue(queue, worker_concurrency=limit, polling_interval_sec=_POLL_S)

    def submit(self, ident: str, job: Json) -> None:
        """Start a job under this id; nothing when there was one with it, finished or not."""
        options = {"workflow_name": "afterwork", "queue_name": "recordings", "workflow_id": ident}
        DBOS.enqueue_workflow_with_options({**options, "app_version": _VERSION}, job)  # type: ignore[typeddict-item]

    def status(self, ident: str) -> Status:
        """`going` also while it waits in a queue; `broken`: ended without having told how."""
        found = DBOS.get_workflow_status(ident)
        if found is None:
            return "unknown"
        if found.status in {"PENDING", "ENQUEUED", "DELAYED"}:
            return "going"
        return "ended" if found.status == "SUCCESS" else "broken"

    def at_it(self, ident: str) -> bool:
        """Whether this process runs the job now (not: has it waiting in a queue)."""
        return ident in self._here

    def waits(self, ident: str) -> bool:
        """Whether the job has not been begun."""
        found = DBOS.get_workflow_status(ident)
        return found is not None and found.status == "ENQUEUED"

    def nudge(self, ident: str) -> None:
        """Let a job that no process is at be taken up again (a checkpoint failed under it)."""
        for child in DBOS.list_workflows(workflow_id_prefix=f"{ident}-", status="PENDING"):
            DBOS.resume_workflow(child.workflow_id, queue_name=child.queue_name)
        DBOS.resume_workflow(ident, queue_name="recordings")

    def cancel(self, ident: str) -> None:
        """End a job: its running step is stopped within a second."""
        DBOS.cancel_workflow(ident, cancel_children=True)

    def close(self) -> None:
        """Stop what runs, as a kill would: the next start goes on from there."""
        self._closing.set()
        logging.getLogger("dbos").setLevel(logging.ERROR)  # else it warns of every step that it leaves unfinished
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _register(self) -> None:
        async def one_step(name: str, job: Json, facts: Json) -> Json:
            return await self._step(name, job, facts)

        step = DBOS.step(name="step", preemptible=True)(one_step)

        async def queued(name: str, job: Json, facts: Json) -> Json:
            return await step(name, job, facts)

        in_queue = DBOS.workflow(name="queued-step", max_recovery_attempts=_RECOVERIES)(queued)

        async def afterwork(job: Json) -> Json:
            ident = str(job["workflow"])
            self._here.add(ident)
            try:
                return await run_all(job)
            finally:
                self._here.discard(ident)

        async def run_all(job: Json) -> Json:
            facts: Json = {}
            for name in job["plan"]["steps"]:
                if name in QUEUES:
                    handle = await DBOS.enqueue_workflow_async(QUEUES[name], in_queue, name, job, facts)
                    told: Json = await handle.get_result()
                else:
                    told = await step(name, job, facts)
                if "error" in told:
                    await failed(job, told["error"])
                    return {"error": told["error"]}
                facts = merged(facts, told)
            return {}

        async def on_error(job: Json, error: Json) -> None:
            await asyncio.to_thread(self._on_error, job, error)

        failed = DBOS.step(name="failed")(on_error)
        DBOS.workflow(name="afterwork", max_recovery_attempts=_RECOVERIES)(afterwork)

    async def _step(self, name: str, job: Json, facts: Json) -> Json:
        """The step on its thread; when this is cancelled the thread is stopped and waited for."""
        stop = threading.Event()
        running = asyncio.get_running_loop().run_in_executor(
            self._pool, self._run_step, name, job, facts, _Either(stop, self._closing)
        )
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait({running}, timeout=10)
            if running.done() and not running.cancelled():
                running.exception()  # looked at: it was stopped, there is nothing to tell
            raise
        except Exception:
            if not self._closing.is_set():
                raise
            await asyncio.Event().wait()  # closing: nothing may be kept of this step; the loop is about to end
            raise


class _Either(threading.Event):
    """Set when its own event or the engine's end is; waits on both."""

    def __init__(self, own: threading.Event, closing: threading.Event) -> None:
        super().__init__()
        self._own = own
        self._closing = closing

    def is_set(self) -> bool:
        return self._own.is_set() or self._closing.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        left = timeout
        while not self.is_set() and (left is None or left > 0):
            beat = 0.2 if left is None else min(0.2, left)
            self._own.wait(beat)
            left = None if left is None else left - beat
        return self.is_set()


def _write_ahead(path: Path) -> None:
    """The engine sets time-outs of its own but never WAL, without which readers would stop writers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _quiet_logger() -> None:
    """Its records go where ours go, and are redacted there; its own handler is taken away."""
    logger = logging.getLogger("dbos")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())  # with none at all it would add its own again
    logger.propagate = True


def same_job(job: Mapping[str, Any]) -> str:
    """The id of a job: asking twice runs it once, a new revision runs again."""
    return f"{job['recording']}/r{job['revision']}"
