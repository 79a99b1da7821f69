"""Whether a conversation is recorded, and the recording of a call that is under way (REC-1)."""

from dataclasses import dataclass, replace

from orchestrator.domain.config import TenantConfig

#: Why silence is recorded: an agent's wish, for some time, or the policy, as long as it says so.
AGENT = "agent"
POLICY = "policy"


def wanted(config: TenantConfig, queue: str | None, agent: str | None) -> bool:
    """Tell whether the conversation of an agent (None: a telephone outside) is recorded for a queue's caller.

    The most specific word counts: the agent's, else the queue's, else the tenant's.
    """
    by_agent = config.agents.get(agent or "")
    by_queue = config.queues.get(queue or "")
    for said in (by_agent.record if by_agent else None, by_queue.record if by_queue else None):
        if said is not None:
            return said
    return config.record


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecording:
    """One file that a switch writes of the customer's channel `leg`; times us UTC.

    `id` names it, `day` (YYYYMMDD, the tenant's) its folder. `paused` is since when silence is recorded, `cause` by
    whose will, and `until` when an agent's pause ends by itself.
    """

    id: str
    leg: str
    day: str
    begun: int
    paused: int | None = None
    until: int | None = None
    cause: str = ""

    def path(self, tenant: str) -> str:
        """Name the file below the recordings directory: ids only, no text from outside."""
        return f"{tenant}/{self.day}/{self.id}.wav"

    @property
    def marks(self) -> dict[str, str]:
        """What the channel must carry for a rebuild; `cc_mask` is when the pause ends, 0 = not by itself."""
        mask = "" if self.paused is None else str(self.until or 0)
        return {"cc_rec": f"{self.day}/{self.id}", "cc_mask": mask}

    def pause(self, cause: str, until: int | None, now: int) -> "CallRecording":
        """Silence from now on; one that is paused already stays so, by another will or for another time."""
        return replace(self, paused=self.paused or now, until=until, cause=cause)

    def resume(self) -> "CallRecording":
        """What is said is recorded again."""
        return replace(self, paused=None, until=None, cause="")


def from_marks(leg: str, mark: str, mask: int | None, now: int) -> CallRecording | None:
    """Make the recording of a channel of its marks; None where there is none."""
    day, _, name = mark.partition("/")
    if not (day and name):
        return None
    found = CallRecording(id=name, leg=leg, day=day, begun=now)
    return found if mask is None else found.pause(AGENT if mask else POLICY, mask or None, now)
