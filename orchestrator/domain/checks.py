"""What is wrong with a configuration as a whole: names of what doesn't exist, callers sent round in circles."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from orchestrator.domain import agent_service, voicemail
from orchestrator.domain.announcements import piece_id, pieces_of
from orchestrator.domain.callback import CallbackRule
from orchestrator.domain.config import RINGING_WAYS, Destination, Menu, QueueConfig, TenantConfig, Way
from orchestrator.domain.music import DEFAULT_MUSIC, MUSIC
from orchestrator.domain.survey import Survey

#: The key of what there is one set of: rules for calling out, for messages.
RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in `field` of what `area` (queues, numbers, hours, ivrs, calling_out) and `key` name.

    `id` is stable and has a text in every language; `name` is what the field named.
    """

    area: str
    key: str
    field: str
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A field of something configured."""

    area: str
    key: str
    field: str

    def problem(self, id_: str, name: str = "", part: str = "") -> Problem:
        """Return a problem here, or in a part of the field."""
        field = f"{self.field}.{part}" if part else self.field
        return Problem(area=self.area, key=self.key, field=field, id=id_, name=name)


def problems(config: TenantConfig) -> list[Problem]:
    """Find everything that is wrong with a configuration."""
    return [*_destinations(config), *_queues(config), *_numbers(config), *_hours(config), *_menus(config),
            *_mobile(config), *_messages(config), *_calling_out(config), *_circles(config)]  # fmt: skip


def _calling_out(config: TenantConfig) -> Iterator[Problem]:
    """What is shown must be owned, and the hours must exist (NUM-1)."""
    rules, place = config.calling_out, Place("calling_out", RULES, "")
    shown = [("caller_id", rules.caller_id), *((f"group_caller_ids.{g}", n) for g, n in rules.group_caller_ids.items())]
    shown += [(f"agent_caller_ids.{agent}", number) for agent, number in rules.agent_caller_ids.items()]
    shown += [("choosable", number) for number in rules.choosable]
    for field, number in shown:
        if number and number not in config.numbers:
            yield replace(place, field=field).problem("not_owned", number)
        elif number and config.trunk_of(number) is None:
            yield replace(place, field=field).problem("number_without_trunk", number)
    if rules.hours and rules.hours not in config.hours:
        yield replace(place, field="hours").problem("unknown_hours", rules.hours)
    if unknown := sorted(set(rules.agent_caller_ids) - set(config.agents)):
        yield replace(place, field="agent_caller_ids").problem("unknown_agents", ", ".join(unknown))


def destinations(config: TenantConfig) -> Iterator[tuple[Place, Destination]]:
    """Yield every destination with its place."""
    for number in config.numbers.values():
        for field, to in (("route", number.route), ("closed", number.closed), ("holiday", number.holiday)):
            yield Place("numbers", number.number, field), to
    for queue in config.queues.values():
        for field, way in (("on_timeout", queue.on_timeout), ("on_full", queue.on_full), ("on_empty", queue.on_empty)):
            if way:
                yield Place("queues", queue.id, field), way
    for menu in config.menus.values():
        for key, to in menu.keys.items():
            yield _in_menu(menu, f"keys.{key}"), to
        yield _in_menu(menu, "otherwise"), menu.otherwise


def _in_menu(menu: Menu, field: str) -> Place:
    ivr, _, id_ = menu.id.partition(".")
    return Place("ivrs", ivr, f"menus.{id_}.{field}")


def _all_destinations(config: TenantConfig) -> Iterator[tuple[Place, Destination]]:
    """Those of `destinations`, and where calls go that come to nothing there."""
    for place, to in destinations(config):
        for depth, one in enumerate(to.chain()):
            yield Place(place.area, place.key, place.field + ".otherwise" * depth), one


def _destinations(config: TenantConfig) -> Iterator[Problem]:
    for place, to in _all_destinations(config):
        if to.way is Way.NUMBER:
            yield from _outside(config, place, to)
        if to.way is Way.AGENT and to.target not in config.agents:
            yield place.problem("unknown_agent", to.target, "target")
        if to.way is Way.QUEUE and to.target not in config.queues:
            yield place.problem("unknown_queue", to.target, "target")
        if to.way is Way.CALLBACK and not (to.target in config.queues and config.queues[to.target].callback):
            yield place.problem("no_callback", to.target, "target")
        if to.way is Way.VOICEMAIL:
            yield from _voicemail(config, place, to)
        if to.way is Way.MENU and to.target not in config.menus:
            yield place.problem("unknown_menu", to.target, "target")
        if to.way is Way.SERVICE and not service_pieces(config) <= config.prompts.keys():
            yield place.problem("no_service_pieces", config.mobile.language, "target")
        yield from _prompt(config, place, to.prompt, "prompt")


def service_pieces(config: TenantConfig) -> frozenset[str]:
    """Return the ids of what the agents' service says, in the language of mobiles."""
    return frozenset(piece_id(config.mobile.language, name) for name in agent_service.PIECES)


