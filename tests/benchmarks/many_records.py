"""Many records made by the database itself, the same in SQLite and PostgreSQL: all of a call follows from its number.

Six tenants of very different size, two years up to a fixed day, 20 queues and 200 agents each; a fifth of the calls go
out, one in ten is abandoned, one in ten thousand is lost, one in ten has a form. Numbers look random and aren't.
"""

# ruff: noqa: S608 - statements are made of names and numbers of ours

from collections.abc import Mapping
from dataclasses import dataclass

from peewee import Database, PostgresqlDatabase

S = 1_000_000
#: The last call arrives on 2026-11-28, the first one 730 days before.
END = 1_795_824_000 * S
SPAN = 730 * 86_400 * S

#: Calls written by one statement.
AT_ONCE = 250_000

#: Intervals of the log of states, forms and events are made for the newest share of the calls (1 in ...).
LOGGED, EVENTS = 12, 50

TENANTS = ("acme", "bravo", "cedar", "delta", "echo", "tiny")

_TENANT = (
    "CASE WHEN {0} < 500000 THEN 'acme' WHEN {0} < 700000 THEN 'bravo' WHEN {0} < 850000 THEN 'cedar'"
    " WHEN {0} < 950000 THEN 'delta' WHEN {0} < 990000 THEN 'echo' ELSE 'tiny' END"
)
_OUTCOME = (
    "CASE WHEN {0} < 100 THEN 'lost' WHEN {0} < 100000 THEN 'abandoned' WHEN {0} < 130000 THEN 'timed_out'"
    " WHEN {0} < 180000 THEN 'left_menu' WHEN {0} < 190000 THEN 'voicemail' WHEN {0} < 800000 THEN 'connected'"
    " WHEN {0} < 960000 THEN 'reached' ELSE 'not_reached' END"
)


def _random(seed: int) -> str:
    """Return the SQL of a number from 0 to 1,000,002 that depends on the call and the seed."""
    return f"(((n * {7919 + 2 * seed}) % 999983 * {31337 + seed * 7}) % 1000003)"


def _calls(database: Database, first: int, last: int, total: int) -> str:
    """Return the query of the calls from `first` to `last`, with all that rows are made of."""
    numbers = (
        f"SELECT n FROM generate_series(CAST({first} AS BIGINT), {last}) n"
        if isinstance(database, PostgresqlDatabase)
        else f"WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
        " SELECT n FROM numbers"
    )
    return (
        f"SELECT n, {_TENANT.format(_random(1))} AS tenant, {_OUTCOME.format(_random(2))} AS outcome,"
        f" CAST(n * 900000011 % 999999999989 AS TEXT) || '-4b7a-9f1d-' || CAST(n AS TEXT) AS call,"
        f" {END - SPAN} + n * {SPAN // total} + {_random(3)} AS arrived,"
        f" '1' || CAST(3000000000 + n * 48271 % 2000003 AS TEXT) AS caller,"
        f" 'q' || CAST({_random(4)} % 20 * ({_random(5)} % 20) / 20 AS TEXT) AS queue,"
        f" CAST(1001 + {_random(6)} % 200 AS TEXT) AS agent,"
        f" {_random(7)} * 60 AS wait, {_random(8)} * 400 AS talk, {_random(9)} AS chance FROM ({numbers}) counted"
    )


#: What stands in queues: calls that came in and got past the menu.
_QUEUED = "outcome IN ('connected', 'abandoned', 'timed_out', 'lost')"

_RECORDS = (
    "INSERT INTO call_record (id, tenant, call, switch, caller, caller_name, number, queue, agent, arrived, answered,"
    " connected, ended, wait_us, ring_us, talk_us, hold_us, outcome, short, hung_up_by, cause, score, direction)"
    " SELECT n + 1, tenant, call, 'one', caller, '', CAST(4001 + n % 10 AS TEXT), CASE WHEN outcome IN"
    " ('connected', 'abandoned', 'timed_out', 'lost') THEN queue END,"
    " CASE WHEN outcome IN ('connected', 'reached', 'not_reached') THEN agent END, arrived, arrived,"
    " CASE WHEN outcome IN ('connected', 'reached') THEN arrived + wait END,"
    " arrived + wait + talk, wait, 3000000, talk, 0, outcome, outcome = 'abandoned' AND wait < 5000000, 'caller',"
    " 'NORMAL_CLEARING', CASE WHEN outcome = 'connected' AND chance < 100000 THEN 1 + chance % 5 END,"
    " CASE WHEN outcome IN ('reached', 'not_reached') THEN 'out' ELSE 'in' END FROM ({calls}) made"
)


@dataclass(frozen=True)
class _Part:
    """A part of calls: its table, of which calls, and the value of each column that a version may have."""

    table: str
    of: str
    values: Mapping[str, str]

    def statement(self, database: Database, calls: str) -> str:
        """Return what writes it for some calls, in the columns that the table has."""
        there = {column.name for column in database.get_columns(self.table)}
        values = {name: value for name, value in self.values.items() if name in there}
        return (
            f"INSERT INTO {self.table} ({', '.join(values)})"
            f" SELECT {', '.join(values.values())} FROM ({calls}) made WHERE {self.of}"
        )


_OF_CALL = {"record_id": "n + 1", "arrived": "made.arrived", "tenant": "made.tenant"}
_SURVEYED = "made.outcome = 'connected' AND made.chance < 100000"
_LEG = {"cause": "'NORMAL_CLEARING'", "answered": "made.arrived", "ended": "made.arrived + wait + talk"}

