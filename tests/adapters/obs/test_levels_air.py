"""The level meters against the real OBS: tones of a known level, two unlike channels, and a lost OBS."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.adapters.obs.levels import LevelMeters
from pipeline.adapters.obs.studio import ObsStudio
from pipeline.model.config import Obs, Source
from pipeline.model.levels import SILENT_DB, heard
from tests.support.obs import TestObs, wait_until
from tests.support.studio_plan import plan

pytestmark = [pytest.mark.air, pytest.mark.timeout(90)]


@pytest.fixture
def meters(studio_obs: TestObs) -> Iterator[LevelMeters]:
    one = LevelMeters(studio_obs.settings)
    one.start()
    yield one
    one.close()


def tone(path: Path, left_db: float, right_db: float) -> Path:
    """A tone that is so loud (peak, dBFS) on the left and on the right."""
    left, right = (f"{10 ** (value / 20)}*sin(2*PI*440*t)" for value in (left_db, right_db))
    argv = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"aevalsrc={left}|{right}:s=48000:d=4"]
    subprocess.run([*argv, str(path)], check=True, timeout=30)
    return path


def test_levels_are_those_of_the_sound(
    studio_obs: TestObs, studio_of: Callable[[Obs], ObsStudio], meters: LevelMeters, media: Path, tmp_path: Path
) -> None:
    base = plan(media, tmp_path, "levels")
    loud = Source(media=tone(tmp_path / "tone.wav", -12.0, -30.0))
    silent = Source(media=tone(tmp_path / "silence.wav", -200.0, -200.0))
    sources = {**base.sources, "microphone": loud, "second-microphone": silent}
    studio = studio_of(studio_obs.settings)
    studio.prepare(replace(base, sources=sources, microphones=("microphone", "second-microphone")))
    studio.show("main")
    wait_until(lambda: len(spell := meters.window("microphone", 1.0)) >= 10 and spell[0].peak_db > -20)
    found = heard(meters.window("microphone", 1.0))
    assert found is not None
    assert found.peak_db == pytest.approx(-12, abs=1.0)
    assert found.channels_db == pytest.approx((-15, -33), abs=1.5)  # a tone's RMS is 3 dB below its peak
    assert found.clipped == 0
    quiet = heard(meters.window("second-microphone", 1.0))
    assert quiet is None or quiet.peak_db == SILENT_DB
    assert {"camera-main", "microphone"} <= set(meters.names())


def test_a_lost_obs_is_found_again(studio_obs: TestObs, meters: LevelMeters) -> None:
    wait_until(lambda: meters.error is None)
    studio_obs.kill()
    wait_until(lambda: meters.error is not None)
    assert meters.names() == []
    studio_obs.put_in_order()
    wait_until(lambda: meters.error is None)


def test_a_wrong_password_is_named(studio_obs: TestObs) -> None:
    wrong = studio_obs.settings.model_copy(update={"password": SecretStr("zgaduję")})
    meters = LevelMeters(wrong)
    meters.start()
    wait_until(lambda: meters.error is not None and meters.error.code == "obs.wrong-password")
    meters.close()