def _voicemail(config: TenantConfig, place: Place, to: Destination) -> Iterator[Problem]:
    """The mailbox exists, and callers are told before the tone what to do."""
    if not voicemail.exists(config, to.target):
        yield place.problem("unknown_mailbox", to.target, "target")
    if voicemail.spoken_before(config, to) not in config.prompts:
        yield place.problem("no_greeting", part="prompt")


def _outside(config: TenantConfig, place: Place, to: Destination) -> Iterator[Problem]:
    """A telephone outside can be dialled, isn't a number of our own, and there is one to show (NUM-1)."""
    written = re.sub(r"[\s().-]", "", to.target)
    if not re.fullmatch(r"\+?[0-9]{2,20}", written):
        yield place.problem("not_a_number", to.target, "target")
    if written in config.numbers:
        yield place.problem("own_number", to.target, "target")
    if to.caller_id and to.caller_id not in config.numbers:
        yield place.problem("not_owned", to.caller_id, "caller_id")
    elif not any(config.trunk_of(number) for number in ([to.caller_id] if to.caller_id else config.numbers)):
        yield place.problem("no_trunk", to.caller_id, "caller_id")


def _prompt(config: TenantConfig, place: Place, prompt: str, part: str = "") -> Iterator[Problem]:
    if prompt and not _sound(config, prompt, "prompt"):
        yield place.problem("unknown_prompt", prompt, part)


def _sound(config: TenantConfig, id_: str, kind: str) -> bool:
    return id_ in config.prompts and config.prompts[id_].kind == kind


def _queues(config: TenantConfig) -> Iterator[Problem]:
    names = Counter(queue.name for queue in config.queues.values())
    for queue in config.queues.values():
        if names[queue.name] > 1:
            yield _in_queue(queue, "name").problem("name_taken", queue.name)
        if queue.music != DEFAULT_MUSIC.id and not _sound(config, queue.music, MUSIC):
            yield _in_queue(queue, "music").problem("unknown_music", queue.music)
        if queue.prompt_every_s and not queue.prompt:
            yield _in_queue(queue, "prompt").problem("no_prompt")
        yield from _prompt(config, _in_queue(queue, "prompt"), queue.prompt)
        yield from _prompt(config, _in_queue(queue, "mobile_prompt"), queue.mobile_prompt)
        if not pieces_of(queue) <= config.prompts.keys():
            yield _in_queue(queue, "announce_language").problem("no_pieces", queue.announce_language)
        if queue.callback:
            yield from _callback(config, _in_queue(queue, "callback"), queue.callback)
            if not any(config.trunk_of(number) for number in config.numbers):
                yield _in_queue(queue, "callback").problem("no_outgoing_number")
        if queue.survey:
            yield from _survey(config, _in_queue(queue, "survey"), queue.survey)


def _callback(config: TenantConfig, place: Place, rule: CallbackRule) -> Iterator[Problem]:
    for part in ("prompt", "number_prompt", "confirm_prompt", "invalid_prompt", "refused_prompt"):
        yield from _prompt(config, place, getattr(rule, part), part)
    if rule.number_prompt and not rule.confirm_prompt:
        yield place.problem("no_prompt", part="confirm_prompt")


def _survey(config: TenantConfig, place: Place, survey: Survey) -> Iterator[Problem]:
    if not survey.prompt:
        yield place.problem("no_prompt", part="prompt")
    yield from _prompt(config, place, survey.prompt, "prompt")
    yield from _prompt(config, place, survey.thanks, "thanks")


