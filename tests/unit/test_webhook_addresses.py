"""Where webhooks may go, and how they are signed."""

import base64
import hmac
from hashlib import sha256

import pytest

from orchestrator.webhooks.addresses import BadAddressError, check_address, check_url, networks, target_of
from orchestrator.webhooks.signing import new_salt, secret_of, signed_headers

PRIVATE = networks(["10.1.0.0/16", "127.0.0.0/8"])


def _refusal(url: str, private: bool = False) -> str:
    try:
        check_url(url, PRIVATE if private else ())
    except BadAddressError as error:
        return error.reason
    return ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/hook?x=1", ""), ("https://93.184.216.34/", ""),
        ("https://[2606:2800:220:1::1]:8443/a", ""),
        ("http://example.com/hook", "not_https"), ("http://93.184.216.34/", "not_https"),
        ("ftp://example.com", "bad_url"), ("https://", "bad_url"), ("example.com", "bad_url"),
        ("https://user:word@example.com/", "bad_url"), ("https://example.com/#top", "bad_url"),
        ("https://example.com:99999/", "bad_url"), ("https://exa mple.com/", "bad_url"),
        ("https://例子.com/", "bad_url"), ("https://example.com/" + "a" * 2000, "bad_url"),
        ("https://localhost/", "not_public"), ("https://a.localhost./", "not_public"), ("https://redis/", "not_public"),
        ("https://127.0.0.1/", "not_public"), ("https://10.1.2.3/", "not_public"),
        ("https://169.254.169.254/", "not_public"),
        ("https://192.168.1.1/", "not_public"), ("https://0.0.0.0/", "not_public"),
        ("https://100.64.0.1/", "not_public"),
        ("https://224.0.0.1/", "not_public"), ("https://[::1]/", "not_public"), ("https://[fe80::1]/", "not_public"),
        ("https://[fd00::1]/", "not_public"), ("https://[::ffff:127.0.0.1]/", "not_public"),
        ("https://[64:ff9b::a00:1]/", "not_public"), ("https://[2002:a00:1::]/", "not_public"),
    ],
)  # fmt: skip
def test_only_public_addresses_are_taken(url: str, reason: str) -> None:
    """API-1, SAFE-2: https to the public internet; nothing of this machine, its network or its cloud."""
    assert _refusal(url) == reason


def test_the_operator_may_name_networks() -> None:
    """API-1: named networks are reached, also without TLS; others still not."""
    assert _refusal("http://10.1.2.3:8080/hook", private=True) == ""
    assert _refusal("http://127.0.0.1/", private=True) == ""
    assert _refusal("https://10.2.0.1/", private=True) == "not_public"
    assert _refusal("http://93.184.216.34/", private=True) == "not_https"


def test_what_counts_is_the_address_connected_to() -> None:
    """SAFE-2: a public name that leads to a private address is refused when it is looked up."""
    target = target_of("https://example.com/")
    check_address(target, "93.184.216.34", ())
    for address in ("127.0.0.1", "10.0.0.1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"):
        with pytest.raises(BadAddressError, match="not_public"):
            check_address(target, address, ())


def test_messages_are_signed_as_the_specification_says() -> None:
    """API-1: HMAC-SHA256 of `id.timestamp.body` with the key in the secret; another salt gives another secret."""
    secret = secret_of("installation", "salt")
    headers = signed_headers(secret, "1-0", 1_700_000_000, b'{"a":1}')
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, b'1-0.1700000000.{"a":1}', sha256).digest()).decode()
    assert headers == {
        "webhook-id": "1-0", "webhook-timestamp": "1700000000", "webhook-signature": f"v1,{expected}",
    }  # fmt: skip
    assert len(key) == 32
    assert secret_of("installation", new_salt()) != secret_of("installation", new_salt())
