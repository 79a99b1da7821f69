"""What views and socket handlers work with; made in the composition root, reached through the application."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from peewee import Database
from prometheus_client import CollectorRegistry

from orchestrator.job_board import JobBoard
from orchestrator.publishing import Publishing
from orchestrator.service.ports import Clock
from orchestrator.service.use_cases import UseCases
from orchestrator.settings import Settings
from orchestrator.store.connection import TextRedis
from webui.accounts import Accounts
from webui.bills import Bills
from webui.blacklist import Blacklists
from webui.caller_priorities import CallerPriorities
from webui.companies import Companies
from webui.configuring import Editor
from webui.connections import Connections
from webui.customers import Customers
from webui.errors import Errors
from webui.exports import Exports
from webui.forms import Forms
from webui.names import Names
from webui.owned_numbers import OwnedNumbers
from webui.passwords import Passwords
from webui.phones import Phones
from webui.places import Places
from webui.prompts import Prompts
from webui.recordings import Recordings
from webui.report_schedules import ReportSchedules
from webui.seat_orders import SeatOrders
from webui.sessions import Sessions
from webui.settings import WebSettings
from webui.team.groups import Groups
from webui.team.people import People
from webui.team.roles import Roles
from webui.team.seats import Seats
from webui.texts import Texts
from webui.tokens import Tokens
from webui.webhooks import Webhooks

#: Name among Flask's extensions.
EXTENSION = "zuoxi"


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything a request may need. `use_cases` makes a set without working copies: what it reads is fresh."""

    settings: Settings
    web: WebSettings
    secret_key: str
    redis: TextRedis
    database: Database
    clock: Clock
    accounts: Accounts
    names: Names
    prompts: Prompts
    sessions: Sessions
    texts: Texts
    errors: Errors
    use_cases: Callable[[], UseCases]
    publishing: Publishing
    editor: Editor
    blacklists: Blacklists
    phones: Phones
    jobs: JobBoard
    seat_orders: SeatOrders
    companies: Companies
    owned_numbers: OwnedNumbers
    bills: Bills
    caller_priorities: CallerPriorities
    recordings: Recordings
    customers: Customers
    forms: Forms
    places: Places
    people: People
    passwords: Passwords
    groups: Groups
    roles: Roles
    seats: Seats
    webhooks: Webhooks
    exports: Exports
    report_schedules: ReportSchedules
    tokens: Tokens


def services() -> Services:
    """Return the services of the application that serves this request."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def connections() -> Connections:
    """Return the live feed's connections of this process."""
    found: Connections = current_app.extensions[f"{EXTENSION}-connections"]
    return found


def metrics() -> CollectorRegistry:
    """Return the metrics of this process."""
    found: CollectorRegistry = current_app.extensions[f"{EXTENSION}-metrics"]
    return found
