"""Prepaid balances in Redis: what calls may use up, and what is set aside for those that are going on (BILL-1).

Amounts are whole millionths; Lua reckons with them exactly below 2^53: nine thousand million of a currency.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from hashlib import sha256

from pydantic import TypeAdapter

from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.store import keys, scripts
from orchestrator.store.connection import TextRedis

#: Decimals that are kept of an amount.
PLACES = 6


class RedisBalances:
    """Sets money aside, all or nothing, however many calls begin at once."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis
        self._reserve = scripts.load(redis, "reserve-2")
        self._settle = scripts.load(redis, "settle-2")
        self._release = scripts.load(redis, "release-2")
        self._terms = TypeAdapter(BillingTerms)
        self._known: dict[str, tuple[str, BillingTerms]] = {}

    def terms(self, tenant: str) -> BillingTerms | None:
        """Read how a tenant pays, None for one that isn't billed."""
        text = self._redis.hget(keys.balance(tenant), "terms")
        return None if text is None else self._terms.validate_json(text)

    def prepaid(self, tenant: str) -> BillingTerms | None:
        """Return the terms of a tenant whose calls must be paid before, None for any other.

        What the terms are is read only when they have changed: every call asks.
        """
        mark = self._redis.hget(keys.balance(tenant), "prepaid")
        if not mark:
            return None
        known = self._known.get(tenant)
        if known is None or known[0] != mark:
            terms = self.terms(tenant)
            if terms is None:
                return None
            known = self._known[tenant] = (mark, terms)
        return known[1]

    def reserve(self, tenant: str, leg: str, costs: Sequence[Decimal]) -> int | None:
        """Set one of `costs` aside for a leg, in all and in place of less before: the first that the balance has.

        Returns its index, None when the balance hasn't the least of them. `costs` begin with the largest.
        """
        found = int(self._reserve(self._keys(tenant), [leg, *map(_millionths, costs)]))
        return found - 1 if found > 0 else None

    def settle(self, tenant: str, n: int, available: Decimal, terms: BillingTerms, legs: Iterable[str] = ()) -> None:
        """Tell what is available after the `n`th movement, and give back what is set aside for charged legs."""
        text = self._terms.dump_json(terms).decode()
        mark = sha256(text.encode()).hexdigest()[:16] if terms.prepaid else ""
        self._settle(self._keys(tenant), [n, _millionths(available), text, mark, *legs])

    def release(self, tenant: str, legs: Iterable[str]) -> None:
        """Give back what is set aside for legs that never talked."""
        self._release(self._keys(tenant), list(legs))

    def held(self, tenant: str) -> dict[str, Decimal]:
        """Read what is set aside, by leg."""
        found = self._redis.hgetall(keys.reservations(tenant))
        return {leg: Decimal(int(amount)).scaleb(-PLACES) for leg, amount in found.items()}

    def _keys(self, tenant: str) -> list[str]:
        return [keys.balance(tenant), keys.reservations(tenant)]


def _millionths(amount: Decimal) -> int:
    return int(amount.scaleb(PLACES))
