"""What agents write about their calls."""

from peewee import SQL, BigIntegerField, ForeignKeyField, JSONField, TextField

from orchestrator.database.models.base import NumberedTable
from orchestrator.database.models.configuration import Tenant


class CallForm(NumberedTable):
    """An agent's form of a call (WEB-2): `call` and `agent` are ids as in records, `tags` a list of texts.

    It stands apart from the record, which is made anew from its events whenever one comes late. `disposition` is a
    key of the tenant's, or empty; `closed` is when it was closed, null while it is a draft.
    """

    tenant_id: str
    tenant = ForeignKeyField(Tenant, backref="call_forms")
    call = TextField()
    agent = TextField()
    notes = TextField(default="")
    disposition = TextField(default="")
    tags = JSONField(default=list)
    saved = BigIntegerField()
    closed = BigIntegerField(null=True)

    class Meta:
        """One form an agent and call; the latest are found by their time."""

        indexes = (
            (("tenant", "call", "agent"), True),
            (("tenant", "saved"), False),
            (("tenant", "disposition", "call"), False),
        )


CallForm.add_index(CallForm.index(CallForm.saved, where=SQL("closed IS NULL"), name="call_form_draft"))


class CallFormTag(NumberedTable):
    """A tag of a form: what lists and reports search by."""

    form = ForeignKeyField(CallForm, backref="form_tags", on_delete="CASCADE")
    tag = TextField()

    class Meta:
        """A form has a tag once."""

        indexes = ((("form", "tag"), True), (("tag",), False))
