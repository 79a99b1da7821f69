"""Queues, as far as lists and filters need them."""

from apiflask import APIBlueprint

from webui.api.shapes import Name, Names
from webui.identity import tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("queues", __name__, url_prefix="/api/v1/queues", tag="Queues")


@bp.get("")
@requires(Permission.VIEW_NAMES)
@bp.output(Names)
def index() -> Names:
    """Name all queues."""
    return Names(items=[Name(id=id_, name=name) for id_, name in services().names.queues(tenant())])
