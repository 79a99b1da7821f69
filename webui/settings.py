"""Settings of the web process alone: environment variables named ZUOXI_WEB_..."""

from datetime import timedelta

from pydantic_settings import BaseSettings, SettingsConfigDict


class WebSettings(BaseSettings):
    """How the web process meets the world.

    `trusted_proxies` is the number of reverse proxies in front whose X-Forwarded-* headers are believed (0 = none).
    `phone_url` is the web phone's WebSocket (`wss://host:7443`), which pages may open. `metrics_from` are networks
    that may read /metrics without a token. `session_days` is how long a log-in lasts without use.
    `requests` is how many a token, a person or, without either, an address may send.
    `wrong_log_ins` limits failed log-ins of one name from one address; two more limit them by name or address alone.
    """

    model_config = SettingsConfigDict(env_prefix="ZUOXI_WEB_")

    trusted_proxies: int = 0
    phone_url: str = ""
    metrics_from: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    session_days: int = 14
    requests: str = "1200 per minute"
    wrong_log_ins: str = "10 per minute"
    wrong_log_ins_of_name: str = "60 per minute"
    wrong_log_ins_of_address: str = "120 per minute"

    @property
    def session_lifetime(self) -> timedelta:
        """How long a log-in lasts without use."""
        return timedelta(days=self.session_days)
