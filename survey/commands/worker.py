"""`tillid worker`: background work that needs no key to any response."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from config import MAIL_KEYS, Config
from survey.delivery.outbox import Outbox
from survey.delivery.sending import Delivery
from survey.delivery.transports import Folder, MailServer, Security, Transport
from survey.logs import set_up_logs
from survey.people.respondents import Writer
from survey.sealing.at_rest import AtRest
from survey.storage.databases import Databases, open_databases
from survey.waves.clock import today
from survey.worker.answering_reminders import remind_respondents, write_to_mended
from survey.worker.postman import postman
from survey.worker.previewing import previewer
from survey.worker.process import scheduled
from survey.worker.reminding import remind_trustees

_log = logging.getLogger("tillid.worker")


@click.command()
@click.option(
    "--queue",
    type=click.Path(path_type=Path),
    default=Path("var/tillid/queue.db"),
    show_default=True,
    help="The worker's own SQLite file.",
)
def worker(queue: Path) -> None:
    """Send mails and reminders, close waves on time, make previews, lay rows down anew, until stopped."""
    config = Config.from_environment(os.environ, needs=(MAIL_KEYS,))
    set_up_logs("worker", config.log_format)
    # Huey would say every minute that it did what it does every minute.
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue.parent.mkdir(parents=True, exist_ok=True)
    databases = open_databases(config.database_url, config.responses_url)
    outbox = Outbox(AtRest(config.mail_keys))

    def remind() -> None:
        remind_trustees(databases, outbox, config.base_url, today())
        writer = Writer(outbox, config.base_url)
        write_to_mended(databases, writer, today())
        remind_respondents(databases, writer, today())

    previews = previewer(databases)
    previews.start()
    with _mails(config, databases):
        scheduled(databases, queue, today, [remind]).create_consumer(workers=1, periodic=True).run()
    previews.stop()
    databases.dispose()


@contextmanager
def _mails(config: Config, databases: Databases) -> Iterator[None]:
    transport = transport_of(config)
    if transport is None:
        _log.warning("TILLID_SMTP_HOST is not set: mails wait until it is")
        yield
        return
    mails = postman(Delivery(databases, Outbox(AtRest(config.mail_keys)), transport, config.mail_from))
    mails.start()
    try:
        yield
    finally:
        mails.stop()
        mails.join()


def transport_of(config: Config) -> Transport | None:
    """Return the way that the settings name for mails, or none."""
    if config.mail_folder:
        return Folder(config.mail_folder)
    if not config.smtp_host:
        return None
    return MailServer(
        config.smtp_host,
        config.smtp_port,
        Security(config.smtp_security),
        config.smtp_username,
        config.smtp_password_file,
    )
