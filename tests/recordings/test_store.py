"""Where recordings are kept, and who may listen (REC-1, SAFE-3)."""

from pathlib import Path

import pytest

from orchestrator.recordings.errors import NotKeptError
from orchestrator.recordings.links import Grant, Links, Purpose
from orchestrator.recordings.store import FolderStore, open_store

KEY = "acme/20261128/11111111-1111-4111-8111-111111111111.ogg"


def test_what_is_put_is_there_until_deleted(tmp_path: Path) -> None:
    """REC-1: put again it is replaced; deleting twice is no fault; nothing else lies beside it."""
    store, source = open_store(f"file://{tmp_path}/kept"), tmp_path / "source"
    for content in (b"one", b"three"):
        source.write_bytes(content)
        store.put(KEY, source)
        with store.open(KEY) as file:
            assert file.read() == content
        assert store.size(KEY) == len(content)
    assert [path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()] == [KEY.rpartition("/")[2]]
    for _ in range(2):
        store.delete(KEY)
    with pytest.raises(NotKeptError):
        store.open(KEY)
    with pytest.raises(NotKeptError):
        store.size(KEY)


def test_a_source_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    """REC-1: whole or not at all."""
    with pytest.raises(FileNotFoundError):
        FolderStore(tmp_path / "kept").put(KEY, tmp_path / "nothing")
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "key", ["../" + KEY, "acme/../" + KEY, "/etc/passwd", KEY.replace("acme", "ac me"), KEY[:-3] + "exe", KEY + "\n"]
)
def test_no_key_leaves_its_folder(tmp_path: Path, key: str) -> None:
    """SAFE-2, SAFE-3: keys are made of ids; anything else is refused before the disk is touched."""
    with pytest.raises(ValueError, match="names nothing that is kept"):
        FolderStore(tmp_path).open(key)


@pytest.mark.parametrize("url", ["s3://bucket/place", "file://host/place", "/place", ""])
def test_unknown_stores_are_refused(url: str) -> None:
    """REC-1: a setting that can't be followed says what can."""
    with pytest.raises(ValueError, match="file:///FOLDER"):
        open_store(url)


def test_a_link_is_for_one_recording_of_one_tenant_and_some_minutes() -> None:
    """REC-1, SAFE-3: whatever is changed, the signature holds no more."""
    links, grant = Links("secret"), Grant(tenant="acme", recording="r", purpose=Purpose.LISTEN, expires=1000)
    signature = links.sign(grant)
    assert links.holds(grant, signature, 999.9)
    assert not links.holds(grant, signature, 1000)
    assert not Links("other").holds(grant, signature, 1)
    for change in ({"tenant": "bell"}, {"recording": "s"}, {"purpose": Purpose.DOWNLOAD}, {"expires": 2000}):
        changed = Grant(**({"tenant": "acme", "recording": "r", "purpose": Purpose.LISTEN, "expires": 1000} | change))  # type: ignore[arg-type]
        assert not links.holds(changed, signature, 1)
