"""The control channel: one JSON object a line in, one answer a line out.

    {"id": 1, "do": "place_call", "with": {"caller": "13800138000", "number": "4001"}}
    {"id": 1, "ok": true, "result": "4d3cac28-..."}
    {"id": 2, "ok": false, "error": "no leg with uuid ..."}

Requests of one connection are answered as they finish, so a `wait_for` does not block the others. It
listens on
127.0.0.1 and has no password: whoever can reach it owns the simulated telephones, and nothing else.
`simulator.control.Control` is the typed client; its methods document the actions.
"""

import asyncio
import inspect
import json
from typing import Any

from simulator.control_actions import Actions, BadRequest


class ControlServer:
    """Listens for control clients."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.address = ("127.0.0.1", 0)

    async def open(self, host: str, port: int) -> None:
        """Bind; raises OSError if the port is in use."""
        self._server = await asyncio.start_server(self._serve, host, port)
        name = self._server.sockets[0].getsockname()
        self.address = (name[0], name[1])

    async def close(self) -> None:
        """Stop listening and forget what is under way."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, task: "asyncio.Task[None] | None") -> None:
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(asyncio.current_task())
        try:
            while line := await reader.readline():
                self._keep(asyncio.create_task(self._answer(line, writer)))
        except ConnectionError:
            pass  # the client went away: nobody to answer
        except asyncio.CancelledError:
            pass  # we stop; asyncio's streams would log a cancelled connection as an error
        finally:
            writer.close()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        number: Any = None
        try:
            request = json.loads(line)
            number = request.get("id")
            answer = {"id": number, "ok": True, "result": await self._perform(request)}
        except (BadRequest, ValueError, TypeError, AttributeError) as problem:
            answer = {"id": number, "ok": False, "error": str(problem)}
        if not writer.is_closing():
            writer.write(json.dumps(answer).encode() + b"\n")

    async def _perform(self, request: dict[str, Any]) -> object:
        action = self._actions.table.get(request.get("do", ""))
        if action is None:
            raise BadRequest(f"unknown action {request.get('do')!r}; known: {', '.join(sorted(self._actions.table))}")
        result = action(**request.get("with", {}))
        return await result if inspect.isawaitable(result) else result
