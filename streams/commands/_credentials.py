"""Ends a command when the files with its credentials were renewed, so that it is started again with them.

A Kafka client keeps the password and the certificate that it was made with. What is connected stays so when
they are replaced; whatever connects next, after a broker's restart at the latest, is refused for good, though
the files hold what is right. A supervisor starts the command again, and it goes on where it had come to.
"""

import hashlib
import logging
import os
import random
import signal
import threading
import time
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any

import rich_click as click
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from pydantic import SecretStr

from config.settings import ENV_PREFIX, Settings
from streams.commands._errors import EXIT_CODE_IN_ORDER
from streams.errors import START_AGAIN, CannotProceedError
from streams.kafka.connection import librdkafka_options, password

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 10.0
SPREAD_SECONDS = 30.0
"""Within so long processes that share the files end, one after the other."""
ASKED_SECONDS = 10.0


def end_when_credentials_are_renewed(settings: Settings) -> None:
    """Watch the files that the settings name from now on; without any there is nothing to watch. Called by
    the command itself, which ends with `START_AGAIN` then."""
    if files := _files(settings):
        context = click.get_current_context(silent=True)
        given = (settings, files, context.meta if context else {})
        threading.Thread(target=_watch, args=given, name="credentials", daemon=True).start()


def _files(settings: Settings) -> list[Path]:
    named = [settings.ssl_cafile, settings.ssl_certfile, settings.ssl_keyfile, _password_file(settings)]
    return [file for file in named if file]


def _password_file(settings: Settings) -> Path | None:
    """Where the password came from; None where the environment itself or the settings' file says it."""
    named = os.environ.get(f"{ENV_PREFIX}SASL_PASSWORD_FILE")
    found = Path(named) if named else None
    return found if found and _text(found) == password(settings) else None


def _watch(settings: Settings, files: Sequence[Path], context: MutableMapping[str, Any]) -> None:
    """Until the broker takes what the files hold now: who renews them first and tells the broker later stops
    nobody, and neither does who is not ready with all of them."""
    password_file, names = _password_file(settings), ", ".join(map(str, files))
    held = before = refused = _digest(files)
    while True:
        time.sleep(LOOKS_EVERY_SECONDS)
        now = _digest(files)
        settled, before = now == before, now
        if not now or now == held or not settled:
            continue
        if not (why := _refusal(settings, password_file)):
            break
        if now != refused:
            log.warning("%s: renewed, but the broker does not accept them: %s", names, why)
        refused = now
    log.warning("%s: renewed; this process ends now and will use them after its restart", names)
    time.sleep(random.uniform(0, SPREAD_SECONDS))  # noqa: S311  spreads restarts
    context[EXIT_CODE_IN_ORDER] = START_AGAIN
    os.kill(os.getpid(), signal.SIGTERM)


def _refusal(settings: Settings, password_file: Path | None) -> str:
    """Why the broker does not take what the files hold now; empty where it does."""
    if password_file:
        settings = settings.model_copy(update={"sasl_password": SecretStr(_text(password_file))})
    try:
        AdminClient({**librdkafka_options(settings), "log_level": 0}).list_topics(timeout=ASKED_SECONDS)
    except (KafkaException, CannotProceedError) as error:
        return str(error)
    return ""


def _digest(files: Sequence[Path]) -> str:
    """Of all of them; empty while one cannot be read."""
    try:
        return hashlib.sha256(
            b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)
        ).hexdigest()
    except OSError:
        return ""


def _text(file: Path) -> str:
    """As settings read it; empty where there is none."""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
