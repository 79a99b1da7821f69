"""Messages that callers leave: whose they are, and the moves of a call that leaves one (QUEUE-1, IVR-1)."""

from dataclasses import dataclass, replace

from orchestrator.domain import asking
from orchestrator.domain.announcements import piece_id
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallTrigger, Outcome, Party
from orchestrator.domain.config import Destination, TenantConfig, Way
from orchestrator.domain.message_rules import GREETING, MessageRules
from orchestrator.domain.recording import CallRecording

#: The `cc_state` of a channel that leaves a message begins with this.
MARK = "voicemail"

QUEUE, AGENT = "queue", "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Whose messages: a queue's, an agent's, or with neither the company's."""

    queue: str | None = None
    agent: str | None = None


def mailbox(target: str) -> Mailbox | None:
    """Read a destination's target: `queue:ID`, `agent:ID`, empty = the company's; None for what is none."""
    kind, _, name = target.partition(":")
    if not target:
        return Mailbox()
    if kind == QUEUE and name:
        return Mailbox(queue=name)
    return Mailbox(agent=name) if kind == AGENT and name else None


def exists(config: TenantConfig, target: str) -> bool:
    """Tell whether a target names a mailbox that there is."""
    found = mailbox(target)
    if found is None:
        return False
    return (found.queue is None or found.queue in config.queues) and (
        found.agent is None or found.agent in config.agents
    )


def spoken_before(config: TenantConfig, to: Destination) -> str:
    """Return the id of what is said before a destination, empty for nothing: a mailbox has a greeting in any case."""
    if to.prompt or to.way is not Way.VOICEMAIL:
        return to.prompt
    return config.messages.greeting or piece_id(config.messages.language, GREETING)


def begin(call: Call, message: CallRecording, until: int, now: int) -> Call:
    """The tone is heard, then the message is recorded, until `until` (us) at the latest."""
    moved = asking.leave_menu(call).move(CallTrigger.BEEPED, now)
    return replace(moved, message=message, step=message.id, step_due=until)


def finish(call: Call, rules: MessageRules, now: int) -> Call:
    """The message is over: the system hangs up."""
    spoken = _counted(call, rules, now)
    moved = spoken.move(CallTrigger.MESSAGE_LEFT, now)
    return replace(moved, step=None, step_due=None, hung_up_by=call.hung_up_by or Party.SYSTEM)


def leave(call: Call, rules: MessageRules, now: int) -> Call:
    """The caller has hung up while leaving a message, or elsewhere: then nothing changes."""
    return _counted(call, rules, now) if call.step and call.message and call.step == call.message.id else call


def _counted(call: Call, rules: MessageRules, now: int) -> Call:
    """The outcome is a message if there was time for one; who talked to an agent stays counted as connected."""
    begun = call.message.begun if call.message else now
    empty = now - begun - rules.beep_ms * 1000 <= rules.least_s * 1_000_000
    return call if empty or call.first_connected else replace(call, outcome=Outcome.VOICEMAIL)


def write_mark(target: str, message: CallRecording) -> str:
    """Return the channel's `cc_state`, from which a message is known again."""
    return f"{MARK}:{message.day}/{message.id}:{target}"


def read_mark(leg: str, mark: str, now: int) -> tuple[CallRecording, str] | None:
    """Return the message of a channel and the target that it is for; None where none is left."""
    kind, _, rest = mark.partition(":")
    name, _, target = rest.partition(":")
    day, _, id_ = name.partition("/")
    if kind != MARK or not (day and id_):
        return None
    return CallRecording(id=id_, leg=leg, day=day, begun=now), target
