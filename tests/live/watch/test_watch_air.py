"""Real OBS on air: the picture freezes and the sound goes, then the picture is black; alarms come, and go again."""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipeline.adapters.obs.connection import Connection
from pipeline.model.config import Obs
from pipeline.standins.lesson import Lesson
from pipeline.standins.stage import Stage
from pipeline.standins.technician import Technician
from tests.support.until import until

CLASS = """\
title: Czuwanie
section: Muzyka
length: 10m
scenes:
  opening: {kind: card, label: Plansza, card: title}
  main: {kind: main, label: Kamera, sources: [camera-main]}
  frozen: {kind: main, label: Zamrożona, sources: [frozen]}
  black: {kind: main, label: Czarna, sources: [black]}
opening: main
microphones: [microphone]
encoder: 360p25
destinations: []
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """A camera with a camera's noise, a tone for a voice; a still of the same noise, and black."""
    common = ("ffmpeg", "-nostdin", "-v", "error", "-y")
    camera, sound = tmp_path / "camera.mkv", tmp_path / "microphone.wav"
    shape = "testsrc2=s=640x360:r=25:d=8,noise=alls=8:allf=t"
    quick = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1")
    subprocess.run([*common, "-f", "lavfi", "-i", shape, *quick, str(camera)], check=True, timeout=60)
    tone = "sine=440:r=48000:d=8,volume=2"
    subprocess.run([*common, "-f", "lavfi", "-i", tone, str(sound)], check=True, timeout=60)
    noise = np.random.default_rng(1).integers(60, 200, (360, 640, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "frozen.png")
    Image.new("RGB", (640, 360)).save(tmp_path / "black.png")
    Image.new("RGB", (640, 360), "white").save(tmp_path / "slide.png")
    return Lesson(tmp_path, 8000, ())


@pytest.mark.air
def test_alarms_come_and_go_with_what_is_really_on_air(tmp_path: Path, lesson: Lesson) -> None:
    with Stage(tmp_path / "stage", lesson) as stage:
        config = stage.station / "config.yaml"
        text = config.read_text(encoding="utf-8")
        more = "".join(f"  {name}: {{image: {tmp_path / name}.png}}\n" for name in ("frozen", "black"))
        config.write_text(text.replace("\nsources:\n", f"\nsources:\n{more}", 1), encoding="utf-8")
        (stage.station / "presets/classes/czuwanie.yaml").write_text(CLASS, encoding="utf-8")
        technician = Technician(stage.station, "pl")
        begun = technician.tries("live", "czuwanie", "--rehearse", "--detach", "--json", timeout_s=120)
        assert begun.code == 0, begun.errors
        obs = Connection(Obs(port=stage.obs.port, password=stage.obs.password))
        obs.open()

        def status() -> dict[str, Any]:
            return dict(technician.tries("status", "--json").data)

        def found() -> set[str]:
            codes = {finding["code"] for finding in status()["findings"]}
            return {code for code in codes if code.startswith(("watch.picture", "watch.sound"))}

        def scene(name: str, muted: bool) -> None:
            obs.request("SetInputMute", inputName="microphone", inputMuted=muted)
            assert technician.tries("scene", name).code == 0

        silent = {"watch.picture-still", "watch.sound-silent"}
        try:
            assert found() == set()
            scene("frozen", muted=True)
            until(lambda: found() == silent, seconds=40, what="still, silent")
            scene("black", muted=False)
            until(lambda: "watch.picture-black" in found(), seconds=40, what="black")
            assert "watch.sound-silent" not in found()
            scene("main", muted=False)
            until(lambda: found() == set(), seconds=40, what="health")
        finally:
            obs.close()
            ended = technician.tries("stop", "--json", timeout_s=90)
        assert ended.code in (0, 3), ended.errors
