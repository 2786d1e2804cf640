"""Read the operator's configuration from ``INVO_*`` environment variables.

Administrators' settings are in ``settings/``. This module defines only what a process
needs before it can query the database.
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
    ValidationInfo,
    field_validator,
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
    require_protected_password,
    sentences_of,
)

PREFIX = "INVO_"
DEMO_SENDER = "appointments@harbor.example"
"""Sender address of the demo's mail, never used outside a demo."""
PROJECT = Path(__file__).resolve().parent.parent
_GENERATED_KEY_ID = "local"


class ConfigError(Exception):
    """The configuration is invalid; the message says which variable and why."""


def default_data_dir() -> Path:
    """Return the default data folder: beside the code, or under ``/var/lib`` for root.

    If root starts the product, its embedded database runs as another system user. That
    user may have no access to the folder of the code, so the data is elsewhere.
    """
    return Path("/var/lib/invo-booking") if os.geteuid() == 0 else PROJECT / ".data"


class Config(BaseSettings):
    """The operator's configuration.

    Each field is read from the environment variable ``INVO_`` and its name in capitals.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: PostgresAddress = Field(
        default="",
        repr=False,
        description="Address of PostgreSQL 15 or newer. If empty, `invo-booking run` "
        "starts an embedded PostgreSQL.",
    )
    redis_url: RedisAddress = Field(
        default="",
        repr=False,
        description="Address of a Redis-protocol server. If empty, `invo-booking run` "
        "starts an embedded Valkey.",
    )
    state_redis_url: RedisAddress = Field(
        default="",
        repr=False,
        description="Address of the Redis database for the state of open pages. If "
        "empty, the next database after that of `INVO_REDIS_URL`.",
    )
    limits_redis_url: RedisAddress = Field(
        default="",
        repr=False,
        description="Address of the Redis database for request counters. If empty, the "
        "second database after that of `INVO_REDIS_URL`.",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder for the embedded servers and the generated secret key. By "
        "default `.data` beside the code, for root `/var/lib/invo-booking`.",
    )
    backup_dir: Path | None = Field(
        default=None,
        description="Folder for backups. If set, the worker makes one every "
        "`INVO_BACKUP_HOURS`. Use a disk of another machine.",
    )
    backup_hours: int = Field(
        default=24, ge=1, le=168, description="Hours between two backups."
    )
    backups_kept: int = Field(
        default=14,
        ge=1,
        le=1000,
        description="Number of backups to keep; older ones are deleted.",
    )
    host: str = Field(
        default="127.0.0.1", description="Address on which the web server listens."
    )
    port: Port = Field(
        default=8000, description="Port on which the web server listens."
    )
    public_url: WebAddress = Field(
        default="",
        description="Public address, such as `https://booking.example`. By default "
        "`http://localhost:<port>`.",
    )
    secret_keys: SecretKeys = Field(
        default_factory=dict,
        description="Keys as `id:key,id:key`, 32 bytes each in hexadecimal or base64. "
        "The first key seals; every key opens. If empty, one key is generated and "
        "stored in the data folder.",
    )
    trusted_proxy_hops: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Number of reverse proxies in front whose X-Forwarded-For is "
        "trusted.",
    )
    rate_limits: bool = Field(
        default=True,
        description="Limits the requests of one address. Switch off for load tests "
        "only.",
    )
    allow_private_hosts: bool = Field(
        default=False,
        description="Allows administrators to name mail servers and integrations at "
        "private or loopback addresses.",
    )
    demo: bool = Field(
        default=False,
        description="Starts with a demo institution and a demo mailbox. Never in "
        "production.",
    )
    smtp_host: str = Field(
        default="",
        description="Name of the mail server. Without a server here or on the page "
        "Mailer, mail waits.",
    )
    smtp_port: Port = Field(
        default=587, description="Port of the mail server. A demo has its own."
    )
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls",
        description="Encryption of the connection to the mail server.",
    )
    smtp_user: str = Field(
        default="",
        description="User name for the mail server. If empty, without signing in.",
    )
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password for the mail server."
    )
    mail_from: MailAddress = Field(
        default="",
        description="Sender address of all mail. Without one here or on the page "
        "Mailer, mail waits. A demo has its own.",
    )
    demo_mail_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port of the demo mail server. 0 is the web port plus 25.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level of messages that are logged."
    )
    web_workers: int = Field(
        default=1, ge=1, le=64, description="Number of web processes on the port."
    )
    ca_file: Path | None = Field(
        default=None,
        description="PEM file of certificate authorities, such as that of your own "
        "proxy. Connections to calendar providers trust them in addition to the "
        "system's.",
    )
    https_proxy: SecretStr = Field(
        default=SecretStr(""),
        description="Proxy through which calendar providers are reached, such as "
        "`http://user:password@proxy.bank.example:8080`; without this, HTTPS_PROXY "
        "counts. What NO_PROXY lists is reached without a proxy.",
    )
    graph_url: BaseAddress = Field(
        default="https://graph.microsoft.com",
        description="Base address of Microsoft Graph.",
    )
    microsoft_authority: BaseAddress = Field(
        default="https://login.microsoftonline.com",
        description="Address of Microsoft's sign-in.",
    )
    google_api_url: BaseAddress = Field(
        default="https://www.googleapis.com",
        description="Base address of Google's API.",
    )
    google_auth_url: BaseAddress = Field(
        default="https://accounts.google.com/o/oauth2/v2/auth",
        description="Address of Google's consent page.",
    )
    google_token_url: BaseAddress = Field(
        default="https://oauth2.googleapis.com/token",
        description="Address of Google's token endpoint.",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_what_follows(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not values.get("public_url"):
            values["public_url"] = f"http://localhost:{values.get('port') or 8000}"
        return values

    @field_validator("smtp_user")
    @classmethod
    def _protect_password(cls, user: str, info: ValidationInfo) -> str:
        if user and not info.data.get("demo"):
            require_protected_password(info.data)
        return user

    @property
    def demo_port(self) -> int:
        """Port of the demo mail server, whether that server runs or not."""
        return self.demo_mail_port or self.port + 25

    @property
    def sender(self) -> str:
        """The operator's sender address; empty if none is set and this is no demo."""
        return self.mail_from or (DEMO_SENDER if self.demo else "")

    @property
    def mail_link_key(self) -> bytes:
        """Key from which secrets in mailed links are derived: the first secret key.

        Raises:
            ConfigError: If there is no key. ``load_config`` always provides one.
        """
        for key in self.secret_keys.values():
            return key.get_secret_value()
        raise ConfigError("There is no secret key yet; load_config() makes one.")

    @property
    def link_keys(self) -> tuple[bytes, ...]:
        """All secret keys, the first one first."""
        return tuple(it.get_secret_value() for it in self.secret_keys.values())

    @property
    def state_store(self) -> str:
        """Redis address for the state of open pages; empty if there is no Redis."""
        return self.state_redis_url or database_after(self.redis_url, 1)

    @property
    def limits_store(self) -> str:
        """Redis address for counters of requests; empty if there is no Redis."""
        return self.limits_redis_url or database_after(self.redis_url, 2)

    @property
    def is_encrypted(self) -> bool:
        """Whether the public address uses https."""
        return self.public_url.startswith("https:")

    @property
    def origins(self) -> tuple[str, ...]:
        """Allowed browser origins: the public address.

        If the public address is on ``localhost``, ``127.0.0.1`` is allowed as well.
        """
        parts = urlsplit(self.public_url)
        if parts.hostname != "localhost":
            return (self.public_url,)
        port = f":{parts.port}" if parts.port else ""
        return (self.public_url, f"{parts.scheme}://127.0.0.1{port}")


