"""The studio: OBS as the broadcast sees it. Prepares it off the air, drives it on the air, tells its state."""

import base64
import contextlib
import logging
import threading
from pathlib import Path

from pipeline.adapters.obs.buffering import Buffering
from pipeline.adapters.obs.built import Built
from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.events import Events, Watcher
from pipeline.adapters.obs.folders import config_roots
from pipeline.adapters.obs.launch import Launcher
from pipeline.adapters.obs.outputs import Outputs
from pipeline.adapters.obs.profile import Profile
from pipeline.adapters.obs.scenes import SceneBuilder, scene_names
from pipeline.adapters.obs.slate import SlateRecorder
from pipeline.clock import SYSTEM, Clock
from pipeline.errors import Fatal, Refused, Temporary
from pipeline.model.config import Obs
from pipeline.model.studio import StudioFinding, StudioPlan, StudioState
from pipeline.store.files import whole_file

log = logging.getLogger(__name__)

_LOADED_S = 15.0
_SCREENSHOT_S = 10.0
_STATE_S = 2.0  # whoever hangs is to be noticed soon
_MISSING = 600


class ObsStudio:
    """One OBS for one station. Safe to use from several threads; every call is one attempt and raises."""

    def __init__(
        self, settings: Obs, work: Path, clock: Clock = SYSTEM, *, launcher: Launcher | None = None
    ) -> None:
        self._settings = settings
        self._work = work
        self._clock = clock
        self._launcher = launcher or Launcher(settings, work, clock)
        self._connection: Connection | None = None
        self._events: Events | None = None
        self._outputs: Outputs | None = None
        self._watchers: list[Watcher] = []
        self._names: dict[str, str] = {}
        self._version = ""
        self._before: tuple[str, str] | None = None
        self._buffering = Buffering(self._roots)
        self.findings: tuple[StudioFinding, ...] = ()

    @property
    def launched(self) -> bool:
        """Whether the OBS of this station was launched by us and runs."""
        return self._launcher.launched

    @property
    def connected(self) -> bool:
        """Whether OBS answered when it was last asked (at most a heartbeat ago)."""
        return self._connection is not None and self._connection.connected

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher` with every event of OBS (`connection.ObsEvent`), in a thread of the studio's own.

        It may ask the studio for things. `ConnectionLost` and `ConnectionOpened` come the same way.
        """
        self._watchers.append(watcher)
        if self._events is not None:
            self._events.watch(watcher)

    def attach(self, plan: StudioPlan | None = None) -> None:
        """Find or launch OBS and connect, changing nothing in it; with `plan`, know its scenes by their keys.

        What a broadcast does that takes over a running one. Raises what `Launcher.ensure` and `Connection.open`
        raise.
        """
        if plan is not None:
            self._names = scene_names(plan)
        if self._connection is not None:
            return
        self._launcher.ensure()
        connection = Connection(self._settings, self._clock)
        connection.open()
        events = Events(connection)
        for watcher in self._watchers:
            events.watch(watcher)
        self._connection, self._events = connection, events
        self._outputs = Outputs(connection, events, self._clock)
        try:
            self._await_loaded(connection)
        except BaseException:
            self.close()
            raise

    def prepare(self, plan: StudioPlan) -> None:
        """Make OBS ready for `plan`: own profile and collection, scenes, encoder, hub, opening scene.

        Doing it again changes nothing. `findings` then holds what could not be as planned. Raises Refused
        `obs.on-air` while OBS streams or records, and what the parts raise.
        """
        self.attach(plan)
        connection, outputs = self._open()
        outputs.refuse_on_air()
        self._remember_theirs(connection, plan)
        profile = Profile(connection, plan, self._roots)
        profile.settle()
        fresh = self._collection(connection, plan.collection)
        built = Built(self._work, plan.collection)
        if fresh:
            built.forget_all()
        builder = SceneBuilder(connection, plan, built)
        builder.build(fresh=fresh)
        self.findings = (*profile.findings, *builder.findings)
        if self._scene_on_air(connection) != self._names[plan.opening]:
            self.show(plan.opening)

    def record_slate(self, plan: StudioPlan, card: Path, folder: Path) -> Path:
        """Record the card in `folder` through the stream's encoder, off the air, and show again what was shown.

        Takes some 12 s. Raises Refused `obs.on-air`, Temporary `obs.slate-not-shown`, what the parts raise.
        """
        self.attach(plan)
        connection, outputs = self._open()
        outputs.refuse_on_air()
        self._remember_theirs(connection, plan)
        Profile(connection, plan, self._roots).settle()
        before = str(connection.request("GetSceneCollectionList")["currentSceneCollectionName"])
        try:
            return SlateRecorder(connection, outputs, self._clock).record(card, plan.encoder, folder)
        finally:
            self._collection(connection, before)

    def start_stream(self) -> None:
        """Stream to the hub; returns when bytes flow. See `Outputs.start_stream`."""
        self._open()[1].start_stream()

    def stop_stream(self) -> None:
        """Stop streaming; nothing where OBS does not stream."""
        self._open()[1].stop_stream()

    def start_record(self, folder: Path) -> Path:
        """Record into `folder`; returns the growing file. See `Outputs.start_record`."""
        return self._open()[1].start_record(folder)

    def stop_record(self) -> Path:
        """Stop recording; returns the closed file, which was looked into."""
        return self._open()[1].stop_record()

    def virtual_camera(self, on: bool) -> None:
        """Start or stop OBS's virtual camera, into the participants' meeting."""
        self._open()[1].virtual_camera(on)

    def show(self, scene: str) -> None:
        """Put a scene of the plan on air. Refused `obs.scene-missing` where OBS has it no more."""
        connection, _ = self._open()
        try:
            connection.request("SetCurrentProgramScene", sceneName=self._names.get(scene, scene))
        except Fatal as error:
            raise _scene_fault(error, scene) from error

    def state(self) -> StudioState:
        """What OBS says of itself now; `scene` is the plan's key, or OBS's name for a scene of somebody else."""
        connection, _ = self._open()
        stats, stream, record, scenes = (
            connection.request(name, timeout_s=_STATE_S)
            for name in ("GetStats", "GetStreamStatus", "GetRecordStatus", "GetSceneList")
        )
        shown = str(scenes["currentProgramSceneName"] or "")
        keys = {name: key for key, name in self._names.items()}
        self._buffering.look()
        return StudioState(
            version=self._version,
            scene=keys.get(shown, shown),
            streaming=bool(stream["outputActive"]),
            stream_reconnecting=bool(stream["outputReconnecting"]),
            stream_bytes=int(stream["outputBytes"]),
            recording=bool(record["outputActive"]),
            record_bytes=int(record["outputBytes"]),
            render_frames=int(stats["renderTotalFrames"]),
            render_skipped=int(stats["renderSkippedFrames"]),
            output_frames=int(stats["outputTotalFrames"]),
            output_skipped=int(stats["outputSkippedFrames"]),
            audio_buffering_ms=self._buffering.ms,
            audio_buffering_source=self._buffering.source,
        )

    def screenshot(self, scene: str | None, path: Path) -> None:
        """Write a picture of a scene (None: what is on air) to `path`, PNG or, by its name, JPEG."""
        connection, _ = self._open()
        source = self._scene_on_air(connection) if scene is None else self._names.get(scene, scene)
        form = "jpg" if path.suffix.lower() in (".jpg", ".jpeg") else "png"
        try:
            answer = connection.request(
                "GetSourceScreenshot", sourceName=source, imageFormat=form, timeout_s=_SCREENSHOT_S
            )
        except Fatal as error:
            raise _scene_fault(error, scene or source) from error
        with whole_file(path) as part:
            part.write_bytes(base64.b64decode(str(answer["imageData"]).split(",", 1)[1]))

    def thumbnail(self) -> bytes:
        """The programme, 64x36, as PNG: the same bytes while not one bit of the picture changes (3-45 ms)."""
        connection, _ = self._open()
        answer = connection.request(
            "GetSourceScreenshot",
            sourceName=self._scene_on_air(connection),
            imageFormat="png",
            imageWidth=64,
            imageHeight=36,
        )
        return base64.b64decode(str(answer["imageData"]).split(",", 1)[1])

    def restore(self) -> None:
        """Give OBS back the profile and collection that it had before us. Refused `obs.on-air`."""
        connection, outputs = self._open()
        if self._before is None:
            return
        outputs.refuse_on_air()
        profile, collection = self._before
        listed = connection.request("GetProfileList")
        if profile in listed["profiles"] and profile != listed["currentProfileName"]:
            connection.request("SetCurrentProfile", profileName=profile)
        listed = connection.request("GetSceneCollectionList")
        if collection in listed["sceneCollections"] and collection != listed["currentSceneCollectionName"]:
            connection.request("SetCurrentSceneCollection", sceneCollectionName=collection, timeout_s=_LOADED_S)
        self._before = None

    def close(self) -> None:
        """Disconnect; OBS goes on with whatever it does."""
        connection, self._connection = self._connection, None
        events, self._events = self._events, None
        self._outputs = None
        if connection is not None:
            connection.close()
        if events is not None:
            events.close()

    def end_hung(self) -> bool:
        """Disconnect, and kill the OBS that we launched, which hangs; False where none of ours runs."""
        self.close()
        return self._launcher.kill()

    def end_launched(self) -> bool:
        """Disconnect and close the OBS that we launched; False when there is none of ours, which then stays."""
        self.close()
        return self._launcher.end()

    def _open(self) -> tuple[Connection, Outputs]:
        if self._connection is None or self._outputs is None:
            raise Temporary("obs.lost", request="")
        return self._connection, self._outputs

    def _await_loaded(self, connection: Connection) -> None:
        """The websocket answers a little before OBS has its scenes."""
        self._version = str(connection.request("GetVersion")["obsVersion"])
        deadline, never = self._clock.monotonic_us() + int(_LOADED_S * 1e6), threading.Event()
        while True:
            with contextlib.suppress(Fatal):
                if self._scene_on_air(connection):
                    return
            if self._clock.monotonic_us() > deadline:
                raise Temporary("obs.not-answering", host=self._settings.host, port=self._settings.port)
            self._clock.wait(never, 0.05)

    def _scene_on_air(self, connection: Connection) -> str:
        return str(connection.request("GetSceneList")["currentProgramSceneName"] or "")

    def _collection(self, connection: Connection, name: str) -> bool:
        """Switch to our collection; True when it had to be made."""
        listed = connection.request("GetSceneCollectionList")
        if name not in listed["sceneCollections"]:
            connection.request("CreateSceneCollection", sceneCollectionName=name, timeout_s=_LOADED_S)
            return True
        if listed["currentSceneCollectionName"] != name:
            connection.request("SetCurrentSceneCollection", sceneCollectionName=name, timeout_s=_LOADED_S)
        return False

    def _remember_theirs(self, connection: Connection, plan: StudioPlan) -> None:
        profile = str(connection.request("GetProfileList")["currentProfileName"])
        collection = str(connection.request("GetSceneCollectionList")["currentSceneCollectionName"])
        if self._before is None and (profile, collection) != (plan.profile, plan.collection):
            self._before = (profile, collection)

    def _roots(self) -> list[Path]:
        return config_roots(self._launcher.pid or self._launcher.listener())


def _scene_fault(error: Fatal, scene: str) -> Exception:
    return Refused("obs.scene-missing", scene=scene) if error.fields.get("status") == _MISSING else error
