"""The encoder of a cable feed as an argument list: NUT in, transport stream at a constant bitrate out.

The sound goes through a measurement (EBU R 128), a volume that is moved by commands while it runs, and a
limiter; both are named here so that the leg can steer the one by the other.
"""

from pipeline.hub.cable_feed import CableFeed

VOLUME = "volume@level"
METER = "lavfi.r128.S"  # short-term loudness: 3 s, ten values a second
# The limiter holds the samples exactly; MPEG-1 layer II then rings by up to 1.7 dB at a blow out of the quiet
# (measured at 128 kb/s). Two decibels of room keep the true peak of what is decoded below the limit.
_LIMITER_ROOM_DB = 2.0
_MPEG2_MAIN_LEVEL_BUFFER = 1_835_008  # bits, ISO/IEC 13818-2 MP@ML


def encoder_command(feed: CableFeed, *, source: str, steered: bool) -> list[str]:
    """The whole command. `source` is what ffmpeg reads; `steered`: commands may come on its standard input.

    A feed that cannot be steered (where no second handle reaches a child process) uses `loudnorm` instead.
    """
    command = ["ffmpeg", "-hide_banner", "-nostats"]
    command += ["-loglevel", "level+info"]
    if not steered:
        command += ["-nostdin"]
    command += ["-fflags", "+genpts"]
    command += ["-dts_delta_threshold", "100000"]  # hub time is right: a gap is a gap, however long
    command += ["-f", "nut"]
    command += ["-i", source]
    command += ["-map", "0:v:0"]
    command += ["-map", "0:a:0"]
    command += _picture(feed)
    command += _sound(feed, steered=steered)
    command += _mux(feed)
    return [*command, "pipe:1"]


def _picture(feed: CableFeed) -> list[str]:
    if feed.video_codec == "copy":
        return ["-c:v", "copy"]
    out = ["-vf", _filters(feed)]
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


def _sound(feed: CableFeed, *, steered: bool) -> list[str]:
    limit = 10 ** ((feed.true_peak_dbtp - _LIMITER_ROOM_DB) / 20)
    limiter = f"alimiter=limit={limit:.4f}:level=false:attack=5:release=80"
    stereo = "aresample=48000:async=1000,aformat=channel_layouts=stereo"
    if steered:
        meter = f"ebur128=metadata=1:framelog=verbose,ametadata=mode=print:key={METER}"
        chain = f"{stereo},{meter},{VOLUME}={feed.loudness_gain_db:.2f}dB,{limiter}"
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
