"""A workplace with pages for browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.pages import PAGES, WHY_MISSING, Workplace, workplace


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """One workplace for a module; each test uses agents of its own. Skips where the pages aren't built."""
    if not PAGES.exists():
        pytest.skip(WHY_MISSING)
    with workplace(browser, tmp_path_factory.mktemp("workplace"), agents=6) as opened:
        yield opened
