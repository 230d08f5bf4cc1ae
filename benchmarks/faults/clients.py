"""Strangers at the hub's ports: they harm nothing and do not lock out the publisher."""

import contextlib
import json
import random
import socket
import subprocess
from collections.abc import Callable

from benchmarks.faults.fault import Fault
from benchmarks.faults.rig import KEY, Rig
from pipeline import platform
from tests.support.rtmp_peer import HANDSHAKE, Peer, connect, opening


def publisher_with(key: str, seconds: float = 6) -> Callable[[Rig], None]:
    """A whole publisher of its own comes with this key and is refused."""

    def act(rig: Rig) -> None:
        argv = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", str(rig.film.path), "-c", "copy"]
        argv += ["-f", "flv", f"rtmp://127.0.0.1:{rig.port}/live/{key}"]
        rig.broken()
        other = subprocess.Popen(platform.die_with_parent(argv), stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            other.wait(seconds)
        refused = other.poll() is not None
        other.kill()
        other.wait(5)
        rig.mended()
        assert refused or rig.status()["feed"]["refusal"], "it was not refused"

    return act


def garbage(rig: Rig) -> None:
    noise = random.Random(7)
    rig.broken()
    for port in (rig.port, _control_port(rig)):
        for _ in range(30):
            with contextlib.suppress(OSError), Peer(port) as peer:
                peer.say(noise.randbytes(20_000))
    rig.mended()


def huge(rig: Rig) -> None:
    """A message that claims sixteen megabytes, after a good handshake and the right key."""
    rig.broken()
    for _ in range(10):
        with contextlib.suppress(OSError), Peer(rig.port) as peer:
            peer.say(HANDSHAKE + connect() + bytes([4, 0, 0, 0, 255, 255, 255, 9, 1, 0, 0, 0]) + bytes(200_000))
            peer.closed(within_s=4)
    rig.mended()


def loris(rig: Rig) -> None:
    """300 clients begin a handshake and then drip a byte now and then."""
    rig.broken()
    with contextlib.ExitStack() as opened:
        peers = []
        for _ in range(300):
            with contextlib.suppress(OSError):
                peers.append(opened.enter_context(Peer(rig.port)))
        for _ in range(8):
            for peer in peers:
                with contextlib.suppress(OSError):
                    peer.say(b"\3")
            rig.play(0.5)
    rig.mended()


def thousand(rig: Rig) -> None:
    """1000 idle connections to both ports, held while the source comes anew."""
    rig.broken()
    with contextlib.ExitStack() as opened:
        for port in [rig.port, _control_port(rig)] * 500:
            with contextlib.suppress(OSError):
                opened.enter_context(socket.create_connection(("127.0.0.1", port), 2))
        rig.play(3)
        rig.status()
    rig.mended()


def wrong_token(rig: Rig) -> None:
    rig.broken()
    for _ in range(200):
        with socket.create_connection(("127.0.0.1", _control_port(rig)), 5) as link:
            link.sendall(json.dumps({"do": "finish", "token": "x" * 43}).encode() + b"\n")
            assert b"control.wrong-token" in link.recv(4096), "a wrong token was not refused"
    rig.mended()


def half_opened(rig: Rig) -> None:
    """A second publisher says everything right, key included, up to its first picture, and stays there."""
    rig.broken()
    with Peer(rig.port) as peer:
        peer.say(opening("live", KEY))
        peer.closed(within_s=6)
    rig.mended()


def _control_port(rig: Rig) -> int:
    return int(json.loads(rig.control.read_text(encoding="utf-8"))["port"])


FAULTS = (
    Fault("second-publisher", "second publisher with the right key", publisher_with(KEY)),
    Fault("wrong-key", "publisher with a wrong key", publisher_with("not-the-key")),
    Fault("half-publisher", "second publisher that connects and waits", half_opened),
    Fault("client-garbage", "garbage at the ingest and control ports", garbage),
    Fault("client-huge", "message of 16 MB at the ingest port", huge),
    Fault("client-loris", "300 slow clients at the ingest port", loris),
    Fault("client-thousand", "1000 connections to both ports", thousand),
    Fault("client-token", "200 wrong tokens at the control port", wrong_token),
)
