"""What levels say of a microphone, and what frames say of an encoder."""

from dataclasses import replace

import pytest

from pipeline.live.preflight.encoder import keeps_up
from pipeline.live.preflight.microphones import verdict
from pipeline.model.levels import SILENT_DB, Heard
from pipeline.model.presets import EncoderPreset
from pipeline.model.studio import StudioState

SPEECH = Heard(120, 6.0, -12.0, -24.0, -60.0, (-24.0, -24.5), 0)
STATE = StudioState("29.0.2", "main", False, False, 0, True, 1, 1000, 0, 500, 0)
PRESET = EncoderPreset(width=1280, height=720, fps=25, video_kbps=3000)


def test_a_right_microphone() -> None:
    found = verdict(SPEECH, muted=False)
    assert (found.state, found.fields["peak_db"], found.fields["floor_db"]) == ("ok", -12, -60)


@pytest.mark.parametrize(
    ("heard", "state", "code"),
    [
        (None, "failed", "check.no-sound"),
        (replace(SPEECH, channels_db=()), "failed", "check.no-sound"),
        (replace(SPEECH, peak_db=SILENT_DB, level_db=SILENT_DB), "failed", "check.dead-microphone"),
        (replace(SPEECH, clipped=1), "warning", "check.clipping"),
        (replace(SPEECH, clipped=30), "failed", "check.clipping"),
        (replace(SPEECH, channels_db=(-24.0, SILENT_DB)), "warning", "check.one-side"),
        (replace(SPEECH, peak_db=-52.0), "warning", "check.quiet"),
        (replace(SPEECH, floor_db=-35.0), "warning", "check.noisy"),
    ],
)
def test_a_wrong_microphone(heard: Heard | None, state: str, code: str) -> None:
    found = verdict(heard, muted=False)
    assert (found.state, found.code) == (state, code)


def test_a_file_may_be_silent_for_a_while() -> None:
    silent = replace(SPEECH, peak_db=SILENT_DB, level_db=SILENT_DB, floor_db=SILENT_DB)
    assert verdict(silent, muted=False, living=False).code == "check.quiet"


def test_muted_comes_before_all_else() -> None:
    assert verdict(None, muted=True).code == "check.muted"


def test_music_has_no_pauses() -> None:
    assert verdict(replace(SPEECH, floor_db=-35.0), muted=False, speech=False).state == "ok"


@pytest.mark.parametrize(
    ("rendered", "lagged", "skipped", "busy", "code"),
    [
        (150, 0, 0, 40.0, "check.encoder"),
        (150, 0, 0, 97.0, "check.encoder-tight"),
        (150, 1, 1, 40.0, "check.encoder-loses"),
        (150, 0, 30, 40.0, "check.encoder-late"),
        (90, 0, 0, 40.0, "check.encoder-late"),
        (0, 0, 0, 40.0, "check.encoder-late"),
    ],
)
def test_encoder(rendered: int, lagged: int, skipped: int, busy: float, code: str) -> None:
    after = replace(STATE, render_frames=1000 + rendered, render_skipped=lagged, output_skipped=skipped)
    assert keeps_up(PRESET, STATE, after, 6.0, busy).code == code
