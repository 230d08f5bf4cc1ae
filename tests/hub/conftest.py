"""One hub without a feed, shared by the tests that only ask it."""

from collections.abc import Iterator

import pytest

from tests.support.hubs import HubProcess, hub_process


@pytest.fixture(scope="module")
def idle_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with hub_process(tmp_path_factory.mktemp("hub")) as hub:
        yield hub