def load_config(environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration.

    If ``INVO_SECRET_KEYS`` is not set, the secret key in the data folder is used; the
    first call creates this key.

    Args:
        environment: Values by full name, such as ``INVO_PORT``, to use instead of the
            process environment. For tests.

    Raises:
        ConfigError: If a value is invalid. The message has one line per variable and
            does not repeat the values, because they may be secrets.
    """
    try:
        config = Config() if environment is None else _from(environment)
    except ValidationError as error:
        raise ConfigError(sentences_of(error, PREFIX)) from None
    if config.secret_keys:
        return config
    key = {_GENERATED_KEY_ID: SecretBytes(_local_key(config.data_dir))}
    return config.model_copy(update={"secret_keys": key})


def unknown_variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return ``INVO_*`` names that do not exist and are probably misspelled."""
    known = {f"{PREFIX}{name}".upper() for name in Config.model_fields}
    return tuple(
        sorted(
            name
            for name in environment
            if name.startswith(PREFIX) and name not in known
        )
    )


class _Given(Config):
    """A configuration from given values only, not from the process environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use only the given values."""
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


def _local_key(data_dir: Path) -> bytes:
    path = data_dir / "secret.key"
    try:
        if not path.exists():
            _make_key(path)
        return decode_key(path.read_text(encoding="ascii"))
    except OSError as error:
        raise ConfigError(
            f"The secret key {path} cannot be read or created ({error.strerror}). "
            "Set INVO_SECRET_KEYS, or set INVO_DATA_DIR to a writable folder."
        ) from error
    except ValueError as error:
        raise ConfigError(f"The secret key in {path} is damaged: {error}.") from error


def _make_key(path: Path) -> None:
    """Write a new key atomically; a key that another process has written is kept."""
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
    """Create the data folder, which only its owner can enter.

    If the owner is root, other users can pass through the folder (mode 711): the
    embedded database then runs as another user, and its own folder is inside this
    folder.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    path.mkdir(mode=mode, parents=True, exist_ok=True)
