"""The encoder of a cable feed as an argument list: NUT in, transport stream at a constant bitrate out.

The sound goes through a measurement (EBU R 128), a volume that is moved by commands while it runs, and a
limiter; both are named here so that the leg can steer the one by the other.
"""

from dataclasses import dataclass

from pipeline.hub.cable_feed import CableFeed

VOLUME = "volume@level"
METER = "lavfi.r128.S"  # short-term loudness: 3 s, ten values a second
# The limiter holds the samples exactly; MPEG-1 layer II then rings by up to 1.7 dB at a blow out of the quiet
# (measured at 128 kb/s). Two decibels of room keep the true peak of what is decoded below the limit.
_LIMITER_ROOM_DB = 2.0
_MPEG2_MAIN_LEVEL_BUFFER = 1_835_008  # bits, ISO/IEC 13818-2 MP@ML


_HURRY_S = 3.0  # for so long after a beginning in the middle there is a keyframe every quarter of a second
_PRIMING = {"mp2": 481, "aac": 1024}  # samples that the sound's encoder puts before the first


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where an encoder begins. Hub time in microseconds: `zero_us` is 0 in its own time; what is shown or heard
    before `picture_us`, `sound_us` has gone out already (None: nothing has). `gain_db` is the volume at first.
    """

    zero_us: int = 0
    picture_us: int | None = None
    sound_us: int | None = None
    gain_db: float = 0.0


def encoder_command(feed: CableFeed, begin: Beginning, *, source: str, steered: bool) -> list[str]:
    """The whole command. `source` is what ffmpeg reads; `steered`: commands may come on its standard input.

    Times are taken as they come (a gap is a gap, however long), so that one encoder's place in time is known to
    its successor. A feed that cannot be steered (where no second handle reaches a child process) uses `loudnorm`.
    """
    command = ["ffmpeg", "-hide_banner", "-nostats"]
    command += ["-loglevel", "level+info"]
    if not steered:
        command += ["-nostdin"]
    command += ["-fflags", "+genpts"]
    command += ["-copyts"]
    command += ["-itsoffset", f"{-begin.zero_us / 1e6:.6f}"]
    command += ["-f", "nut"]
    command += ["-i", source]
    command += ["-map", "0:v:0"]
    command += ["-map", "0:a:0"]
    command += _picture(feed, begin)
    command += _sound(feed, begin, steered=steered)
    command += _mux(feed)
    return [*command, "pipe:1"]


def _picture(feed: CableFeed, begin: Beginning) -> list[str]:
    if feed.video_codec == "copy":
        return ["-c:v", "copy"]
    filters = _filters(feed)
    out = []
    if begin.picture_us is not None:
        first = (begin.picture_us - begin.zero_us) / 1e6
        filters = f"trim=start={first - 0.5 / feed.source_fps:.6f},{filters}"
        often = "isnan(prev_forced_t)+gte(t,prev_forced_t+0.25)"
        out += ["-force_key_frames", f"expr:lt(t,{first + _HURRY_S:.3f})*({often})"]
    out += ["-vf", filters]
    out += ["-pix_fmt", "yuv420p"]
    out += ["-aspect", feed.aspect]
    out += ["-b:v", f"{feed.video_kbps}k"]
    out += ["-maxrate", f"{feed.video_kbps}k"]
    out += ["-g", str(feed.gop)]
    out += ["-bf", "2"]
    out += ["-threads:v", "2"]
    if feed.interlaced:
        out += ["-flags:v", "+ilme+ildct"]
        out += ["-top", "1"]
    if feed.video_codec == "mpeg2video":
        out += ["-c:v", "mpeg2video"]
        out += ["-bufsize", str(min(_MPEG2_MAIN_LEVEL_BUFFER, feed.video_kbps * 500))]
        out += ["-dc", "9"]
        out += ["-color_primaries", "bt470bg", "-color_trc", "gamma28", "-colorspace", "bt470bg"]
    else:
        out += ["-c:v", "libx264"]
        out += ["-preset", feed.x264_preset]
        out += ["-profile:v", "high"]
        out += ["-bufsize", f"{feed.video_kbps // 2}k"]
        out += ["-x264-params", f"scenecut=0:keyint_min={feed.gop}" + (":tff=1" if feed.interlaced else "")]
    return out


def _filters(feed: CableFeed) -> str:
    """Size first (on whole frames), then fields: real ones from 50 frames, else both fields of one frame."""
    steps = [f"scale={feed.width}:{feed.height}:flags=bicubic"]
    if feed.interlaced and feed.source_fps >= 2 * feed.fps:
        steps += [f"fps={2 * feed.fps}", "interlace=scan=tff:lowpass=linear"]
    else:
        if feed.source_fps != feed.fps:
            steps += [f"fps={feed.fps}"]
        steps += ["setfield=tff" if feed.interlaced else "setfield=prog"]
    return ",".join(steps)


def _sound(feed: CableFeed, begin: Beginning, *, steered: bool) -> list[str]:
    limit = 10 ** ((feed.true_peak_dbtp - _LIMITER_ROOM_DB) / 20)
    limiter = f"alimiter=limit={limit:.4f}:level=false:attack=5:release=80"
    stereo = "aresample=48000:async=1000,aformat=channel_layouts=stereo"
    if begin.sound_us is not None:
        first = (begin.sound_us - begin.zero_us) / 1e6 + _PRIMING[feed.audio_codec] / 48000
        stereo += f",atrim=start={first:.6f}"
    if steered:
        meter = f"ebur128=metadata=1:framelog=verbose,ametadata=mode=print:key={METER}"
        chain = f"{stereo},{meter},{VOLUME}={begin.gain_db:.2f}dB,{limiter}"
    else:
        level = f"loudnorm=I={feed.loudness_lufs}:TP={feed.true_peak_dbtp}:LRA=20,aresample=48000"
        chain = f"{stereo},{level},{limiter}"
    out = ["-af", chain]
    out += ["-c:a", feed.audio_codec]
    out += ["-b:a", f"{feed.audio_kbps}k"]
    out += ["-ar", "48000"]
    return [*out, "-ac", "2"]


def _mux(feed: CableFeed) -> list[str]:
    out = ["-f", "mpegts"]
    out += ["-muxrate", str(feed.mux_rate)]
    out += ["-avoid_negative_ts", "disabled"]
    out += ["-muxdelay", f"{feed.mux_delay_ms / 1000:.3f}"]
    out += ["-pcr_period", "20"]
    out += ["-pat_period", "0.09"]
    out += ["-sdt_period", "1"]
    out += ["-mpegts_transport_stream_id", str(feed.transport_stream_id)]
    out += ["-mpegts_original_network_id", str(feed.original_network_id)]
    out += ["-mpegts_service_id", str(feed.service_id)]
    out += ["-mpegts_service_type", feed.service_type]
    out += ["-mpegts_pmt_start_pid", str(feed.pmt_pid)]
    out += ["-mpegts_start_pid", str(feed.first_pid)]
    out += ["-mpegts_flags", "+system_b+nit"]
    out += ["-map_metadata", "-1"]
    out += ["-metadata", f"service_name={feed.service_name}"]
    out += ["-metadata", f"service_provider={feed.service_provider}"]
    return out
