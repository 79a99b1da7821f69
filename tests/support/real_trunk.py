"""A real switch with a trunk, and the telephone behind it: a customer's, an agent's mobile, or anybody's outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk
from tests.support.real_centre import NUMBER, QUEUE
from tests.support.real_switch import DOMAIN, RealSwitch
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

#: What a tenant needs to show its number outside.
SHOWN: dict[str, object] = {
    "numbers": {NUMBER: NumberConfig(number=NUMBER, route=to_queue(QUEUE), trunk="pstn")},
    "trunks": {"pstn": Trunk(name="pstn", rewrite=(("+86", "0"),))},
}


class Trunked(NamedTuple):
    """The switch, and the one telephone to which every number outside leads."""

    switch: RealSwitch
    outside: Phone


@contextmanager
def trunked_switch(
    folder: Path, loop: SipLoop, users: list[tuple[str, str]], settings: dict[str, str] | None = None
) -> Iterator[Trunked]:
    """Start a switch with these users (none: it asks for them, as `settings` say) and the trunk `pstn`."""
    switch = RealSwitch(folder, settings or {})
    switch.prepare()
    if users:
        switch.add_users(users)
    outside = Phone(loop, "carrier", "", switch.trunk, DOMAIN, 1300)
    switch.add_trunk("pstn", outside.address[1])
    switch.start()
    try:
        yield Trunked(switch, outside)
    finally:
        outside.close()
        switch.stop()
