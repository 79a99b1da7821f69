"""What the switch is asked to do, in the product's words. Built by use cases, spoken by the switch's own layer."""

from dataclasses import dataclass, field
from typing import ClassVar

from orchestrator.domain.supervision import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands; `leg` is the channel it is about."""

    type: ClassVar[str]
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Command):
    """Cancel the switch's dead-man fallback, mark the channel as ours and answer it."""

    type: ClassVar[str] = "take_over"
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Command):
    """Write what a rebuild needs onto the channel (short names, short values)."""

    type: ClassVar[str] = "mark"
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayMusic(Command):
    """Play a waiting music, instead of what plays now, until the call is joined or ended.

    `music` is the name of a stream of the switch, or with `ms` > 0 (its length) a path below the sounds directory,
    played again and again.
    """

    type: ClassVar[str] = "play_music"
    music: str
    ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRinging(Command):
    """Let the caller hear that it rings, instead of what plays now, until the call is joined or goes on."""

    type: ClassVar[str] = "play_ringing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlaying(Command):
    """Stop what plays and drop what is queued to be played."""

    type: ClassVar[str] = "stop_playing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce(Command):
    """Play sounds (paths below the sounds directory) instead of what plays now; `step` names the playback."""

    type: ClassVar[str] = "announce"
    sounds: tuple[str, ...]
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskKey(Command):
    """Play a prompt and wait for one of `keys`; `step` names the question."""

    type: ClassVar[str] = "ask_key"
    sounds: tuple[str, ...]
    keys: str
    timeout_ms: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDigits(Command):
    """Play a prompt and wait for up to `most` (1-32) digits, ended by # or a pause; `step` names the question."""

    type: ClassVar[str] = "ask_digits"
    sounds: tuple[str, ...]
    most: int
    timeout_ms: int
    digit_timeout_ms: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptMusic(Command):
    """Play sounds in the middle of the waiting music, which then goes on."""

    type: ClassVar[str] = "interrupt_music"
    sounds: tuple[str, ...]
    music: str
    ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAgent(Command):
    """Ring the agent's device with the new channel `leg` for `ring_s` seconds and park it when answered.

    In a `browser` silence soon means that it is gone; one that `resumes` a call answers by itself, and so may one whose
    agent has placed the call (`dials`): the leg then stays when the customer is not reached.
    """

    type: ClassVar[str] = "ring_agent"
    tenant: str
    call: str
    agent: str
    queue: str
    device: str
    ring_s: int
    caller: str
    caller_name: str
    browser: bool = False
    resumes: bool = False
    dials: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RingNumber(Command):
    """Ring a telephone outside with the new channel `leg` for `ring_s` seconds (1-600) and park it when answered.

    The leg is marked with tenant, `call` and `role` (a word: `outside`, or whatever the leg is for), which decides who
    handles its events (`esl_handlers/dispatch.py`); `marks` are further `cc_...` variables, few and short. `number` is
    as the trunk wants it (`Trunk.dialled`), `caller_id` an owned number that belongs to `trunk`, or a customer's that
    the trunk passes on to an agent's mobile: whoever builds the command sees to both (`TenantConfig.trunk_of`). What
    the network plays meanwhile is not heard. `called` is the number in its one spelling, for the bill.
    """

    type: ClassVar[str] = "ring_number"
    tenant: str
    call: str
    role: str
    number: str
    trunk: str
    caller_id: str
    ring_s: int
    caller_name: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeTestCaller(Command):
    """Make the channel `leg` of a caller without a telephone, by which menus are tried, and park it."""

    type: ClassVar[str] = "make_test_caller"
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressKey(Command):
    """Have the switch take a key (0-9 * #) as if it had been pressed on the channel's telephone."""

    type: ClassVar[str] = "press_key"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOut(Command):
    """Ring the new channel `customer` from the agent's `leg`, which hears the network; the rest as in `RingNumber`."""

    type: ClassVar[str] = "dial_out"
    tenant: str
    call: str
    agent: str
    customer: str
    number: str
    trunk: str
    caller_id: str
    ring_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Join the caller's channel `leg` with the agent's."""

    type: ClassVar[str] = "join"
    tenant: str
    agent_leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded(Command):
    """Base of what is done with the recording of a channel: `path` below the recordings directory names it.

    `marks` are the channel's variables that tell of it, for a rebuild.
    """

    path: str
    marks: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording(_Recorded):
    """Record the customer's channel, customer left, the other side right; no harm if it is recorded already."""

    type: ClassVar[str] = "start_recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRecording(_Recorded):
    """Record silence from now on."""

    type: ClassVar[str] = "pause_recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecording(_Recorded):
    """Record what is said again."""

    type: ClassVar[str] = "resume_recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Park(Command):
    """Bring a channel, with `both` its partner too, back to the park, whatever it hangs in."""

    type: ClassVar[str] = "park"
    both: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(Command):
    """Ring a supervisor's device with the new channel `leg`; once answered it listens to the agent's channel `to`."""

    type: ClassVar[str] = "listen"
    tenant: str
    call: str
    agent: str
    device: str
    caller: str
    to: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMode(Command):
    """Let a supervisor who listens to the channel `to` speak to other people than before."""

    type: ClassVar[str] = "change_mode"
    to: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Confer(Command):
    """Bring a channel, with `both` its partner too, into the conference of a call."""

    type: ClassVar[str] = "confer"
    call: str
    both: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Command):
    """End a channel with a cause of the switch."""

    type: ClassVar[str] = "hang_up"
    cause: str = "NORMAL_CLEARING"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTalk(Command):
    """End a channel in `after_s` s (0 = never), should no orchestrator do it before; `warn`: both sides hear a tone."""

    type: ClassVar[str] = "limit_talk"
    after_s: int
    warn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSound(Command):
    """Find out whether a browser still sends sound on its leg; only silence is told of (`ChangeDevice.silent`)."""

    type: ClassVar[str] = "check_sound"
    tenant: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDevice(Command):
    """Forget the registration of the SIP user `leg`: nothing rings there until it registers anew."""

    type: ClassVar[str] = "drop_device"


_ALL: tuple[type[Command], ...] = (
    TakeOver, Mark, PlayMusic, PlayRinging, StopPlaying, Announce, AskKey, AskDigits, InterruptMusic,
    RingAgent, RingNumber, MakeTestCaller, PressKey, DialOut, Join, StartRecording, PauseRecording,
    ResumeRecording, Park, Confer, Listen, ChangeMode, HangUp, LimitTalk, CheckSound,
    DropDevice,
)  # fmt: skip

COMMAND_TYPES: dict[str, type[Command]] = {cls.type: cls for cls in _ALL}
