"""Requests that may be sent again after a lost answer: the same key does the thing once (API-1).

One hook for every POST: with a header `Idempotency-Key` the first answer that is no refusal is kept for a day and given
again to whoever sends the same request with the same key. What was refused may be tried again.
"""

import base64
import json
import re
from dataclasses import asdict, dataclass
from hashlib import sha256

from flask import Flask, Response, g, request

from orchestrator.store.connection import TextRedis
from webui.errors import BadKeyError, WebError
from webui.identity import current_identity

#: An answer is kept so long, seconds.
REMEMBERED_S = 86_400

#: A request that has given no answer by then (s) is lost with its process: its key may be used again.
RUNNING_S = 600

#: Longer answers (bytes) are not kept: the key then only says that the thing was done.
LONGEST = 262_144

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
RUNNING = "running"

_KEY = re.compile(r"[\x21-\x7e]{1,100}")


class StillRunningError(WebError):
    """The first request with this key has not been answered yet."""

    id, status = "idempotency_running", 409


class OtherRequestError(WebError):
    """The key was used for another request."""

    id, status = "idempotency_other", 422


class AnswerGoneError(WebError):
    """The thing was done; its answer isn't kept, because it held a secret or was too long."""

    id, status = "idempotency_done", 409


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept; `body` in base64, None where it must not be."""

    request: str
    status: int
    type: str
    body: str | None


def install_idempotency(app: Flask, redis: TextRedis) -> None:
    """Heed the header in every POST of a person or a token."""
    hook = Idempotency(redis)
    app.before_request(hook.before)
    app.after_request(hook.after)


class Idempotency:
    """Remembers answers by tenant, person and key."""

    def __init__(self, redis: TextRedis) -> None:
        self._redis = redis

    def before(self) -> Response | None:
        """Give the answer that is known, if there is one; raises what the key is refused for."""
        if request.method != "POST" or HEADER not in request.headers:
            return None
        person = current_identity()
        if person is None:
            return None
        key = request.headers[HEADER]
        if not _KEY.fullmatch(key):
            raise BadKeyError
        g.fingerprint = fingerprint()  # before a view takes the body apart
        name = f"{{cc:{person.tenant or ''}}}:once:{person.id}:{key}"
        if self._redis.set(name, RUNNING, nx=True, ex=RUNNING_S):
            g.idempotent = name
            return None
        return self._again(self._redis.get(name) or RUNNING)

    def after(self, response: Response) -> Response:
        """Keep the answer of what was done; what was refused leaves the key as it was."""
        name = g.pop("idempotent", None)
        if name is None:
            return response
        if response.status_code >= 400:
            self._redis.delete(name)
        else:
            self._redis.set(name, json.dumps(asdict(_kept(response))), ex=REMEMBERED_S)
        return response

    def _again(self, known: str) -> Response:
        if known == RUNNING:
            raise StillRunningError
        kept = Kept(**json.loads(known))
        if kept.request != g.fingerprint:
            raise OtherRequestError
        if kept.body is None:
            raise AnswerGoneError
        answer = Response(base64.b64decode(kept.body), kept.status, content_type=kept.type)
        answer.headers[REPLAYED] = "true"
        return answer


def tell_secret() -> None:
    """Say that the answer of this request holds what is shown once: it is never kept."""
    g.tells_secret = True


def fingerprint() -> str:
    """Return what tells this request from others: its address and body."""
    asked = f"{request.full_path}\n{request.content_type}\n".encode() + request.get_data(cache=True)
    return sha256(asked).hexdigest()


def _kept(response: Response) -> Kept:
    body = None if g.get("tells_secret") or response.is_streamed else response.get_data()
    text = base64.b64encode(body).decode() if body is not None and len(body) <= LONGEST else None
    return Kept(g.fingerprint, response.status_code, response.content_type or "", text)
