"""A network of its own between the hub and a far end: two IP links whose packets are lost, late, or all swallowed.

The far end's side is another network namespace; between the two, packets pass through this process, so that the
kernel's own TCP meets true loss and delay.
"""

import os
import random
import socket
import struct
import subprocess
import threading
import time
from collections import deque
from fcntl import ioctl
from pathlib import Path

from benchmarks.faults.surroundings import own_network, unshare
from benchmarks.faults.wires import TcpWire

NEAR, FAR, NAME = "10.77.0.1", "10.77.0.2", "far.test"
PORT = 4430
_TUNSETIFF, _TUN, _BARE = 0x400454CA, 0x0001, 0x1000
_NEW_NET = 0x40000000
_BUFFER = 200_000  # bytes that wait before a narrow place


class LossyNetwork:
    """`loss` is a share, `delay_s` each way, `rate` bytes a second towards the far end (0: no limit), `swallows`
    takes everything. Make it before any thread and any server of the fault.
    """

    def __init__(self, folder: Path) -> None:
        self.loss, self.delay_s, self.rate, self.swallows = 0.0, 0.01, 0, False
        self.lost = 0
        own_network()
        self._near = _tun("near", NEAR, FAR)
        self._made: list[tuple[int, socket.socket]] = []
        maker = threading.Thread(target=self._make_far)
        maker.start()
        maker.join(10)
        self._far, self._listener = self._made[0]
        hosts = folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{FAR} {NAME}\n", encoding="ascii")
        subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True, timeout=10)
        for source, sink, narrow in ((self._near, self._far, True), (self._far, self._near, False)):
            Way(self, source, sink, narrow=narrow).start()

    def far(self, port: int) -> tuple[str, int]:
        """An address beyond the network that leads to `port` here."""
        self.wire = TcpWire(port, self._listener)
        return NAME, PORT

    def _make_far(self) -> None:
        unshare(_NEW_NET)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True, timeout=10)
        tun = _tun("far", FAR, NEAR)
        self._made.append((tun, socket.create_server((FAR, PORT), backlog=16)))


class Way:
    """One direction."""

    def __init__(self, network: LossyNetwork, source: int, sink: int, *, narrow: bool) -> None:
        self._network, self._source, self._sink, self._narrow = network, source, sink, narrow
        self._held: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._free_at = 0.0
        self._coming = threading.Condition()
        self._chance = random.Random(source)

    def start(self) -> None:
        for work in (self._take, self._give):
            threading.Thread(target=work, daemon=True).start()

    def _take(self) -> None:
        while packet := os.read(self._source, 2048):
            network = self._network
            full = self._narrow and network.rate and self._bytes > _BUFFER
            if network.swallows or full or self._chance.random() < network.loss:
                network.lost += 1
                continue
            now = time.monotonic()
            if self._narrow and network.rate:
                self._free_at = max(self._free_at, now) + len(packet) / network.rate
            with self._coming:
                self._bytes += len(packet)
                self._held.append((max(now, self._free_at) + network.delay_s, packet))
                self._coming.notify()

    def _give(self) -> None:
        while True:
            with self._coming:
                while not self._held:
                    self._coming.wait()
                due, packet = self._held.popleft()
                self._bytes -= len(packet)
            time.sleep(max(0.0, due - time.monotonic()))
            os.write(self._sink, packet)


def _tun(name: str, address: str, peer: str) -> int:
    """A network interface of this thread's namespace whose other side is a file: IP packets, one a read."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TUN | _BARE))
    for argv in (("addr", "add", address, "peer", peer, "dev", name), ("link", "set", name, "up", "mtu", "1500")):
        subprocess.run(["ip", *argv], check=True, timeout=10)
    return device
