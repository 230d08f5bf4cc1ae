"""What comes out of the real OBS: its recording, its stream as a receiver got it, and named failures."""

import itertools
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.adapters.obs.studio import ObsStudio
from pipeline.errors import PipelineError, Refused, Temporary
from pipeline.media.probe import probe
from pipeline.model.config import Obs
from pipeline.model.studio import StudioPlan
from pipeline.standins.screenless_obs import ScreenlessObs, free_port
from tests.support.obs import TestObs, wait_until
from tests.support.studio_plan import CAMERA_HZ, MICROPHONE_HZ, plan

pytestmark = [pytest.mark.air, pytest.mark.timeout(120)]

MakeStudio = Callable[[Obs], ObsStudio]


@pytest.fixture
def the_plan(media: Path, tmp_path: Path) -> StudioPlan:
    return plan(media, tmp_path, f"kl-{tmp_path.name}")


class Receiver:
    """An RTMP far end: takes one publisher and writes what it gets."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"rtmp://127.0.0.1:{self.port}/live"
        self.got = folder / "got.mkv"
        self._process = subprocess.Popen(
            [
                *("ffmpeg", "-nostdin", "-v", "error", "-y", "-t", "60"),
                *("-listen", "1", "-i", f"{self.url}/klucz-lokalny", "-c", "copy", "-f", "matroska"),
                *("-flush_packets", "1", str(self.got)),
            ],
            stderr=subprocess.PIPE,
        )

    def end(self) -> None:
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path)
    yield receiver
    receiver.end()


def _keyframes(path: Path) -> list[float]:
    command = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "packet=pts_time,flags",
        "-of",
        "json",
    ]
    packets = json.loads(subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=60).stdout)
    return [float(packet["pts_time"]) for packet in packets["packets"] if "K" in packet["flags"]]


def _tone(path: Path, track: int, hertz: int) -> float:
    """How much of a track is one tone: its share of the spectrum's energy, 0 to 1."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", "2", "-i", str(path), "-map", f"0:a:{track}"]
    raw = subprocess.run(
        [*command, "-ac", "1", "-ar", "8000", "-t", "2", "-f", "s16le", "-"],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    samples = np.frombuffer(raw, dtype="<i2").astype(np.float64)
    assert samples.size > 8000
    energy = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    frequency = np.fft.rfftfreq(samples.size, 1 / 8000)
    return float(energy[np.abs(frequency - hertz) < 20].sum() / energy.sum())


def test_the_recording(studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, tmp_path: Path) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    studio.show("main")
    folder = tmp_path / "nagranie z żółcią" / "masters"
    growing = studio.start_record(folder)
    assert growing == folder / "obs.mkv"
    with pytest.raises(Refused) as caught:
        studio.start_record(folder)
    assert caught.value.code == "obs.already-recording"
    with pytest.raises(Refused) as caught:
        studio.prepare(the_plan)
    assert caught.value.code == "obs.on-air"
    began = studio.state()
    assert began.recording
    wait_until(lambda: studio.state().output_frames > began.output_frames + 150, 30)
    path = studio.stop_record()
    assert path == growing
    found = probe(path)
    assert [(video.codec, video.width, video.height, video.rate) for video in found.video] == [
        ("h264", 640, 360, 25)
    ]
    assert [audio.title for audio in found.audio] == ["mix", "mic"]
    assert all(audio.rate == 48000 for audio in found.audio)
    keys = _keyframes(path)
    assert len(keys) >= 3
    assert all(abs(later - earlier - 2.0) < 0.05 for earlier, later in itertools.pairwise(keys))
    assert _tone(path, 1, MICROPHONE_HZ) > 0.8, "the microphone is not alone on its track"
    assert _tone(path, 1, CAMERA_HZ) < 0.05
    assert _tone(path, 0, CAMERA_HZ) > 0.1, "the mix lacks the camera's sound"
    assert _tone(path, 0, MICROPHONE_HZ) > 0.1, "the mix lacks the microphone"
    with pytest.raises(Refused) as caught:
        studio.stop_record()
    assert caught.value.code == "obs.not-recording"
    assert studio.start_record(folder).name == "obs-2.mkv", "a second piece never overwrites the first"
    studio.stop_record()


def test_the_stream_arrives_as_planned(
    studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan, receiver: Receiver
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(replace(the_plan, stream_url=receiver.url))
    studio.start_stream()
    studio.start_stream()  # already streaming: only looked at
    state = studio.state()
    assert state.streaming
    assert state.stream_bytes > 0
    with pytest.raises(Refused) as caught:
        studio.prepare(the_plan)
    assert (caught.value.code, caught.value.fields["output"]) == ("obs.on-air", "Stream")
    wait_until(lambda: studio.state().stream_bytes > state.stream_bytes + 450_000, 30)
    studio.stop_stream()
    assert not studio.state().streaming
    receiver.end()
    found = probe(receiver.got)
    assert [(video.codec, video.width, video.height, video.rate) for video in found.video] == [
        ("h264", 640, 360, 25)
    ]
    assert len(found.audio) == 1, "the microphones' own track stays at home"
    keys = _keyframes(receiver.got)
    assert len(keys) >= 2
    assert all(abs(later - earlier - 2.0) < 0.05 for earlier, later in itertools.pairwise(keys))


def test_nobody_takes_the_stream(studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(replace(the_plan, stream_url=f"rtmp://127.0.0.1:{free_port()}/live"))
    with pytest.raises(Temporary) as caught:
        studio.start_stream()
    assert caught.value.code == "obs.stream-not-started"
    assert "klucz-lokalny" not in str(caught.value)
    assert not studio.state().streaming


def test_no_file_grows(
    studio_obs: TestObs,
    studio_of: MakeStudio,
    the_plan: StudioPlan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    _, outputs = studio._open()
    monkeypatch.setattr(outputs, "_start_s", 3.0)
    # OBS says OK to a folder that is not there, and then nothing more.
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: None)
    with pytest.raises(Temporary) as caught:
        studio.start_record(tmp_path / "nie" / "ma")
    assert caught.value.code == "obs.record-not-started"
    assert not studio.state().recording


def test_no_virtual_camera_here_is_said(studio_obs: TestObs, studio_of: MakeStudio, the_plan: StudioPlan) -> None:
    studio = studio_of(studio_obs.settings)
    studio.prepare(the_plan)
    studio.virtual_camera(False)
    with pytest.raises(Refused) as caught:
        studio.virtual_camera(True)
    assert caught.value.code == "obs.no-virtual-camera"


def test_an_obs_of_ours_is_launched_outlives_us_and_is_ended(
    studio_of: MakeStudio, the_plan: StudioPlan, studio_obs: TestObs, tmp_path: Path
) -> None:
    program = ScreenlessObs(tmp_path / "obs", free_port(), studio_obs.settings.password)
    program.prepare()
    studio = studio_of(program.settings)
    studio.prepare(the_plan)
    assert studio.launched
    studio.start_record(tmp_path / "masters")
    studio.close()
    again = studio_of(program.settings)
    again.attach(the_plan)
    assert again.launched
    state = again.state()
    assert state.recording
    assert state.scene == "opening"
    pid = again._launcher.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not again.launched)
    with pytest.raises(PipelineError):
        again.state()
    assert not again.end_launched()
    assert probe(tmp_path / "masters" / "obs.mkv").video, "what was recorded before the crash is readable"
