"""What an agent's desk shows of the call that rings, in one answer (WEB-2)."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.call_forms import find_form
from orchestrator.database.call_records import call_detail, call_story
from orchestrator.database.general import form_settings
from orchestrator.domain.call import Call
from orchestrator.domain.call_states import CallState
from orchestrator.domain.config import Destination, TenantConfig, Way
from orchestrator.domain.forms import FormSettings
from orchestrator.service.numbers import ANONYMOUS, normalise
from webui.api.customer_shapes import CustomerOut
from webui.api.customers import customer_with
from webui.api.earlier import EarlierCalls, earlier_calls
from webui.api.forms import FormOut, shown
from webui.errors import NotAnAgentError, NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services
from webui.texts import language

bp = APIBlueprint("screen_pop", __name__, url_prefix="/api/v1/calls/<call>/screen-pop", tag="Calls")

#: Earlier calls that the desk shows.
EARLIER = 10


class PressedKey(BaseModel):
    """A key that the caller pressed: in which `menu` (its name, empty in the queue's line) and where it leads.

    `way` and `target` are the destination's as configured now, empty where the key leads nowhere.
    """

    key: str
    menu: str
    way: str
    target: str


class ChoiceOut(BaseModel):
    """Something to choose: its key and name."""

    key: str
    name: str


class FormChoices(BaseModel):
    """What the call form offers; without `on` there is none, and no wrap-up."""

    on: bool
    dispositions: list[ChoiceOut]
    tags: list[str]
    free_tags: bool


class ScreenPop(BaseModel):
    """All that is known of the caller. `number` as people write it, `e164` how it is compared.

    `priority` (0-198) counts in the line, `raised_by` is what gave the caller one of its own.
    `place` and `carrier` are empty where unknown; `withheld` tells that there is no number.
    """

    call: str
    number: str
    e164: str
    withheld: bool
    place: str
    carrier: str
    caller_name: str
    dialled: str
    queue: str | None
    arrived: int
    priority: int
    raised_by: str | None
    keys: list[PressedKey]
    customer: CustomerOut | None
    earlier: EarlierCalls
    form: FormOut | None
    choices: FormChoices


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """A call as far as the desk needs it, live or over; `pressed` are keys with the ids of their menus."""

    caller: str
    caller_name: str
    number: str
    queue: str | None
    arrived: int
    priority: int = 0
    raised_by: str | None = None
    pressed: tuple[tuple[str, str], ...] = ()


@bp.get("")
@requires(Permission.CONTROL_OWN_CALLS)
@bp.output(ScreenPop)
def show(call: str) -> ScreenPop:
    """Show the call that rings at the own desk, goes on there or is wrapped up; 404 for all others."""
    own, config, settings = _own_agent(call), _config(), form_settings(tenant())
    facts = _live(call) or _over(call)
    number = normalise(facts.caller, config.country)
    known = number != ANONYMOUS
    place = services().places.of(facts.caller, config.country, language())
    written = find_form(tenant(), call, own)
    customer = customer_with(number) if known else None
    numbers = {facts.caller, *(customer.numbers if customer else ())}
    return ScreenPop(
        call=call,
        number=place.number if known else "",
        e164=number if known else "",
        withheld=not known,
        place=place.place,
        carrier=place.carrier,
        caller_name="" if facts.caller_name == facts.caller else facts.caller_name,
        dialled=facts.number,
        queue=facts.queue,
        arrived=facts.arrived,
        priority=facts.priority,
        raised_by=facts.raised_by,
        keys=list(_keys(facts.pressed, config)),
        customer=customer,
        earlier=earlier_calls(numbers, EARLIER, but=call) if known else EarlierCalls(items=[], more=False),
        form=shown(written, settings) if written else None,
        choices=_choices(config, settings, facts.queue),
    )


def _own_agent(call: str) -> str:
    own = identity().agent
    if own is None:
        raise NotAnAgentError
    held = services().use_cases().work.store.agent(tenant(), own)
    if held is None or held.document.call != call:
        raise NotFoundError
    return own


def _config() -> TenantConfig:
    return services().use_cases().work.unit(tenant()).config


def _live(call: str) -> _Facts | None:
    held = services().use_cases().work.store.call(tenant(), call)
    return _of_call(held.document) if held and held.document.state is not CallState.ENDED else None


def _of_call(call: Call) -> _Facts:
    menus = (*call.menus, *("" for _ in call.keys))
    return _Facts(
        caller=call.caller,
        caller_name=call.caller_name,
        number=call.number,
        queue=call.queue,
        arrived=call.arrived,
        priority=call.priority,
        raised_by=call.raised_by.value if call.raised_by else None,
        pressed=tuple(zip(call.keys, menus, strict=False)),
    )


def _over(call: str) -> _Facts:
    """Read a call that is over, in wrap-up; its record comes a moment after its end. Raises NotFoundError."""
    detail = call_detail(tenant(), call)
    if detail is None:
        raise NotFoundError
    pressed = [orjson.loads(row.json) for row in call_story(tenant(), call) if row.type == "key_pressed"]
    record = detail.record
    return _Facts(
        caller=record.caller,
        caller_name=record.caller_name,
        number=record.number,
        queue=record.queue,
        arrived=record.arrived,
        priority=detail.stays[-1].priority if detail.stays else 0,
        pressed=tuple((event["key"], event["menu"]) for event in pressed if event["key"]),
    )


def _keys(pressed: tuple[tuple[str, str], ...], config: TenantConfig) -> Iterator[PressedKey]:
    for key, menu in pressed:
        found = config.menus.get(menu)
        to = found.keys.get(key) if found else None
        yield PressedKey(
            key=key, menu=found.name if found else "", way=to.way.value if to else "", target=_named(to, config)
        )


def _named(to: Destination | None, config: TenantConfig) -> str:
    """What people call the place that a key leads to; what has no name is told by its way alone."""
    if to is None:
        return ""
    if to.way in (Way.QUEUE, Way.CALLBACK):
        return config.queues[to.target].name if to.target in config.queues else to.target
    if to.way is Way.MENU:
        return config.menus[to.target].name if to.target in config.menus else ""
    return to.target


def _choices(config: TenantConfig, settings: FormSettings, queue: str | None) -> FormChoices:
    return FormChoices(
        on=config.call_form,
        dispositions=[ChoiceOut(key=one.key, name=one.name) for one in settings.dispositions if one.offered(queue)],
        tags=list(settings.tags),
        free_tags=settings.free_tags,
    )
