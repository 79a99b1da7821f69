"""Legs that hear each other."""

from esl_handlers.switch_events import ChannelBridged
from orchestrator.service.use_cases import UseCases


class Bridges:
    """Handlers of bridges."""

    def __init__(self, use: UseCases) -> None:
        """`use` joins calls."""
        self._use = use

    def bridged(self, switch: str, event: ChannelBridged) -> None:
        """Caller and agent hear each other."""
        if event.cc_tenant and event.cc_call:
            self._use.answer.joined(event.cc_tenant, event.cc_call, event.a_leg, event.b_leg)
