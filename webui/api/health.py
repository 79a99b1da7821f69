"""For whoever runs the product: is this process alive, can it do its work, and what does it count."""

from ipaddress import ip_address, ip_network

from apiflask import APIBlueprint
from flask import Response, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from webui.identity import current_identity
from webui.permissions import Permission, check, public
from webui.readiness import missing
from webui.services import metrics, services

bp = APIBlueprint("health", __name__, tag="Operation")


class Alive(BaseModel):
    """The process answers."""

    status: str


class Ready(BaseModel):
    """Whether the process can do its work; `missing` says what it lacks."""

    status: str
    missing: list[str]


@bp.get("/healthz")
@public
@bp.output(Alive)
def alive() -> Alive:
    """Tell that the process is alive."""
    return Alive(status="ok")


@bp.get("/readyz")
@public
@bp.output(Ready)
@bp.doc(responses={503: "Something is missing"})
def ready() -> tuple[Ready, int]:
    """Tell whether Redis, the database and an orchestrator for every switch are there."""
    lacks = [services().texts.message(f"ready.{what}", switch=switch) for what, switch in missing(services())]
    return Ready(status="missing" if lacks else "ok", missing=lacks), 503 if lacks else 200


@bp.get("/metrics")
@public
@bp.doc(hide=True)
def show_metrics() -> Response:
    """Serve Prometheus; from the networks in the settings, or with an operator's token."""
    if not _near():
        check(current_identity(), Permission.VIEW_METRICS)
    return Response(generate_latest(metrics()), content_type=CONTENT_TYPE_LATEST)


def _near() -> bool:
    """Tell whether the request comes from a trusted network itself, and not through a proxy that we don't know."""
    if request.headers.get("X-Forwarded-For") or not request.remote_addr:
        return False
    address = ip_address(request.remote_addr)
    return any(address in ip_network(network) for network in services().web.metrics_from)
