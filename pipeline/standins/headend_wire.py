"""The headend's socket: datagrams with the kernel's arrival times, RTP headers checked, jitter against the rate."""

import bisect
import contextlib
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass

_TIMESTAMPNS = 35  # SO_TIMESTAMPNS, which Python 3.11 does not name
_WINDOW = 4000  # datagrams by which the jitter's middle is judged
_HISTOGRAM_MS = [step / 10 for step in range(1, 100)] + [float(step) for step in range(10, 1000)]


@dataclass(slots=True)
class WireReport:
    """How the datagrams came. Jitter is the distance from the place in time that the constant rate gives."""

    datagrams: int = 0
    bytes: int = 0
    seconds: float = 0.0
    bitrate: float = 0.0
    jitter_p95_ms: float | None = None
    jitter_max_ms: float | None = None
    longest_gap_ms: float = 0.0
    wrong_sizes: int = 0
    rtp_errors: int = 0
    rtp_lost: int = 0


class Jitter:
    """Arrival against byte position, by a moving middle of the last seconds; memory does not grow."""

    def __init__(self) -> None:
        self._off: deque[float] = deque(maxlen=_WINDOW)
        self._counts = [0] * (len(_HISTOGRAM_MS) + 1)
        self._middle = 0.0
        self._seen = 0
        self._max = 0.0

    def add(self, arrival_s: float, position_bytes: int, rate: float) -> None:
        off = (arrival_s - position_bytes * 8 / rate) * 1000
        self._off.append(off)
        self._seen += 1
        if self._seen < 200 or self._seen % 100 == 0:
            self._middle = sorted(self._off)[len(self._off) // 2]
        if self._seen >= 200:
            away = abs(off - self._middle)
            self._max = max(self._max, away)
            self._counts[bisect.bisect_left(_HISTOGRAM_MS, away)] += 1

    def percentile(self, share: float) -> float | None:
        """The jitter in ms that this share of the datagrams stays below; None before there are enough."""
        total = sum(self._counts)
        if not total:
            return None
        passed = 0
        for index, count in enumerate(self._counts):
            passed += count
            if passed >= share * total:
                return _HISTOGRAM_MS[min(index, len(_HISTOGRAM_MS) - 1)]
        return _HISTOGRAM_MS[-1]

    @property
    def longest(self) -> float | None:
        return self._max if self._seen >= 200 else None


class Rtp:
    """Checks RTP headers (RFC 3550, 2250): version, payload type 33, one source, numbers without a hole."""

    def __init__(self, report: WireReport) -> None:
        self._report = report
        self._next: int | None = None
        self._source: int | None = None

    def payload(self, datagram: bytes) -> bytes:
        """The transport packets inside; nothing where the header is wrong (counted)."""
        if len(datagram) < 12:
            self._report.rtp_errors += 1
            return b""
        first, second, number, _stamp, source = struct.unpack(">BBHII", datagram[:12])
        if first >> 6 != 2 or second & 0x7F != 33 or (self._source not in (None, source)):
            self._report.rtp_errors += 1
            return b""
        if self._next is not None and number != self._next:
            self._report.rtp_lost += (number - self._next) & 0xFFFF
        self._source, self._next = source, number + 1 & 0xFFFF
        return datagram[12 + (first & 0x0F) * 4 :]


class UdpEar:
    """A bound UDP socket; for multicast it joins the group on an interface. Bind port 0 for any free one."""

    def __init__(self, host: str, port: int, interface: str | None) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
        multicast = 224 <= int(host.split(".", 1)[0]) <= 239
        if multicast:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        if multicast:
            request = socket.inet_aton(host) + socket.inet_aton(interface or "0.0.0.0")
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        self._socket.settimeout(0.25)
        self.port: int = self._socket.getsockname()[1]

    def receive(self) -> tuple[bytes, float] | None:
        """The next datagram with its arrival (UNIX time, seconds); None after a quarter second without one."""
        try:
            data, extra, _flags, _from = self._socket.recvmsg(65536, 128)
        except TimeoutError:
            return None
        for level, kind, body in extra:
            if level == socket.SOL_SOCKET and kind == _TIMESTAMPNS and len(body) >= 16:
                seconds, nanos = struct.unpack("@qq", body[:16])
                return data, seconds + nanos / 1e9
        return data, time.time()

    def close(self) -> None:
        self._socket.close()
