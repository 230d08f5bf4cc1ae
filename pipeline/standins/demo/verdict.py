"""The verdict: each promise of the demo against what was measured; what is not measured is not claimed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from gettext import gettext as _

from pipeline.standins.demo.evidence import Evidence
from pipeline.standins.stage import PROVIDER, SERVICE

OK, WARNING, FAILED = "ok", "warning", "failed"
_LOST_S = 6.0  # what the far ends may miss of the time on air: their beginning
_JITTER_MS = 5.0
_WORST_ERRORS, _WORST_START_MS = 0.2, 400
_WEB_LUFS, _CABLE_LUFS = -16.0, -23.0


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: what it is, how it came out, what was measured."""

    code: str
    name: str
    state: str
    text: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def verdict(e: Evidence) -> list[Check]:
    """Every check, in the order of the chain."""
    parts = (_facebook, _cable, _recording, _captions, _outputs, _package, _secrets, _jobs)
    return [check for part in parts for check in part(e)]


def exit_code(checks: list[Check]) -> int:
    states = {check.state for check in checks}
    return 1 if FAILED in states else 3 if WARNING in states else 0


def _facebook(e: Evidence) -> Iterator[Check]:
    sessions, lives = e.facebook["ingest"]["sessions"], e.facebook["graph"]["lives"]
    frames = sum(one["video"]["frames"] for one in sessions)
    seconds = sum(one["video"]["duration_ms"] for one in sessions) / 1000
    gaps = sum(len(one["video"]["gaps_ms"]) for one in sessions)
    faults = [fault for one in sessions for fault in one["faults"]]
    text = _("{frames} frames, {seconds} s, {gaps} gaps, {sessions} sessions").format(
        frames=frames, seconds=f"{seconds:.1f}", gaps=gaps, sessions=len(sessions)
    )
    whole = len(sessions) == 1 and gaps == 0 and seconds >= e.played.on_air_s - _LOST_S
    yield _check("facebook-picture", _("Facebook received the class"), whole, text)
    key = max((one["video"]["keyframe_ms"]["longest"] for one in sessions), default=0)
    text = _("keyframe every {seconds} s; {faults}").format(
        seconds=f"{key / 1000:g}", faults=", ".join(faults) or _("no fault")
    )
    yield _check("facebook-form", _("in the form that Facebook asks for"), not faults and 0 < key <= 4000, text)
    ended = [live for live in lives if live["status"] == "VOD"]
    text = " → ".join(lives[0]["history"]) if lives else "-"
    yield _check("facebook-ended", _("the live video was made, ended and kept"), len(ended) == 1, text)
    same = e.uploaded.get("pl_PL") == e.files.srt.read_bytes()
    text = _("pl_PL, byte for byte the file on the disk") if same else ", ".join(e.uploaded) or _("nothing came")
    yield _check("facebook-captions", _("its captions were uploaded"), same, text)
    leaks = ", ".join(e.facebook["graph"]["faults"])
    asked = _("{requests} requests to the Graph API").format(requests=len(e.facebook["graph"]["requests"]))
    yield _check("facebook-requests", _("no token in any address"), not leaks, leaks or asked)


def _cable(e: Evidence) -> Iterator[Check]:
    report, wire, stream = e.cable, e.cable["wire"], e.cable["stream"]
    errors = sum(report["priority_1_and_2"].values())
    text = _("{packets} packets in {seconds} s, {errors} errors of TR 101 290 priority 1 and 2").format(
        packets=stream["packets"], seconds=f"{wire['seconds']:.1f}", errors=errors
    )
    whole = errors == 0 and wire["seconds"] >= e.played.on_air_s - _LOST_S
    yield _check("cable-stream", _("the headend received the class"), whole, text)
    text = _("{kbps} kb/s, constant").format(kbps=round((stream["bitrate"] or 0) / 1000))
    yield _check("cable-rate", _("at a constant bitrate"), bool(stream["constant"]), text)
    service = report["service"]
    named = (service["name"], service["provider"]) == (SERVICE, PROVIDER)
    yield _check(
        "cable-service", _("under the station's name"), named, f"{service['name']} · {service['provider']}"
    )
    watch = report["watch"] or {}
    decoded = len(watch.get("pictures", [])) >= 5 and not watch.get("decode_errors")
    text = _("{pictures} pictures kept, {errors} decoding errors").format(
        pictures=len(watch.get("pictures", [])), errors=watch.get("decode_errors")
    )
    yield _check("cable-decoded", _("and it decodes"), decoded, text)
    lufs = watch.get("loudness_lufs")
    text = _("{lufs} LUFS ({target} is reached slowly, over minutes)").format(lufs=lufs, target=f"{_CABLE_LUFS:g}")
    near = lufs is not None and abs(lufs - _CABLE_LUFS) <= 6
    yield _check("cable-loudness", _("at a television's loudness"), near, text, otherwise=WARNING)
    text = _("{ms} ms for 95 of 100 datagrams").format(ms=wire["jitter_p95_ms"])
    steady = wire["jitter_p95_ms"] <= _JITTER_MS
    yield _check("cable-jitter", _("evenly paced"), steady, text, otherwise=WARNING)


