"""The conversation: connect and publish, acknowledgements only where they were asked for, and mutated peers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.hub.rtmp.chunks import ACK, VIDEO
from pipeline.hub.rtmp.faults import ProtocolFault
from pipeline.hub.rtmp.session import Event, Goodbye, Media, Publish, Session
from tests.support.rtmp_peer import command, connect, media, message, opening, publish, window


def talk(session: Session, data: bytes, *, key: str = "k") -> list[Event]:
    """Feed it and accept whoever wants to publish."""
    session.receive(data)
    events = []
    while (event := session.next_event()) is not None:
        events.append(event)
        if isinstance(event, Publish):
            session.accept() if event.key == key else session.reject("NetStream.Publish.BadName", "no")
    return events


def test_a_publisher_from_hello_to_goodbye() -> None:
    session = Session()
    bye = command("deleteStream", 9, None, 1)
    events = talk(session, opening("live", "k") + media(3) + bye)
    assert events[0] == Publish("live", "k")
    assert [e.timestamp for e in events if isinstance(e, Media) and e.kind == VIDEO] == [0, 0, 40, 80]
    assert isinstance(events[-1], Goodbye)
    out = session.take_output()
    assert b"NetConnection.Connect.Success" in out
    assert b"NetStream.Publish.Start" in out
    assert b"fourCcList" not in out


def test_a_key_is_not_shown() -> None:
    assert "geheim" not in repr(Publish("live", "geheim"))


def test_media_before_publish_is_not_heard() -> None:
    session = Session()
    data = opening("live", "k")
    assert talk(session, data[: 3073 + len(connect())] + message(VIDEO, b"\x17\x01")) == []


def acknowledgements(out: bytes) -> int:
    return out.count(b"\x02\x00\x00\x00\x00\x00\x04" + bytes((ACK,)))


def test_acknowledges_only_who_declares_a_window() -> None:
    silent, asking = Session(), Session()
    talk(silent, opening("live", "k"))
    talk(asking, opening("live", "k") + window(65536))
    for session in (silent, asking):
        session.take_output()
        for _ in range(8):
            talk(session, message(VIDEO, bytes(16000)))
    assert acknowledgements(silent.take_output()) == 0
    assert acknowledgements(asking.take_output()) >= 2


def test_a_ping_is_answered() -> None:
    session = Session()
    talk(session, opening("live", "k"))
    session.take_output()
    talk(session, message(4, b"\x00\x06\x00\x00\x00\x2a", stream=0, chunk_stream=2))
    assert session.take_output().endswith(b"\x00\x07\x00\x00\x00\x2a")


def test_too_much_before_publish_is_a_fault() -> None:
    session = Session()
    talk(session, opening("live", "k")[: 3073 + len(connect())])
    noise = message(18, bytes(10_000), stream=0, chunk_stream=6)
    try:
        for _ in range(10):
            talk(session, noise)
    except ProtocolFault:
        return
    raise AssertionError("the stranger was listened to")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_mutated_conversation_raises_nothing_unintended(data: st.DataObject) -> None:
    whole = bytearray(
        opening("live", "k") + window(70000) + media(4) + publish("k") + command("deleteStream", 9, None)
    )
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        at = at if at < 1 or data.draw(st.booleans()) else 3073 + at % (len(whole) - 3073)
        match data.draw(st.sampled_from("scid")):
            case "s":
                whole[at] = data.draw(st.integers(0, 255))
            case "c":
                del whole[at : at + data.draw(st.integers(1, 40))]
            case "i":
                whole[at:at] = data.draw(st.binary(min_size=1, max_size=20))
            case "d":
                whole += whole[at : at + 100]
    step = data.draw(st.integers(1, 3000))
    session = Session()
    try:
        for at in range(0, len(whole), step):
            talk(session, bytes(whole[at : at + step]))
    except ProtocolFault:
        pass
