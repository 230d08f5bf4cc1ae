"""The real hub with a real publisher and real far ends: what arrived is counted at the far ends."""

import itertools
import os
import re
import signal
from pathlib import Path

import av
import psutil
import pytest

from pipeline.errors import Refused
from pipeline.hub.packet import Packet
from pipeline.hub.spec import LegSpec
from tests.support.far_end import FarEnd, pictures, wait_for
from tests.support.feed import publishing
from tests.support.hubs import KEY, HubProcess, hub_process
from tests.support.nginx_rtmp import nginx
from tests.support.relay import Authority, Relay

pytestmark = pytest.mark.air

SECRET = "FB-1234-s-geheim-platform-key"


def rtmp(name: str, far: FarEnd, **options: object) -> LegSpec:
    return LegSpec(name, "rtmp", far.url, far.key, dict(options))


def up(hub: HubProcess, *names: str) -> bool:
    return all(hub.leg(name)["state"] == "up" for name in names)


def unbroken(packets: list[Packet]) -> bool:
    """Every frame 40 ms after the one before."""
    times = [packet.dts_us for packet in packets if packet.kind == "video"]
    return all(abs(b - a - 40_000) <= 1_500 for a, b in itertools.pairwise(times))


def recorded(path: Path) -> int:
    """How many whole pictures a master holds."""
    with av.open(str(path), "r") as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


def length_us(path: Path) -> int:
    with av.open(str(path), "r") as container:
        return max(int(p.pts * p.time_base * 1_000_000) for p in container.demux(video=0) if p.pts is not None)


