"""Where prompts are played."""

from orchestrator.domain.config import Destination, Menu, NumberConfig, QueueConfig, TenantConfig, Way
from orchestrator.domain.prompt_uses import Use, prompt_uses


def _after(prompt: str) -> Destination:
    return Destination(way=Way.HANG_UP, prompt=prompt)


def test_every_place_that_plays_a_prompt_is_named() -> None:
    """TTS-1: music, prompts of queues, menus and keys, and what is said before every way out; each user once."""
    queue = QueueConfig(
        id="q",
        name="Sales",
        music="m",
        prompt="p1",
        on_timeout=_after("p2"),
        on_full=_after("p3"),
        on_empty=_after("p1"),
    )
    menu = Menu(id="i", name="Main", prompt="p4", keys={"1": _after("p5")}, invalid_prompt="p6", otherwise=_after("p7"))
    number = NumberConfig(number="4001", route=_after("p8"), closed=_after("p9"), holiday=_after("p1"))
    config = TenantConfig(id="t", name="T", version=1, queues={"q": queue}, menus={"i": menu}, numbers={"4001": number})
    of_queue, of_menu, of_number = Use("queue", "q", "Sales"), Use("menu", "i", "Main"), Use("number", "4001", "4001")
    found = prompt_uses(config)
    assert {prompt: uses for prompt, uses in found.items() if of_queue in uses} == {
        "m": (of_queue,), "p1": (of_number, of_queue), "p2": (of_queue,), "p3": (of_queue,)
    }  # fmt: skip
    assert {prompt for prompt, uses in found.items() if of_menu in uses} == {"p4", "p5", "p6", "p7"}
    assert {prompt for prompt, uses in found.items() if of_number in uses} == {"p1", "p8", "p9"}
    assert "" not in found
