"""Encodes a card as a slate with the settings that OBS's encoder has: for the time until OBS has recorded one."""

from pathlib import Path

from pipeline.media import ffmpeg, process
from pipeline.model.presets import EncoderPreset

SECONDS = 10  # a little more than 8 s, which are whole AAC frames at 48 kHz
_TIMEOUT_S = 60.0


def encode(card: Path, encoder: EncoderPreset, target: Path) -> None:
    """Write the card as Matroska: H.264 as OBS's profile makes it, AAC silence. Fatal `media.tool-failed`."""
    rate = encoder.fps
    picture = ffmpeg.filtered(
        ffmpeg.picked(ffmpeg.source(card, loop=1, framerate=rate, t=SECONDS), "v:0"),
        "scale",
        encoder.width,
        encoder.height,
        out_color_matrix="bt709",
        out_range="tv",
    )
    sound = ffmpeg.picked(ffmpeg.generated("anullsrc=r=48000:cl=stereo", t=SECONDS), "a:0")
    options: dict[str, object] = {
        "f": "matroska",
        "c:v": "libx264",
        "preset": encoder.x264_preset,
        "profile:v": "main",
        "tune": "zerolatency",
        "x264-params": f"bframes=0:scenecut=0:keyint={encoder.keyframe_s * rate}:nal-hrd=none",
        "b:v": f"{encoder.video_kbps}k",
        "maxrate": f"{encoder.video_kbps}k",
        "bufsize": f"{encoder.video_kbps}k",
        "pix_fmt": "yuv420p",
        "c:a": "aac",
        "b:a": f"{encoder.audio_kbps}k",
        "threads": 1,
    }
    process.run(ffmpeg.argv(ffmpeg.saved(target, picture, sound, **options)), timeout_s=_TIMEOUT_S)