def test_a_feed_reaches_legs_and_recording_whole(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with FarEnd(SECRET) as far, FarEnd(SECRET) as safe, Relay(safe.port, authority.context()) as tls:
        legs = [
            rtmp("plain", far),
            LegSpec("safe", "rtmp", f"rtmps://localhost:{tls.port}/rtmp", SECRET, {"tls_ca": str(authority.ca)}),
        ]
        with hub_process(tmp_path, legs) as hub:
            with publishing(hub.port, KEY, bframes=2, log=tmp_path / "feed.log"):
                wait_for(lambda: up(hub, "plain", "safe"), 30)
                wait_for(lambda: len(far.frames) > 100)
                status = hub.status()
                shown = [" ".join(p.cmdline()) for p in psutil.Process(hub.process.pid).children(recursive=True)]
            wait_for(lambda: hub.feed()["state"] == "lost")
            assert hub.finish() == 0
        assert status["feed"]["state"] == "on"  # type: ignore[index]
        assert (status["feed"]["width"], status["feed"]["fps"]) == (320, 25.0)  # type: ignore[index]
        assert status["feed"]["key_interval_us"] == 2_000_000  # type: ignore[index]
        assert len(shown) == 2
        master = tmp_path / "masters" / "feed.mkv"
        assert len(far.sessions) == len(safe.sessions) == 1
        assert pictures(far.sessions[0]) == pictures(safe.sessions[0])
        assert len(pictures(far.sessions[0])) == recorded(master)
        assert unbroken(far.sessions[0])
        sound = [packet for packet in far.sessions[0] if packet.kind == "audio"]
        assert len(sound) == pytest.approx(len(far.frames) * 48000 / 1024 / 25, rel=0.05)
        for secret in (SECRET, KEY):
            assert not any(secret in line for line in shown)
            for path in tmp_path.rglob("*.log"):
                # The publisher of the test says its own address; the hub's log may not.
                assert path.name == "feed.log" or secret not in path.read_text()
            assert secret not in hub.journal.read_text()
    states = [line.fields["state"] for line in hub.lines("feed")]  # a busy machine may lose it for a moment
    assert (states[0], states[-1]) == ("began", "lost")
    assert [line.fields["state"] for line in hub.lines("master")] == ["whole"]
    assert (tmp_path / "hub.json").stat().st_mode & 0o077 == 0


def test_faults_of_one_leg_cost_the_others_nothing(tmp_path: Path) -> None:
    with FarEnd() as good, FarEnd() as bad, Relay(bad.port) as relay:
        shaky = LegSpec("shaky", "rtmp", f"rtmp://127.0.0.1:{relay.port}/rtmp", bad.key)
        with hub_process(tmp_path, [rtmp("good", good), shaky]) as hub:
            with publishing(hub.port, KEY, gop=25):
                wait_for(lambda: up(hub, "good", "shaky"), 30)
                psutil.Process(int(str(hub.leg("shaky")["pid"]))).kill()  # its process dies …
                wait_for(lambda: len(bad.sessions) == 2 and up(hub, "shaky"), 15)
                relay.cut()  # … its far end resets …
                wait_for(lambda: len(bad.sessions) == 3 and up(hub, "shaky"), 15)
                relay.freeze()  # … and falls asleep
                wait_for(lambda: hub.leg("shaky")["state"] == "down", 30)
                relay.cut()
                relay.go_on()
                wait_for(lambda: up(hub, "shaky"), 20)
                row = hub.leg("shaky")
            hub.finish()
        assert int(str(row["reconnects"])) >= 3
        assert row["error"] is None
        assert len(good.sessions) == 1
        assert unbroken(good.sessions[0])
        assert len(good.frames) == recorded(tmp_path / "masters" / "feed.mkv")
    said = [(line.fields["state"], line.fields.get("reason")) for line in hub.lines("leg")]
    assert ("down", "leg.lost") in said
    # Every session of the shaky leg began at a keyframe.
    assert all(session[0].starts or session[1].starts for session in bad.sessions if len(session) > 1)


def test_a_foreign_server_gets_every_frame(tmp_path: Path) -> None:
    with nginx(tmp_path / "nginx") as server:
        legs = [LegSpec("nginx", "rtmp", server.url, SECRET)]
        with hub_process(tmp_path, legs) as hub, publishing(hub.port, KEY):
            wait_for(lambda: int(str(hub.leg("nginx")["frames_sent"])) > 50, 30)
            assert hub.finish() == 0
        [file] = server.folder.glob("*.flv")
        with av.open(str(file), "r") as container:
            got = sum(1 for packet in container.demux(video=0) if packet.size)
    assert got == recorded(tmp_path / "masters" / "feed.mkv")


@pytest.mark.parametrize("fault", ["unknown-ca", "system-ca", "other-host", "wrong-key", "closed-port"])
def test_a_leg_that_cannot_be_says_why(tmp_path: Path, fault: str) -> None:
    authority, stranger = Authority(tmp_path), Authority(tmp_path, "stranger")
    host = "elsewhere.example" if fault == "other-host" else "localhost"
    with FarEnd(SECRET) as far, Relay(far.port, authority.context(host)) as tls:
        safe = f"rtmps://localhost:{tls.port}/rtmp"
        leg = {
            "unknown-ca": LegSpec("leg", "rtmp", safe, SECRET, {"tls_ca": str(stranger.ca)}),
            "system-ca": LegSpec("leg", "rtmp", safe, SECRET),
            "other-host": LegSpec("leg", "rtmp", safe, SECRET, {"tls_ca": str(authority.ca)}),
            "wrong-key": LegSpec("leg", "rtmp", far.url, "FB-wrong-key"),
            "closed-port": LegSpec("leg", "rtmp", "rtmp://127.0.0.1:1/rtmp", SECRET),
        }[fault]
        code = {"wrong-key": "leg.refused", "closed-port": "leg.unreachable"}.get(fault, "leg.tls")
        with hub_process(tmp_path, [leg]) as hub, publishing(hub.port, KEY, gop=25):
            wait_for(lambda: hub.leg("leg")["error"] == code, 30, f"{fault}: {hub.leg('leg')}")
            assert hub.leg("leg")["frames_sent"] == 0
        assert far.frames == []
    for secret in (SECRET, "FB-wrong-key"):
        assert secret not in hub.log.read_text() + hub.journal.read_text()


def test_a_killed_hub_loses_a_second_at_most_and_goes_on_in_hub_time(tmp_path: Path) -> None:
    with hub_process(tmp_path) as hub, FarEnd() as far:
        hub.ask("leg_add", leg={"name": "far", "kind": "rtmp", "url": far.url, "secret": far.key})
        with publishing(hub.port, KEY):
            wait_for(lambda: int(str(hub.feed()["frames"])) > 120, 30)
            before = hub.status()
            orphan = int(str(hub.leg("far")["pid"]))
            hub.kill()
        wait_for(lambda: not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == "zombie", 5)
        hub.start()
        first = tmp_path / "masters" / "feed.mkv"
        recorded_us = int(str(before["record"]["duration_us"]))  # type: ignore[index]
        assert length_us(first) >= recorded_us - 1_000_000
        assert int(str(hub.status()["hub_us"])) > int(str(before["hub_us"]))
        with publishing(hub.port, KEY):
            wait_for(lambda: int(str(hub.feed()["frames"])) > 30, 30)
        assert hub.finish() == 0
    masters = hub.lines("master")
    assert [line.fields["path"] for line in masters] == ["masters/feed.mkv", "masters/feed-2.mkv"]
    one, two = (int(line.hub_us or 0) for line in masters)
    assert two > one + length_us(first)
    assert two >= int(str(before["hub_us"]))


def test_a_publisher_that_comes_back_goes_on_in_the_same_sessions(tmp_path: Path) -> None:
    with FarEnd() as far, hub_process(tmp_path, [rtmp("far", far)]) as hub:
        with publishing(hub.port, KEY) as first:
            wait_for(lambda: up(hub, "far"), 30)
            first.kill()
        wait_for(lambda: hub.feed()["state"] == "lost")
        seen = len(far.frames)
        with publishing(hub.port, KEY):
            wait_for(lambda: len(far.frames) > seen + 30, 30)
        hub.finish()
        assert len(far.sessions) == 1
        times = [packet.dts_us for packet in far.frames]
        assert times == sorted(times)
        leaps = [b - a for a, b in itertools.pairwise(times) if b - a > 100_000]
        assert len(leaps) == 1
    assert [line.fields["state"] for line in hub.lines("feed")][:3] == ["began", "lost", "back"]
    [master] = hub.lines("master")
    assert recorded(tmp_path / str(master.fields["path"])) == len(times)


def test_legs_come_and_go_on_air(tmp_path: Path) -> None:
    with FarEnd() as one, FarEnd() as two, hub_process(tmp_path, [rtmp("one", one)]) as hub:
        with publishing(hub.port, KEY, gop=25):
            wait_for(lambda: up(hub, "one"), 30)
            spec = {"name": "two", "kind": "rtmp", "url": two.url, "secret": two.key}
            hub.ask("leg_add", leg=spec)
            with pytest.raises(Refused, match=r"hub\.leg-exists"):
                hub.ask("leg_add", leg=spec)
            wait_for(lambda: up(hub, "two"), 15)
            hub.ask("leg_drop", name="two")
            with pytest.raises(Refused, match=r"hub\.no-such-leg"):
                hub.ask("leg_retry", name="two")
            wait_for(lambda: ("two", "ended") in said(hub), 15)
            assert list(hub.status()["legs"]) == ["one"]  # type: ignore[call-overload]
        hub.finish()
        assert unbroken(one.sessions[0])
        assert two.sessions[0][0].starts or two.sessions[0][1].starts
    with pytest.raises(AssertionError):
        wait_for(lambda: hub.journal.read_text().count(two.key), 0.1)


def said(hub: HubProcess) -> set[tuple[object, object]]:
    return {(line.fields["destination"], line.fields["state"]) for line in hub.lines("leg")}


@pytest.mark.parametrize(
    ("do", "fields", "code"),
    [
        ("leg_add", {"leg": "x"}, "hub.bad-leg"),
        ("leg_add", {"leg": {"name": "x", "what": 1}}, "hub.bad-leg"),
        ("leg_add", {"leg": {"name": "x", "kind": "pigeon", "url": ""}}, "leg.unknown-kind"),
        ("slate", {"on": True}, "hub.no-slate"),
        ("slate_file", {"path": "nowhere/slate.mkv"}, "hub.slate-missing"),
        ("slate_file", {}, "hub.slate-missing"),
        ("leg_drop", {"name": "nobody"}, "hub.no-such-leg"),
    ],
)
def test_what_cannot_be_is_refused(idle_hub: HubProcess, do: str, fields: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as caught:
        idle_hub.ask(do, **fields)
    assert caught.value.code == code


def test_a_wrong_local_key_is_said_in_status(idle_hub: HubProcess, tmp_path: Path) -> None:
    with publishing(idle_hub.port, "wrong-local-key"):
        wait_for(lambda: idle_hub.feed()["refusal"])
    assert idle_hub.feed()["refusal"]["code"] == "hub.wrong-key"  # type: ignore[index]
    assert idle_hub.feed()["state"] == "waiting"
    assert "wrong-local-key" not in idle_hub.log.read_text()


def test_sigterm_finishes_cleanly(tmp_path: Path) -> None:
    with hub_process(tmp_path) as hub, publishing(hub.port, KEY):
        wait_for(lambda: int(str(hub.feed()["frames"])) > 30, 30)
        assert hub.process
        os.kill(hub.process.pid, signal.SIGTERM)
        assert hub.process.wait(15) == 0
    assert recorded(tmp_path / "masters" / "feed.mkv") > 30
    assert [line.fields["state"] for line in hub.lines("process")] == ["started", "ended"]
    assert not (tmp_path / "hub-control.json").exists()


def test_the_log_of_a_hub_holds_no_url(tmp_path: Path) -> None:
    leg = LegSpec("leg", "rtmp", "rtmp://127.0.0.1:1/app", "geheim")
    with hub_process(tmp_path, [leg]) as hub, publishing(hub.port, KEY):
        wait_for(lambda: hub.leg("leg")["error"], 30)
    assert not re.search(r"rtmps?://", hub.log.read_text() + hub.journal.read_text())
