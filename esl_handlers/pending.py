"""Which commands wait for their reply and which background jobs for their end; knows no socket."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from gevent.event import AsyncResult

from esl_handlers import errors
from esl_handlers.replies import Reply
from esl_handlers.switch_commands import JobCommand, SwitchCommand
from esl_handlers.switch_events import JobFinished

Result = TypeVar("Result")


class Future(Generic[Result]):
    """Something that will be known later; who waits for it holds up nobody else."""

    __slots__ = ("_result",)

    def __init__(self) -> None:
        self._result: AsyncResult[Result] = AsyncResult()

    @property
    def done(self) -> bool:
        """Whether it is known, or known that it never will be."""
        return self._result.ready()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it is done or the time is over; returns `done`."""
        self._result.wait(timeout_s)
        return self.done

    def result(self) -> Result:
        """Wait and return it, or raise the SwitchError why there is none; always done within its time limit."""
        return cast("Result", self._result.get())

    def set(self, result: Result) -> None:
        """It is known now."""
        self._result.set(result)

    def fail(self, reason: errors.SwitchError) -> None:
        """It never will be."""
        self._result.set_exception(reason)


@dataclass(frozen=True, slots=True)
class Job:
    """A background command: `accepted` gives its reply, `finished` the JobFinished that ends it.

    `finished` raises JobRefusedError if the switch did not take the job, JobTimedOutError if it did
    not end in time, ConnectionLostError if we will not hear of it any more.
    """

    accepted: Future[Reply]
    finished: Future[JobFinished]


@dataclass(frozen=True, slots=True)
class _Command:
    command: SwitchCommand
    due: float
    reply: Future[Reply]


class Pending:
    """Replies carry no id: they belong to the commands in the order these were sent."""

    def __init__(self) -> None:
        self._commands: deque[_Command] = deque()
        self._jobs: dict[str, tuple[Future[JobFinished], float]] = {}

    def __len__(self) -> int:
        return len(self._commands)

    def expect(self, command: SwitchCommand, due: float) -> Future[Reply]:
        """A command is sent now and must be answered until `due`."""
        reply: Future[Reply] = Future()
        self._commands.append(_Command(command, due, reply))
        return reply

    def expect_job(self, job_uuid: str, due: float) -> Future[JobFinished]:
        """A job is about to be started and should end until `due`."""
        finished: Future[JobFinished] = Future()
        self._jobs[job_uuid] = finished, due
        return finished

    def answer(self, text: str) -> Reply:
        """A reply came: it is the oldest command's.

        Raises:
            BrokenStreamError: no command waits for one.
        """
        if not self._commands:
            raise errors.BrokenStreamError("The switch sent a reply to nothing that we asked.")
        waiting = self._commands.popleft()
        reply = Reply(text.strip())
        if isinstance(waiting.command, JobCommand) and not reply.ok:
            refused = errors.JobRefusedError(f"The switch refused the job: {reply.text}")
            self._fail_job(waiting.command.job_uuid, refused)
        waiting.reply.set(reply)
        return reply

    def finish(self, event: JobFinished) -> None:
        """A job ended; those of other connections are none of ours."""
        finished, _ = self._jobs.pop(event.job_uuid, (None, 0))
        if finished is not None:
            finished.set(event)

    def overdue(self, now: float) -> SwitchCommand | None:
        """Give up overdue jobs, and name a command whose reply is overdue, if there is one."""
        for job_uuid in [name for name, (_, due) in self._jobs.items() if now > due]:
            self._fail_job(job_uuid, errors.JobTimedOutError(f"Job {job_uuid} did not end in time."))
        return next((waiting.command for waiting in self._commands if now > waiting.due), None)

    def fail(self, reason: errors.SwitchError) -> None:
        """Nothing will come any more: everybody who waits gets the reason."""
        while self._commands:
            self._commands.popleft().reply.fail(reason)
        for job_uuid in list(self._jobs):
            self._fail_job(job_uuid, reason)

    def _fail_job(self, job_uuid: str, reason: errors.SwitchError) -> None:
        finished, _ = self._jobs.pop(job_uuid, (None, 0))
        if finished is not None:
            finished.fail(reason)
