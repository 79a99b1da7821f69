"""One client of the event socket: authentication, subscriptions, filters, commands; replies strictly in order."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from simulator import commands
from simulator.events import EVENT_NAMES, Event, frame
from simulator.sessions import Message

if TYPE_CHECKING:
    from simulator.switch import Switch

GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
NOT_FOUND = "-ERR command not found"


class Subscriptions:
    """What a client listens to. After the word CUSTOM every word is a subclass; a second `event` command adds."""

    def __init__(self) -> None:
        self.form = "plain"
        self.names: set[str] = set()
        self.subclasses: set[str] = set()
        self.filters: list[tuple[str, str]] = []

    def add(self, words: list[str]) -> bool:
        """False if no word is an event name."""
        names, subclasses = _split_words(words)
        self.names |= names
        self.subclasses |= subclasses
        return bool(names)

    def remove(self, words: list[str]) -> None:
        """The nixevent command."""
        names, subclasses = _split_words(words)
        self.names -= names - {"CUSTOM"}
        self.subclasses -= subclasses

    def clear(self) -> None:
        """The noevents command."""
        self.names.clear()
        self.subclasses.clear()

    def wants(self, name: str, subclass: str | None) -> bool:
        """Whether an event of this kind is subscribed."""
        if "ALL" in self.names:
            return True
        return name in self.names and (subclass is None or subclass in self.subclasses)

    def lets_through(self, event: Event) -> bool:
        """Filters are ORed; without any, everything passes."""
        return not self.filters or any(event.value(header) == value for header, value in self.filters)


def _split_words(words: list[str]) -> tuple[set[str], set[str]]:
    names = [word.upper() for word in words]
    place = names.index("CUSTOM") if "CUSTOM" in names else len(words)
    known = {name for name in names[: place + 1] if name in EVENT_NAMES}
    return known, set(words[place + 1 :])


class Connection:
    """A connected client."""

    def __init__(self, switch: "Switch", password: str, writer: asyncio.StreamWriter) -> None:
        self._switch = switch
        self._password = password
        self._writer = writer
        self._authenticated = False
        self._logging = False
        self._jobs: set[asyncio.Task[None]] = set()
        self.subscriptions = Subscriptions()
        self.silent = False
        self.closing = False
        self._handlers: dict[str, Callable[[str, dict[str, str], str], Awaitable[None]]] = {
            "api": self._api,
            "bgapi": self._bgapi,
            "divert_events": self._not_controlling_a_session_dotted,
            "event": self._event,
            "exit": self._exit,
            "filter": self._filter,
            "linger": self._not_controlling_a_session,
            "log": self._log,
            "myevents": self._my_events,
            "nixevent": self._nixevent,
            "noevents": self._noevents,
            "nolog": self._nolog,
            "sendmsg": self._sendmsg,
        }

    # Listener

    def wants(self, name: str, subclass: str | None) -> bool:
        """Whether this kind of event is subscribed."""
        return self._authenticated and self.subscriptions.wants(name, subclass)

    def deliver(self, event: Event) -> None:
        """Write one event frame."""
        if self.subscriptions.lets_through(event):
            self._write(event.framed(self.subscriptions.form))

    @property
    def is_subscribed(self) -> bool:
        """Logged in and listening to something."""
        return self._authenticated and bool(self.subscriptions.names)

    # Writing

    def _write(self, data: bytes) -> None:
        if not self.silent and not self._writer.is_closing():
            self._writer.write(data)

    def greet(self) -> None:
        """Ask for the password."""
        self._write(frame([("Content-Type", "auth/request")]))

    def reply(self, text: str, extra: tuple[str, str] | None = None) -> None:
        """A command/reply frame."""
        headers = [("Content-Type", "command/reply"), ("Reply-Text", text)]
        self._write(frame([*headers, extra] if extra else headers))

    def _respond(self, text: str) -> None:
        body = text.encode("utf-8", "surrogateescape")
        self._write(frame([("Content-Type", "api/response"), ("Content-Length", str(len(body)))], body))

    def say_goodbye(self, text: str = GOODBYE) -> None:
        """The disconnect notice; the connection is closed afterwards."""
        body = text.encode()
        headers = [("Content-Type", "text/disconnect-notice"), ("Content-Length", str(len(body)))]
        self._write(frame(headers, body))
        self.closing = True

    # Commands

    async def obey(self, line: str, headers: dict[str, str], body: str) -> None:
        """Carry out one command. Everything but auth and exit needs the password first."""
        name, _, rest = line.partition(" ")
        if name == "auth" and not self._authenticated:
            self._check_password(rest)
            return
        handler = self._handlers.get(name)
        if handler is None or not (self._authenticated or name == "exit"):
            self.reply(NOT_FOUND)
            return
        await handler(rest.strip(), headers, body)

    def _check_password(self, password: str) -> None:
        self._authenticated = password == self._password
        if self._authenticated:
            self.reply("+OK accepted")
            return
        self.reply("-ERR invalid")
        self.say_goodbye()

    async def _api(self, rest: str, _headers: dict[str, str], _body: str) -> None:
        if not rest:
            self.reply(NOT_FOUND)
            return
        self._respond(await commands.run(self._switch, rest))

    async def _bgapi(self, rest: str, headers: dict[str, str], _body: str) -> None:
        if not rest:
            self.reply(NOT_FOUND)
            return
        job = headers.get("job-uuid") or str(uuid.uuid4())
        self.reply(f"+OK Job-UUID: {job}", ("Job-UUID", job))
        task = asyncio.create_task(_run_job(self._switch, job, rest))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        await asyncio.sleep(0)  # the job's thread is running before the next command is read

    async def _event(self, rest: str, _headers: dict[str, str], _body: str) -> None:
        form, *words = rest.split()
        if form not in ("plain", "json") or not self.subscriptions.add(words):
            self.reply("-ERR no keywords supplied")
            return
        self.subscriptions.form = form
        self.reply(f"+OK event listener enabled {form}")
        self._switch.changed()

    async def _nixevent(self, rest: str, _headers: dict[str, str], _body: str) -> None:
        self.subscriptions.remove(rest.split())
        self.reply("+OK events nixed")

    async def _noevents(self, _rest: str, _headers: dict[str, str], _body: str) -> None:
        listening = bool(self.subscriptions.names)
        self.subscriptions.clear()
        self.reply("+OK no longer listening for events" if listening else "-ERR not listening for events")

    async def _my_events(self, rest: str, _headers: dict[str, str], _body: str) -> None:
        self.subscriptions.add(["ALL"])
        self.subscriptions.filters.append(("Unique-ID", rest.split()[0] if rest else ""))
        self.reply("+OK Events Enabled")

    async def _filter(self, rest: str, _headers: dict[str, str], _body: str) -> None:
        words = rest.split(" ", 2)
        filters = self.subscriptions.filters
        if words[0] != "delete":
            header, value = [*rest.split(" ", 1), ""][:2]
            filters.append((header, value))
            self.reply(f"+OK filter added. [{header}]=[{value}]")
            return
        header, value = [*words[1:], "", ""][:2]
        kept = [item for item in filters if header not in ("all", item[0]) or value not in ("", item[1])]
        self.subscriptions.filters = kept
        self.reply(f"+OK filter deleted. [{header}][{value}]")

    async def _sendmsg(self, rest: str, headers: dict[str, str], body: str) -> None:
        session = self._switch.sessions.get(rest)
        if session is None or not session.alive:
            self.reply(f"-ERR invalid session id [{rest}]")
            return
        self.reply("+OK")
        if headers.get("call-command") == "hangup":
            session.hang_up(headers.get("hangup-cause", "NORMAL_CLEARING"))
        elif headers.get("call-command") == "execute":
            argument = headers.get("execute-app-arg", "") or body
            message = Message(headers.get("execute-app-name", ""), argument)
            message.uuid = headers.get("event-uuid", message.uuid)
            session.send(message, locked=headers.get("event-lock") == "true")

    async def _log(self, rest: str, _headers: dict[str, str], _body: str) -> None:
        self._logging = rest.isdigit()
        self.reply(f"+OK log level {rest} [{rest}]" if self._logging else "-ERR invalid log level")

    async def _nolog(self, _rest: str, _headers: dict[str, str], _body: str) -> None:
        self.reply("+OK no longer logging" if self._logging else "-ERR not loging")
        self._logging = False

    async def _not_controlling_a_session(self, _rest: str, _headers: dict[str, str], _body: str) -> None:
        self.reply("-ERR not controlling a session")

    async def _not_controlling_a_session_dotted(self, _rest: str, _headers: dict[str, str], _body: str) -> None:
        self.reply("-ERR not controlling a session.")

    async def _exit(self, _rest: str, _headers: dict[str, str], _body: str) -> None:
        self.reply("+OK bye")
        self.say_goodbye()


async def _run_job(switch: "Switch", job: str, line: str) -> None:
    name, _, argument = line.partition(" ")
    about = [("Job-UUID", job), ("Job-Command", name)]
    if argument:
        about.append(("Job-Command-Arg", argument))
    switch.publish("BACKGROUND_JOB", about, await commands.run(switch, line))
