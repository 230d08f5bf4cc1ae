"""The connection against the real OBS: errors with their codes, and healing after each way to lose it."""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from pipeline.adapters.obs.connection import LOST, OPENED, Connection
from pipeline.errors import Fatal, Refused, Temporary
from tests.support.obs import TestObs, wait_until

pytestmark = [pytest.mark.air, pytest.mark.timeout(90)]


@pytest.fixture
def connection(studio_obs: TestObs) -> Iterator[Connection]:
    connection = Connection(studio_obs.settings, heartbeat_s=0.5, connect_s=1.0)
    connection.open()
    yield connection
    connection.close()


def _answers(connection: Connection) -> bool:
    try:
        return bool(connection.request("GetStats", timeout_s=1.0))
    except Temporary:
        return False


def test_wrong_password(studio_obs: TestObs, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for password in ("zgaduję-hasło", ""):
        wrong = studio_obs.settings.model_copy(update={"password": SecretStr(password)})
        with pytest.raises(Refused) as caught:
            Connection(wrong).open()
        assert caught.value.code == "obs.wrong-password"
    assert "zgaduję" not in caplog.text


def test_a_failed_request_raises_with_code_and_comment(connection: Connection) -> None:
    with pytest.raises(Fatal) as caught:
        connection.request("GetInputSettings", inputName="żaden")
    assert caught.value.code == "obs.request-failed"
    assert caught.value.fields["request"] == "GetInputSettings"
    assert caught.value.fields["status"] == 600
    assert "żaden" in str(caught.value.fields["comment"])
    assert connection.request("GetVersion")["rpcVersion"] == 1


def test_frozen_then_thawed(studio_obs: TestObs, connection: Connection) -> None:
    os.kill(studio_obs.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(Temporary) as caught:
            connection.request("GetStats", timeout_s=1.0)
        assert caught.value.code == "obs.lost"
        assert time.monotonic() - began < 6
        wait_until(lambda: not connection.connected)
        with pytest.raises(Temporary):  # the library would block here for ever
            connection.request("GetStats", timeout_s=1.0)
    finally:
        os.kill(studio_obs.pid, signal.SIGCONT)
    wait_until(lambda: _answers(connection))


def test_killed_with_a_request_unread_then_restarted(studio_obs: TestObs, connection: Connection) -> None:
    os.kill(studio_obs.pid, signal.SIGSTOP)
    killer = threading.Timer(0.7, studio_obs.kill)
    killer.start()
    began = time.monotonic()
    with pytest.raises(Temporary) as caught:
        connection.request("GetStats", timeout_s=30.0)
    assert caught.value.code == "obs.lost"
    assert time.monotonic() - began < 15, "who waited was not woken when the connection died"
    killer.join()
    studio_obs.start()
    wait_until(lambda: _answers(connection))


def test_the_heartbeat_alone_opens_again(studio_obs: TestObs, connection: Connection) -> None:
    studio_obs.kill()
    wait_until(lambda: not connection.connected)
    studio_obs.start()
    wait_until(lambda: connection.connected)
    names = []
    while not connection.events.empty():
        names.append(connection.events.get_nowait().name)
    assert names[0] == OPENED
    assert names.index(LOST) < len(names) - 1 - names[::-1].index(OPENED)


def test_closed_while_asking(studio_obs: TestObs) -> None:
    connection = Connection(studio_obs.settings)
    connection.open()
    connection.close()
    with pytest.raises(Temporary):
        connection.request("GetStats")
    assert not connection.connected
