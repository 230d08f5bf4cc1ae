"""The one TCP connection that the media library opened in this process: its time-out, and what is still unsent.

The library has no handle for it. Where the system offers less (Windows), both functions do nothing, and a dead
far end is noticed by the write time-out alone.
"""

import contextlib
import os
import socket
import sys

GIVE_UP_MS = 6000  # unacknowledged for so long: the far end is dead (the system's own patience is 15 minutes)
_MOST_DESCRIPTORS = 64
_UNSENT = 0x5411  # Linux: SIOCOUTQ, bytes that the far end has not acknowledged


def connection() -> socket.socket | None:
    """A duplicate of the connected TCP socket, or None."""
    for descriptor in range(3, _MOST_DESCRIPTORS):
        with contextlib.suppress(OSError):
            found = socket.socket(fileno=os.dup(descriptor))
            with contextlib.suppress(OSError):
                if found.type == socket.SOCK_STREAM and found.family != socket.AF_UNIX and found.getpeername():
                    return found
            found.close()
    return None


def give_up_soon(link: socket.socket) -> None:
    """Let the system break the connection when the far end acknowledges nothing for `GIVE_UP_MS`."""
    if sys.platform == "linux":
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GIVE_UP_MS)


def unconfirmed(link: socket.socket) -> int:
    """Bytes written but not acknowledged by the far end's system."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            return int.from_bytes(fcntl.ioctl(link, _UNSENT, bytes(4)), sys.byteorder)
    return 0
