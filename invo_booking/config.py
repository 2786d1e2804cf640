"""Deployment: what the operator says through ``INVO_*`` variables, read once.

What an administrator of the institution may change lives in ``settings/``; here is
only what must be known before the database can be asked.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretBytes,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from invo_booking.config_values import (
    KEY_BYTES,
    BaseAddress,
    MailAddress,
    Port,
    PostgresAddress,
    RedisAddress,
    SecretKeys,
    WebAddress,
    database_after,
    decode_key,
)

PREFIX = "INVO_"
DEMO_SENDER = "appointments@harbor.example"
"""Sender address of the demo's mail, which nobody outside it must ever see."""
PROJECT = Path(__file__).resolve().parent.parent
_GENERATED_KEY_ID = "local"


class ConfigError(Exception):
    """The deployment's configuration cannot be used; says which variable and why."""


def default_data_dir() -> Path:
    """Return where data goes when nobody says: beside the code, but not for root.

    Root's servers run as another system user, who must not be let into root's own
    folders; so root's data has a folder of its own.
    """
    return Path("/var/lib/invo-booking") if os.geteuid() == 0 else PROJECT / ".data"


class Config(BaseSettings):
    """Everything the operator may set, with the value in force.

    Each field is one environment variable: its name in capitals after ``INVO_``.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: PostgresAddress = Field(
        default="",
        repr=False,
        description="PostgreSQL 15+ address; empty starts an embedded PostgreSQL.",
    )
    redis_url: RedisAddress = Field(
        default="",
        repr=False,
        description="Redis-protocol address; empty starts an embedded Valkey.",
    )
    state_redis_url: RedisAddress = Field(
        default="",
        repr=False,
        description="Where the state of open pages is kept; empty: the database after "
        "that of `INVO_REDIS_URL`.",
    )
    limits_redis_url: RedisAddress = Field(
        default="",
        repr=False,
        description="Where requests are counted; empty: the second database after "
        "that of `INVO_REDIS_URL`.",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of the embedded servers and of the generated secret key; "
        "`.data` beside the code, for root `/var/lib/invo-booking`.",
    )
    host: str = Field(
        default="127.0.0.1", description="Address the web server listens on."
    )
    port: Port = Field(default=8000, description="Port the web server listens on.")
    public_url: WebAddress = Field(
        default="",
        description="Address people type, such as `https://booking.example`; "
        "defaults to `http://localhost:<port>`.",
    )
    secret_keys: SecretKeys = Field(
        default_factory=dict,
        description="Keys as `id:key,id:key`, 32 bytes each in hexadecimal or base64. "
        "The first one seals, all open. Empty: one is made once in the data folder.",
    )
    trusted_proxy_hops: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Reverse proxies in front whose X-Forwarded-For is believed.",
    )
    rate_limits: bool = Field(
        default=True,
        description="Whether one address may only ask so often; off for load tests.",
    )
    allow_private_hosts: bool = Field(
        default=False,
        description="Whether administrators may name mail servers and integrations at "
        "private or loopback addresses.",
    )
    demo: bool = Field(
        default=False,
        description="Demo institution and demo mailbox; never in production.",
    )
    smtp_host: str = Field(
        default="",
        description="Mail server's name. Mail waits until one is set here or on the "
        "page Mailer.",
    )
    smtp_port: Port = Field(
        default=587, description="Mail server's port; a demo has its own."
    )
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls",
        description="How the connection to the mail server is protected.",
    )
    smtp_user: str = Field(
        default="", description="User at the mail server; empty for none."
    )
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the mail server."
    )
    mail_from: MailAddress = Field(
        default="",
        description="Sender address of all mail. Mail waits until one is set here or "
        "on the page Mailer; a demo has its own.",
    )
    demo_mail_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port of the demo mail server; 0 means the web port plus 25.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least serious line that is logged."
    )
    web_workers: int = Field(
        default=1, ge=1, le=64, description="Web processes sharing the port."
    )
    ca_file: Path | None = Field(
        default=None,
        description="PEM file of certificate authorities to trust beside the system's "
        "when calendars are asked, such as that of a proxy of your own.",
    )
    graph_url: BaseAddress = Field(
        default="https://graph.microsoft.com",
        description="Microsoft Graph's base address.",
    )
    microsoft_authority: BaseAddress = Field(
        default="https://login.microsoftonline.com",
        description="Microsoft's sign-in address.",
    )
    google_api_url: BaseAddress = Field(
        default="https://www.googleapis.com", description="Google's API base address."
    )
    google_auth_url: BaseAddress = Field(
        default="https://accounts.google.com/o/oauth2/v2/auth",
        description="Google's consent page.",
    )
    google_token_url: BaseAddress = Field(
        default="https://oauth2.googleapis.com/token",
        description="Google's token address.",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_what_follows(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not values.get("public_url"):
            values["public_url"] = f"http://localhost:{values.get('port') or 8000}"
        return values

    @property
    def demo_port(self) -> int:
        """Port of the demo mail server, whether or not it runs."""
        return self.demo_mail_port or self.port + 25

    @property
    def sender(self) -> str:
        """The operator's sender address; empty if none is set and this is no demo."""
        return self.mail_from or (DEMO_SENDER if self.demo else "")

    @property
    def mail_link_key(self) -> bytes:
        """Key that seals links in mails: the first of the secret keys.

        Raises:
            ConfigError: If there is no key, so not after ``load_config``.
        """
        for key in self.secret_keys.values():
            return key.get_secret_value()
        raise ConfigError("There is no secret key yet; load_config() makes one.")

    @property
    def state_store(self) -> str:
        """Address of the state of open pages; empty if there is no Redis."""
        return self.state_redis_url or database_after(self.redis_url, 1)

    @property
    def limits_store(self) -> str:
        """Address of the counters of requests; empty if there is no Redis."""
        return self.limits_redis_url or database_after(self.redis_url, 2)

    @property
    def is_encrypted(self) -> bool:
        """Whether people reach us over https."""
        return self.public_url.startswith("https:")

    @property
    def origins(self) -> tuple[str, ...]:
        """Browser origins that may talk to us: the public address.

        On the default local address 127.0.0.1 is as good as localhost.
        """
        parts = urlsplit(self.public_url)
        if parts.hostname != "localhost":
            return (self.public_url,)
        port = f":{parts.port}" if parts.port else ""
        return (self.public_url, f"{parts.scheme}://127.0.0.1{port}")


