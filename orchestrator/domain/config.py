"""What a tenant has configured, as the call path sees it. Published whole, with a version; never edited here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.calling_out import CallingOut
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.domain.licence import Licence
from orchestrator.domain.message_rules import MessageRules
from orchestrator.domain.mobile import MobileAnswering, MobileShows
from orchestrator.domain.survey import Survey
from orchestrator.domain.trunks import Trunk

#: What holds unless a tenant says otherwise: where numbers belong; how long an agent whose web phone is lost stays on
#: duty (STATE-6); how long an agent's pause of a recording lasts at most (REC-1).
COUNTRY, DEVICE_GRACE_S, RECORD_PAUSE_S = "CN", 30, 120


class Strategy(StrEnum):
    """How a queue picks among ready agents (QUEUE-2)."""

    ROUND_ROBIN = "round_robin"
    RANDOM = "random"
    FEWEST_ANSWERED = "fewest_answered"
    LONGEST_IDLE = "longest_idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptConfig:
    """A sound as switches play it: `path` below the sounds directory, `ms` its length in milliseconds.

    `kind` is prompt, music or piece (of an announcement).
    """

    id: str
    name: str
    path: str
    ms: int
    kind: str = "prompt"


class Way(StrEnum):
    """Where a call can be sent."""

    QUEUE = "queue"
    MENU = "menu"
    NUMBER = "number"
    AGENT = "agent"
    CALLBACK = "callback"
    SERVICE = "service"
    VOICEMAIL = "voicemail"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a call goes next: `target` is a queue's (queue, callback), menu's or agent's id, a telephone
    number, a mailbox (`queue:ID`, `agent:ID`, empty = the company's), empty for hanging up and the agents' service.

    `prompt` is played first (a prompt's id, empty for none). `keep_wait` lets a caller who comes from another queue
    keep the time of entry, and with it the place, in the queue ahead. `priority` (0-99) is the least that the caller
    has of its own from here on (docs/routing.md).
    A telephone outside or an agent rings `ring_s` seconds (5-120, None = 30); if nobody takes the call there it goes
    `otherwise` (None = it is hung up). A telephone is shown `caller_id`, an owned number (empty = the one dialled).
    """

    way: Way
    target: str = ""
    prompt: str = ""
    keep_wait: bool = False
    priority: int = 0
    caller_id: str = ""
    ring_s: int | None = None
    otherwise: "Destination | None" = None

    def chain(self) -> "Iterator[Destination]":
        """Yield the destination, and where calls go that come to nothing there."""
        yield self
        if self.otherwise:
            yield from self.otherwise.chain()


#: Ways that ring somebody, which may come to nothing.
RINGING_WAYS = (Way.NUMBER, Way.AGENT)

HANG_UP = Destination(way=Way.HANG_UP)


