"""What tests of the configuration's API share."""

from typing import Any

from orchestrator.database.models import AuditRow, Prompt, PromptVersion
from orchestrator.domain.config import TenantConfig
from orchestrator.store import keys
from orchestrator.store.codec import from_json
from orchestrator.store.connection import TextRedis

NO_OUTSIDE = {"caller_id": "", "ring_s": None, "otherwise": None}
HANG_UP = {"way": "hang_up", "target": "", "prompt": "", "keep_wait": False, "priority": 0, **NO_OUTSIDE}


def to_queue(key: str) -> dict[str, Any]:
    return {"way": "queue", "target": key, "prompt": "", "keep_wait": False, "priority": 0, **NO_OUTSIDE}


def to_menu(target: str) -> dict[str, Any]:
    return {"way": "menu", "target": target, "prompt": "", "keep_wait": False, "priority": 0, **NO_OUTSIDE}


def to_number(number: str) -> dict[str, Any]:
    return {"way": "number", "target": number, "prompt": "", "keep_wait": False, "priority": 0, **NO_OUTSIDE}


def in_force(redis: TextRedis, tenant: str = "acme") -> TenantConfig:
    """What the call path reads now."""
    return from_json(TenantConfig, redis.get(keys.config(tenant)))


def add_sound(key: str, kind: str = "prompt", tenant: str = "acme") -> None:
    """A sound that is ready to be played."""
    prompt = Prompt.create(tenant=tenant, key=key, name=key, kind=kind, current=1, created=1, updated=1)
    PromptVersion.create(
        prompt=prompt, number=1, source="file", status="ready", path=f"{key}.wav", ms=500, created=1, updated=1
    )


def changes() -> list[tuple[str, str, bool, bool]]:
    """Every change noted, oldest first: area, key, was there before, is there after."""
    rows = AuditRow.select().order_by(AuditRow.id)
    return [(row.area, row.key, row.before is not None, row.after is not None) for row in rows]
