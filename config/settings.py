"""What an operator sets: environment over `.env` over `dondoc.toml` over the defaults; secrets come from files or the environment."""

from __future__ import annotations

import os
import pwd
import secrets
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from directives.language.practice import Practice
from notifications.links import Keys
from notifications.profiles import Profile, bounds, relay_at
from notifications.relay import Relay

from .kinds import Domains, Folders, Networks, ReturnPath, ServiceUrl, Warnings, Ways


class KeysError(Exception):
    """The secrets behind links cannot be read, so that no link can be made or opened."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} không đọc được: khôi phục từ bản sao lưu; có khóa mới thì mọi đường dẫn đã gửi hết dùng")


class Settings(BaseSettings):
    """Settings of one project. Every one is `DONDOC_<NAME>` in the environment; `home` is the project's folder."""

    model_config = SettingsConfigDict(env_prefix="DONDOC_", extra="ignore", frozen=True)

    home: Path = Field(default=Path(), description="the project's folder: directives/, config/, .dondoc/")
    database: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in .dondoc/ledger.sqlite")
    base_url: str = Field(default="http://127.0.0.1:8020", description="public address that letters print")
    lang: Literal["vi", "en"] = "vi"

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_tls: Literal["starttls", "tls", "plain"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_password_file: Path | None = None
    smtp_ca: Path | None = None
    smtp_profile: Profile = "postfix"
    smtp_connections: int | None = Field(default=None, ge=1)
    smtp_per_minute: int | None = Field(default=None, ge=0)
    smtp_per_day: int | None = Field(default=None, ge=0)
    smtp_per_connection: int | None = Field(default=None, ge=1)
    smtp_second: str = Field(default="", description="the mail server where the first is away: smtp://user@host:587")
    smtp_second_password_file: Path | None = None
    smtp_second_profile: Profile = "postfix"
    mail_from: str = Field(default="dondoc@localhost.example", description="envelope and From address")
    mail_from_name: str = "Theo dõi, đôn đốc"
    mail_reply_to: str | None = None
    mail_return: ReturnPath = Field(default="", description="envelope sender with {} for the letter; empty: mail_from")
    imap_host: str = Field(default="", description="the mailbox of bounces and replies; empty: none is read")
    imap_port: int = 993
    imap_tls: Literal["tls", "starttls", "plain"] = "tls"
    imap_user: str = ""
    imap_password: SecretStr | None = None
    imap_password_file: Path | None = None
    imap_ca: Path | None = None
    imap_folder: str = "INBOX"
    reply_trust: Domains = Field(default=(), description="domains whose signed replies are carried out at once")
    inbox_trust: Folders = Field(default=(), description="folders of inbox/ whose files may speak for every agency")
    mail_lang: Literal["vi", "en"] = Field(default="vi", description="the language of letters; what papers say stays as it is")

    webhook_networks: Networks = Field(default=(), description="private networks that events may be sent into")
    channels: Ways = Field(default=(), description="ways beside mail of an agency whose entry names none: zalo, apprise")
    apprise_file: Path | None = Field(default=None, description="addresses of the apprise library, by agency: one `id address` a line")
    zalo_url: ServiceUrl = Field(default="https://business.openapi.zalo.me", description="base address of the Zalo notification service")
    zalo_token_file: Path | None = Field(default=None, description="file with the access token; none: nothing goes by Zalo")
    zalo_template: str = Field(default="", description="id of the approved template, with the parameters content and link")

    zone: str = "Asia/Ho_Chi_Minh"
    before_means: int = Field(default=1, ge=0, le=1)
    opens: time = time(7, 30)
    closes: time = Field(default=time(17, 0), validate_default=True)
    grace: int = Field(default=1, ge=0, le=30)
    ack_timeout: int = Field(default=5, ge=0, le=250, description="working days of silence after a receipt until the lead is asked again")
    letters_a_week: int = Field(default=0, ge=0, le=7, description="digests for an inbox a week at most; 0: no bound")
    gap: int = Field(default=15, ge=0, le=250, description="working days before a milestone: figures that head short are heard of")
    lock: int = Field(default=0, ge=0, le=250, description="working days after which a reading period is closed to agencies")
    recall: int = Field(default=10, ge=0, le=10_080, description="minutes in which an issue can be taken back")

    lints_off: Warnings = Field(default=(), description="codes of warnings that nobody wants to hear")
    approve: Literal["never", "always"] = Field(default="never", description="whether another person approves every issue")
    approve_over: int | None = Field(default=None, ge=0, description="an issue of more letters at once is approved by another person")
    user: str = Field(default="", description="who works here; empty: the name that the operating system knows")

    oidc_issuer: str = Field(default="", description="OpenID provider whose accounts may log in; empty: by letter only")
    oidc_client: str = ""
    oidc_secret: SecretStr | None = None
    oidc_secret_file: Path | None = None
    oidc_name: str = "của cơ quan"

    old_libraries: Literal["refuse", "allow"] = "refuse"
    web_host: str = "127.0.0.1"
    web_port: int = 8020
    prefect_host: str = "127.0.0.1"
    prefect_port: int = 4200
    trusted_proxies: tuple[str, ...] = ()

    @field_validator("base_url")
    @classmethod
    def _opens_from_a_letter(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("cần địa chỉ đầy đủ, ví dụ https://dondoc.xa.example")
        return url.rstrip("/")

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            return ZoneInfo(zone).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("không có múi giờ này, ví dụ Asia/Ho_Chi_Minh") from error

    @field_validator("closes")
    @classmethod
    def _comes_after_opens(cls, closes: time, others: ValidationInfo) -> time:
        if closes <= others.data.get("opens", time.min):
            raise ValueError("giờ thôi gửi thư phải sau giờ bắt đầu")
        return closes

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, `.env`, `dondoc.toml`, defaults: the first that speaks wins."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def data(self) -> Path:
        """Where the project's state rests; readable by its owner alone."""
        return self.home / ".dondoc"

    @property
    def database_url(self) -> str:
        """The ledger's URL."""
        return self.database or f"sqlite:///{self.data.resolve() / 'ledger.sqlite'}"

    @property
    def practice(self) -> Practice:
        """The office's habits, copied into each directive at its issue."""
        return Practice(
            zone=self.zone, before_means=self.before_means, opens=self.opens, closes=self.closes, grace=self.grace, recall=self.recall,
            ack_timeout=self.ack_timeout, letters_a_week=self.letters_a_week, gap=self.gap, lock=self.lock,
        )

    @property
    def person(self) -> str:
        """Who works here, so that an issue and its approval are known to be of two persons."""
        return " ".join(self.user.split()) or _known_as()

    def wants_approval(self, letters: int) -> bool:
        """Whether an issue of so many letters at once waits for another person."""
        return self.approve == "always" or (self.approve_over is not None and letters > self.approve_over)

    @property
    def relay(self) -> Relay:
        """The mail server. Raises ValueError where the settings would send mail unencrypted over a network."""
        numbers = {name: getattr(self, f"smtp_{name}") for name in ("connections", "per_minute", "per_day", "per_connection")}
        return Relay(
            host=self.smtp_host, port=self.smtp_port, sender=self.mail_from, tls=self.smtp_tls, user=self.smtp_user,
            password=self._password(), ca=self.smtp_ca, **bounds(self.smtp_profile, **numbers),
        )

    @property
    def relays(self) -> tuple[Relay, ...]:
        """The mail server, and the one for when it is away. Raises ValueError like `relay`, OSError where a password cannot be read."""
        if not self.smtp_second:
            return (self.relay,)
        password = self.smtp_second_password_file.read_text().strip() if self.smtp_second_password_file else None
        limits = bounds(self.smtp_second_profile)
        return (self.relay, relay_at(self.smtp_second, sender=self.mail_from, password=password, ca=self.smtp_ca, **limits))

    @cached_property
    def keys(self) -> Keys:
        """The secrets behind links, made at first use and kept in `.dondoc/keys`, newest first, for their owner alone. Raises KeysError."""
        try:
            return Keys({kid: bytes.fromhex(secret) for kid, secret in map(str.split, self._secret().splitlines())})
        except ValueError as error:
            raise KeysError(self.data / "keys") from error

    @property
    def form_key(self) -> bytes:
        """Signs what a form carries from page to page: the first secret's."""
        return bytes.fromhex(self._secret().split()[1])

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """All secrets, newest first."""
        return tuple(bytes.fromhex(line.split()[1]) for line in self._secret().splitlines())

    def _secret(self) -> str:
        path = self.data / "keys"
        if not path.exists():
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
                    new.write(f"k1 {secrets.token_hex(32)}\n")
            except FileExistsError:
                pass  # another process was first
        return path.read_text()

    def _password(self) -> str | None:
        if self.smtp_password_file:
            return self.smtp_password_file.read_text().strip()
        return self.smtp_password.get_secret_value() if self.smtp_password else None


def _known_as() -> str:
    """The operating system's name of whoever runs this; $USER would be anybody's word."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def load(home: Path, **given: object) -> Settings:
    """The settings of the project in `home`; `given` wins over everything. Raises pydantic's ValidationError."""
    class Here(Settings):
        model_config = SettingsConfigDict(env_file=home / ".env", toml_file=home / "dondoc.toml")

    return Here(home=home, **given)  # type: ignore[arg-type]  # validated by the model
