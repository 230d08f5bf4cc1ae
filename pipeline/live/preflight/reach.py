"""Whether a destination's door is there: a connection is opened and closed, and nothing is sent into it."""

import ipaddress
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.live.preflight.check import Outcome, failed, ok
from pipeline.model.config import CableDestination, Destination, FacebookDestination, NowhereDestination

KNOCK_S = 5.0
_PORTS = {"rtmp": 1935, "rtmps": 443}


def reach(destination: Destination) -> Outcome:
    """The ingest answers and, over TLS, is who it should be; for a cable feed there is a way out to the address."""
    if isinstance(destination, CableDestination):
        return _way_out(destination)
    if isinstance(destination, NowhereDestination):
        return ok("check.nowhere")
    pasted = isinstance(destination, FacebookDestination)
    address = urlsplit(destination.ingest_url if isinstance(destination, FacebookDestination) else destination.url)
    host, port = address.hostname or "", address.port or _PORTS[address.scheme]
    try:
        with socket.create_connection((host, port), timeout=KNOCK_S) as raw:
            if address.scheme == "rtmps":
                with _context(destination.tls_ca).wrap_socket(raw, server_hostname=host) as shaken:
                    return ok("check.ingest-tls", host=host, version=shaken.version() or "TLS")
    except ssl.SSLCertVerificationError:
        return failed("check.ingest-stranger", host=host)
    except OSError as error:
        named = isinstance(error, socket.gaierror)
        return failed("check.no-name" if named else "check.ingest-silent", host=host, port=port)
    return ok("check.ingest", host=host) if not pasted else failed("check.ingest-open", host=host)


def _way_out(destination: CableDestination) -> Outcome:
    """No datagram is sent: connecting a UDP socket only asks the system for a route."""
    address = urlsplit(destination.url)
    host, port = address.hostname or "", address.port or 0
    try:
        target = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)[0][4]
    except OSError:
        return failed("check.no-name", host=host, port=port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            if destination.interface and _is_address(destination.interface):
                probe.bind((destination.interface, 0))
            elif destination.interface:
                socket.if_nametoindex(destination.interface)
        except OSError:
            return failed("check.no-interface", interface=destination.interface or "")
        try:
            probe.connect(target)
        except OSError:
            return failed("check.no-route", host=host)
        return ok("check.route", host=host, source=probe.getsockname()[0])


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _context(ca: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca) if ca else None)
