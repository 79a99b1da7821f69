"""How our e-mails look: a subject, lines of text, a footer; the same as plain text and as HTML."""

from html import escape

from orchestrator.database.notices import Letter


def letter(key: str, recipient: str, subject: str, body: str, footer: str, language: str) -> Letter:
    """Return a message of which an address gets one for each `key`; `language` is zh or en."""
    one_line = " ".join(subject.split())  # no line break gets into a header
    return Letter(
        key=key,
        recipient=recipient,
        subject=one_line,
        text=f"{body}\n\n-- \n{footer}\n",
        html=_html(one_line, body, footer, language),
    )


def _html(subject: str, body: str, footer: str, language: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in body.splitlines() if line)
    return (
        f'<!doctype html><html lang="{language}"><body style="font-family:sans-serif;color:#1f2937">'
        f"<h3>{escape(subject)}</h3>{lines}"
        f'<p style="color:#6b7280;font-size:12px">{escape(footer)}</p></body></html>'
    )
