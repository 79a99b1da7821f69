"""The company that is called: a queue of each routing strategy, agents who serve two of them, a postpaid account."""

from itertools import count

from peewee import Database

from orchestrator.database.documents import to_plain
from orchestrator.database.models import Agent, Number, Queue, QueueAgent, Tenant
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.domain.config import Strategy, to_queue
from webui.cli.demo_bill import add_demo_bill
from webui.cli.simulation.plan import Plan

TENANT = "simulation"

#: Each queue has the number of its place from here on.
FIRST_NUMBER, FIRST_AGENT = 4001, 1001

#: Seconds that a phone rings before the next agent is asked.
RING_S = 10

NUMBERS = tuple(str(FIRST_NUMBER + place) for place in range(len(Strategy)))


def device(key: str) -> str:
    """The SIP user of an agent."""
    return f"{TENANT}-{key}"


def add_company(database: Database, plan: Plan, at: int) -> None:
    """Write the company into an empty database; `at` is the time, us UTC."""
    with database.atomic():
        tenant = Tenant.create(
            id=TENANT, name="Simulation", timezone="UTC", wrap_up_s=plan.wrap_up_s, call_form=plan.wrap_up_s > 0
        )
        queues = [_queue(tenant, strategy, number, plan) for strategy, number in zip(Strategy, NUMBERS, strict=True)]
        for place, key in zip(range(plan.agents), count(FIRST_AGENT)):
            agent = Agent.create(tenant=tenant, key=str(key), name=f"Agent {key}", device=device(str(key)))
            for queue in (queues[place % len(queues)], queues[(place + 1) % len(queues)]):
                QueueAgent.create(queue=queue, agent=agent)
        add_demo_bill(TENANT, {RentItem.CALL_SEAT: plan.agents, RentItem.NUMBER: len(NUMBERS)}, at)


def _queue(tenant: Tenant, strategy: Strategy, number: str, plan: Plan) -> Queue:
    Number.create(tenant=tenant, number=number, route=to_plain(to_queue(strategy.value)))
    return Queue.create(
        tenant=tenant,
        key=strategy.value,
        name=strategy.value,
        strategy=strategy.value,
        ring_s=RING_S,
        max_wait_s=plan.max_wait_s,
    )
