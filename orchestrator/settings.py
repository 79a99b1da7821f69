"""Settings of all processes: environment variables named ZUOXI_..., secrets from files in the data directory."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One settings object a process, made in its `__main__`.

    `switches` is `NAME=esl://:PASSWORD@HOST:PORT`, several separated by spaces; every `audit_s` seconds a
    switch is asked whether calls have ended without a word. `data_dir` holds the database, the
    embedded Redis' files and generated secrets (`secret_key`, `esl_password`), each a file readable by its owner.
    `sounds_dir` holds prompts and music (default: `sounds` in the data directory); switches find it under
    `sounds_dir_on_switch`, by default the same absolute path.
    `recordings_dir` is where switches write recordings, `recordings_dir_on_switch` what they call it. From there
    workers bring them into `recordings_store`, a URL (default: the folder `store` in the data directory), compressed;
    with `recordings_keep_wav` also as they came.
    Webhooks go to public addresses only, and to the networks in `webhooks_private`, also without TLS.
    E-mail goes to `smtp_url` (`smtp+starttls://USER:PASSWORD@HOST`, `smtps://...`, `smtp://...`; empty = none is sent)
    with the sender `mail_from`.
    A disk that is written to should have `disk_free_mb` megabytes (1,000,000 bytes) left; with less, people are told.
    """

    model_config = SettingsConfigDict(env_prefix="ZUOXI_")

    data_dir: Path = Path("var")
    redis_url: str = "redis://127.0.0.1:6390/0"
    database_url: str = "sqlite:///var/zuoxi.db"
    switches: str = ""
    audit_s: float = 30.0
    sounds_dir: Path = Field(default_factory=lambda known: known["data_dir"] / "sounds")
    sounds_dir_on_switch: str = ""
    recordings_dir: Path = Field(default_factory=lambda known: known["data_dir"] / "recordings")
    recordings_dir_on_switch: str = ""
    recordings_store: str = ""
    recordings_keep_wav: bool = False
    webhooks_private: tuple[str, ...] = ()
    smtp_url: str = ""
    mail_from: str = ""
    sip_domain: str = "zuoxi.local"
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    metrics_port: int = 0
    disk_free_mb: int = Field(default=2000, ge=0)
    log_level: str = "INFO"
    log_json: bool = False

    @property
    def sounds_on_switch(self) -> str:
        """Where switches find `sounds_dir`: the same absolute path unless said otherwise."""
        return self.sounds_dir_on_switch or str(self.sounds_dir.resolve())

    @property
    def recordings_on_switch(self) -> str:
        """Where switches write recordings: the same absolute path as ours unless said otherwise."""
        return self.recordings_dir_on_switch or str(self.recordings_dir.resolve())

    @property
    def store_url(self) -> str:
        """Where recordings are kept."""
        return self.recordings_store or (self.data_dir.resolve() / "store").as_uri()

    def secret(self, name: str) -> str:
        """Read a generated secret; raises FileNotFoundError naming what to run when it is missing."""
        path = self.data_dir / name
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing: run `zuoxi init` first")
        return path.read_text().strip()
