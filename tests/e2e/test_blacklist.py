"""Callers on the blacklist, through every process of the product over the simulated switch."""

from pathlib import Path

from orchestrator.database.blacklist import Listing
from orchestrator.database.models import BlacklistEntry, Tenant
from orchestrator.database.number_lists import add_entry
from orchestrator.domain.blacklist import Direction
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.clock import RedisClock
from tests.support.real_centre import TENANT
from tests.support.simulated_centre import simulated_centre


def test_a_blocked_caller_hears_no_answer_and_has_a_record(tmp_path: Path) -> None:
    """BLACK-1, CDR-1: ringing, then a refusal; one record with outcome blocked, no queue counts it, others get in."""
    with simulated_centre(tmp_path, 1) as centre:
        database, clock = centre.work(), RedisClock(centre.redis)
        Tenant.create(id=TENANT, name="Test")
        entry = Listing(number="0138 0013*", entry="+861380013*", direction=Direction.IN)
        add_entry(BlacklistEntry, TENANT, entry, "1", clock.now())
        RedisBlacklistWriter(centre.redis, clock).put(TENANT, [entry.blocked()])
        leg = centre.call_in("+8613800138000")
        centre.control.wait_for(uuid=leg, ended=True)
        heard = centre.control.leg(leg)
        assert set(heard.sounds()) <= {"silence", "ringing", "gone"}
        assert heard.hangup_cause == "CALL_REJECTED"
        other = centre.call_in("13900139000")
        centre.control.wait_for(uuid=other, heard="music")
        centre.control.hang_up(other)
        centre.wait("both calls to end", lambda: centre.outcomes() == ["blocked", "abandoned"])
        centre.wait_written(database)
        records = database.execute_sql("SELECT call, outcome, blocked_by, answered, hung_up_by FROM call_record")
        found = {row[0]: tuple(row[1:]) for row in records.fetchall()}
        assert found.pop(leg) == ("blocked", "+861380013*", None, "system")
        assert [row[0] for row in found.values()] == ["abandoned"]
        answered = database.execute_sql("SELECT count(answered) FROM call_leg WHERE leg = ?", (leg,)).fetchone()
        assert answered == (0,)
        counters = {k.split(":", 2)[2]: int(v) for k, v in centre.redis.hgetall(keys.counters(TENANT)).items()}
        assert counters["offered"] == 1
        assert BlacklistEntry.get().hits == 1
        assert centre.redis.zcard(keys.deadlines(TENANT)) == 0
