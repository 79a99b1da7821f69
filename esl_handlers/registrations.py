"""Devices that come and go."""

from esl_handlers.switch_events import DeviceEvent, DeviceRegistered
from orchestrator.service.use_cases import UseCases

#: How our pages begin their SIP user agent; what follows is the page's id (webui/frontend/src/phone/sip.ts).
PAGE_AGENT = "zuoxi-page/"

#: Longest id of a page that is believed.
LONGEST_PAGE = 40


class Registrations:
    """Handlers of registrations."""

    def __init__(self, use: UseCases) -> None:
        """`use` knows whose device it is."""
        self._use = use

    def registered(self, switch: str, event: DeviceRegistered) -> None:
        """A device registered or refreshed."""
        self._use.devices.registered(event.user, True, event.call_id or "", page_of(event.user_agent), switch)

    def gone(self, switch: str, event: DeviceEvent) -> None:
        """A device unregistered, lost its socket or expired."""
        self._use.devices.registered(event.user, False, event.call_id or "")


def page_of(user_agent: str | None) -> str:
    """Return the id of the page behind a registration, empty for other phones; it was made up by the page."""
    if not user_agent or not user_agent.startswith(PAGE_AGENT):
        return ""
    return user_agent.removeprefix(PAGE_AGENT)[:LONGEST_PAGE]
