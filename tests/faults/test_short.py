"""The suite's short form: one fault with everything real, and a wire that does what it is told."""

import socket
from pathlib import Path

import pytest

from benchmarks.faults import film as films
from benchmarks.faults.catalogue import FAULTS
from benchmarks.faults.fault import LEG_S
from benchmarks.faults.film import Film
from benchmarks.faults.one import carried_out
from benchmarks.faults.rig import CABLE, PLATFORM, RECORDING, SECOND
from benchmarks.faults.wires import TcpWire, UdpWire
from pipeline.media import process


@pytest.mark.air
def test_a_killed_leg_costs_the_others_nothing(film: Film, tmp_path: Path) -> None:
    outcome = carried_out(FAULTS["leg-killed"], tmp_path, film, None)
    assert outcome.errors == []
    told = outcome.tallies
    assert told[PLATFORM].sessions == 2
    assert told[PLATFORM].back_with_programme
    for place in (SECOND, CABLE, RECORDING):
        assert (told[place].lost, told[place].duplicated, told[place].reordered) == (0, 0, 0), place
    assert told[SECOND].sessions == 1
    assert told[RECORDING].received > 100
    assert outcome.health_s is not None
    assert outcome.health_s < LEG_S + 10
    assert outcome.ended


@pytest.mark.heavy
def test_a_picture_is_known_in_every_container(film: Film, short_film: Path, tmp_path: Path) -> None:
    for name in ("film.flv", "film.ts", "film.mp4"):
        copy = tmp_path / name
        argv = ["ffmpeg", "-nostdin", "-v", "error", "-t", "4", "-i", str(short_film), "-c", "copy", str(copy)]
        process.run(argv, timeout_s=30)
        assert [film.numbers.get(digest) for digest, _ in films.pictures(copy)] == list(range(100)), name


def test_a_tcp_wire_as_its_mode_says() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, TcpWire(server.getsockname()[1]) as wire:
        near = socket.create_connection(("127.0.0.1", wire.port), 5)
        far, _ = server.accept()
        near.sendall(b"there")
        assert far.recv(9) == b"there"
        wire.become("frozen")
        near.sendall(b"late")
        far.settimeout(0.3)
        with pytest.raises(TimeoutError):
            far.recv(9)
        wire.become("whole")
        far.settimeout(5)
        assert far.recv(9) == b"late"
        wire.cut()
        with pytest.raises(ConnectionError):
            _to_the_end(near)
        wire.become("refuse")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", wire.port), 5)
        wire.become("garbage")
        with socket.create_connection(("127.0.0.1", wire.port), 5) as again:
            again.sendall(b"hello")
            assert again.recv(16)
        near.close()
        far.close()


def test_a_udp_wire_lets_pass_what_it_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        wire = UdpWire(ear.getsockname()[1])
        wire.passes = lambda number: number != 2
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            for letter in (b"a", b"b", b"c"):
                mouth.sendto(letter, ("127.0.0.1", wire.port))
        assert [ear.recv(9), ear.recv(9)] == [b"a", b"c"]
        wire.close()


def _to_the_end(link: socket.socket) -> None:
    link.settimeout(5)
    while link.recv(100):
        pass
    raise ConnectionResetError
