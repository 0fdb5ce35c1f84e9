"""`interdict serve`: payments by HTTP, decided as a worker decides them."""

import logging
import ssl
from pathlib import Path

import rich_click as click
import uvicorn

from config.hosts import is_loopback
from screening.payments import MAX_BYTES
from streams.commands._errors import Command
from streams.commands._options import FILE, PORT, settings_from, settings_options
from streams.commands._service import begin, until_stopped
from streams.console.server import check_port
from streams.offline.policies import load_policy
from streams.serve.answering import Answering
from streams.serve.connections import HastyProtocol
from streams.serve.http import application

log = logging.getLogger(__name__)
GRACE_SECONDS = 10
"""Requests under way end within so long of a SIGTERM, or are broken off: orchestrators kill after 30."""


@click.command(cls=Command)
@settings_options
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=6067, show_default=True, help="Port; 0 takes a free one.")
@click.option("--tls-certificate", type=FILE, help="Certificate chain (PEM); with --tls-key.")
@click.option("--tls-key", type=FILE, help="Its private key (PEM).")
@click.option(
    "--max-bytes",
    type=click.IntRange(1, MAX_BYTES),
    default=MAX_BYTES,
    show_default=True,
    help="Largest body that is read.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0.1),
    default=1000.0,
    show_default=True,
    help="Requests a second and client.",
)
@click.option("--record", is_flag=True, help="Requests may ask that decisions and alerts go to their topics.")
def command(
    host: str,
    port: int,
    tls_certificate: Path | None,
    tls_key: Path | None,
    max_bytes: int,
    rate: float,
    record: bool,
    **flags: object,
) -> None:
    """Answer POST /screen, GET /match and GET /designations/{id} until stopped.

    It reads the lists from Kafka and proves them as a worker does: until then, and whenever it cannot,
    the answer is 503 with the reason. INTERDICT_WEB_TOKEN is the token that callers send. /openapi.json
    describes every request. It ends with code 1 when a part of it has failed: start it again.
    """
    if bool(tls_certificate) != bool(tls_key):
        raise click.UsageError("--tls-certificate and --tls-key go together")
    if tls_certificate and tls_key:
        check_tls(tls_certificate, tls_key)
    settings = settings_from(**flags)
    begin(settings)
    token = settings.web_token.get_secret_value() if settings.web_token else None
    if not is_loopback(host) and not (token and tls_certificate):
        log.warning("whoever reaches %s screens names, and the network reads them: set a token and TLS", host)
    answering = Answering(settings, load_policy(settings.policy_file), record=record)
    check_port(host, port, "--port")
    with until_stopped():  # uvicorn ends in order, and then by the signal that it was sent
        uvicorn.run(
            application(answering, token=token, max_bytes=max_bytes, rate=rate, record=record),
            host=host,
            port=port,
            log_level="warning",
            log_config=None,  # its lines have the time, as ours
            ws="none",
            access_log=False,
            server_header=False,
            date_header=True,
            http=HastyProtocol,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=tls_certificate,
            ssl_keyfile=tls_key,
            ssl_version=ssl.PROTOCOL_TLS_SERVER,
        )
    if answering.failure:
        raise SystemExit(1)


def check_tls(certificate: Path, key: Path) -> None:
    """Raises UsageError for what the server could not open: it would ask for a passphrase or name no file."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError) as error:
        reason = f"{certificate} and {key} are no certificate and its key, in PEM and without a passphrase"
        raise click.UsageError(f"{reason}: {error}") from None
