"""An agent's device registers with the switch or goes away (STATE-6)."""

from dataclasses import replace

from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Configurations
from orchestrator.service.work import Unit


class ChangeDevice:
    """Keeps `Agent.registered` true to what the switch knows."""

    def __init__(self, offers: OfferCall, configurations: Configurations) -> None:
        """`configurations` know whose device it is."""
        self._offers, self._configurations = offers, configurations

    def registered(self, device: str, registered: bool) -> None:
        """The device is reachable now, or not; refreshes and devices of nobody change nothing."""
        owner = self._configurations.owner_of_device(device)
        if owner is None:
            return
        tenant, agent = owner

        def decide(unit: Unit) -> None:
            found = unit.agent(agent)
            if found and found.registered != registered:
                unit.save_agent(replace(found, registered=registered), "device")

        self._offers.run(tenant, decide)
