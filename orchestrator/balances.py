"""Tells the call path what the ledger says."""

from collections.abc import Iterable

from orchestrator.database.billing.accounts import account_of, terms_of
from orchestrator.database.billing.ledger import balance_of
from orchestrator.store.balances import RedisBalances
from orchestrator.store.connection import TextRedis


def publish_balance(redis: TextRedis, tenant: str, legs: Iterable[str] = ()) -> None:
    """Put a tenant's terms and balance into force; what was set aside for `legs`, now charged, is given back.

    Does nothing for a tenant that isn't billed. Call it after the transaction that moved the balance.
    """
    account, terms = account_of(tenant), terms_of(tenant)
    if account is not None and terms is not None:
        n, balance = balance_of(tenant)
        RedisBalances(redis).settle(tenant, n, balance + account.credit, terms, legs)
