"""Corrections of a company's month after a tariff was corrected, for operators: looked at, then posted (BILL-1)."""

from decimal import Decimal

import gevent
from apiflask import APIBlueprint

from orchestrator.database.billing.accounts import currency_of
from orchestrator.database.billing.rerating import Correction, corrections
from orchestrator.domain.billing.charge import plain
from orchestrator.domain.billing.months import MONTH
from orchestrator.domain.billing.sentences import explain_line
from webui.api.company_accounts import billed
from webui.api.company_shapes import CorrectionOut, CorrectionsOut
from webui.errors import NotFoundError
from webui.identity import identity
from webui.permissions import Permission, requires
from webui.services import services
from webui.texts import language

bp = APIBlueprint("corrections", __name__, url_prefix="/api/v1/companies", tag="Companies")

#: So many corrections are shown, those that change most; all count in the sums.
MOST_SHOWN = 200


@bp.get("/<company>/corrections/<month>")
@requires(Permission.EDIT_BILLING)
@bp.output(CorrectionsOut)
def preview(company: str, month: str) -> CorrectionsOut:
    """Show what correcting a month's charges would credit and debit; changes nothing."""
    account = billed(company)
    found = list(corrections(company, _month(month), _serve_others))
    largest = sorted(found, key=lambda one: abs(one.charge.total), reverse=True)[:MOST_SHOWN]
    net, tax = sum((one.charge.net for one in found), Decimal(0)), sum((one.charge.tax for one in found), Decimal(0))
    return CorrectionsOut(
        month=month, currency=currency_of(account), count=len(found), net=plain(net), tax=plain(tax),
        total=plain(net + tax), items=[_correction(one) for one in largest],
    )  # fmt: skip


@bp.post("/<company>/corrections/<month>")
@requires(Permission.EDIT_BILLING)
@bp.output({}, status_code=202)
def correct(company: str, month: str) -> tuple[str, int]:
    """Have the workers post a month's credits and debits; doing it again posts none."""
    billed(company)
    services().bills.correct(company, _month(month), identity().id)
    return "", 202


def _correction(one: Correction) -> CorrectionOut:
    first, last = (one.rows[0], one.rows[-1]) if one.rows else (None, None)
    lines = [explain_line(line, one.charge.currency, language()) for line in one.charge.lines]
    return CorrectionOut(
        kind=one.kind, reference=one.reference, call=first.call if first else None,
        number=first.number if first else None, began=one.began,
        from_version=f"{last.tariff} v{last.version}" if last else None,
        version=f"{one.charge.tariff} v{one.charge.version}", charged=plain(one.charged),
        right=plain(one.charged + one.charge.total), difference=plain(one.charge.total), lines=lines,
    )  # fmt: skip


def _month(month: str) -> str:
    if not MONTH.fullmatch(month):
        raise NotFoundError
    return month


def _serve_others() -> None:
    """Let the process do what else is due: a month may have very many charges."""
    gevent.sleep(0)
