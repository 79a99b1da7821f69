"""The company's seats: bought, assigned, in use; assigning and releasing them (SEAT-2)."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.domain.agent import Agent, AgentState
from orchestrator.domain.licence import SeatKind, Standing
from webui.api.shapes import Input
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.team.people import PersonRow

bp = APIBlueprint("seats", __name__, url_prefix="/api/v1/team/seats", tag="Team")


class KindOut(BaseModel):
    """Seats of a kind: `purchased` null = without a limit; nobody logs in for chats, so `logged_in` is null there."""

    purchased: int | None
    assigned: int
    logged_in: int | None


class HolderOut(BaseModel):
    """A person; `call` null = no call agent, else whether a call seat is assigned. `state` is since `since` (us)."""

    id: str
    name: str
    agent: str | None
    group: str
    call: bool | None
    chat: bool
    state: AgentState | None
    since: int | None


class SeatsOut(BaseModel):
    """All seats: `until` (us) is when there are none any more, null = never; `reason` is why it is suspended."""

    now: int
    standing: Standing
    reason: str
    until: int | None
    call: KindOut
    chat: KindOut
    holders: list[HolderOut]


class Assignment(Input):
    """Whether a person is to have a seat of a kind."""

    kind: SeatKind
    assigned: bool


@bp.get("")
@requires(Permission.VIEW_TEAM)
@bp.output(SeatsOut)
def show() -> SeatsOut:
    """Show the seats and who has them."""
    return _seats()


def _seats() -> SeatsOut:
    now, licence = services().clock.now(), services().seats.licence(tenant())
    live = {held.document.id: held.document for held in services().use_cases().work.store.all_agents(tenant())}
    holders = [_holder(row, live) for row in services().people.all(tenant()) if row.setting.active]
    return SeatsOut(
        now=now,
        standing=licence.standing(now),
        reason=licence.reason,
        until=licence.valid_until(now),
        call=KindOut(
            purchased=licence.purchased(SeatKind.CALL, now),
            assigned=sum(1 for holder in holders if holder.call),
            logged_in=sum(1 for agent in live.values() if agent.state is not AgentState.OFFLINE),
        ),
        chat=KindOut(
            purchased=licence.purchased(SeatKind.CHAT, now),
            assigned=sum(1 for holder in holders if holder.chat),
            logged_in=None,
        ),
        holders=holders,
    )


@bp.put("/<person>")
@requires(Permission.EDIT_TEAM)
@bp.input(Assignment)
@bp.output(SeatsOut)
def assign(person: str, json_data: Assignment) -> SeatsOut:
    """Assign a seat to a person, or release it; who is logged in goes on until the next log-in."""
    services().seats.assign(tenant(), person, json_data.kind, json_data.assigned, identity().id)
    return _seats()


def _holder(row: PersonRow, live: dict[str, Agent]) -> HolderOut:
    agent, setting = live.get(row.key or ""), row.setting
    return HolderOut(
        id=row.id,
        name=setting.name,
        agent=row.key,
        group=setting.agent.group if setting.agent else "",
        call=setting.agent.seat if setting.agent else None,
        chat=setting.chat_seat,
        state=agent.state if agent else None,
        since=agent.since if agent else None,
    )
