"""The machine's own Chromium for browser tests; none is ever downloaded."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WHY_MISSING = "needs Chromium: install the package chromium (`make test` does so as root on Debian)"

#: A page has this long to show what a test expects (ms): a busy machine may take seconds over it.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

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


@dataclass
class DoomedChromium:
    """A browser whose processes a test can end as a crash does."""

    browser: Browser
    process: "subprocess.Popen[str]"

    def kill(self) -> None:
        """End all of its processes (SIGKILL)."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def doomed_chromium(kind: BrowserType, folder: Path) -> Iterator[DoomedChromium]:
    """Run a headless browser in processes of our own; `kind` is that of a browser that runs already."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(WHY_MISSING)
    own = ("--headless=new", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank")
    process = subprocess.Popen([path, *ARGUMENTS, *own], stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    listening = (re.search(r"DevTools listening on (ws://\S+)", line) for line in process.stderr)
    address = next(found[1] for found in listening if found)
    doomed = DoomedChromium(kind.connect_over_cdp(address), process)
    try:
        yield doomed
    finally:
        if process.poll() is None:
            doomed.kill()
        process.stderr.close()
