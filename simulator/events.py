"""Events as FreeSWITCH writes them: percent-encoded text/event-plain, or text/event-json.

The encoding follows `switch_url_encode` as recorded in tests/traces: `,` `/` `'` `(` `$` stay literal, a
percent
sign in front of two upper-case hex digits is left alone, every other unsafe byte becomes `%XX`.
"""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache

Headers = list[tuple[str, str]]

_SAFE = re.compile(r"[!$'()*,\-./0-9A-Z_a-z~]*\Z")
_UNSAFE_BYTE = re.compile(rb"%(?![0-9A-F]{2})|[^!$%'()*,\-./0-9A-Z_a-z~]")

EVENT_NAMES = frozenset(
    [
        "ALL",
        "CUSTOM",
        "CHANNEL_CREATE",
        "CHANNEL_DESTROY",
        "CHANNEL_STATE",
        "CHANNEL_CALLSTATE",
        "CHANNEL_ANSWER",
        "CHANNEL_HANGUP",
        "CHANNEL_HANGUP_COMPLETE",
        "CHANNEL_EXECUTE",
        "CHANNEL_EXECUTE_COMPLETE",
        "CHANNEL_HOLD",
        "CHANNEL_UNHOLD",
        "CHANNEL_BRIDGE",
        "CHANNEL_UNBRIDGE",
        "CHANNEL_PROGRESS",
        "CHANNEL_PROGRESS_MEDIA",
        "CHANNEL_OUTGOING",
        "CHANNEL_PARK",
        "CHANNEL_UNPARK",
        "CHANNEL_APPLICATION",
        "CHANNEL_ORIGINATE",
        "CHANNEL_UUID",
        "CHANNEL_DATA",
        "API",
        "LOG",
        "BACKGROUND_JOB",
        "HEARTBEAT",
        "SHUTDOWN",
        "PLAYBACK_START",
        "PLAYBACK_STOP",
        "RECORD_START",
        "RECORD_STOP",
        "DTMF",
        "TRANSFER",
        "CALL_UPDATE",
        "MEDIA_BUG_START",
        "MEDIA_BUG_STOP",
        "MODULE_LOAD",
        "MODULE_UNLOAD",
        "RELOADXML",
        "PRESENCE_IN",
        "PRESENCE_OUT",
        "CODEC",
        "SESSION_HEARTBEAT",
    ]
)


@lru_cache(maxsize=1 << 16)
def encode_value(value: str) -> str:
    """Percent-encode one header value; lone surrogates stand for bytes that are not UTF-8."""
    if _SAFE.match(value):
        return value
    raw = value.encode("utf-8", "surrogateescape")
    return _UNSAFE_BYTE.sub(lambda found: b"%%%02X" % found.group()[0], raw).decode("ascii")


def frame(headers: Headers, body: bytes = b"") -> bytes:
    """One outer ESL frame; the caller has put Content-Length into the headers if there is a body."""
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    return head.encode("utf-8", "surrogateescape") + b"\n" + body


@dataclass(slots=True)
class Event:
    """One event, encoded at most once for each format however many clients listen."""

    name: str
    headers: Headers
    subclass: str | None = None
    channel: str | None = None
    body: str = ""
    _frames: dict[str, bytes] = field(default_factory=dict)

    def value(self, header: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for name, value in self.headers if name == header), None)

    def framed(self, form: str) -> bytes:
        """The complete frame, `form` being `plain` or `json`."""
        if form not in self._frames:
            body = plain_body(self.headers, self.body) if form == "plain" else self._json_body()
            outer = [("Content-Length", str(len(body))), ("Content-Type", f"text/event-{form}")]
            self._frames[form] = frame(outer, body)
        return self._frames[form]

    def _json_body(self) -> bytes:
        document = json_object(self.headers)
        if self.body:
            document["Content-Length"] = str(len(self.body.encode("utf-8", "surrogateescape")))
            document["_body"] = self.body
        return json_text(document).encode("utf-8", "surrogateescape")


def plain_body(headers: Headers, body: str = "") -> bytes:
    """Header lines, an empty line, and the inner body announced by an inner Content-Length."""
    head = "".join([f"{name}: {encode_value(value)}\n" for name, value in headers])
    if not body:
        return (head + "\n").encode("ascii")
    inner = body.encode("utf-8", "surrogateescape")
    return f"{head}Content-Length: {len(inner)}\n\n".encode("ascii") + inner


def json_object(headers: Headers) -> dict[str, str | list[str]]:
    """Headers as a JSON object: the first of two equal names wins, `ARRAY::a|:b` becomes a list."""
    document: dict[str, str | list[str]] = {}
    for name, value in headers:
        document.setdefault(name, value[7:].split("|:") if value.startswith("ARRAY::") else value)
    return document


def json_text(document: object) -> str:
    """JSON without spaces, as the switch prints it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
