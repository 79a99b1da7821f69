"""Tariffs, for operators: drafts, publishing, sheets of rates (BILL-1)."""

from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from peewee import fn

from orchestrator.database.billing.accounts import BadTariffError, UnknownTariffError, versions_of
from orchestrator.database.billing.drafts import discard_draft, draft_flaws, draft_of, save_draft
from orchestrator.database.documents import from_plain
from orchestrator.database.models import BillingAccount, Tariff, TariffDraft, TariffVersionRow
from orchestrator.domain.billing.flaws import warnings_of
from orchestrator.domain.billing.tariff import TariffVersion, in_force
from webui.api.downloads import SAVED, saved
from webui.api.tariff_shapes import (
    TARIFF_ID,
    DraftIn,
    DraftOut,
    NoticeOut,
    SheetIn,
    SheetLineOut,
    SheetOut,
    SheetQuery,
    TariffLine,
    TariffList,
    TariffOut,
    VersionOut,
)
from webui.errors import InvalidSettingError, NotFoundError, WebError
from webui.identity import identity
from webui.permissions import Permission, requires
from webui.services import services
from webui.tables import BadTableError, Table, in_thread, read_table
from webui.tariff_files import Line, to_lines, to_table
from webui.texts import language

bp = APIBlueprint("tariffs", __name__, url_prefix="/api/v1/tariffs", tag="Tariffs")


class TariffNotReadyError(WebError):
    """The draft has flaws, or there is none; `fields` say which."""

    id, status = "tariff_not_ready", 409


@bp.get("")
@requires(Permission.EDIT_BILLING)
@bp.output(TariffList)
def index() -> TariffList:
    """List all tariffs, also those that are drafts only."""
    names = {row.tariff: row.name for row in TariffDraft.select()}
    drafts = set(names)
    names |= {row.id: row.name for row in Tariff.select()}
    accounts = BillingAccount
    paying: Any = accounts.select(accounts.tariff, fn.COUNT(accounts.tenant)).group_by(accounts.tariff).tuples()
    companies = dict(paying)
    return TariffList(items=[_line(id_, names[id_], id_ in drafts, companies.get(id_, 0)) for id_ in sorted(names)])


@bp.get("/<tariff>")
@requires(Permission.EDIT_BILLING)
@bp.output(TariffOut)
def show(tariff: str) -> TariffOut:
    """Show a tariff with its versions and its draft."""
    return _shown(tariff)


@bp.put("/<tariff>/draft")
@requires(Permission.EDIT_BILLING)
@bp.input(DraftIn)
@bp.output(TariffOut)
def write(tariff: str, json_data: DraftIn) -> TariffOut:
    """Write the draft of a tariff's next version, or of a new tariff; nothing is in force by it."""
    if not TARIFF_ID.fullmatch(tariff):
        raise InvalidSettingError(fields={"tariff": _text("bad_id")})
    values = json_data.model_dump(exclude={"name"})
    version = from_plain(TariffVersion, {**values, "tariff": tariff, "number": 0})
    save_draft(version, json_data.name, identity().id, services().clock.now())
    return _shown(tariff)


@bp.delete("/<tariff>/draft")
@requires(Permission.EDIT_BILLING)
@bp.output({}, status_code=204)
def discard(tariff: str) -> tuple[str, int]:
    """Throw the draft away."""
    if not discard_draft(tariff):
        raise NotFoundError
    return "", 204


@bp.post("/<tariff>/draft/publish")
@requires(Permission.EDIT_BILLING)
@bp.output(TariffOut)
def publish(tariff: str) -> TariffOut:
    """Make the draft the tariff's next version: in force for its companies, and never changed again."""
    try:
        services().bills.publish_tariff(tariff, identity().id)
    except UnknownTariffError as error:
        raise NotFoundError from error
    except BadTariffError as error:
        raise TariffNotReadyError(fields={place: _text(reason) for place, reason in error.flaws}) from error
    return _shown(tariff)