_PARTS = (
    _Part(
        "call_leg",
        "1 = 1",
        _OF_CALL
        | _LEG
        | {"leg": "made.call", "role": "'caller'", "created": "made.arrived", "billed_ms": "(wait + talk) / 1000"}
        | {"hung_up": "TRUE", "asked": "FALSE"},
    ),
    _Part(
        "call_leg",
        "made.outcome IN ('connected', 'reached')",
        _OF_CALL
        | _LEG
        | {"leg": "made.call || '-a'", "role": "'agent'", "agent": "made.agent", "billed_ms": "talk / 1000"}
        | {"created": "made.arrived + wait", "answered": "made.arrived + wait", "hung_up": "FALSE"}
        | {"joined": "made.arrived + wait", "talk_us": "talk", "hold_us": "0", "asked": _SURVEYED}
        | {"way": "CASE WHEN made.outcome = 'reached' THEN 'out' ELSE 'queue' END"}
        | {"queue": "CASE WHEN made.outcome = 'connected' THEN made.queue END"}
        | {"score": f"CASE WHEN {_SURVEYED} THEN 1 + chance % 5 END"},
    ),
    _Part(
        "queue_stay",
        "made." + _QUEUED,
        _OF_CALL
        | {"queue": "made.queue", "entered": "made.arrived", "ended": "made.arrived + wait", "priority": "0"}
        | {"wait_us": "wait", "outcome": "made.outcome", "short": "made.outcome = 'abandoned' AND wait < 5000000"}
        | {"within_service_level": "made.outcome = 'connected' AND wait < 20000000", "talk_us": "talk"}
        | {"agent": "CASE WHEN made.outcome = 'connected' THEN made.agent END"},
    ),
    _Part(
        "offer",
        "made.outcome = 'connected'",
        {"record_id": "n + 1", "arrived": "made.arrived", "leg": "made.call || '-a'", "queue": "made.queue"}
        | {"agent": "made.agent", "offered": "made.arrived + wait - 3000000", "rang": "made.arrived + wait - 2000000"}
        | {"won": "made.arrived + wait", "ended": "made.arrived + wait", "result": "'accepted'", "cause": "''"},
    ),
)

_LOGGED = (
    "INSERT INTO agent_state_interval (tenant, agent, started, ended, state, since, reason, mode, registered, cause,"
    " call, ms, n) SELECT tenant, agent, arrived + wait + {at}, arrived + wait + {to}, '{state}',"
    " arrived + wait + {at}, '', 'web', TRUE, 'call', call, arrived / 1000, n * 4 + {k} FROM ({calls}) made"
    " WHERE outcome = 'connected' ON CONFLICT DO NOTHING"
)
_STATES = (
    ("in_call", "0", "talk"),
    ("wrap_up", "talk", "talk + 20000000"),
    ("online", "talk + 20000000", "talk + 90000000"),
)
_FORMS = (
    "INSERT INTO call_form (tenant_id, call, agent, notes, disposition, tags, saved, closed)"
    " SELECT tenant, call, agent, '', 'd' || CAST(chance % 8 AS TEXT), '[]', arrived + talk, arrived + talk"
    " FROM ({calls}) made WHERE outcome = 'connected' AND chance < 100000"
)
_TAGS = (
    "INSERT INTO call_form_tag (form_id, tag) SELECT id, 't' || CAST(id % 30 AS TEXT) FROM call_form"
    " WHERE id % 3 = 0 OR id % 30 = 1"
)
_EVENTS = (
    "INSERT INTO call_event (tenant, stream_id, ms, n, type, call, agent, at, json)"
    " SELECT tenant, CAST(arrived / 1000 AS TEXT) || '-' || CAST(n * 16 + step AS TEXT), arrived / 1000, n * 16 + step,"
    ' \'told\', call, NULL, arrived, \'{{"type": "told", "text": "\' || call || call || call || \'"}}\''
    " FROM ({calls}) made, ({steps}) steps"
)
_STEPS = " UNION ALL ".join(f"SELECT {step} AS step" for step in range(13))


def fill(database: Database, total: int, newest: int | None = None) -> None:
    """Write `total` calls with all that belongs to them, in the columns that the tables of this version have.

    `newest`: only so many of them, as dense in time as all would be.
    """
    for tenant in TENANTS:
        database.execute_sql(
            "INSERT INTO tenant (id, name, timezone, wrap_up_s, miss_limit, break_reasons, config_version)"
            f" VALUES ('{tenant}', '{tenant}', 'Asia/Shanghai', 60, 3, '[]', 0)"
        )
    for first in range(total - (newest or total), total, AT_ONCE):
        calls = _calls(database, first, min(first + AT_ONCE, total) - 1, total)
        _write(database, _RECORDS.format(calls=calls))
        for part in _PARTS:
            _write(database, part.statement(database, calls))
        _write(database, _FORMS.format(calls=calls))
    _newest(database, total)
    if isinstance(database, PostgresqlDatabase):
        database.execute_sql(f"SELECT setval('call_record_id_seq', {total + 1})")


def _newest(database: Database, total: int) -> None:
    """Write what is made for the newest calls only."""
    logged = _calls(database, total - total // LOGGED, total - 1, total)
    for k, (state, at, to) in enumerate(_STATES):
        _write(database, _LOGGED.format(calls=logged, state=state, at=at, to=to, k=k))
    told = _calls(database, total - total // EVENTS, total - 1, total)
    _write(database, _EVENTS.format(calls=told, steps=_STEPS))
    _write(database, _TAGS)


def _write(database: Database, statement: str) -> None:
    if isinstance(database, PostgresqlDatabase):
        statement = statement.replace("%", "%%")  # what psycopg reads as the sign of a value
    with database.atomic():
        database.execute_sql(statement)
