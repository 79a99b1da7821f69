"""The event socket's TCP side: accept clients, cut the byte stream into commands, answer them one by one."""

import asyncio
from typing import TYPE_CHECKING

from simulator.connection import Connection

if TYPE_CHECKING:
    from simulator.switch import Switch

_LARGEST_COMMAND = 16 * 1024 * 1024


class EventSocketServer:
    """Listens for event socket clients."""

    def __init__(self, switch: "Switch", password: str) -> None:
        self._switch = switch
        self._password = password
        self._server: asyncio.Server | None = None
        self._clients: dict[Connection, asyncio.StreamWriter] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.address = ("127.0.0.1", 0)

    async def open(self, host: str, port: int) -> None:
        """Bind; raises OSError if the port is in use."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=_LARGEST_COMMAND)
        name = self._server.sockets[0].getsockname()
        self.address = (name[0], name[1])

    async def close(self) -> None:
        """Stop listening and drop every client without a word."""
        if self._server is not None:
            self._server.close()
        self.drop_clients()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop_clients(self) -> int:
        """Cut all connections; returns how many there were."""
        count = len(self._clients)
        for client, writer in tuple(self._clients.items()):
            self._switch.listeners.discard(client)
            writer.transport.abort()
        return count

    def be_silent(self, *, silent: bool) -> None:
        """Half-open: keep the sockets of those connected now, but neither read nor write (until told otherwise)."""
        for client, writer in self._clients.items():
            client.silent = silent
            transport = writer.transport
            if isinstance(transport, asyncio.ReadTransport):
                transport.pause_reading() if silent else transport.resume_reading()

    @property
    def subscribers(self) -> int:
        """Clients that are logged in and subscribed."""
        return sum(client.is_subscribed for client in self._clients)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        client = Connection(self._switch, self._password, writer)
        self._clients[client] = writer
        self._switch.listeners.add(client)
        try:
            client.greet()
            await _converse(client, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away: nothing to answer
        except asyncio.CancelledError:
            pass  # we stop; asyncio's streams would log a cancelled connection as an error
        finally:
            self._switch.listeners.discard(client)
            self._clients.pop(client, None)
            writer.close()


async def _converse(client: Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not client.closing:
        line = await _next_line(reader)
        if not line.strip():
            continue
        headers: dict[str, str] = {}
        while header := await _next_line(reader):
            name, _, value = header.partition(":")
            headers.setdefault(name.strip().lower(), value.strip())
        length = int(headers.get("content-length") or 0)
        body = (await reader.readexactly(length)).decode("utf-8", "surrogateescape") if length else ""
        await client.obey(line, headers, body)
    await writer.drain()


async def _next_line(reader: asyncio.StreamReader) -> str:
    return (await reader.readuntil(b"\n")).rstrip(b"\r\n").decode("utf-8", "surrogateescape")
