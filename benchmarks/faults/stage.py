"""Faults of the whole station: OBS, broadcast, platform, database, each of them as people and machines do it."""

import os
import signal
from collections.abc import Callable

from benchmarks.faults.fault import A_SECOND, NOBODY, Fault
from benchmarks.faults.processes import HUB_BACK_S
from benchmarks.faults.rig import PLATFORM, RECORDING
from benchmarks.faults.signals import killed, stopped
from benchmarks.faults.stage_rig import StageRig
from pipeline import platform

OBS_S = 15.0  # OBS launched anew: about 2 s to its socket and data, with everything checked
SHOWN = "main"


def hub_killed(rig: StageRig) -> None:
    old = rig.hub_pid
    rig.broken()
    os.kill(old, signal.SIGKILL)
    rig.mended()
    rig.until(lambda: rig.hub_pid != old and platform.alive(rig.hub_pid), HUB_BACK_S, "another hub")


def guard_killed(rig: StageRig) -> None:
    rig.broken()
    os.kill(rig.guard_pid, signal.SIGKILL)
    rig.play(5)
    rig.mended()


def stream_stopped(rig: StageRig) -> None:
    """Somebody clicks "Stop streaming" in OBS."""
    rig.broken()
    with rig.obs() as obs:
        obs.request("StopStream")


def scenes_deleted(rig: StageRig) -> None:
    """Somebody deletes every scene but one that is empty."""
    rig.broken()
    with rig.obs() as obs:
        names = [scene["sceneName"] for scene in obs.request("GetSceneList")["scenes"]]
        obs.request("CreateScene", sceneName="empty")
        for name in names:
            obs.request("RemoveScene", sceneName=name)
    rig.until(lambda: any("scene" in code for code in rig.findings()), 15, "an alarm about the scenes")


def collection_switched(rig: StageRig) -> None:
    """Somebody switches to another scene collection: an empty scene is on air."""
    rig.broken()
    with rig.obs() as obs:
        before = obs.request("GetSceneCollectionList")["currentSceneCollectionName"]
        obs.request("CreateSceneCollection", sceneCollectionName="other")
        rig.until(lambda: rig.findings() & {"watch.studio-changed", "obs.foreign-collection"}, 15, "an alarm")
        obs.request("SetCurrentSceneCollection", sceneCollectionName=before)
    rig.mended()


def token_revoked(rig: StageRig) -> None:
    """The platform's token dies in the middle: the stream goes on, and an alarm is written."""
    rig.broken()
    rig.stage.facebook.world.token_fault = "token-invalid"
    try:
        rig.until(lambda: any("token" in code for code in rig.findings()), 25, "an alarm about the token")
    finally:
        rig.stage.facebook.world.token_fault = None
        rig.mended()


def live_ended(rig: StageRig) -> None:
    """The platform ends the live video: it is not knocked at again and again."""
    world = rig.stage.facebook.world
    [live] = [one for one in world.lives.values() if one.state == "LIVE"]
    rig.broken()
    world.update(live.id, {"end_live_video": True})
    rig.play(25)
    tries = len(rig.stage.facebook.ingest.refusals())
    assert tries <= 2, f"knocked {tries} times in 25 s at a live video that was ended"


def database_gone(rig: StageRig) -> None:
    """The station's databases are away for the rest of the event."""
    work = rig.stage.station / "work"
    rig.broken()
    for path in work.glob("*.sqlite*"):
        path.rename(path.with_name(f"{path.name}.away"))
        path.mkdir()
    rig.play(6)
    for path in work.glob("*.sqlite*.away"):
        whole = path.with_name(path.name.removesuffix(".away"))
        whole.rmdir()
        path.rename(whole)
    rig.mended()


PLACES = (PLATFORM, RECORDING)


def fault(
    name: str, what: str, act: Callable[[StageRig], None], hurts: frozenset[str] = NOBODY, **more: object
) -> Fault:
    return Fault(name, what, act, hurts, places=PLACES, around="stage", **more)  # type: ignore[arg-type]


def obs(rig: StageRig) -> int:
    return rig.obs_pid


FAULTS = (
    fault("obs-killed", "OBS killed: launched anew", killed(obs), health_s=OBS_S, slate=True),
    fault("obs-hung", "OBS hung for 12 s", stopped(obs, 12), health_s=OBS_S, slate=True),
    fault("obs-stream-stopped", "somebody stops the stream in OBS", stream_stopped, slate=True),
    fault("obs-scenes-deleted", "somebody deletes the scenes in OBS", scenes_deleted),
    fault("obs-collection-switched", "somebody switches OBS's scene collection", collection_switched),
    fault("broadcast-killed", "broadcast killed: takes itself over", killed(lambda rig: rig.broadcast_pid)),
    fault("broadcast-hung", "broadcast hung for 10 s", stopped(lambda rig: rig.broadcast_pid, 10)),
    fault("chain-guard-killed", "guard of the whole chain killed", guard_killed),
    fault(
        "chain-hub-killed",
        "hub of the whole chain killed: OBS streams again",
        hub_killed,
        frozenset({PLATFORM}),
        lost={RECORDING: A_SECOND},
    ),
    fault("token-revoked", "platform's token revoked in the middle", token_revoked),
    fault("live-ended", "live video ended by the platform", live_ended, frozenset({PLATFORM}), heals=False),
    fault("database-gone", "databases gone for 6 s", database_gone),
)
