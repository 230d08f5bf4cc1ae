"""Preparing the real OBS: scenes as planned, nothing done twice, and nothing that a person did undone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.adapters.obs.connection import Connection
from pipeline.adapters.obs.layout import Canvas
from pipeline.adapters.obs.studio import ObsStudio
from pipeline.errors import Refused
from pipeline.model.config import Obs, Source
from pipeline.model.presets import Scene
from pipeline.model.studio import StudioPlan
from pipeline.standins.screenless_obs import ScreenlessObs, free_port
from tests.support.obs import TestObs, wait_until
from tests.support.studio_plan import BLUE, GREEN, RED, WHITE, plan, titled

pytestmark = [pytest.mark.air, pytest.mark.timeout(120)]

MakeStudio = Callable[[Obs], ObsStudio]
Colour = tuple[int, int, int]


@pytest.fixture
def hand(studio_obs: TestObs) -> Iterator[Connection]:
    """A person at OBS: what is changed over a connection of their own."""
    connection = Connection(studio_obs.settings)
    connection.open()
    yield connection
    connection.close()


@pytest.fixture
def the_plan(media: Path, tmp_path: Path) -> StudioPlan:
    return plan(media, tmp_path, f"kl-{tmp_path.name}")


def _item(hand: Connection, scene: str, source: str) -> dict[str, Any]:
    found = hand.request("GetSceneItemList", sceneName=scene)["sceneItems"]
    return next(item for item in found if item["sourceName"] == source)


def _pixel(picture: Path, x: int, y: int) -> Colour:
    with Image.open(picture) as image:
        red, green, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
        return (red, green, blue)


def _like(found: Colour, wanted: Colour, tolerance: int = 30) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(found, wanted, strict=True))


def test_twice_changes_nothing(studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    assert studio.findings == ()
    assert studio.state().scene == "opening"
    assert not studio.launched
    connection, _ = studio._open()
    before, began = connection.writes, time.monotonic()
    studio.prepare(the_plan)
    assert connection.writes == before, "the second preparing changed something"
    assert time.monotonic() - began < 5
    assert studio.findings == ()


def test_every_scene_shows_what_it_should(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, tmp_path: Path
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    canvas, pictures = Canvas(640, 360), {}

    def shot(scene: str) -> Path:
        pictures[scene] = tmp_path / f"{scene}.png"
        studio.screenshot(scene, pictures[scene])
        return pictures[scene]

    wait_until(lambda: _like(_pixel(shot("main"), 300, 100), GREEN))
    assert _like(_pixel(shot("opening"), 300, 100), RED)
    assert _like(_pixel(shot("break"), 300, 100), BLUE)
    wait_until(lambda: _like(_pixel(shot("slides"), canvas.slides(lower_third=True).x + 40, 100), WHITE))
    sign, corner = canvas.sign, canvas.corner
    assert _like(_pixel(pictures["slides"], corner.x + corner.width // 2, corner.y + 20), GREEN), "teacher"
    navy = _pixel(pictures["slides"], sign.x + 20, sign.y + 20)
    assert max(navy) < 90, "something stands in the sign-language window's place"
    bright = sum(
        _like(_pixel(pictures["main"], x, canvas.text.y + canvas.text.height // 2), (255, 255, 255), 60)
        for x in range(canvas.text.x, canvas.text.x + 250)
    )
    assert bright > 10, "no letters in the lower third"
    with Image.open(pictures["main"]) as image:
        assert image.size == (640, 360)


def test_switching_scenes_is_seen(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, tmp_path: Path
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    seen: list[str] = []
    studio.watch(lambda event: seen.append(event.name))
    picture = tmp_path / "on-air.png"

    def on_air() -> Colour:
        studio.screenshot(None, picture)
        return _pixel(picture, 300, 100)

    wait_until(lambda: _like(on_air(), RED))
    studio.show("break")
    assert studio.state().scene == "break"
    wait_until(lambda: _like(on_air(), BLUE))
    wait_until(lambda: "CurrentProgramSceneChanged" in seen)
    with pytest.raises(Refused) as caught:
        studio.show("nie-ma-takiej")
    assert caught.value.code == "obs.scene-missing"


def test_a_persons_changes_survive(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, hand: Connection
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    camera = {
        "sceneName": "Kamera główna",
        "sceneItemId": _item(hand, "Kamera główna", "camera-main")["sceneItemId"],
    }
    hand.request("SetSceneItemTransform", **camera, sceneItemTransform={"positionX": 77.0, "cropLeft": 12})
    bar = _item(hand, "Slajdy żółte", "lower-third-bar")["sceneItemId"]
    hand.request("RemoveSceneItem", sceneName="Slajdy żółte", sceneItemId=bar)
    hand.request("SetInputSettings", inputName="card-break", inputSettings={"file": "/inna.png"}, overlay=True)
    hand.request("RemoveScene", sceneName="Przerwa")
    hand.request("CreateScene", sceneName="Moja scena")
    studio.prepare(titled(the_plan, "Nowy tytuł"))
    moved = _item(hand, "Kamera główna", "camera-main")["sceneItemTransform"]
    assert (moved["positionX"], moved["cropLeft"]) == (77.0, 12)
    items = hand.request("GetSceneItemList", sceneName="Slajdy żółte")["sceneItems"]
    assert "lower-third-bar" not in [item["sourceName"] for item in items]
    scenes = [scene["sceneName"] for scene in hand.request("GetSceneList")["scenes"]]
    assert "Przerwa" not in scenes
    assert "Moja scena" in scenes
    text = hand.request("GetInputSettings", inputName="lower-third")["inputSettings"]["text"]
    assert text == "Nowy tytuł", "what nobody touched follows the plan"
    (finding,) = studio.findings
    assert finding.code == "obs.kept-changes"
    assert "Kamera główna → camera-main" in str(finding.fields["changed"])


def test_what_is_new_in_the_plan_is_added_in_its_place(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, hand: Connection
) -> None:
    studio = studio_of(studio_obs.settings)
    scenes = dict(the_plan.scenes)
    bare = scenes["main"].model_copy(update={"lower_third": False})
    studio.prepare(replace(the_plan, scenes={**scenes, "main": bare}))
    more = Scene(kind="teacher", label="Prowadzący")
    interpreter = Source(image=the_plan.cards["break"])
    sources = {**the_plan.sources, "sign-language": interpreter}
    studio.prepare(replace(the_plan, scenes={**scenes, "teacher": more}, sources=sources))
    listed = hand.request("GetSceneItemList", sceneName="Kamera główna")["sceneItems"]
    order = [item["sourceName"] for item in sorted(listed, key=lambda item: item["sceneItemIndex"])]
    assert order == [
        "microphone",
        "background",
        "camera-main",
        "lower-third-bar",
        "lower-third-stripe",
        "lower-third",
        "sign-language-place",
        "sign-language",
    ]
    assert "Prowadzący" in [scene["sceneName"] for scene in hand.request("GetSceneList")["scenes"]]


def test_a_crash_after_building_loses_and_changes_nothing(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    scenes = studio_obs.program.folder / "home/.config/obs-studio/basic/scenes"
    wait_until(lambda: any("Slajdy" in file.read_text() for file in scenes.glob("*.json")))
    studio_obs.kill()
    studio_obs.start()
    wait_until(lambda: studio.connected)
    studio.prepare(the_plan)
    assert studio.findings == (), "a crash was taken for a person's change"
    connection, _ = studio._open()
    before = connection.writes
    studio.prepare(the_plan)
    assert connection.writes == before


def test_sources_that_are_not_there_are_found(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan
) -> None:
    sources = {**the_plan.sources, "camera-second": Source(camera="Nie ma takiej kamery")}
    scenes = {
        **the_plan.scenes,
        "second": Scene(kind="second", label="Stolik"),
        "film": Scene(kind="media", label="Film"),
    }
    studio = studio_of(studio_obs.settings)
    studio.prepare(replace(the_plan, sources=sources, scenes=scenes, microphones=("microphone", "mikrofon-2")))
    found = {finding.code: finding.fields for finding in studio.findings}
    assert found["obs.device-missing"]["device"] == "Nie ma takiej kamery"
    assert found["obs.source-missing"] == {"scene": "Film", "sources": "media"}
    assert found["obs.no-microphone"] == {"source": "mikrofon-2"}


def test_restore_gives_back_what_was_there(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, hand: Connection
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    assert hand.request("GetProfileList")["currentProfileName"] == the_plan.profile
    studio.restore()
    assert hand.request("GetProfileList")["currentProfileName"] == "Test"
    assert hand.request("GetSceneCollectionList")["currentSceneCollectionName"] == "Test"


def test_another_sampling_rate_opens_no_dialog(
    studio_of: MakeStudio, the_plan: StudioPlan, studio_obs: TestObs, tmp_path: Path
) -> None:
    """OBS asks for a restart when profiles of different rates change places, and then answers nothing."""
    program = ScreenlessObs(tmp_path / "obs", free_port(), studio_obs.settings.password)
    program.prepare()
    profiles = program.folder / "home/.config/obs-studio/basic/profiles"
    theirs = profiles / "Test/basic.ini"
    first = theirs.read_text()
    theirs.write_text(first + "[Audio]\nSampleRate=44100\nChannelSetup=Stereo\n")
    studio = studio_of(program.settings)
    try:
        studio.prepare(the_plan)
        assert [finding.code for finding in studio.findings] == ["obs.sound-rate"]
        studio.restore()
        assert studio.end_launched()
        theirs.write_text(first)
        studio.prepare(the_plan)  # ours is still of the other rate, and OBS now runs with 48 kHz
        assert studio.findings == ()
    finally:
        studio.end_launched()
