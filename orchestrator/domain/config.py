"""What a tenant has configured, as the call path sees it. Published whole, with a version; never edited here."""

from dataclasses import dataclass, field
from enum import StrEnum

from orchestrator.domain.agent import AnswerMode


class Strategy(StrEnum):
    """How a queue picks among ready agents (QUEUE-2)."""

    ROUND_ROBIN = "round_robin"
    RANDOM = "random"
    FEWEST_ANSWERED = "fewest_answered"
    LONGEST_IDLE = "longest_idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConfig:
    """One queue. Times in seconds; `max_wait_s` None = no limit, `ring_s` 5-120, `priority` 0-99 (high first)."""

    id: str
    name: str
    strategy: Strategy = Strategy.LONGEST_IDLE
    music: str = "default"
    ring_s: int = 20
    max_wait_s: int | None = None
    priority: int = 0
    short_abandon_s: int = 5
    service_level_s: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig:
    """One agent: `device` is the SIP user that rings, `queues` the ids of the queues served."""

    id: str
    name: str
    device: str
    mode: AnswerMode = AnswerMode.WEB
    group: str = ""
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantConfig:
    """Everything the call path needs to know of one tenant.

    `numbers` maps an owned number as dialled to the id of the queue it leads to; `wrap_up_s` 0 = no limit,
    `call_form` False = agents have no form to fill in, so there is no wrap-up (STATE-4); `miss_limit` 0 = never
    (STATE-7); `timezone` is an IANA name and defines "today" (WALL-4).
    """

    id: str
    name: str
    version: int
    timezone: str = "Asia/Shanghai"
    wrap_up_s: int = 60
    call_form: bool = True
    miss_limit: int = 3
    break_reasons: tuple[str, ...] = ()
    queues: dict[str, QueueConfig] = field(default_factory=dict)
    agents: dict[str, AgentConfig] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
