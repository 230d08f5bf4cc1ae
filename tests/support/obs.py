"""A real OBS for tests: one process a session, isolated and without a screen; put in order between tests.

`from tests.support.obs import studio_obs, obs_session` into an area's conftest.py makes the fixtures known there.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from pipeline import platform
from pipeline.adapters.obs.connection import Connection
from pipeline.errors import PipelineError
from pipeline.model.config import Obs
from pipeline.standins.screenless_obs import PROFILE, ScreenlessObs, free_port


class TestObs:
    """The session's OBS; `settings` reach it, `launch` left out: to the code under test it is somebody else's."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.program = ScreenlessObs(folder, free_port(), SecretStr(secrets.token_hex(8)))
        self.pid = 0

    @property
    def settings(self) -> Obs:
        return self.program.settings.model_copy(update={"launch": None})

    def start(self) -> None:
        self.pid = self.program.start()

    def kill(self) -> None:
        """As a crash: no farewell."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            process.kill()
            process.wait(5)

    def end(self) -> None:
        if self.pid:
            platform.go_on(self.pid)
            platform.close_politely(self.pid)
            self.pid = 0

    def put_in_order(self) -> None:
        """Whatever the last test left: running, off the air, in the collection and profile that nobody prepared."""
        if self.pid and platform.alive(self.pid):
            platform.go_on(self.pid)
            with contextlib.suppress(PipelineError):
                self._off_air()
                return
        self.end()
        self.start()

    def _off_air(self) -> None:
        connection = Connection(self.settings)
        connection.open()
        try:
            for what in ("Stream", "Record"):
                if connection.request(f"Get{what}Status")["outputActive"]:
                    connection.request(f"Stop{what}")
                    wait_until(lambda what=what: not connection.request(f"Get{what}Status")["outputActive"])
            connection.request("SetCurrentSceneCollection", sceneCollectionName=PROFILE)
            connection.request("SetCurrentProfile", profileName=PROFILE)
        finally:
            connection.close()


def wait_until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait for `condition()` to be true; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def obs_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestObs]:
    obs = TestObs(tmp_path_factory.mktemp("obs"))
    try:
        yield obs
    finally:
        obs.end()


@pytest.fixture
def studio_obs(obs_session: TestObs) -> TestObs:
    """A running OBS that is off the air."""
    obs_session.put_in_order()
    return obs_session
