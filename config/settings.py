"""Every setting of Interdict on one screen.

Precedence, highest first: command-line flags, `INTERDICT_*` environment variables, `INTERDICT_*_FILE`
(a file holding the value, for mounted secrets), the TOML file named by `--config` or `INTERDICT_CONFIG`,
the defaults below.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import orjson
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.hosts import is_loopback_url

ENV_PREFIX = "INTERDICT_"


class SecurityProtocol(StrEnum):
    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


class SaslMechanism(StrEnum):
    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"
    OAUTHBEARER = "OAUTHBEARER"


LONGEST_DAYS = 36_525
"""A hundred years: beyond them there is no date to reckon with."""


class SettingsError(ValueError):
    """A setting that cannot be used; the text names it and what is expected."""


class Settings(BaseSettings):
    """What an operator can set; immutable once loaded."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="forbid", allow_inf_nan=False)

    broker: str = Field("localhost:9092", description="Kafka bootstrap servers, host:port[,host:port]")
    topic_prefix: str = Field(
        "", pattern="^[a-zA-Z0-9._-]{0,200}$", description="put before every topic name"
    )
    group: str = Field(
        "interdict",
        min_length=1,
        description="consumer group of the workers; one group decides each payment once",
    )
    instance_id: str | None = Field(
        None, description="static group membership, for restarts without rebalance"
    )

    security_protocol: SecurityProtocol = Field(SecurityProtocol.PLAINTEXT, description="how clients connect")
    sasl_mechanism: SaslMechanism = Field(
        SaslMechanism.SCRAM_SHA_512, description="PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER"
    )
    sasl_username: str | None = Field(None, description="SASL user, or the OAuth client id")
    sasl_password: SecretStr | None = Field(None, description="SASL password, or the OAuth client secret")
    sasl_oauth_token_url: str | None = Field(
        None, description="where OAUTHBEARER tokens are issued (client credentials grant)"
    )
    sasl_oauth_scope: str | None = Field(None, description="scope asked of it")
    sasl_oauth_token_file: Path | None = Field(
        None, description="a file with the token instead, renewed by somebody else"
    )
    ssl_cafile: Path | None = Field(None, description="CA certificates (PEM); unset: the system's")
    ssl_certfile: Path | None = Field(None, description="client certificate (PEM), for mutual TLS")
    ssl_keyfile: Path | None = Field(None, description="its private key (PEM)")

    audit_key: SecretStr | None = Field(
        None, description="key of the decisions' audit chain, for workers and auditors only"
    )

    policy_file: Path | None = Field(None, description="screening policy (TOML); unset: the shipped one")
    shadow_policy_file: Path | None = Field(
        None, description="another policy, compared on live payments and published on screening.shadow"
    )
    required_lists: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="lists without which no payment is decided, `a,b`; beside every one ever in force"
    )
    list_silence_seconds: float = Field(
        10.0, gt=0, description="how long the list topic may be out of reach before screening is paused"
    )

    four_eyes: bool = Field(
        False, description="no person alone releases more: a false positive needs a second who approves it"
    )
    disposition_days: float = Field(
        366.0,
        gt=0,
        le=LONGEST_DAYS,
        description="a false positive silences its pair for so long at most, whatever it says",
    )
    answers: bool = Field(
        False, description="payments are gated by `interdict answers`, whose topics are created and checked"
    )
    lookback_days: float = Field(
        30.0,
        gt=0,
        le=LONGEST_DAYS,
        description="how far back payments are screened again when a designation arrives",
    )

    schema_registry_url: str | None = Field(
        None,
        description="schema registry (Confluent's API) that knows the schemas of Avro and Protobuf payments",
    )
    schema_registry_username: str | None = Field(None, description="its user")
    schema_registry_password: SecretStr | None = Field(
        None, description="the user's password; without a user, a bearer token"
    )
    schema_registry_cafile: Path | None = Field(
        None, description="CA certificates (PEM) of the registry; unset: the system's"
    )

    batch_size: int = Field(
        500, gt=0, le=10_000, description="payments screened and acknowledged together, at most"
    )
    remembered_parties: int = Field(
        50_000, ge=0, description="parties of which what they hit is remembered until a list changes, at most"
    )
    remembered_megabytes: int = Field(64, ge=0, description="memory for them, at most")
    commit_interval_seconds: float = Field(
        1.0, gt=0, description="how often offsets of decided payments are committed"
    )
    session_timeout_seconds: float = Field(
        10.0, gt=0, description="after this silence the group gives a worker's partitions to the others"
    )
    payment_budget_seconds: float = Field(
        1.0, gt=0, description="CPU time that one payment may take; past it, it is an error and a dead letter"
    )
    stall_seconds: float = Field(
        60.0,
        gt=0,
        description="payments wait and none is decided or committed for this long: the worker ends itself",
    )
    max_message_bytes: int = Field(8 << 20, gt=0, description="largest record read or written")

    web_host: str = Field(
        "127.0.0.1", description="address of the worker's health, metrics and console pages"
    )
    web_port: int = Field(6066, ge=0, le=65535, description="their port; 0 takes a free one")
    web_token: SecretStr | None = Field(
        None, description="bearer token that the console and status then ask for"
    )
    web_writers: SecretStr | None = Field(
        None,
        description="who may give dispositions in `interdict console`: `name:token`, one a line or `a:…,b:…`",
    )
    alert_deadlines: Annotated[dict[str, float], NoDecode] = Field(
        {},
        description="seconds in which a rail's alerts need a disposition, `sepa_instant=600,any=86400`; "
        "the console's work list goes by it",
    )

    @field_validator("required_lists", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        """`ofac,un` as people write it in an environment; a JSON list, as some charts do, is one, too."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            try:
                return orjson.loads(value)
            except orjson.JSONDecodeError:
                raise ValueError("names separated by commas are expected, like ofac,un") from None
        return tuple(name.strip() for name in value.split(",") if name.strip())

    @field_validator("alert_deadlines", mode="before")
    @classmethod
    def _by_rail(cls, value: object) -> object:
        """`sepa_instant=600,any=86400` as people write it in an environment; a table in TOML."""
        if not isinstance(value, str):
            return value
        parts = [part.partition("=") for part in value.split(",") if part.strip()]
        if not all(equals and name.strip() and _positive(seconds) for name, equals, seconds in parts):
            raise ValueError("rail=seconds[,rail=seconds] is expected, like sepa_instant=600,any=86400")
        return {name.strip(): float(seconds) for name, _, seconds in parts}

    @field_validator("broker")
    @classmethod
    def _hosts_and_ports(cls, value: str) -> str:
        hosts = [host.removeprefix("kafka://").strip() for host in value.split(",")]
        if not all(map(_host_and_port, hosts)):
            raise ValueError("host:port[,host:port] is expected")
        return ",".join(hosts)

    @field_validator("sasl_oauth_token_url")
    @classmethod
    def _no_secret_in_clear(cls, value: str | None) -> str | None:
        if value and not value.lower().startswith("https://") and not is_loopback_url(value):
            raise ValueError("https:// is expected; the client secret is sent there")
        return value

    @model_validator(mode="after")
    def _registry(self) -> Self:
        """An address with a scheme, and no secret sent to it in clear text."""
        url = self.schema_registry_url
        if url and not url.lower().startswith(("https://", "http://")):
            raise ValueError("schema_registry_url: https://host[:port][/path] is expected")
        if self.schema_registry_password and not url:
            raise ValueError("schema_registry_password without schema_registry_url has no use")
        in_clear = url and not url.lower().startswith("https://") and not is_loopback_url(url)
        if in_clear and self.schema_registry_password:
            raise ValueError("schema_registry_url: https:// is expected; the password is sent there")
        return self

    @model_validator(mode="after")
    def _who_we_are(self) -> Self:
        """What the security protocol needs, so that a missing secret is not a broker's riddle later."""
        if self.security_protocol in (SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL):
            wanted = ["sasl_username", "sasl_password"]
            if self.sasl_mechanism is SaslMechanism.OAUTHBEARER:
                wanted = [] if self.sasl_oauth_token_file else [*wanted, "sasl_oauth_token_url"]
            if missing := [name for name in wanted if not getattr(self, name)]:
                raise ValueError(
                    f"{self.security_protocol} with {self.sasl_mechanism} needs {', '.join(missing)}"
                )
        if self.payment_budget_seconds > self.session_timeout_seconds / 2:
            raise ValueError(
                "payment_budget_seconds is more than half of session_timeout_seconds: the group could take a "
                "worker's partitions before it gives a payment up"
            )
        if self.ssl_keyfile and not self.ssl_certfile:
            raise ValueError("ssl_keyfile without ssl_certfile: the certificate it belongs to is needed")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        toml = os.environ.get(f"{ENV_PREFIX}CONFIG")
        file = (_from_toml(settings_cls, Path(toml)),) if toml else ()
        return (init_settings, env_settings, _FromFiles(settings_cls), *file)


def _host_and_port(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and re.fullmatch(r"[0-9]{1,5}", port) is not None and 0 < int(port) <= 65_535


def _from_toml(settings_cls: type[BaseSettings], path: Path) -> TomlConfigSettingsSource:
    """Raises SettingsError where the file says no TOML, and where it names what is no setting."""
    try:
        source = TomlConfigSettingsSource(settings_cls, path)
    except UnicodeDecodeError as error:
        raise SettingsError(_not_utf_8(path, error)) from None
    except (ValueError, RecursionError) as error:  # an integer of 4,301 digits, [[[[…
        raise SettingsError(f"{path}: not TOML: {error}") from None
    for name in source():
        if name not in settings_cls.model_fields:
            near = difflib.get_close_matches(name, settings_cls.model_fields, n=1)
            hint = f"did you mean {near[0]}?" if near else "`interdict config show` prints those that are"
            raise SettingsError(f"{path}: {name} is no setting; {hint}")
    return source


def _not_utf_8(path: Path, error: UnicodeDecodeError) -> str:
    return f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8"


def _positive(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", text.strip()) is not None and float(text) > 0


_SERVICE_LINK = re.compile(
    r"INTERDICT(_[A-Z0-9]+)*_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP)(_\w+)?)?)"
)
"""What Kubernetes puts into every pod beside a service of that name; nobody has written it."""
_ELSEWHERE = ("CONFIG", "COMPLETE", "SHARED_DATA")
"""Read by the command line, by its shell completion, and by the tests."""


def unknown_variables(names: Iterable[str]) -> Iterator[str]:
    """A sentence for each variable that looks like a setting and is none: `INTERDICT_POLICY` says nothing."""
    fields = [*(name.upper() for name in Settings.model_fields), *_ELSEWHERE]
    known = [ENV_PREFIX + name for name in fields] + [f"{ENV_PREFIX}{name}_FILE" for name in fields]
    for name in sorted(names):
        if name.startswith(ENV_PREFIX) and name not in known and not _SERVICE_LINK.fullmatch(name):
            meant = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {meant[0]}?" if meant else "; `interdict config` shows those that are"
            yield f"{name} is no setting and says nothing{hint}"


class _FromFiles(PydanticBaseSettingsSource):
    """`INTERDICT_SASL_PASSWORD_FILE=/run/secrets/kafka` sets `sasl_password` to what that file holds."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        del field
        name = os.environ.get(f"{ENV_PREFIX}{field_name.upper()}_FILE")
        try:
            return (Path(name).read_text("utf-8").strip() if name else None), field_name, False
        except UnicodeDecodeError as error:
            raise SettingsError(_not_utf_8(Path(name or ""), error)) from None

    def __call__(self) -> dict[str, Any]:
        read = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in read.items() if value is not None}


def load_settings(**flags: Any) -> Settings:
    """The settings in force; flags that are None count as not given. Raises SettingsError."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        said = first["msg"].removeprefix("Value error, ")
        if not name:
            raise SettingsError(said) from None
        raise SettingsError(f"{name}: {said} (set {ENV_PREFIX}{name.upper()} or the matching flag)") from None
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}") from None
