"""Teletext page 777 on the wire, read back by libzvbi (through ffmpeg): every Polish letter, nothing broken."""

import subprocess
from pathlib import Path

import pytest

from pipeline.hub.cable_teletext import Teletext, TeletextCue, read_cues
from pipeline.media import transport as ts
from pipeline.media.tr101290 import Analyser
from tests.support import transport_streams as streams

PID = 259
LETTERS = ["ĄĆĘŁŃÓŚŹŻ", "ąćęłńóśźż"]
PANGRAM = "Zażółć gęślą jaźń – PÓJDŹ, KIŃ TĘ CHMURNOŚĆ W GŁĄB FLASZY!"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return streams.clean_stream(tmp_path_factory.mktemp("ts") / "clean.ts")


def wire(hub_us: int) -> int:
    """Hub time 0 is the stream's first picture."""
    return hub_us * 9 // 100 + 126_000


def with_cues(clean: bytes, cues: list[TeletextCue]) -> bytes:
    teletext = Teletext(cues, pid=PID, page=777, wire=wire)
    clock, out = None, bytearray()
    for packet in streams.packets(clean):
        pcr = ts.pcr_of(packet)
        clock = clock if pcr is None else pcr // 300
        out += teletext.packet(packet, clock)
    return bytes(out)


def cue(start_s: float, end_s: float, text: str) -> TeletextCue:
    return TeletextCue(int(start_s * 1e6), int(end_s * 1e6), text)


def decoded(data: bytes, folder: Path) -> list[tuple[float, str]]:
    """What libzvbi reads on page 777: when each text was there, and the text."""
    path = folder / "teletext.ts"
    path.write_bytes(data)
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-nostdin",
        "-txt_format",
        "text",
        "-txt_page",
        "777",
        "-fix_sub_duration",
        "-copyts",
    ]
    command += ["-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    found = []
    for block in shown.split("\n\n"):
        lines = block.strip().splitlines()
        if len(lines) > 2:
            hours, minutes, seconds = lines[1].split(" --> ")[0].replace(",", ".").split(":")
            text = "\n".join(" ".join(line.split()) for line in lines[2:] if line.strip())
            found.append((int(hours) * 3600 + int(minutes) * 60 + float(seconds), text))
    return found


def changes(found: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Repetitions left out."""
    return [item for at, item in enumerate(found) if not at or item[1] != found[at - 1][1]]


def test_every_polish_letter_is_read_back(clean: bytes, tmp_path: Path) -> None:
    cues = [cue(1.0, 2.2, "\n".join(LETTERS)), cue(2.5, 4.0, PANGRAM), cue(4.1, 5.4, "– Tak.\n– „Nie” [śmiech]…")]
    found = changes(decoded(with_cues(clean, cues), tmp_path))
    texts = [text for _, text in found if text]
    assert texts[0].splitlines() == LETTERS
    assert texts[1].replace("\n", " ") == PANGRAM.replace("–", "—")  # G2 has the long dash only
    assert texts[2].splitlines() == ["— Tak.", '— "Nie" (śmiech)...']


def test_cues_come_in_time(clean: bytes, tmp_path: Path) -> None:
    found = changes(decoded(with_cues(clean, [cue(1.0, 2.0, "raz"), cue(3.0, 4.0, "dwa")]), tmp_path))
    starts = {text: at for at, text in found if text}
    assert starts["dwa"] - starts["raz"] == pytest.approx(2.0, abs=0.15)
    assert starts["raz"] == pytest.approx(2.4, abs=0.15)  # the first picture is at 1.4


def test_the_stream_stays_as_it_was(clean: bytes) -> None:
    data = with_cues(clean, [cue(1.0, 2.0, "raz"), cue(2.1, 5.0, PANGRAM)])
    analyser = Analyser(rate=streams.RATE)
    analyser.feed(data)
    found = analyser.finish()
    assert found.errors == {}
    assert found.streams == {257: "h264", 258: "mp2", PID: "private"}
    changed = [
        ts.pid_of(before)
        for before, after in zip(streams.packets(clean), streams.packets(data), strict=True)
        if before != after
    ]
    assert set(changed) == {ts.NULL_PID, 256}
    assert b"\x56\x05pol\x17\x77" in data  # a subtitle page, magazine 7, page 77


def test_ffprobe_names_the_language(clean: bytes, tmp_path: Path) -> None:
    path = tmp_path / "stream.ts"
    path.write_bytes(with_cues(clean, []))
    command = ["ffprobe", "-v", "error", "-select_streams", "s", "-of", "csv=p=0"]
    command += ["-show_entries", "stream=codec_name:stream_tags=language", str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.split()
    assert "dvb_teletext,pol" in shown


def test_cues_are_read_from_lines(tmp_path: Path) -> None:
    path = tmp_path / "cues.jsonl"
    path.write_text(
        '{"start_us": 5, "end_us": 9, "text": "dwa"}\nnothing\n{"start_us": 1, "end_us": 2, "text": "raz"}\n'
    )
    assert [item.text for item in read_cues(path)] == ["raz", "dwa"]
