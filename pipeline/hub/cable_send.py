"""How datagrams leave: UDP to one or to many, the same with an RTP header, or SRT through a child of ffmpeg's.

A sender makes one attempt and raises; nobody here tries again. Errors name the leg, never its address.
"""

import os
import secrets
import socket
import struct
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlencode

from pipeline import platform
from pipeline.errors import Refused, Temporary
from pipeline.hub.cable_feed import Address, CableFeed

_RTP_MPEG2TS = 33  # payload type, RFC 3551
_RTP_CLOCK = 90_000
_UNSENT_LIMIT = 2000  # so many datagrams in a row that the network did not take


class Sender(Protocol):
    """Takes datagrams of 1316 bytes with their due time in microseconds; Temporary when the way is gone."""

    def send(self, datagram: bytes, due_us: int) -> None: ...

    def close(self) -> None: ...


class UdpSender:
    """UDP, with an RTP header (RFC 2250) where `rtp`. Lost routes are borne for a few seconds, then raised."""

    def __init__(self, leg: str, address: Address, feed: CableFeed, *, rtp: bool) -> None:
        self._leg = leg
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._target = (socket.gethostbyname(address.host), address.port)
        except OSError as error:
            self._socket.close()
            raise Temporary("leg.no-such-host", leg=leg) from error
        if _is_multicast(self._target[0]):
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, feed.ttl)
            if feed.interface:
                self._leave_by(feed.interface)
        self._header: tuple[int, int, int] | None = None
        if rtp:
            self._header = secrets.randbits(16), secrets.randbits(32), secrets.randbits(32)
        self._unsent = 0

    def _leave_by(self, interface: str) -> None:
        """Send multicast out of an interface, named by its address or (where the system can) its name."""
        try:
            socket.inet_aton(interface)
            request = socket.inet_aton(interface)
        except OSError:
            try:
                request = struct.pack("@4s4si", b"\0" * 4, b"\0" * 4, socket.if_nametoindex(interface))
            except OSError as error:
                raise Refused("leg.no-interface", leg=self._leg, interface=interface) from error
        try:
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, request)
        except OSError as error:
            raise Refused("leg.no-interface", leg=self._leg, interface=interface) from error

    @property
    def reached(self) -> bool:
        """UDP has no far end that answers: what is sent has been sent."""
        return True

    def send(self, datagram: bytes, due_us: int) -> None:
        if self._header is not None:
            number, offset, source = self._header
            stamp = due_us * _RTP_CLOCK // 1_000_000 + offset & 0xFFFFFFFF
            head = struct.pack(">BBHII", 0x80, _RTP_MPEG2TS, number, stamp, source)
            datagram = head + datagram
            self._header = number + 1 & 0xFFFF, offset, source
        try:
            self._socket.sendto(datagram, self._target)
        except OSError as error:
            self._unsent += 1
            if self._unsent > _UNSENT_LIMIT:
                raise Temporary("leg.no-route", leg=self._leg, detail=os.strerror(error.errno or 0)) from error
        else:
            self._unsent = 0

    def close(self) -> None:
        self._socket.close()


def _is_multicast(host: str) -> bool:
    return 224 <= int(host.split(".", 1)[0]) <= 239


class SrtSender:
    """SRT as caller, through a child that hands the bytes on unchanged: no second muxing, so the rate stays.

    The passphrase reaches the child in a file that only we can read, never in its arguments. A far end that
    takes nothing blocks `send`; `abort` (from another thread) ends that.
    """

    def __init__(self, leg: str, address: Address, secret: str) -> None:
        self._leg = leg
        self._folder = Path(tempfile.mkdtemp(prefix="ekultura-srt-"))
        self._sent = 0
        self._reached = threading.Event()
        self._child = subprocess.Popen(
            platform.die_with_parent(self._command(address, secret)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self._reader = threading.Thread(target=self._listen, name="srt-log", daemon=True)
        self._reader.start()

    def _command(self, address: Address, secret: str) -> list[str]:
        query = {key: value for key, value in address.query.items() if key != "passphrase"}
        query = {"connect_timeout": "4000", **query, "mode": "caller", "transtype": "live", "pkt_size": "1316"}
        passphrase = secret or address.query.get("passphrase", "")
        url = f"srt://{address.host}:{address.port}?{urlencode(query, quote_via=quote)}"
        command = ["ffmpeg", "-hide_banner", "-nostats", "-nostdin"]
        command += ["-loglevel", "info"]  # that its output is open is told at this level
        command += ["-f", "data"]
        command += ["-raw_packet_size", "1316"]
        command += ["-i", "pipe:0"]
        command += ["-map", "0"]
        command += ["-c", "copy"]
        command += ["-flush_packets", "1"]
        if passphrase:
            preset = self._folder / "srt.ffpreset"
            with platform.open_private(preset, "wb") as file:
                file.write(f"passphrase={passphrase}\n".encode())
            command += ["-fpre", str(preset)]
        command += ["-f", "data"]
        return [*command, url]

    def _listen(self) -> None:
        assert self._child.stderr is not None
        for line in iter(lambda: self._child.stderr.readline(4000), b""):  # type: ignore[union-attr]
            if line.startswith(b"Output #0"):
                self._reached.set()

    @property
    def reached(self) -> bool:
        """Whether the far end has answered: until then the child only swallows what it is given."""
        return self._reached.is_set()

    def send(self, datagram: bytes, due_us: int) -> None:
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(datagram)
        except (OSError, ValueError) as error:
            raise self._failure() from error
        self._sent += 1

    def _failure(self) -> Temporary:
        """Why the child went. Its words hold the address, so they are not handed on."""
        self._reader.join(1.0)
        return Temporary("leg.srt-lost" if self.reached else "leg.srt-unreachable", leg=self._leg)

    def abort(self) -> None:
        self._child.kill()

    def close(self) -> None:
        """Let what is on its way arrive, then end the child."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.close()
            self._child.wait(3.0)
        except (OSError, subprocess.TimeoutExpired):
            self._child.kill()
            self._child.wait(3.0)
        for left in self._folder.iterdir():
            left.unlink()
        self._folder.rmdir()


def open_sender(leg: str, address: Address, feed: CableFeed, secret: str) -> UdpSender | SrtSender:
    """The sender for an address's scheme. Refused `leg.no-interface`, Temporary `leg.no-such-host`."""
    if address.scheme == "srt":
        return SrtSender(leg, address, secret)
    return UdpSender(leg, address, feed, rtp=address.scheme == "rtp")
