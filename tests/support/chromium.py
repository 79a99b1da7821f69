"""The machine's own Chromium for browser tests; none is ever downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WHY_MISSING = "needs Chromium: install the package chromium (`make test` does so as root on Debian)"

#: Nothing but the page under test is to use the network; microphones are Chromium's own fake ones.
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


def find_chromium() -> str | None:
    """Return the path of the browser, None where none is installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless browser; raises RuntimeError where none is installed."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(WHY_MISSING)
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # the sandbox can't be had as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *root])
        yield browser
        browser.close()
