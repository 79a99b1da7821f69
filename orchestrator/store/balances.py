"""Prepaid balances in Redis: what calls may use up, and what is set aside for those that are going on (BILL-1).

Amounts are whole millionths; Lua reckons with them exactly below 2^53: nine thousand million of a currency.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from hashlib import sha256

from pydantic import TypeAdapter

from orchestrator.domain.billing.prepaid import BillingTerms
from orchestrator.service.ports import Funds
from orchestrator.store import keys, scripts
from orchestrator.store.connection import TextRedis

#: Decimals that are kept of an amount.
PLACES = 6


class RedisBalances:
    """What there is, and what is set aside of it; commits of the live store set aside (`Change.money`)."""

    def __init__(self, redis: TextRedis) -> None:
        """`redis` decodes responses."""
        self._redis = redis
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

    def funds(self, tenant: str, legs: Collection[str]) -> Funds | None:
        """Read what is free, and what is set aside for these legs; None when the account is not known."""
        named = sorted(legs)
        with self._redis.pipeline(transaction=True) as both:
            both.hmget(keys.balance(tenant), "available", "reserved")
            both.hmget(keys.reservations(tenant), named)
            (available, reserved), held = both.execute()
        if available is None:
            return None
        free = amount(int(available) - int(reserved or 0))
        return Funds(free, {leg: amount(int(of)) for leg, of in zip(named, held, strict=True) if of})

    def settle(self, tenant: str, n: int, available: Decimal, terms: BillingTerms, legs: Iterable[str] = ()) -> None:
        """Tell what is available after the `n`th movement, and give back what is set aside for charged legs."""
        text = self._terms.dump_json(terms).decode()
        mark = sha256(text.encode()).hexdigest()[:16] if terms.prepaid else ""
        self._settle(self._keys(tenant), [n, millionths(available), text, mark, *legs])

    def release(self, tenant: str, legs: Iterable[str]) -> None:
        """Give back what is set aside for legs that never talked."""
        self._release(self._keys(tenant), list(legs))

    def held(self, tenant: str) -> dict[str, Decimal]:
        """Read what is set aside, by leg."""
        found = self._redis.hgetall(keys.reservations(tenant))
        return {leg: amount(int(of)) for leg, of in found.items()}

    def _keys(self, tenant: str) -> list[str]:
        return [keys.balance(tenant), keys.reservations(tenant)]


def millionths(amount: Decimal) -> int:
    """Return an amount as it is stored."""
    return int(amount.scaleb(PLACES))


def amount(stored: int) -> Decimal:
    """Return what is stored as an amount."""
    return Decimal(stored).scaleb(-PLACES)
