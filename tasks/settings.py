"""What differs between installations; each can be set as KONTAKTWERK_... in the environment."""

import secrets
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import ConfigurationError
from domain.links import problems_of_template
from domain.public_holidays import require_holidays
from domain.wording import Language
from domain.zones import is_zone


class Settings(BaseSettings):
    """The installation's settings."""

    model_config = SettingsConfigDict(
        env_prefix="KONTAKTWERK_", extra="ignore", use_attribute_docstrings=True
    )

    home: Path = Path("var")
    """The folder of everything that is kept; the demo keeps to a folder of its own in it."""
    database_url: str = ""
    """An SQLAlchemy URL; left empty, SQLite in the home folder."""
    shift_seconds: int = Field(default=600, ge=10, le=86_400)
    """How long a shift stays."""
    overlap_seconds: int = Field(default=30, ge=0, le=600)
    """How long before a shift's end the next one begins."""
    host: str = "127.0.0.1"
    """The interface that the Prefect server listens on."""
    port: int = Field(default=4200, ge=1, le=65_535)
    """The port of the Prefect server and its UI."""
    desk_port: int = Field(default=4280, ge=1, le=65_535)
    """The port of the desk, which serves employees' calendar feeds."""
    desk_url: str = ""
    """Where employees reach the desk, such as https://desk.example; empty: at its host and port."""
    record_url: str = ""
    """Where your ERP shows a record, for links: such as https://erp.example/{kind}/{number}."""
    country: str = "DE"
    """The country of public holidays, and of phone numbers without a country's code (ISO 3166)."""
    state: str | None = None
    """The state in it, such as BY: it has holidays of its own."""
    zone: str = "Europe/Berlin"
    """The time zone of employees who have none of their own (IANA name)."""
    language: Language = Language.ENGLISH
    """The language of refusals, questions and notices to authors: en or de."""
    company: str = ""
    """Your company's name, as customers see it on what an account without a name sent."""
    config: Path = Path("kontaktwerk.toml")
    """The file with mail accounts and the directory; where there is none, the demo runs."""
    workflows: Path = Path("workflows")
    """The folder of workflow definitions (*.yaml), which are applied at every start."""

    demo_imap_port: int = Field(default=10_143, ge=1, le=65_535)
    """The port of the demo's IMAP server."""
    demo_smtp_port: int = Field(default=10_025, ge=1, le=65_535)
    """The port of the demo's SMTP server."""
    demo_sms_port: int = Field(default=10_080, ge=1, le=65_535)
    """The port of the demo's SMS gateway, which shows in a browser what it was given."""

    @field_validator("record_url")
    @classmethod
    def _is_template(cls, template: str) -> str:
        if problems := list(problems_of_template(template)):
            raise ValueError("; ".join(problems))
        return template

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        if not is_zone(name):
            raise ValueError(f"there is no time zone {name}: write it as Europe/Berlin")
        return name

    @field_validator("country")
    @classmethod
    def _is_country(cls, country: str) -> str:
        _require_holidays(country, None)
        return country

    @field_validator("state")
    @classmethod
    def _is_state(cls, state: str | None, others: ValidationInfo) -> str | None:
        if "country" in others.data:
            _require_holidays(others.data["country"], state)
        return state

    @property
    def is_demo(self) -> bool:
        """Whether nothing is configured, so that there is the demo to look at."""
        return not self.config.exists()

    @property
    def folder(self) -> Path:
        """The folder of what is kept, of the demo's or of one's own."""
        return self.home.resolve() / "demo" if self.is_demo else self.home.resolve()

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.folder / 'kontaktwerk.db'}"

    @property
    def desk_address(self) -> str:
        """Where employees reach the desk, without a slash at its end."""
        return self.desk_url.rstrip("/") or f"http://{self.host}:{self.desk_port}"

    @property
    def token_secret(self) -> bytes:
        """The key that signs case tokens; made at the first use, and kept in the home folder."""
        return _kept_secret(self.folder / "token.key")


def _require_holidays(country: str, state: str | None) -> None:
    """Raise ValueError where business days cannot be counted there."""
    try:
        require_holidays(country, state)
    except ConfigurationError as error:
        raise ValueError(str(error)) from error


def _kept_secret(path: Path) -> bytes:
    """Read a secret, or make it: at once and whole, so that two first users agree on one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return bytes.fromhex(path.read_text())


@cache
def settings() -> Settings:
    """Read the settings, once, when they are first needed."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"KONTAKTWERK_{'_'.join(map(str, first['loc']))}".upper()
        raise ConfigurationError(f"{name}: {first['msg']}") from error
