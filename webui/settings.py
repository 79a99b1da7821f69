"""Settings of the web process alone: environment variables named ZUOXI_WEB_..."""

from datetime import timedelta

from pydantic_settings import BaseSettings, SettingsConfigDict


class WebSettings(BaseSettings):
    """How the web process meets the world.

    `trusted_proxies` is the number of reverse proxies in front whose X-Forwarded-* headers are believed (0 = none).
    `phone_url` is the web phone's WebSocket (`wss://host:7443`), which pages may open. `metrics_from` are networks
    that may read /metrics without a token. `session_days` is how long a log-in lasts without use.
    """

    model_config = SettingsConfigDict(env_prefix="ZUOXI_WEB_")

    trusted_proxies: int = 0
    phone_url: str = ""
    metrics_from: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    session_days: int = 14
    login_limits: str = "10 per minute"

    @property
    def session_lifetime(self) -> timedelta:
        """How long a log-in lasts without use."""
        return timedelta(days=self.session_days)
