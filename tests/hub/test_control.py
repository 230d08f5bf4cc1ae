"""Control: answers and errors travel, strangers learn nothing, hostile peers keep nobody out."""

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import Fatal, PipelineError, Refused, Temporary
from pipeline.hub import control
from pipeline.hub.control import ControlClient, ControlServer
from tests.support.far_end import wait_for


def echo(request: dict[str, object]) -> dict[str, object]:
    return {"you": request.get("text")}


def fail(request: dict[str, object]) -> dict[str, object]:
    raise {"r": Refused, "t": Temporary, "f": Fatal}[str(request["kind"])]("area.what", path=Path("x"), n=3)


def crash(request: dict[str, object]) -> dict[str, object]:
    raise RuntimeError("inner words")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ControlServer]:
    stop = threading.Event()
    server = ControlServer(tmp_path / "control.json", {"echo": echo, "fail": fail, "crash": crash}, stop)
    server.start()
    yield server
    stop.set()
    server.close()


@pytest.fixture
def client(server: ControlServer, tmp_path: Path) -> ControlClient:
    return ControlClient(tmp_path / "control.json")


def raw(server: ControlServer, data: bytes, *, within_s: float = 5.0) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), within_s) as link:
        heard = b""
        try:
            link.sendall(data)
            while part := link.recv(65536):
                heard += part
        except ConnectionError:
            pass
        return heard


def test_a_question_is_answered(client: ControlClient) -> None:
    assert client.ask("echo", text="zażółć") == {"you": "zażółć"}


@pytest.mark.parametrize(("kind", "raised"), [("r", Refused), ("t", Temporary), ("f", Fatal)])
def test_errors_keep_kind_code_and_fields(client: ControlClient, kind: str, raised: type[PipelineError]) -> None:
    with pytest.raises(raised) as caught:
        client.ask("fail", kind=kind)
    assert type(caught.value) is raised
    assert (caught.value.code, caught.value.fields) == ("area.what", {"path": "x", "n": 3})


def test_a_crash_of_a_handler_is_told_without_its_words(client: ControlClient) -> None:
    with pytest.raises(Fatal) as caught:
        client.ask("crash")
    assert caught.value.code == "control.failed"
    assert "inner" not in str(caught.value)
    assert client.ask("echo", text="1") == {"you": "1"}


def test_an_unknown_request_is_refused(client: ControlClient) -> None:
    with pytest.raises(Refused) as caught:
        client.ask("explode")
    assert caught.value.code == "control.unknown"


def test_the_file_is_private_and_goes_with_the_server(server: ControlServer, tmp_path: Path) -> None:
    path = tmp_path / "control.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    about = json.loads(path.read_text())
    assert about["pid"] == os.getpid()
    server.close()
    assert not path.exists()
    with pytest.raises(Temporary) as caught:
        ControlClient(path).ask("echo")
    assert caught.value.code == "control.not-running"


def test_a_file_of_a_dead_process_means_not_running(client: ControlClient, tmp_path: Path) -> None:
    path = tmp_path / "control.json"
    about = json.loads(path.read_text())
    path.write_text(json.dumps({**about, "born": about["born"] - 1000}))
    with pytest.raises(Temporary) as caught:
        client.ask("echo")
    assert caught.value.code == "control.not-running"


@pytest.mark.parametrize(
    "request_", [{"do": "echo"}, {"do": "echo", "token": "x"}, {"do": "echo", "token": 5}, [], 7, "x"]
)
def test_without_the_token_nothing_is_answered_but_that(server: ControlServer, request_: object) -> None:
    answer = json.loads(raw(server, json.dumps(request_).encode() + b"\n"))
    assert answer == {"ok": False, "kind": "Refused", "code": "control.wrong-token", "fields": {}}


@pytest.mark.parametrize(
    "garbage", [b"\x00\xff\xfe\n", b"[" * 100_000 + b"\n", b'{"token": "\\ud800"}\n', b"GET / HTTP/1.1\r\n\r\n"]
)
def test_garbage_is_refused(server: ControlServer, client: ControlClient, garbage: bytes) -> None:
    assert b"control.wrong-token" in raw(server, garbage)
    assert client.ask("echo", text="2") == {"you": "2"}


def test_an_endless_line_is_cut_off(server: ControlServer) -> None:
    assert raw(server, b"x" * (control.LINE_BYTES + 200_000)) == b""


def test_who_drips_is_cut_off(server: ControlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "FIRST_LINE_S", 0.3)
    with socket.create_connection(("127.0.0.1", server.port), 5) as link:

        def cut_off() -> bool:
            try:
                link.sendall(b" ")
            except OSError:
                return True
            return False

        wait_for(cut_off, 5, "the slow peer was listened to for ever")


def test_many_idle_peers_keep_nobody_out(server: ControlServer, client: ControlClient) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(4 * control.STRANGERS)]
    assert client.ask("echo", text="3") == {"you": "3"}
    for link in idle:
        link.close()


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        from pipeline import platform

        about = {
            "port": deaf.getsockname()[1],
            "token": "x",
            "pid": os.getpid(),
            "born": platform.born(os.getpid()),
        }
        (tmp_path / "c.json").write_text(json.dumps(about))
        with pytest.raises(Temporary) as caught:
            ControlClient(tmp_path / "c.json").ask("echo", timeout_s=0.2)
    assert caught.value.code == "control.no-answer"