def load_config(environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration in force, with a secret key made if none was given.

    Args:
        environment: Values to use instead of the process environment, by their full
            names such as ``INVO_PORT``. For tests.

    Raises:
        ConfigError: If a value cannot be used, one sentence per variable; the value
            itself is not repeated, since it may be a secret.
    """
    try:
        config = Config() if environment is None else _from(environment)
    except ValidationError as error:
        raise ConfigError(_sentences(error)) from None
    if config.secret_keys:
        return config
    key = {_GENERATED_KEY_ID: SecretBytes(_local_key(config.data_dir))}
    return config.model_copy(update={"secret_keys": key})


def unknown_variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return ``INVO_*`` names that mean nothing, most likely misspelt."""
    known = {f"{PREFIX}{name}".upper() for name in Config.model_fields}
    return tuple(
        sorted(
            name
            for name in environment
            if name.startswith(PREFIX) and name not in known
        )
    )


class _Given(Config):
    """A configuration that does not look at the process environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Listen to the given values alone."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def _from(environment: Mapping[str, str]) -> Config:
    values = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value
    }
    known = {name: text for name, text in values.items() if name in Config.model_fields}
    return _Given(**cast("dict[str, Any]", known))


def _sentences(error: ValidationError) -> str:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        name = f"{PREFIX}{'.'.join(map(str, problem['loc']))}".upper()
        what = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{name} {_as_clause(what)}.")
    return "\n".join(lines)


def _as_clause(message: str) -> str:
    clause = message.removeprefix("Input ")
    return clause[:1].lower() + clause[1:]


def _local_key(data_dir: Path) -> bytes:
    path = data_dir / "secret.key"
    try:
        if not path.exists():
            _make_key(path)
        return decode_key(path.read_text(encoding="ascii"))
    except OSError as error:
        raise ConfigError(
            f"The secret key {path} cannot be read or made ({error.strerror}). "
            "Set INVO_SECRET_KEYS, or INVO_DATA_DIR to a folder that can be written."
        ) from error
    except ValueError as error:
        raise ConfigError(f"The secret key in {path} is damaged: {error}.") from error


def _make_key(path: Path) -> None:
    """Write a new key whole or not at all; of two writers the first one wins."""
    make_data_dir(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(KEY_BYTES), encoding="ascii")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def make_data_dir(path: Path) -> None:
    """Make the data folder: private, except that root's may be passed through.

    Root's embedded database runs as another user, who has to reach its own folder.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    path.mkdir(mode=mode, parents=True, exist_ok=True)
