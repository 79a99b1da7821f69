"""What all commands share: how they become the text that the switch reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from esl_handlers.errors import UnsafeArgumentError
from esl_handlers.switch_commands import safe


class SwitchCommand(ABC):
    """Base of all commands."""

    __slots__ = ()

    def text(self) -> str:
        """The command as the switch reads it.

        Raises:
            UnsafeArgumentError: a value may not stand in this command; nothing must be sent.
        """
        lines = self._lines()
        if any(not line or any(mark in line for mark in "\r\n\0") for line in lines):
            raise UnsafeArgumentError(f"{type(self).__name__} would hold a line break, which begins a new command.")
        return "\n".join(lines)

    @abstractmethod
    def _lines(self) -> list[str]:
        """The lines of the command, each checked by its author."""


class ApiCommand(SwitchCommand):
    """A command that the switch answers at once; `_words` are checked values and fixed text."""

    __slots__ = ()

    def _lines(self) -> list[str]:
        return [" ".join(("api", *self._words()))]

    @abstractmethod
    def _words(self) -> tuple[str, ...]:
        """The words of the command."""


class ExecuteCommand(SwitchCommand):
    """Queues an application on a leg; its end is an ExecuteCompleted with `event_uuid` as app_uuid.

    Always locked: without the lock applications nest instead of queueing. An application that the
    switch doesn't know would end the call, so each subclass names one that it has.
    """

    __slots__ = ()
    application: ClassVar[str]
    uuid: str
    event_uuid: str

    def _lines(self) -> list[str]:
        lines = [
            f"sendmsg {safe.uuid(self.uuid)}",
            "call-command: execute",
            f"execute-app-name: {self.application}",
        ]
        argument = self._argument()
        if argument:
            lines.append(f"execute-app-arg: {argument}")
        return [*lines, f"Event-UUID: {safe.uuid(self.event_uuid)}", "event-lock: true"]

    def _argument(self) -> str:
        return ""


class JobCommand(SwitchCommand):
    """Runs in the background; its end is a JobFinished with our `job_uuid`."""

    __slots__ = ()
    job_uuid: str

    def _lines(self) -> list[str]:
        return [" ".join(("bgapi", *self._words())), f"Job-UUID: {safe.uuid(self.job_uuid)}"]

    @abstractmethod
    def _words(self) -> tuple[str, ...]:
        """The words of the command."""
