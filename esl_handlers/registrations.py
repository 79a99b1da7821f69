"""Devices that come and go."""

from esl_handlers.switch_events import DeviceEvent
from orchestrator.service.use_cases import UseCases


class Registrations:
    """Handlers of registrations."""

    def __init__(self, use: UseCases) -> None:
        """`use` knows whose device it is."""
        self._use = use

    def registered(self, switch: str, event: DeviceEvent) -> None:
        """A device registered or refreshed."""
        self._use.devices.registered(event.user, True)

    def gone(self, switch: str, event: DeviceEvent) -> None:
        """A device unregistered, lost its socket or expired."""
        self._use.devices.registered(event.user, False)
