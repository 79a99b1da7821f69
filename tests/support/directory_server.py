"""A stand-in for the web side's directory page: answers mod_xml_curl from a dict and remembers what it was asked."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs

from tests.support.sip_message import a1_hash

FOUND = """<document type="freeswitch/xml"><section name="directory"><domain name="{domain}">
<params><param name="dial-string" value="sofia/internal/${{dialed_user}}%${{dialed_domain}}"/></params>
<groups><group name="default"><users>
<user id="{user}"><params><param name="a1-hash" value="{hash}"/></params></user>
</users></group></groups></domain></section></document>"""
NOT_FOUND = '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>'


class DirectoryServer:
    """Serves `users` (name to password) on a free port of loopback while entered."""

    def __init__(self, users: dict[str, str]) -> None:
        self.users = users
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                fields = {name: values[0] for name, values in form.items()}
                outer.asked.append(fields | {"authorization": self.headers.get("Authorization", "")})
                self.send_response(200)
                self.end_headers()
                self.wfile.write(outer.answer(fields).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/freeswitch/directory"

    def answer(self, fields: dict[str, str]) -> str:
        """The XML for one lookup."""
        user, domain = fields.get("user", ""), fields.get("domain", "")
        if user not in self.users:
            return NOT_FOUND
        return FOUND.format(domain=domain, user=user, hash=a1_hash(user, domain, self.users[user]))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
