"""The demo tenant: a small company with a front desk full of people."""

import secrets
from dataclasses import dataclass

from peewee import Database

from orchestrator.database.documents import to_plain
from orchestrator.database.models import Agent, Number, Queue, QueueAgent, Tenant, User
from orchestrator.database.numbers import Numbers
from orchestrator.database.opening_hours import HolidaySetting, HoursArea, HoursSetting
from orchestrator.database.trunks import Trunks
from orchestrator.database.users import add_user
from orchestrator.domain.agent import AnswerMode
from orchestrator.domain.billing.tariff import RentItem
from orchestrator.domain.config import NumberConfig, to_queue
from orchestrator.domain.trunks import Trunk

TENANT = "demo"

#: Wrapping up is short, so that the boards move.
WRAP_UP_S = 8

#: The demo records; what callers would have said are tones.
RECORDINGS_DAYS = 7

BREAK_REASONS = ["午餐", "培训", "会议", "休息"]

#: Key, name, strategy, number, priority, ring time and longest wait (seconds).
QUEUES = (
    ("sales", "销售 Sales", "longest_idle", "4001", 0, 15, 120),
    ("support", "售后 Support", "round_robin", "4002", 0, 15, 180),
    ("vip", "贵宾 VIP", "fewest_answered", "4003", 50, 12, 90),
)

NAMES = (
    "王芳", "李伟", "张敏", "刘洋", "陈静", "杨磊", "赵丽", "黄强", "周杰", "吴娟",
    "徐涛", "孙燕", "马超", "朱琳", "胡斌", "郭敏", "何军", "高洁", "林峰", "罗雪",
)  # fmt: skip

#: Number and queue of the line with opening hours; the demo's callers dial others, so that boards move at night too.
OFFICE_LINE = ("4000", "sales")

#: Monday to Friday in the morning and in the afternoon; minutes of the day.
OFFICE_HOURS = HoursSetting(
    key="office",
    name="办公时间 Office hours",
    week=(((540, 720), (810, 1080)),) * 5 + ((), ()),
    holidays=(HolidaySetting(date="2027-01-01", name="元旦 New Year"),),
)

FIRST_AGENT = 1001

#: The trunk of the simulated switch, by which the demo calls out and reaches mobiles.
TRUNK = "pstn"

#: The last agent answers on a mobile; the simulated one picks up and presses 1.
MOBILE = "+8613800010200"

#: What the company rents by the month: a seat for each agent, each queue's number and the office line.
RENTED = {RentItem.CALL_SEAT: len(NAMES), RentItem.NUMBER: len(QUEUES) + 1}

#: What the demo's callers dial: most of them the first two.
DIALLED = ("4001", "4001", "4002", "4002", "4003")

#: These log in as people: nobody plays their part (see `demo_shift`).
FOR_PEOPLE = 3


#: Log-in and role of who runs the platform: belongs to no company.
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Login:
    """A person who was added, with the password, which is not kept."""

    login: str
    password: str
    role: str
    name: str


def agent_keys() -> list[str]:
    """The ids of all demo agents."""
    return [str(FIRST_AGENT + place) for place in range(len(NAMES))]


def device(key: str) -> str:
    """The SIP user of a demo agent."""
    return f"{TENANT}-{key}"


def add_demo(database: Database, *, simulated: bool) -> list[Login] | None:
    """Add the demo tenant and return who can log in, None when it is there already.

    With the simulated switch its numbers belong to a trunk: others have gateways of their own names.
    """
    with database.atomic():
        if Tenant.get_or_none(Tenant.id == TENANT):
            return None
        tenant = Tenant.create(
            id=TENANT,
            name="示例企业 Demo",
            wrap_up_s=WRAP_UP_S,
            break_reasons=BREAK_REASONS,
            timezone="Asia/Shanghai",
            record=True,
            recordings_days=RECORDINGS_DAYS,
        )
        queues = [_add_queue(tenant, *values) for values in QUEUES]
        _add_office_line()
        people = (("admin", "管理员"), ("supervisor", "主管"))
        logins = [_add_login(tenant, role, role, name) for role, name in people]
        if not User.get_or_none(User.login == OPERATOR):
            logins.append(_add_login(None, OPERATOR, OPERATOR, "运营商"))
        agents = [_add_agent(tenant, place, queues) for place in range(len(NAMES))]
        if simulated:
            _add_trunk()
        return logins + [_add_login(tenant, agent.key, "agent", agent.name, agent) for agent in agents]


def _add_queue(
    tenant: Tenant, key: str, name: str, strategy: str, number: str, priority: int, ring_s: int, max_wait_s: int
) -> Queue:
    queue = Queue.create(
        tenant=tenant,
        key=key,
        name=name,
        strategy=strategy,
        priority=priority,
        ring_s=ring_s,
        max_wait_s=max_wait_s,
    )
    Number.create(tenant=tenant, number=number, route=to_plain(to_queue(key)))
    return queue


def _add_office_line() -> None:
    number, queue = OFFICE_LINE
    HoursArea().put(TENANT, OFFICE_HOURS)
    Numbers().add(TENANT, number)
    Numbers().put(TENANT, NumberConfig(number=number, route=to_queue(queue), hours=OFFICE_HOURS.key))


def _add_trunk() -> None:
    Trunks().put(Trunk(name=TRUNK))
    for number in Number.select().where(Number.tenant == TENANT):
        Numbers().set_trunk(TENANT, number.number, TRUNK)


def _add_agent(tenant: Tenant, place: int, queues: list[Queue]) -> Agent:
    key = str(FIRST_AGENT + place)
    group = ("一组", "二组")[place % 2]
    last = place == len(NAMES) - 1
    ways = {"mode": AnswerMode.MOBILE.value, "mobile": MOBILE} if last else {}
    agent = Agent.create(tenant=tenant, key=key, name=NAMES[place], device=device(key), group=group, **ways)
    sales, support, vip = queues
    for queue in (sales,) if place % 2 else (support, vip, sales) if place % 6 == 0 else (support, vip):
        QueueAgent.create(queue=queue, agent=agent)
    return agent


def _add_login(tenant: Tenant | None, login: str, role: str, name: str, agent: Agent | None = None) -> Login:
    password = secrets.token_urlsafe(9)
    add_user(login, password, role, name, tenant, agent)
    return Login(login, password, role, name)