def _in_queue(queue: QueueConfig, field: str) -> Place:
    return Place("queues", queue.id, field)


def _numbers(config: TenantConfig) -> Iterator[Problem]:
    for number in config.numbers.values():
        if number.hours and number.hours not in config.hours:
            yield Place("numbers", number.number, "hours").problem("unknown_hours", number.hours)


def _mobile(config: TenantConfig) -> Iterator[Problem]:
    """The company's rules for mobiles: what is said, and an owned number to show (NUM-1)."""
    rules = config.mobile
    yield from _prompt(config, Place("mobile", "rules", "prompt"), rules.prompt)
    if rules.caller_id and rules.caller_id not in config.numbers:
        yield Place("mobile", "rules", "caller_id").problem("not_owned", rules.caller_id)
    elif rules.caller_id and not config.trunk_of(rules.caller_id):
        yield Place("mobile", "rules", "caller_id").problem("no_trunk", rules.caller_id)


def _messages(config: TenantConfig) -> Iterator[Problem]:
    """The company's greeting exists."""
    yield from _prompt(config, Place("messages", RULES, "greeting"), config.messages.greeting)


def _hours(config: TenantConfig) -> Iterator[Problem]:
    names = Counter(hours.name for hours in config.hours.values())
    for hours in config.hours.values():
        if names[hours.name] > 1:
            yield Place("hours", hours.id, "name").problem("name_taken", hours.name)
        days = [(f"week.{place}", spans) for place, spans in enumerate(hours.week)]
        for field, spans in [*days, *((f"holidays.{date}", spans) for date, spans in hours.holidays.items())]:
            yield from _spans(Place("hours", hours.id, field), spans)


def _spans(place: Place, spans: Iterable[tuple[int, int]]) -> Iterator[Problem]:
    """Each span ends after it begins, and begins after the one before."""
    if any(start >= end for start, end in spans):
        yield place.problem("span_backwards")
    if any(later < end for (_, end), (later, _) in pairwise(spans)):
        yield place.problem("spans_overlap")


def _menus(config: TenantConfig) -> Iterator[Problem]:
    """A menu asks something and has an answer: silence and dead ends are no menus."""
    for menu in config.menus.values():
        if not menu.keys:
            yield _in_menu(menu, "keys").problem("no_keys")
        if not menu.prompt:
            yield _in_menu(menu, "prompt").problem("no_prompt")
        yield from _prompt(config, _in_menu(menu, "prompt"), menu.prompt)
        yield from _prompt(config, _in_menu(menu, "invalid_prompt"), menu.invalid_prompt)


def _circles(config: TenantConfig) -> Iterator[Problem]:
    """Ways round which a caller could go for ever, pressing no key and waiting in no line.

    A queue's time limit ends a wait, so going on from there is no part of such a circle.
    """
    steps = [(place, here, there) for place, here, there in _steps(config) if there]
    ahead = defaultdict(set)
    for _, here, there in steps:
        ahead[here].add(there)
    for place, here, there in steps:
        if here in _reachable(ahead, there):
            yield place.problem("endless")


def _steps(config: TenantConfig) -> Iterator[tuple[Place, str, str]]:
    for queue in config.queues.values():
        here = _node(Destination(way=Way.QUEUE, target=queue.id))
        if queue.max_length is not None:
            yield _in_queue(queue, "on_full"), here, _node(queue.on_full)
        if queue.on_empty:
            yield _in_queue(queue, "on_empty"), here, _node(queue.on_empty)
    for menu in config.menus.values():
        here = _node(Destination(way=Way.MENU, target=menu.id))
        yield _in_menu(menu, "otherwise"), here, _node(menu.otherwise)


def _node(to: Destination) -> str:
    """Where a caller is next that pressed no key and waited in no line: whoever is to be rung may be busy at once."""
    while to.way in RINGING_WAYS and to.otherwise:
        to = to.otherwise
    return f"{to.way} {to.target}" if to.way in (Way.QUEUE, Way.MENU) else ""


def _reachable(ahead: dict[str, set[str]], start: str) -> set[str]:
    seen, left = set(), {start}
    while left:
        here = left.pop()
        seen.add(here)
        left |= ahead.get(here, set()) - seen
    return seen
