"""Where a tenant's configuration plays a prompt or music: what is played anywhere can't be deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestrator.domain.announcements import pieces_of
from orchestrator.domain.checks import destinations, service_pieces
from orchestrator.domain.config import Destination, Menu, NumberConfig, QueueConfig, TenantConfig, Way
from orchestrator.domain.voicemail import spoken_before

#: What people read of the rules for mobiles, in any language.
MOBILES = "手机接听 Mobile"

#: What people read of the rules for messages.
MESSAGES = "留言 Voicemail"


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """Who plays it: `where` is queue, menu, number, or mobile or messages for the rules of these."""

    where: str
    id: str
    name: str


def prompt_uses(config: TenantConfig) -> Mapping[str, tuple[Use, ...]]:
    """Tell for every prompt id that is played anywhere, by whom."""
    found: defaultdict[str, set[Use]] = defaultdict(set)
    for use, prompts in _all_uses(config):
        for prompt in prompts:
            found[prompt].add(use)
    return {prompt: tuple(sorted(uses)) for prompt, uses in found.items() if prompt}


def _all_uses(config: TenantConfig) -> Iterator[tuple[Use, Iterator[str]]]:
    for queue in config.queues.values():
        yield Use("queue", queue.id, queue.name), _of_queue(queue)
    for menu in config.menus.values():
        yield Use("menu", menu.id, menu.name), _of_menu(menu)
    for number in config.numbers.values():
        yield Use("number", number.number, number.number), _of_number(number)
    yield Use("mobile", "rules", MOBILES), iter((config.mobile.prompt,))
    yield Use("messages", "rules", MESSAGES), _greetings(config)
    if any(one.way is Way.SERVICE for _, to in destinations(config) for one in to.chain()):
        yield Use("mobile", "rules", MOBILES), iter(service_pieces(config))


def _greetings(config: TenantConfig) -> Iterator[str]:
    """The company's greeting, and what is said wherever a mailbox has none of its own."""
    yield config.messages.greeting
    yield from (spoken_before(config, one) for _, to in destinations(config) for one in to.chain() if not one.prompt)


def _of_queue(queue: QueueConfig) -> Iterator[str]:
    yield from (queue.music, queue.prompt, queue.mobile_prompt)
    if queue.callback:
        yield from queue.callback.prompts
    if queue.survey:
        yield from (queue.survey.prompt, queue.survey.thanks)
    yield from pieces_of(queue)
    yield from _before(queue.on_timeout, queue.on_full, queue.on_empty)


def _of_menu(menu: Menu) -> Iterator[str]:
    yield from (menu.prompt, menu.invalid_prompt)
    yield from _before(menu.otherwise, *menu.keys.values())


def _of_number(number: NumberConfig) -> Iterator[str]:
    return _before(number.route, number.closed, number.holiday)


def _before(*destinations: Destination | None) -> Iterator[str]:
    return (one.prompt for destination in destinations if destination for one in destination.chain())
