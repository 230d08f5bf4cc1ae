"""The acceptor on a real socket: one key, one publisher, deadlines, and hostile peers that harm nobody."""

import queue
import threading
from collections.abc import Iterator

import pytest

from pipeline.errors import Fatal
from pipeline.hub.rtmp import acceptor as acceptor_module
from pipeline.hub.rtmp import limits
from pipeline.hub.rtmp.acceptor import Acceptor
from pipeline.hub.rtmp.chunks import VIDEO
from pipeline.hub.rtmp.faults import Rejection
from pipeline.hub.rtmp.pipe import FlvPipe
from tests.support.far_end import wait_for
from tests.support.rtmp_peer import HANDSHAKE, Peer, media, message, opening


class Desk:
    """An acceptor and what it handed out."""

    def __init__(self) -> None:
        self.pipes: queue.SimpleQueue[FlvPipe] = queue.SimpleQueue()
        self.rejections: list[Rejection] = []
        self.acceptor = Acceptor("127.0.0.1", 0, "live", "k", self.pipes.put, self.rejections.append)
        self.acceptor.start()

    def publisher(self) -> tuple[Peer, FlvPipe]:
        peer = Peer(self.acceptor.port).say(opening("live", "k"))
        return peer, self.pipes.get(timeout=5)

    def peer(self) -> Peer:
        return Peer(self.acceptor.port)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLISH_DEADLINE_S", "IDLE_S", "LINGER_S"):
        monkeypatch.setattr(limits, name, 0.2)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.acceptor.stop()


def test_a_publisher_fills_the_pipe(desk: Desk) -> None:
    peer, pipe = desk.publisher()
    with peer:
        peer.say(media(5))
        assert pipe.ready.wait(5)
        assert pipe.complete
        assert pipe.read(9)[:3] == b"FLV"
    wait_for(lambda: pipe.reason)
    assert pipe.reason == "connection lost"


@pytest.mark.parametrize(("app", "key"), [("live", "K"), ("live", ""), ("elsewhere", "k"), ("live", "k" * 5000)])
def test_a_wrong_key_is_told_and_closed(desk: Desk, app: str, key: str) -> None:
    with desk.peer().say(opening(app, key)) as peer:
        heard = peer.hear(within_s=5)
    assert b"NetStream.Publish.BadName" in heard
    assert [rejection.code for rejection in desk.rejections] == ["hub.wrong-key"]
    assert desk.pipes.empty()


def test_a_second_publisher_is_refused_and_the_first_goes_on(desk: Desk) -> None:
    first, pipe = desk.publisher()
    with first:
        with desk.peer().say(opening("live", "k")) as second:
            assert b"already live" in second.hear()
        first.say(media(2))
        assert pipe.ready.wait(5)
        assert not pipe.reason


def test_the_place_is_free_again_after_the_first_has_gone(desk: Desk) -> None:
    first, pipe = desk.publisher()
    first.close()
    wait_for(lambda: pipe.reason)
    second, _ = desk.publisher()
    second.close()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("said", [b"", b"\x03", HANDSHAKE, HANDSHAKE + b"\x03\x00\x00"])
def test_who_does_not_publish_in_time_is_dropped(desk: Desk, said: bytes) -> None:
    with desk.peer().say(said) as peer:
        assert peer.closed(within_s=3)


@pytest.mark.usefixtures("quick")
def test_a_silent_publisher_is_dropped(desk: Desk) -> None:
    peer, pipe = desk.publisher()
    with peer:
        wait_for(lambda: pipe.reason, 5)
        assert pipe.reason == "publisher silent"


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + bytes(300), HANDSHAKE + b"\xff" * 64]
)
def test_garbage_is_closed_at_once(desk: Desk, garbage: bytes) -> None:
    with desk.peer().say(garbage) as peer:
        assert peer.closed(within_s=1.5)


def test_many_idle_peers_do_not_keep_a_publisher_out(desk: Desk) -> None:
    idle = [desk.peer() for _ in range(3 * limits.PENDING)]
    peer, pipe = desk.publisher()
    assert desk.acceptor.pending <= limits.PENDING
    more = [desk.peer() for _ in range(2 * limits.PENDING)]
    peer.say(media(2))
    assert pipe.ready.wait(5)
    assert not pipe.reason
    for link in (*idle, *more, peer):
        link.close()


@pytest.mark.parametrize(
    ("body", "codec"), [(b"\x90hvc1\x00", "hvc1"), (b"\x90av01\x00", "av01"), (b"\x12\x00", "FLV-2")]
)
def test_other_codecs_are_refused_with_their_name(desk: Desk, body: bytes, codec: str) -> None:
    peer, pipe = desk.publisher()
    with peer:
        heard = peer.say(message(VIDEO, body)).hear()
    assert codec.encode() in heard
    assert [(r.code, r.fields) for r in desk.rejections] == [("hub.foreign-codec", {"codec": codec})]
    assert pipe.reason == "hub.foreign-codec"


def test_a_refused_codec_is_remembered_but_not_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptor_module, "REMEMBERED_S", 0.5)
    peer, _ = desk.publisher()
    peer.say(message(VIDEO, b"\x90hvc1\x00")).close()
    wait_for(lambda: desk.rejections)

    def admitted() -> bool:
        with desk.peer().say(opening("live", "k")) as again:
            return b"Publish.Start" in again.hear(b"Publish.")

    assert not admitted()
    wait_for(admitted, 5)


def test_a_demuxer_that_sleeps_slows_the_publisher_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PIPE_HIGH", 200_000)
    monkeypatch.setattr(limits, "PIPE_LOW", 50_000)
    peer, pipe = desk.publisher()
    sent = [message(VIDEO, b"\x27\x01\x00\x00\x00" + bytes(60_000), timestamp=n * 40) for n in range(40)]
    with peer:

        def send() -> None:
            for data in sent:
                peer.say(data)

        sender = threading.Thread(target=send)
        sender.start()
        wait_for(lambda: pipe.size > 200_000)
        got = 13
        pipe.read(13)
        while got < 40 * 60_020 + 13:
            got += len(pipe.read(1 << 20))
        sender.join(5)
    assert got == 40 * 60_020 + 13


def test_a_taken_port_is_said(desk: Desk) -> None:
    other = Acceptor("127.0.0.1", desk.acceptor.port, "live", "k", desk.pipes.put)
    with pytest.raises(Fatal) as caught:
        other.start()
    assert caught.value.code == "hub.port-taken"


def test_a_peer_that_never_reads_is_dropped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNREAD", -1)  # as if what we answer always stayed with us
    with desk.peer().say(HANDSHAKE) as peer:
        assert peer.closed(within_s=1.5)


def test_without_callbacks_it_still_refuses() -> None:
    acceptor = Acceptor("127.0.0.1", 0, "live", "k", lambda pipe: None)
    acceptor.start()
    try:
        with Peer(acceptor.port).say(opening("live", "wrong")) as peer:
            assert b"BadName" in peer.hear()
    finally:
        acceptor.stop()
        acceptor.stop()