@bp.post("/<tariff>/draft/rates")
@requires(Permission.EDIT_BILLING)
@bp.input(SheetIn, location="files")
@bp.output(SheetOut)
def bring_in(tariff: str, files_data: SheetIn) -> SheetOut:
    """Take the rates of a file in place of the draft's; when any line is refused, none."""
    found = draft_of(tariff)
    if found is None:
        raise NotFoundError
    row, version = found
    lines = to_lines(_table(files_data.file.read()), version.places)
    refused = [line for line in lines if line.rate is None]
    rates = tuple(line.rate for line in lines if line.rate)
    if rates and not refused:
        save_draft(replace(version, rates=rates), row.name, identity().id, services().clock.now())
    return SheetOut(read=len(rates), refused=[_refused(line) for line in refused], draft=_draft(tariff) or _gone())


@bp.get("/<tariff>/versions/<version>/rates")
@requires(Permission.EDIT_BILLING)
@bp.input(SheetQuery, location="query")
@bp.doc(responses=SAVED)
def take_out(tariff: str, version: str, query_data: SheetQuery) -> Response:
    """Save the rates of a version as a file, which can be brought in again."""
    found = next((one for one in versions_of(tariff) if str(one.number) == version), None)
    if found is None:
        raise NotFoundError
    return saved(to_table(found.rates, language()), query_data.format, f"rates-{tariff}-v{version}")


def _line(id_: str, name: str, draft: bool, companies: int) -> TariffLine:
    versions = versions_of(id_)
    now = in_force(versions, services().clock.now())
    found = draft_of(id_)
    currency = versions[0].currency if versions else found[1].currency if found else ""
    return TariffLine(
        id=id_, name=name, currency=currency, versions=len(versions), in_force=now.number if now else None,
        valid_from=now.valid_from if now else None, draft=draft, companies=companies,
    )  # fmt: skip


def _shown(tariff: str) -> TariffOut:
    row, draft = Tariff.get_or_none(Tariff.id == tariff), _draft(tariff)
    if row is None and draft is None:
        raise NotFoundError
    companies = BillingAccount.select().where(BillingAccount.tariff == tariff)
    return TariffOut(
        id=tariff,
        name=row.name if row else draft.name if draft else "",
        versions=_versions(tariff),
        draft=draft,
        companies=sorted(account.tenant_id for account in companies),
    )


def _versions(tariff: str) -> list[VersionOut]:
    table = TariffVersionRow
    rows = table.select().where(table.tariff == tariff).order_by(table.number.desc())
    read = [(row, from_plain(TariffVersion, row.document)) for row in rows]
    every, now = [version for _, version in read], services().clock.now()
    return [
        VersionOut(
            number=row.number, state=_state(version, every, now), created=row.created, created_by=row.created_by,
            version=version,
        )
        for row, version in read
    ]  # fmt: skip


def _state(version: TariffVersion, every: list[TariffVersion], now: int) -> Any:  # noqa: ANN401 - a literal
    if any(one.valid_from == version.valid_from and one.number > version.number for one in every):
        return "replaced"
    if version.valid_from > now:
        return "coming"
    return "in_force" if in_force(every, now) == version else "over"


def _draft(tariff: str) -> DraftOut | None:
    found = draft_of(tariff)
    if found is None:
        return None
    row, version = found
    warnings = warnings_of(version, versions_of(tariff), services().clock.now())
    return DraftOut(
        name=row.name, edited=row.edited, edited_by=row.edited_by, version=version,
        flaws=[NoticeOut(place=place, text=_text(reason)) for place, reason in draft_flaws(version)],
        warnings=[NoticeOut(place=place, text=_text(reason)) for place, reason in warnings],
    )  # fmt: skip


def _gone() -> DraftOut:
    raise NotFoundError


def _table(data: bytes) -> Table:
    try:
        table: Table = in_thread(read_table, data)
    except BadTableError as error:
        raise InvalidSettingError(fields={"file": services().texts.message(f"blacklist.{error.reason}")}) from error
    return table


def _refused(line: Line) -> SheetLineOut:
    return SheetLineOut(line=line.number, written=line.written, reason=_text(line.reason))


def _text(reason: str) -> str:
    return services().texts.message(f"tariff.{reason}")
