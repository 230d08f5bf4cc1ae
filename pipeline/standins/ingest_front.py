"""The ingest's outer door: TLS in front of a local RTMP server, on a free port of loopback.

It knows nothing of RTMP; it counts who came without TLS or turned away from the certificate, and can misbehave
on demand: cut every connection, stop reading, turn everybody away.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

_HANDSHAKE_S = 10.0
_PIECE = 65536
_TLS_RECORD = 0x16


class Front:
    """`inner_port` tells the RTMP server's port; `refused(why)` is called for each client that got no further."""

    def __init__(
        self, context: ssl.SSLContext, inner_port: Callable[[], int], refused: Callable[[str], None]
    ) -> None:
        self._context = context
        self._inner_port = inner_port
        self._refused = refused
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._open = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self._stop: asyncio.Event = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="ingest-front", daemon=True)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        self._flowing.set()
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)
        elif not self._loop.is_closed():
            self._loop.close()
        self._socket.close()

    def cut(self) -> None:
        """Reset every connection there is; new ones are taken."""
        self._loop.call_soon_threadsafe(self._abort)

    def freeze(self, frozen: bool) -> None:
        """Read nothing (True) until told to go on (False); connections stay."""
        act = self._flowing.clear if frozen else self._flowing.set
        self._loop.call_soon_threadsafe(act)

    def shut(self, closed: bool) -> None:
        """Turn every new client away at once (True), as a server that is down."""
        self._open = not closed

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._accept())
        finally:
            self._loop.close()

    async def _accept(self) -> None:
        stopping = asyncio.create_task(self._stop.wait())
        while not self._stop.is_set():
            coming = asyncio.create_task(self._loop.sock_accept(self._socket))
            await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                coming.cancel()
                break
            client, _ = coming.result()
            task = asyncio.create_task(self._serve(client))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._abort()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, client: socket.socket) -> None:
        """One client from its first byte to its last; whatever goes wrong ends this client alone."""
        client.setblocking(False)
        if not self._open:
            client.close()
            return
        try:
            first = await asyncio.wait_for(self._peek(client), _HANDSHAKE_S)
        except (TimeoutError, OSError):
            client.close()
            return
        if first[:1] != bytes([_TLS_RECORD]):
            if first:
                self._refused("plain RTMP, RTMPS is required")
            client.close()
            return
        reader = asyncio.StreamReader(limit=_PIECE, loop=self._loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=self._loop)
        try:
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol, client, ssl=self._context, ssl_handshake_timeout=_HANDSHAKE_S
            )
        except (OSError, ssl.SSLError) as error:
            reason = error.reason if isinstance(error, ssl.SSLError) else type(error).__name__
            self._refused(f"TLS: {reason}")
            return
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        await self._join(reader, writer)

    async def _peek(self, client: socket.socket) -> bytes:
        """The first byte, left in the socket; empty when the client has gone."""
        readable = asyncio.Event()
        self._loop.add_reader(client.fileno(), readable.set)
        try:
            await readable.wait()
        finally:
            self._loop.remove_reader(client.fileno())
        return client.recv(1, socket.MSG_PEEK)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._inner_port(), limit=_PIECE)
        except OSError:
            self._refused("the RTMP server is not there")
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        try:
            inward = asyncio.create_task(self._pump(reader, far_writer))
            outward = asyncio.create_task(self._pump(far_reader, writer))
            await asyncio.wait({inward, outward}, return_when=asyncio.FIRST_COMPLETED)
            if inward.done() and not inward.result():
                # Some TLS libraries look at the certificate only after a whole handshake.
                self._refused("TLS: the client left after the handshake")
            for task in (inward, outward):
                task.cancel()
            await asyncio.gather(inward, outward, return_exceptions=True)
        finally:
            self._writers -= both
            for one in both:
                one.close()
                with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                    await asyncio.wait_for(one.wait_closed(), 2)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Carry bytes until either side ends; whether there were any."""
        any_came = False
        with contextlib.suppress(OSError, ssl.SSLError):
            while piece := await reader.read(_PIECE):
                any_came = True
                await self._flowing.wait()
                writer.write(piece)
                await writer.drain()
        return any_came

    def _abort(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()
