"""Putting a switch together: the core with its applications and a trunk."""

from simulator.applications import APPLICATIONS
from simulator.endpoints import Gateway
from simulator.switch import Switch

DEFAULT_GATEWAY = "pstn"


def assemble(switch: Switch | None = None) -> Switch:
    """A ready switch with one trunk, without users."""
    switch = switch or Switch()
    switch.applications = APPLICATIONS
    switch.gateways.setdefault(DEFAULT_GATEWAY, Gateway(DEFAULT_GATEWAY))
    return switch
