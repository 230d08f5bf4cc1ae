"""A small class for the studio's tests: sources that need no device, in colours and tones that tests can tell."""

import subprocess
from dataclasses import replace
from pathlib import Path

from PIL import Image

from pipeline.model.config import Source
from pipeline.model.presets import EncoderPreset, Scene
from pipeline.model.studio import StudioPlan

RED, GREEN, WHITE, BLUE = (200, 30, 30), (30, 160, 60), (250, 250, 250), (30, 60, 200)
CAMERA_HZ, MICROPHONE_HZ = 300, 1000
ENCODER = EncoderPreset(width=640, height=360, fps=25, video_kbps=800, keyframe_s=2, x264_preset="ultrafast")


def make_media(folder: Path) -> None:
    """A green camera that hums at 300 Hz, a microphone at 1000 Hz, white slides, a red and a blue card."""
    for name, colour in (("title", RED), ("break", BLUE), ("slides", WHITE)):
        Image.new("RGB", (640, 360), colour).save(folder / f"{name}.png")
    colour = "0x{:02x}{:02x}{:02x}".format(*GREEN)
    common = ("ffmpeg", "-nostdin", "-v", "error", "-y")
    subprocess.run(
        [
            *common,
            *("-f", "lavfi", "-i", f"color={colour}:s=640x360:r=25:d=6,noise=alls=4:allf=t"),
            *("-f", "lavfi", "-i", f"sine={CAMERA_HZ}:r=48000:d=6"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
            str(folder / "camera.mp4"),
        ],
        check=True,
        timeout=60,
    )
    subprocess.run(
        [*common, "-f", "lavfi", "-i", f"sine={MICROPHONE_HZ}:r=48000:d=6", str(folder / "microphone.wav")],
        check=True,
        timeout=60,
    )


def plan(media: Path, work: Path, name: str, url: str = "rtmp://127.0.0.1:9/live") -> StudioPlan:
    """The plan of one test, in a collection and profile called `name`."""
    scenes = {
        "opening": Scene(kind="card", card="title", label="Plansza początkowa"),
        "main": Scene(kind="main", label="Kamera główna", lower_third=True),
        "slides": Scene(kind="slides", label="Slajdy żółte", lower_third=True),
        "break": Scene(kind="card", card="break", label="Przerwa"),
    }
    return StudioPlan(
        collection=name,
        profile=name,
        scenes=scenes,
        opening="opening",
        sources={
            "camera-main": Source(media=media / "camera.mp4"),
            "slides": Source(image=media / "slides.png"),
            "microphone": Source(media=media / "microphone.wav", role="speech"),
        },
        microphones=("microphone",),
        cards={"title": media / "title.png", "break": media / "break.png"},
        encoder=ENCODER,
        record_folder=work / "rec",
        stream_url=url,
        stream_key="klucz-lokalny",
        lower_third="Anna Żółć – skrzypce",
    )


def titled(old: StudioPlan, words: str) -> StudioPlan:
    return replace(old, lower_third=words)
