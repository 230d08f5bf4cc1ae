"""A station in a temporary folder, with free ports, for tests of the broadcast's parts."""

import socket
from pathlib import Path

import pytest

from pipeline.model.load import LoadedStation, load_station
from pipeline.office.station import create_station


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    folder = create_station(
        tmp_path / "stanowisko",
        {
            "station.name": "Dom Kultury Jutrzenka",
            "hub.listen": f"127.0.0.1:{free_port()}",
            "destinations.cable": {"kind": "cable", "url": "udp://127.0.0.1:5999", "preset": "cable-360"},
            "destinations.facebook": {"kind": "facebook", "page_id": "123", "token": "${FACEBOOK_TOKEN}"},
        },
        {"FACEBOOK_TOKEN": "token-that-nobody-may-see"},
    )
    return load_station(folder)
