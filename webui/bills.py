"""What operators do with bills: tariffs, accounts, payments, orders, corrections. Noted; in force when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from orchestrator.balances import publish_balance
from orchestrator.database.audit import note_change
from orchestrator.database.billing.accounts import account_of, add_order, set_account
from orchestrator.database.billing.drafts import publish_draft
from orchestrator.database.billing.ledger import balance_of, post_payment, posting, watch_balance
from orchestrator.database.models import BillingAccount
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.rent import Order
from orchestrator.domain.billing.tariff import TariffVersion
from orchestrator.jobs import RERATE, Jobs
from orchestrator.publishing import Publishing
from orchestrator.store.connection import TextRedis


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTerms:
    """How a company pays; `low_balance` None = it is never warned."""

    tariff: str
    prepaid: bool
    credit: Decimal
    low_balance: Decimal | None


class Bills:
    """Whatever moves money is known by a reference, so that it is done once however often it is asked for."""

    def __init__(self, redis: TextRedis, publishing: Publishing, jobs: Jobs, now: Callable[[], int]) -> None:
        """`now` gives microseconds UTC."""
        self._redis, self._publishing, self._jobs, self._now = redis, publishing, jobs, now

    def publish_tariff(self, tariff: str, who: str) -> TariffVersion:
        """Put a tariff's draft into force; raises UnknownTariffError, BadTariffError."""
        added = publish_draft(tariff, who, self._now())
        self.tell(added, who)
        return added

    def tell(self, added: TariffVersion, who: str) -> None:
        """Note a new version with the companies that pay by its tariff, and put it into force for their calls."""
        for account in BillingAccount.select().where(BillingAccount.tariff == added.tariff):
            note_change(account.tenant_id, "tariff", added.id, who, self._now(), None, added)
            publish_balance(self._redis, account.tenant_id)

    def set_account(self, company: str, terms: AccountTerms, who: str) -> None:
        """Say how a company pays; raises UnknownTariffError, BadTariffError for another currency."""
        before, at = account_of(company), self._now()
        set_account(company, terms.tariff, at, terms.prepaid, terms.credit, terms.low_balance, who)
        with posting(company):
            watch_balance(company, balance_of(company)[1], at)
        old = _values(_terms(before)) if before else None
        if old != _values(terms):
            note_change(company, "billing_account", company, who, at, old, _values(terms))
        publish_balance(self._redis, company)

    def pay(self, company: str, kind: str, reference: str, amount: Decimal, who: str, note: str) -> bool:
        """Post a `top_up` or an `adjustment`; False when one of this reference is posted already."""
        at = self._now()
        if not post_payment(company, kind, reference, amount, at, who, note):
            return False
        note_change(company, "payment", reference, who, at, None, {"kind": kind, "amount": plain(amount)})
        publish_balance(self._redis, company)
        return True

    def order(self, company: str, reference: str, order: Order, who: str, note: str) -> bool:
        """Record an order of seats or numbers; False when one of this reference is recorded already."""
        at = self._now()
        with self._publishing.turn(company):
            added = add_order(company, reference, order, who, at, note)
            if added:
                note_change(company, "order", reference, who, at, None, order)
        return added

    def correct(self, company: str, month: str, who: str) -> None:
        """Have the workers post a month's corrections."""
        self._jobs.add(RERATE, company, month)
        note_change(company, "rerate", month, who, self._now(), None, {"month": month})


def _terms(account: BillingAccount) -> AccountTerms:
    return AccountTerms(
        tariff=account.tariff_id, prepaid=account.prepaid, credit=account.credit, low_balance=account.low_balance
    )


def _values(terms: AccountTerms) -> dict[str, str]:
    low = "" if terms.low_balance is None else plain(terms.low_balance)
    return {"tariff": terms.tariff, "prepaid": str(terms.prepaid), "credit": plain(terms.credit), "low": low}
