"""Room left on the disks (docs/metrics.md)."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from orchestrator.disks import rooms
from orchestrator.settings import Settings


class DiskCollector(Collector):
    """Looks at the disks when it is asked for."""

    def __init__(self, settings: Settings) -> None:
        """Looks at nothing yet."""
        self._settings = settings

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name the figure without looking."""
        return [self._family()]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Measure every place."""
        family = self._family()
        for room in rooms(self._settings):
            family.add_metric([room.place], room.free)
        return [family]

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("zuoxi_disk_free_bytes", "Room left on the disk of a place", labels=["place"])