def to_queue(queue: str) -> Destination:
    """Return the destination of a queue's line, nothing played before."""
    return Destination(way=Way.QUEUE, target=queue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One menu of an IVR: a prompt, and where each key (0-9 * #) leads.

    `timeout_s` (1-60) counts from the end of the prompt; after `tries` (1-9) wrong or missing keys the call goes
    `otherwise`. `invalid_prompt` is played after a wrong key.
    """

    id: str
    name: str
    prompt: str
    keys: dict[str, Destination]
    timeout_s: int = 5
    tries: int = 3
    invalid_prompt: str = ""
    otherwise: Destination = HANG_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """When the tenant answers, in its own time zone, as minutes of the day [from, to).

    `week` has seven days, Monday first; `holidays` replace the day's hours by date (`YYYY-MM-DD`), empty = closed.
    """

    id: str
    name: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberConfig:
    """An owned number: where its calls go while open, and otherwise. No `hours` = always open.

    `trunk` names the trunk by which calls that show this number go out; without one it can't be shown (NUM-1).
    `priority` (0-99) is the least that its callers have of their own (docs/routing.md).
    """

    number: str
    route: Destination
    hours: str = ""
    closed: Destination = HANG_UP
    holiday: Destination = HANG_UP
    trunk: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConfig:
    """One queue. Times in seconds; `max_wait_s` None = no limit, `ring_s` 5-120, `priority` 0-99 (high first).

    `max_length` None = any number of callers. `on_empty` is for callers who come while no agent is logged in, None
    lets them wait. `prompt` is played every `prompt_every_s` seconds (None = never), then the music goes on.
    `ranks` has the agents whose rank is another than 1 (1-9, low first); each `widen_s` seconds that the first caller
    has waited one more rank is asked, None asks all from the beginning.
    `survey` None = callers are asked nothing afterwards; `callback` None = nobody is called back.
    `announce_position` and `announce_wait` tell callers their place and about how long it will take, the first time
    after `announce_after_s` (5-600), then every `announce_every_s` (20-600, None = once), in `announce_language`.
    `record` says whether its callers are recorded (REC-1), None = as the tenant says.
    `mobile_prompt` asks agents on their mobiles to press 1, `mobile_shows` is what these show; empty and None = as the
    tenant has it.
    """

    id: str
    name: str
    strategy: Strategy = Strategy.LONGEST_IDLE
    music: str = "default"
    ring_s: int = 20
    max_wait_s: int | None = None
    priority: int = 0
    short_abandon_s: int = 5
    service_level_s: int = 20
    max_length: int | None = None
    on_timeout: Destination = HANG_UP
    on_full: Destination = HANG_UP
    on_empty: Destination | None = None
    prompt: str = ""
    prompt_every_s: int | None = None
    ranks: dict[str, int] = field(default_factory=dict)
    widen_s: int | None = None
    survey: Survey | None = None
    announce_position: bool = False
    announce_wait: bool = False
    announce_after_s: int = 20
    announce_every_s: int | None = None
    announce_language: SpokenLanguage = SpokenLanguage.ZH
    callback: CallbackRule | None = None
    record: bool | None = None
    mobile_prompt: str = ""
    mobile_shows: MobileShows | None = None

    def rank(self, agent: str) -> int:
        """Return an agent's rank."""
        return self.ranks.get(agent, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig:
    """One agent: `device` is the SIP user that rings, `mobile` the telephone (E.164, empty = none) in mode `mobile`.

    `queues` are the ids of the queues served. `record` says whether its calls are recorded (REC-1), None = as queue and
    tenant say. Without a `seat` assigned by the tenant the agent can't log in (SEAT-2).
    `pin` is the hash of the PIN for the agents' service (`domain/pins.py`), empty = none.
    """

    id: str
    name: str
    device: str
    mode: AnswerMode = AnswerMode.WEB
    group: str = ""
    queues: tuple[str, ...] = ()
    record: bool | None = None
    mobile: str = ""
    seat: bool = True
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantConfig:
    """Everything the call path needs to know of one tenant.

    `numbers` has the owned numbers as dialled; `wrap_up_s` 0 = no limit,
    `call_form` False = agents have no form to fill in, so there is no wrap-up (STATE-4); `miss_limit` 0 = never
    (STATE-7); `timezone` is an IANA name and defines "today" (WALL-4);
    `device_grace_s` is how long an agent whose web phone is lost stays on duty, in seconds (STATE-6);
    `country` (ISO 3166, two letters) is where numbers without a country's code belong (BLACK-1). `trunks` are those
    that its numbers belong to, by name; `mobile` is how agents answer on their mobiles, `messages` how callers leave
    messages, `calling_out` has the rules for calls that agents place; `licence` is what it has bought.
    `record` is whether calls are recorded where neither queue nor agent says so (REC-1); an agent's pause of it ends by
    itself after `record_pause_s` seconds.
    """

    id: str
    name: str
    version: int
    timezone: str = "Asia/Shanghai"
    country: str = COUNTRY
    wrap_up_s: int = 60
    call_form: bool = True
    miss_limit: int = 3
    device_grace_s: int = DEVICE_GRACE_S
    break_reasons: tuple[str, ...] = ()
    queues: dict[str, QueueConfig] = field(default_factory=dict)
    agents: dict[str, AgentConfig] = field(default_factory=dict)
    numbers: dict[str, NumberConfig] = field(default_factory=dict)
    prompts: dict[str, PromptConfig] = field(default_factory=dict)
    menus: dict[str, Menu] = field(default_factory=dict)
    hours: dict[str, OpeningHours] = field(default_factory=dict)
    trunks: dict[str, Trunk] = field(default_factory=dict)
    record: bool = False
    record_pause_s: int = RECORD_PAUSE_S
    mobile: MobileAnswering = field(default_factory=MobileAnswering)
    messages: MessageRules = field(default_factory=MessageRules)
    calling_out: CallingOut = field(default_factory=CallingOut)
    licence: Licence = field(default_factory=Licence)

    def trunk_of(self, number: str) -> Trunk | None:
        """Return the trunk by which calls that show an owned number go out, None if it can't be shown."""
        owned = self.numbers.get(number)
        return self.trunks.get(owned.trunk) if owned else None
