"""What each kind of destination asks of picture and sound, against what the class would send. Pure.

Facebook's figures: Meta's live-video guide (H.264 up to level 4.2, progressive, a keyframe every 2 s and never
above 4, AAC up to 256 kb/s, eight hours). Cable: EBU R 128, ETSI TR 101 290; no operator publishes more.
"""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.live.preflight.check import Outcome, failed, ok, warning
from pipeline.model.config import CableDestination, Destination, FacebookDestination, RtmpDestination
from pipeline.model.presets import CablePreset, EncoderPreset

KEYFRAME_S, LATEST_KEYFRAME_S = 2, 4
LONGEST = timedelta(hours=8)
AUDIO_KBPS = 256
# (height, frames a second) → kilobits a second that Facebook names, least and most.
_BITRATES = {(1080, 30): (3000, 6000), (1080, 60): (4500, 9000), (720, 30): (1500, 4000), (720, 60): (2250, 6000)}
# H.264 table A-1: level → macroblocks a second, macroblocks a frame, kilobits a second (main profile).
_LEVELS = (
    ("3.0", 40_500, 1_620, 10_000),
    ("3.1", 108_000, 3_600, 14_000),
    ("4.0", 245_760, 8_192, 20_000),
    ("4.1", 245_760, 8_192, 50_000),
    ("4.2", 522_240, 8_704, 50_000),
    ("5.1", 983_040, 36_864, 240_000),
)
_HIGHEST = "4.2"
_HEADEND_SIZES = {(720, 576, 25, True), (1920, 1080, 25, True), (1280, 720, 50, False)}


def level(encoder: EncoderPreset) -> str:
    """The lowest H.264 level of our table that holds this picture."""
    frame = -(-encoder.width // 16) * -(-encoder.height // 16)
    for name, a_second, a_frame, kbps in _LEVELS:
        if frame * encoder.fps <= a_second and frame <= a_frame and encoder.video_kbps <= kbps:
            return name
    return "5.2"


def outcomes(
    destination: Destination, encoder: EncoderPreset, length: timedelta, cable: CablePreset | None
) -> Iterator[Outcome]:
    """Everything that does not fit, the gravest first; or one good outcome that says what is sent."""
    found = list(_found(destination, encoder, length, cable))
    if not found:
        yield _sent(encoder, cable)
    yield from sorted(found, key=lambda one: one.state != "failed")


def _found(
    destination: Destination, encoder: EncoderPreset, length: timedelta, cable: CablePreset | None
) -> Iterator[Outcome]:
    if isinstance(destination, CableDestination):
        yield from _cable(destination, encoder, cable)
        return
    if encoder.keyframe_s > LATEST_KEYFRAME_S:
        yield failed("check.keyframes", seconds=encoder.keyframe_s, limit=LATEST_KEYFRAME_S)
    elif encoder.keyframe_s != KEYFRAME_S:
        yield warning("check.keyframes-unlike", seconds=encoder.keyframe_s, wanted=KEYFRAME_S)
    if encoder.audio_kbps > AUDIO_KBPS:
        yield failed("check.sound-bitrate", kbps=encoder.audio_kbps, limit=AUDIO_KBPS)
    if isinstance(destination, FacebookDestination):
        yield from _facebook(encoder, length)
    elif isinstance(destination, RtmpDestination) and _open(destination):
        yield warning("check.key-open")


def _facebook(encoder: EncoderPreset, length: timedelta) -> Iterator[Outcome]:
    needed = level(encoder)
    if float(needed) > float(_HIGHEST):
        size = f"{encoder.width}×{encoder.height}, {encoder.fps}"
        yield failed("check.level", level=needed, limit=_HIGHEST, picture=size)
    rates = _BITRATES.get((encoder.height, 30 if encoder.fps <= 30 else 60))
    if rates and encoder.video_kbps > rates[1]:
        yield failed("check.bitrate-high", kbps=encoder.video_kbps, least=rates[0], most=rates[1])
    elif rates and encoder.video_kbps < rates[0]:
        yield warning("check.bitrate-low", kbps=encoder.video_kbps, least=rates[0], most=rates[1])
    if length > LONGEST:
        yield failed("check.too-long", hours=round(length.total_seconds() / 3600, 1), limit=8)


def _cable(destination: CableDestination, encoder: EncoderPreset, cable: CablePreset | None) -> Iterator[Outcome]:
    if cable is None:
        yield failed("live.no-cable-preset", destination="cable")
        return
    if not -24 <= cable.loudness_lufs <= -22:
        yield warning("check.loudness", lufs=cable.loudness_lufs)
    if cable.true_peak_dbtp > -1:
        yield warning("check.true-peak", dbtp=cable.true_peak_dbtp)
    if cable.video_codec == "copy":
        if encoder.video_kbps * 1.05 + cable.audio_kbps + 100 > cable.mux_kbps:
            yield failed("check.mux-full", kbps=encoder.video_kbps, mux_kbps=cable.mux_kbps)
        if encoder.fps not in (25, 50):
            yield failed("check.frame-rate", fps=encoder.fps)
    elif (cable.width, cable.height, cable.fps, cable.interlaced) not in _HEADEND_SIZES:
        yield warning("check.no-headend-size", picture=f"{cable.width}×{cable.height}")
    host = destination.url.split("://", 1)[1].rsplit(":", 1)[0]
    if host.split(".")[0].isdigit() and 224 <= int(host.split(".")[0]) <= 239:
        if destination.interface is None:
            yield warning("check.multicast-anywhere")
        if destination.ttl == 0:
            yield failed("check.multicast-at-home")


def _open(destination: RtmpDestination) -> bool:
    """Whether the key would leave this computer without TLS."""
    scheme, address = destination.url.split("://", 1)
    return scheme == "rtmp" and not address.startswith(("127.", "localhost"))


def _sent(encoder: EncoderPreset, cable: CablePreset | None) -> Outcome:
    if cable is not None and cable.video_codec != "copy":
        lines = "i" if cable.interlaced else "p"
        codec = {"mpeg2video": "MPEG-2", "h264": "H.264"}[cable.video_codec]
        picture = f"{cable.width}×{cable.height}{lines}{cable.fps} {codec}"
        mbit = f"{cable.mux_kbps / 1000:.1f}"
        return ok("check.sent-cable", picture=picture, mbit=mbit, lufs=cable.loudness_lufs)
    mbit = f"{(encoder.video_kbps + encoder.audio_kbps) / 1000:.1f}"
    picture = f"{encoder.width}×{encoder.height}p{encoder.fps} H.264 {level(encoder)}"
    return ok("check.sent", picture=picture, mbit=mbit)