def _recording(e: Evidence) -> Iterator[Check]:
    lost = int((e.played.status.get("studio") or {}).get("lost_frames") or 0)
    names = {path.name for path in e.files.masters}
    text = _("{names}; {seconds} s").format(names=", ".join(sorted(names)), seconds=e.report["length_s"])
    whole = {"feed.mkv", "obs.mkv"} <= names and e.report["length_s"] >= e.played.on_air_s - _LOST_S
    yield _check("masters", _("the class was recorded twice"), whole, text)
    share = lost / max(1.0, e.played.on_air_s * 25)
    text = _("{lost} pictures dropped by OBS ({share})").format(lost=lost, share=f"{share:.1%}")
    yield _check("obs-frames", _("this machine kept up"), share <= 0.05, text, otherwise=WARNING)
    said = [line.what for line in e.journal]
    complete = said[:1] == ["begin"] and "closed" in said and said.count("scene") >= 8 and said.count("marker") == 2
    text = _("{lines} lines, from the first to the last").format(lines=len(said))
    yield _check("journal", _("the journal holds all of it"), complete, text)


def _captions(e: Evidence) -> Iterator[Check]:
    heard = e.hearing
    text = _("{errors} of the words wrong, in {sentences} sentences").format(
        errors=f"{heard.errors:.1%}", sentences=len(heard.rows)
    )
    right = len(heard.rows) >= 5 and heard.errors <= _WORST_ERRORS
    yield _check("caption-words", _("captions say what was spoken"), right, text)
    text = _("half of them begin within {ms} ms of the voice").format(ms=heard.start_ms)
    timely = heard.start_ms is not None and heard.start_ms <= _WORST_START_MS
    yield _check("caption-times", _("when it was spoken"), timely, text)


def _outputs(e: Evidence) -> Iterator[Check]:
    titles = [(one.codec, one.language) for one in e.web.subtitles]
    fits = titles == [("mov_text", "pol")] and e.index_first and bool(e.web.video)
    text = _("{titles}, index first: {first}").format(
        titles=", ".join(f"{codec} {language}" for codec, language in titles), first="✓" if e.index_first else "✗"
    )
    yield _check("web-video", _("a web video with captions to select"), fits, text)
    near = e.web_lufs is not None and abs(e.web_lufs - _WEB_LUFS) <= 1
    yield _check("web-loudness", _("at the web's loudness"), near, f"{e.web_lufs} LUFS")
    text = _("the picture differs by {steps} grey steps where captions stand").format(steps=f"{e.burnt:.0f}")
    yield _check("open-video", _("a video with open captions"), e.burnt >= 6, text)


def _package(e: Evidence) -> Iterator[Check]:
    fine = len(e.verified) == 1 and all(report["ok"] for report in e.verified)
    read = e.verified[0] if e.verified else {"files": 0, "bytes": 0}
    text = _("{files} files, {mb} MB, every byte read again").format(
        files=read["files"], mb=f"{read['bytes'] / 1e6:.1f}"
    )
    yield _check("package", _("the archive package is whole"), fine, text)


def _secrets(e: Evidence) -> Iterator[Check]:
    text = "; ".join(f"{name}: {place}" for name, place in e.secrets) or _("in no argument, no file, no database")
    yield _check("secrets", _("no token and no key was seen anywhere"), not e.secrets, text)


def _jobs(e: Evidence) -> Iterator[Check]:
    findings = [found for job in e.jobs for found in job["findings"] if found.get("level") != "notice"]
    done = bool(e.jobs) and all(job["state"] == "done" for job in e.jobs)
    text = ", ".join(str(found.get("code")) for found in findings) or _("nothing is left to do")
    yield _check("jobs", _("the after-work is done"), done, text)
    if findings:
        yield Check("jobs-findings", _("the after-work has something to say"), WARNING, text)


def _check(code: str, name: str, fine: bool, text: str, otherwise: str = FAILED) -> Check:
    return Check(code, name, OK if fine else otherwise, text)
