"""The seat monitor of a company of a thousand agents at work: what it costs the browser and the web process.

`make bench-wall`, or `python -m tests.benchmarks.wall_agents [MINUTES]`. Three callers a second and three changes of
state a second run over every process and the simulated switch; the page is 1920 pixels wide. It prints how many frames
a quick scroll got and whether any showed a gap, then each half minute the page's heap after a collection, its nodes and
the memory of the web process: over the time they must stay as they are.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.support.chromium import chromium
from tests.support.thousand import thousand

EVERY_MS = 30_000

#: Scrolls 120 pixels a frame for ten seconds, up and down again; a gap is a part of the table without a row.
SCROLL = """() => new Promise((done) => {
  const table = document.querySelector('.vtable'), times = [], begun = performance.now()
  let last = begun, gaps = 0, step = 120
  const frame = (now) => {
    times.push(now - last)
    last = now
    const view = table.getBoundingClientRect(), rows = [...document.querySelectorAll('.vrow')]
    const places = rows.map((row) => row.getBoundingClientRect())
    const above = Math.min(...places.map((one) => one.top)), below = Math.max(...places.map((one) => one.bottom))
    if (above > view.top + 44 || below < view.bottom - 2) gaps += 1
    if (table.scrollTop + table.clientHeight >= table.scrollHeight - 1) step = -120
    else if (table.scrollTop <= 0) step = 120
    table.scrollTop += step
    if (now - begun < 10_000) return requestAnimationFrame(frame)
    const [median, longest] = [times.length >> 1, times.length - 1].map((place) => times.sort((a, b) => a - b)[place])
    done({ frames: times.length, median_ms: Math.round(median), longest_ms: Math.round(longest), gaps })
  }
  requestAnimationFrame(frame)
})"""


def figures(client: CDPSession) -> dict[str, Any]:
    """The page's heap (MB) after a collection, its nodes, and how long its scripts have run (s)."""
    client.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in client.send("Performance.getMetrics")["metrics"]}
    heap, nodes, script = (found[name] for name in ("JSHeapUsedSize", "Nodes", "ScriptDuration"))
    return {"heap_mb": round(heap / 1e6, 1), "nodes": int(nodes), "script_s": round(script, 1)}


def resident_mb(pid: int) -> int:
    """Memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def measure(page: Page, web: int, rounds: int) -> None:
    """Scroll, then watch for a while."""
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")
    print("scroll", page.evaluate(SCROLL), flush=True)
    for turn in range(rounds + 1):
        print(f"{turn / 2:4} min", figures(client), f"web {resident_mb(web)} MB", flush=True)
        page.wait_for_timeout(EVERY_MS if turn < rounds else 0)


def main(minutes: float) -> None:
    """Print the figures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        thousand(browser, Path(folder)) as place,
        place.logged_in("supervisor", "/seats") as page,
    ):
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.locator(".vrow").first.wait_for()
        measure(page, place.web.pid, round(minutes * 2))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5)
