"""An agent's device registers with the switch or goes away (STATE-6)."""

from orchestrator.domain.agent import Agent
from orchestrator.service import recover_talk
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Configurations
from orchestrator.service.work import Unit


class ChangeDevice:
    """Keeps `Agent.registered` true to what the switch knows."""

    def __init__(self, offers: OfferCall, configurations: Configurations) -> None:
        """`configurations` know whose device it is."""
        self._offers, self._configurations = offers, configurations

    def registered(
        self, device: str, registered: bool, registration: str = "", page: str = "", switch: str = ""
    ) -> None:
        """The device is reachable now, or not; refreshes and devices of nobody change nothing.

        `registration` names the registration where it is known: the end of an earlier one means nothing. `page` is the
        browser page that registered, `switch` where.
        """
        owner = self._configurations.owner_of_device(device)
        if owner is None:
            return
        tenant, agent = owner

        def decide(unit: Unit) -> None:
            found = unit.agent(agent)
            if found and registered:
                _come(unit, found, found.register(registration, page, switch))
            elif found and found.registered and registration in ("", found.registration or registration):
                lost = found.lose_device(unit.config.device_grace_s * 1_000_000, unit.now)
                unit.save_agent(lost, "device")
                recover_talk.suspect(unit, lost)

        self._offers.run(tenant, decide)

    def silent(self, tenant: str, call: str, leg: str) -> None:
        """A leg that was under suspicion sends no sound: its page is gone."""
        self._offers.run(tenant, lambda unit: recover_talk.silent(unit, call, leg))


def _come(unit: Unit, before: Agent, now: Agent) -> None:
    if now == before:
        return
    unit.save_agent(now, "device")
    if now.page and now.page != before.page:
        recover_talk.new_page(unit, now)
    elif not before.registered:
        recover_talk.back(unit, now, unit.call(now.call or ""))
