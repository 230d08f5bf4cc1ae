"""What opening a connection says of far ends that are no OBS in working order."""

import threading
import time

import pytest
from pydantic import SecretStr

from pipeline.adapters.obs.connection import Connection
from pipeline.errors import PipelineError, Refused, Temporary
from pipeline.model.config import Obs
from pipeline.standins.screenless_obs import free_port
from tests.support.websocket_peer import Peer, WebsocketServer


def _fault(port: int, connect_s: float = 0.4) -> PipelineError:
    connection = Connection(Obs(port=port, password=SecretStr("tajne")), connect_s=connect_s)
    with pytest.raises(PipelineError) as caught:
        connection.open()
    assert "tajne" not in repr(caught.value.fields)
    return caught.value


def test_nobody_listens() -> None:
    fault = _fault(free_port())
    assert (type(fault), fault.code) == (Temporary, "obs.not-running")


def test_old_protocol_is_named() -> None:
    def talk(peer: Peer) -> None:
        # Protocol 4 says nothing until it is asked, and knows no `op`.
        asked = peer.hear()
        assert asked is not None
        assert asked["request-type"] == "GetAuthRequired"
        peer.say({"message-id": asked["message-id"], "status": "ok", "authRequired": True})
        peer.hear()

    with WebsocketServer(talk) as server:
        fault = _fault(server.port)
    assert (type(fault), fault.code, fault.fields["port"]) == (Refused, "obs.old-protocol", server.port)


def test_a_websocket_that_never_speaks_does_not_block() -> None:
    silent = threading.Event()
    with WebsocketServer(lambda _: silent.wait(10) and None) as server:
        began = time.monotonic()
        fault = _fault(server.port)
        silent.set()
    assert fault.code == "obs.not-answering"
    assert time.monotonic() - began < 5


def test_a_port_that_takes_the_call_and_sleeps_does_not_block() -> None:
    with WebsocketServer(None) as server:
        began = time.monotonic()
        fault = _fault(server.port)
    assert (type(fault), fault.code) == (Temporary, "obs.not-answering")
    assert time.monotonic() - began < 5


def test_another_program_at_the_port() -> None:
    with WebsocketServer(None, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") as server:
        assert _fault(server.port).code == "obs.not-obs"
    with WebsocketServer(None, b"220 mail.example ESMTP\r\n") as server:
        assert _fault(server.port).code == "obs.not-obs"


def test_a_request_before_opening_is_refused() -> None:
    with pytest.raises(Temporary) as caught:
        Connection(Obs()).request("GetStats")
    assert caught.value.code == "obs.lost"
