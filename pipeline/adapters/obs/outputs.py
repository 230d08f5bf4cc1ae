"""Starts and stops OBS's stream and recording, and believes neither OK nor STARTED: bytes must grow."""

import contextlib
import logging
import threading
from pathlib import Path

from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.events import STOPPED, Events
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.media.probe import probe

log = logging.getLogger(__name__)

STREAM, RECORD = "StreamStateChanged", "RecordStateChanged"
_START_S = 15.0
_STOP_S = 20.0
_POLL_S = 0.1
_NO_OUTPUT = 604  # OBS has no such output (no virtual camera on this system)
RECORD_NAME = "obs"


class Outputs:
    """The stream, the recording and the virtual camera of one OBS."""

    def __init__(
        self, connection: Connection, events: Events, clock: Clock = SYSTEM, *, start_s: float = _START_S
    ) -> None:
        self._ask = connection.request
        self._events = events
        self._clock = clock
        self._start_s = start_s
        self._never = threading.Event()

    def refuse_on_air(self) -> None:
        """Raises Refused `obs.on-air` while OBS streams, records or feeds its virtual camera."""
        for what in ("Stream", "Record", "VirtualCam"):
            with contextlib.suppress(Fatal):
                if self._ask(f"Get{what}Status")["outputActive"]:
                    raise Refused("obs.on-air", output=what)

    def start_stream(self) -> None:
        """Start streaming, unless OBS streams already; returns when bytes flow.

        Raises Temporary `obs.stream-not-started`; OBS then does not stream.
        """
        self._events.forget(STREAM)
        if not self._ask("GetStreamStatus")["outputActive"]:
            self._ask("StartStream")
        first, reason = 0, "silent"
        for _ in self._ticks(self._start_s):
            status = self._ask("GetStreamStatus")
            sent = int(status["outputBytes"]) if status["outputActive"] else 0
            if first and sent > first:
                return
            first = first or sent
            if self._events.last(STREAM) == STOPPED:
                reason = "refused"
                break
        with contextlib.suppress(PipelineError):
            self._ask("StopStream")
        raise Temporary("obs.stream-not-started", reason=reason)

    def stop_stream(self) -> None:
        """Stop streaming, if OBS streams; returns when it has stopped. Temporary `obs.stream-not-stopped`."""
        if not self._ask("GetStreamStatus")["outputActive"]:
            return
        self._ask("StopStream")
        if not self._stopped("GetStreamStatus"):
            raise Temporary("obs.stream-not-stopped")

    def start_record(self, folder: Path) -> Path:
        """Record to `folder`/obs.mkv (obs-2.mkv where that exists); returns its path once the file grows.

        Raises Refused `obs.already-recording`, Temporary `obs.record-not-started`; OBS then does not record.
        """
        if self._ask("GetRecordStatus")["outputActive"]:
            raise Refused("obs.already-recording")
        folder.mkdir(parents=True, exist_ok=True)
        path = _free_name(folder.absolute())
        for category, name, value in (
            ("AdvOut", "RecFilePath", str(path.parent)),
            ("Output", "FilenameFormatting", path.stem),
        ):
            self._ask("SetProfileParameter", parameterCategory=category, parameterName=name, parameterValue=value)
        self._events.forget(RECORD)
        self._ask("StartRecord")
        first = 0
        for _ in self._ticks(self._start_s):
            size = path.stat().st_size if path.exists() else 0
            if first and size > first:
                return path
            first = first or size
            if self._events.last(RECORD) == STOPPED:
                break
        with contextlib.suppress(PipelineError):
            self._ask("StopRecord")
        raise Temporary("obs.record-not-started", folder=str(folder))

    def stop_record(self) -> Path:
        """Stop recording and return the file once OBS has closed it and it holds picture and sound.

        Raises Refused `obs.not-recording`, Temporary `obs.record-not-stopped`, Fatal `obs.record-empty`.
        """
        if not self._ask("GetRecordStatus")["outputActive"]:
            raise Refused("obs.not-recording")
        self._events.forget(RECORD)
        path = Path(self._ask("StopRecord")["outputPath"])
        # The path comes before the file is closed; the event after it. An event can be lost with a connection.
        if not self._events.wait_for(RECORD, STOPPED, _STOP_S) and not self._stopped("GetRecordStatus"):
            raise Temporary("obs.record-not-stopped", file=str(path))
        try:
            found = probe(path)
        except PipelineError as error:
            raise Fatal("obs.record-empty", file=str(path), detail=error.code) from error
        if not found.video or not found.audio:
            raise Fatal("obs.record-empty", file=str(path), detail="no picture" if not found.video else "no sound")
        return path

    def virtual_camera(self, on: bool) -> None:
        """Start or stop the virtual camera; nothing where it is so. Refused `obs.no-virtual-camera`."""
        try:
            running = bool(self._ask("GetVirtualCamStatus")["outputActive"])
        except Fatal as error:
            if not on:
                return
            raise Refused("obs.no-virtual-camera", comment=error.fields.get("comment", "")) from error
        if running != on:
            self._ask("StartVirtualCam" if on else "StopVirtualCam")

    def _stopped(self, question: str) -> bool:
        return any(not self._ask(question)["outputActive"] for _ in self._ticks(_STOP_S))

    def _ticks(self, seconds: float) -> "_Ticks":
        return _Ticks(self._clock, self._never, seconds)


class _Ticks:
    """Iterates every `_POLL_S` until `seconds` are over."""

    def __init__(self, clock: Clock, never: threading.Event, seconds: float) -> None:
        self._clock = clock
        self._never = never
        self._end = clock.monotonic_us() + int(seconds * 1e6)

    def __iter__(self) -> "_Ticks":
        return self

    def __next__(self) -> None:
        if self._clock.monotonic_us() > self._end:
            raise StopIteration
        self._clock.wait(self._never, _POLL_S)


def _free_name(folder: Path) -> Path:
    number = 1
    while True:
        name = RECORD_NAME if number == 1 else f"{RECORD_NAME}-{number}"
        path = folder / f"{name}.mkv"
        if not path.exists():
            return path
        number += 1
