"""Commands that show how things are: status, and the story of a call."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from redis import Redis

from orchestrator.database.call_records import call_story
from orchestrator.database.models import CallEventRow, Tenant
from orchestrator.domain.config import TenantConfig
from orchestrator.job_board import JobBoard
from orchestrator.store import keys
from orchestrator.store.connection import TextRedis
from webui.cli.errors import CommandError
from webui.cli.tools import Tools


@click.command
@click.pass_obj
def status(tools: Tools) -> None:
    """Show who owns which switch, callers who wait, agents by state, and jobs."""
    redis = tools.redis
    for line in _owners(redis):
        click.echo(line)
    for tenant in tools.configurations.tenants():
        config = tools.configurations.tenant(tenant)
        if config:
            for line in _tenant(tools, config):
                click.echo(line)
    click.echo(_jobs(tools.settings.redis_url))


def _owners(redis: TextRedis) -> Iterator[str]:
    found = sorted(redis.scan_iter(match=keys.lease("*")))
    for key in found:
        token, _, owner = (redis.get(key) or "").partition(" ")
        name = key.rsplit(":", 1)[-1]
        yield f"switch {name}: " + (f"owned by {owner} (token {token})" if owner else "given up just now")
    if not found:
        yield "no switch is owned: no orchestrator runs, or none has reached its switch"


def _tenant(tools: Tools, config: TenantConfig) -> Iterator[str]:
    store = tools.use_cases.work.store
    yield f"{config.id} ({config.name}), configuration version {config.version}"
    states = Counter(held.document.state.value for held in store.all_agents(config.id))
    yield "  agents  " + (", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none")
    calls = Counter(held.document.state.value for held in store.all_calls(config.id))
    yield "  calls   " + (", ".join(f"{count} {state}" for state, count in sorted(calls.items())) or "none")
    for queue in config.queues.values():
        waiting = tools.redis.zcard(keys.waiting(config.id, queue.id))
        ready = tools.redis.zcard(keys.ready(config.id, queue.id))
        yield f"  queue   {queue.id:<12} {waiting} waiting, {ready} agents ready"
    yield f"  events  {tools.redis.xlen(keys.events(config.id))} in the stream"


def _jobs(url: str) -> str:
    # RQ wants responses as bytes.
    with Redis.from_url(url) as redis:
        board = JobBoard(redis)
        queues, workers = board.queues(), board.workers()
    waiting, dead = sum(queue.waiting for queue in queues), sum(queue.dead for queue in queues)
    unserved = ", ".join(queue.name for queue in queues if not queue.workers)
    told = f"jobs: {waiting} waiting, {dead} failed, {workers} workers"
    return told + (f"; no worker serves {unserved}" if unserved else "")


@click.command
@click.argument("call_id")
def call(call_id: str) -> None:
    """Tell the whole story of a call: what happened, what was decided, what the switch was told."""
    for tenant in Tenant.select().order_by(Tenant.id):
        events = call_story(tenant.id, call_id)
        if events:
            click.echo(f"call {call_id} of {tenant.id}")
            for line in _story(events, ZoneInfo(tenant.timezone)):
                click.echo(line)
            return
    raise CommandError(f"No event names call {call_id}: it is unknown, or the workers are behind (`zuoxi status`).")


def _story(events: list[CallEventRow], zone: ZoneInfo) -> Iterator[str]:
    first = events[0].at
    for event in events:
        at = datetime.fromtimestamp(event.at / 1e6, zone)
        fields = json.loads(event.json)
        told = {name: value for name, value in fields.items() if name not in ("type", "at", "call")}
        yield f"{at:%Y-%m-%d %H:%M:%S.%f} {(event.at - first) / 1e6:+10.3f} s  {event.type:<18} {_told(told)}"


def _told(fields: dict[str, Any]) -> str:
    if isinstance(fields.get("agent"), dict):
        agent = fields.pop("agent")
        fields = {"agent": agent["id"], "state": agent["state"], **fields}
    known = ((name, value) for name, value in fields.items() if value not in (None, "", []))
    return " ".join(f"{name}={_plain(value)}" for name, value in known)


def _plain(value: object) -> str:
    """Show a value on one line: what callers send may hold anything, also what a terminal would act on."""
    if isinstance(value, str) and value.isprintable() and " " not in value:
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)
