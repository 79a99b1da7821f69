"""Why jobs failed, in the words of the command line: what to do, before what was said."""

from orchestrator.job_causes import Cause

WORDS = {
    Cause.KILLED: "its worker was killed in the middle: it is done again by itself; if often, look at the memory",
    Cause.OVERTIME: "took longer than such a job may: do it again when there is less to do",
    Cause.DATABASE: "the database did not answer: `zuoxi doctor`; it goes on by itself",
    Cause.DATABASE_GONE: "the database's file is not where it was: put it back; after putting in another, restart all",
    Cause.DATABASE_BUSY: "the database was busy with somebody's long change: it goes on by itself",
    Cause.REDIS: "Redis did not answer: `zuoxi doctor`",
    Cause.DISK_FULL: "no room is left on a disk: `zuoxi doctor` says which; make room, then `zuoxi jobs replay --all`",
    Cause.NOT_WRITABLE: "a folder or the database may not be written: give the workers' user the right, then replay",
    Cause.FILE_MISSING: "a file is not where it should be: of a recording, look at ZUOXI_RECORDINGS_DIR",
    Cause.MAIL_SETTINGS: "e-mail is not set up: ZUOXI_SMTP_URL and ZUOXI_MAIL_FROM at the workers",
    Cause.MAIL_LOGIN: "the mail server refused user name or password: correct ZUOXI_SMTP_URL",
    Cause.MAIL_TLS: "no safe connection to the mail server: look at host and scheme in ZUOXI_SMTP_URL",
    Cause.MAIL_RECIPIENT: "the mail server refused the recipient: correct the address under Notices or in the report",
    Cause.MAIL_SENDER: "the mail server refused the sender: set an address in ZUOXI_MAIL_FROM that it sends for",
    Cause.MAIL_REFUSED: "the mail server refused the message, with the words below",
    Cause.MAIL_TIMEOUT: "the mail server did not answer in time: it is asked again by itself for a day",
    Cause.MAIL_CONNECTION: "the mail server can't be reached: look whether it runs, and at ZUOXI_SMTP_URL",
    Cause.OTHER: "nobody has foreseen this: do it again, and tell the developers the words below",
}


def explained(cause: Cause, error: str) -> list[str]:
    """Return the lines that explain a failure: what to do, then what was said, if anything was."""
    return [f"    {WORDS[cause]}", *([f"    {error}"] if error else [])]
