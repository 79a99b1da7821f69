"""Pages of a PDF that say which of how many they are: known only once all of them are there."""

from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas


def numbered_canvas(font: str, footer: str, edge: float) -> type[Canvas]:
    """Return the kind of canvas that writes `footer` and the page's number of all at the foot, `edge` points inside."""

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
        """Keeps its pages until it is saved."""

        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - reportlab's own
            """Takes what every canvas takes."""
            super().__init__(*arguments, **options)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            """Keep the page for later."""
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            """Write the pages with their numbers."""
            for number, page in enumerate(self._kept, 1):
                self.__dict__.update(page)
                self.setFont(font, 8)
                self.setFillColor("#5b6472")
                self.drawString(edge, 9 * mm, footer)
                self.drawRightString(A4[0] - edge, 9 * mm, f"{number} / {len(self._kept)}")
                super().showPage()
            super().save()

    return Numbered
