import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from survey.delivery.message import Message
from survey.delivery.outbox import Outbox
from survey.delivery.sending import CLAIM_SECONDS, MONTH_SECONDS, PAUSES, Delivery
from survey.delivery.transports import Folder, MailServer, Security, UnreachableError
from survey.sealing.at_rest import AtRest
from survey.storage.databases import Databases
from survey.storage.mails import MailState, QueuedMail
from survey.worker.postman import postman
from tests.live import free_port
from tests.survey.delivery.conftest import LOGIN, SENDER, Clock, Postbox

ANNA = "anna@example.org"
HELLO = Message("Velkommen, Åse", "Kære Åse\n\nDit link: https://tillid.example/x#" + "k" * 90 + "\n")


def queue(databases: Databases, outbox: Outbox, to: str = ANNA, about: str = "wave") -> None:
    with databases.alliance_session() as session:
        outbox.queue(session, to=to, message=HELLO, about=about)


def rows(databases: Databases) -> list[QueuedMail]:
    with databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(QueuedMail)))


def test_a_mail_arrives_as_it_was_written_and_its_address_and_text_are_erased(
    either: Databases, outbox: Outbox, server: MailServer, postbox: Postbox
) -> None:
    queue(either, outbox)
    sent = Delivery(either, outbox, server, SENDER).step()

    (mail,) = postbox.taken
    (row,) = rows(either)
    assert sent == 1
    assert (mail["To"], mail["From"], mail["Subject"]) == (ANNA, SENDER, HELLO.subject)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == HELLO.text
    assert (row.state, row.address, row.content) == (MailState.SENT, None, None)


def test_a_sent_mail_that_nobody_counts_leaves_no_row(delivery: Delivery, databases: Databases) -> None:
    queue(databases, delivery.outbox, about="")
    delivery.step()

    assert rows(databases) == []


def test_a_mail_goes_only_if_what_causes_it_holds(
    delivery: Delivery, databases: Databases, postbox: Postbox
) -> None:
    def broken_off() -> None:
        with databases.alliance_session() as session:
            delivery.outbox.queue(session, to=ANNA, message=HELLO)
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        broken_off()

    assert delivery.step() == 0
    assert postbox.taken == []


def test_an_address_that_is_refused_is_told_with_codes_only_and_the_others_go(
    delivery: Delivery, databases: Databases, postbox: Postbox
) -> None:
    postbox.answers["bo@example.org"] = "550 5.1.1 <bo@example.org> is not known here"
    for address in (ANNA, "bo@example.org", "carl@example.org"):
        queue(databases, delivery.outbox, address)
    delivery.step()

    with databases.alliance_session(reading=True) as session:
        counts = delivery.outbox.counts(session, "wave")
        refusals = delivery.outbox.refusals(session, "wave")
    assert {mail["To"] for mail in postbox.taken} == {ANNA, "carl@example.org"}
    assert counts == {MailState.WAITING: 0, MailState.SENT: 2, MailState.REFUSED: 1}
    assert [(each.address, each.reason) for each in refusals] == [("bo@example.org", "550 5.1.1")]


def test_a_refused_address_is_kept_a_month_and_its_text_not_at_all(
    delivery: Delivery, databases: Databases, postbox: Postbox, clock: Clock
) -> None:
    postbox.answers[ANNA] = "550 5.1.1 no"
    queue(databases, delivery.outbox)
    delivery.step()
    (refused,) = rows(databases)
    clock.seconds += MONTH_SECONDS
    delivery.step()
    (later,) = rows(databases)

    assert (refused.state, refused.content) == (MailState.REFUSED, None)
    assert refused.address is not None
    assert (later.state, later.address) == (MailState.REFUSED, None)


def test_a_server_that_is_busy_is_asked_again_and_again_and_then_no_more(
    delivery: Delivery, databases: Databases, postbox: Postbox, clock: Clock
) -> None:
    postbox.data_answer = "451 4.7.1 greylisted, come back"
    queue(databases, delivery.outbox)
    for pause in PAUSES:
        assert delivery.step() == 1
        clock.seconds += 60 * pause - 1
        assert delivery.step() == 0
        clock.seconds += 1
    delivery.step()

    (row,) = rows(databases)
    assert (row.state, row.attempts, row.reason) == (MailState.REFUSED, len(PAUSES) + 1, "451 4.7.1")


def test_a_busy_server_that_comes_round_gets_the_mail_once(
    delivery: Delivery, databases: Databases, postbox: Postbox, clock: Clock
) -> None:
    postbox.answers[ANNA] = "450 4.2.0 later"
    queue(databases, delivery.outbox)
    delivery.step()
    postbox.answers.clear()
    clock.seconds += 60
    delivery.step()
    clock.seconds += CLAIM_SECONDS
    delivery.step()

    assert [mail["To"] for mail in postbox.taken] == [ANNA]


def test_where_no_server_answers_nothing_is_lost_or_counted(
    databases: Databases, outbox: Outbox, clock: Clock, server: MailServer, postbox: Postbox
) -> None:
    queue(databases, outbox)
    nowhere = Delivery(databases, outbox, MailServer("127.0.0.1", free_port(), Security.NONE), SENDER)
    for _ in range(3):
        with pytest.raises(UnreachableError, match="ConnectionRefusedError"):
            nowhere.step()
        clock.seconds += 60

    assert [(row.state, row.attempts) for row in rows(databases)] == [(MailState.WAITING, 0)]
    Delivery(databases, outbox, server, SENDER).step()
    assert len(postbox.taken) == 1


def test_a_mail_whose_sender_died_is_sent_by_the_next_one(
    delivery: Delivery, databases: Databases, postbox: Postbox, clock: Clock
) -> None:
    queue(databases, delivery.outbox)
    assert len(delivery._claim()) == 1

    assert delivery.step() == 0
    clock.seconds += CLAIM_SECONDS
    assert delivery.step() == 1


@pytest.mark.postgres
def test_two_senders_send_each_mail_once(
    postgres_databases: Databases, outbox: Outbox, server: MailServer, postbox: Postbox
) -> None:
    addresses = [f"person{number}@example.org" for number in range(120)]
    for address in addresses:
        queue(postgres_databases, outbox, address)
    delivery = Delivery(postgres_databases, outbox, server, SENDER)
    threads = [threading.Thread(target=delivery.step) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(mail["To"] for mail in postbox.taken) == sorted(addresses)


def test_the_way_is_encrypted_and_we_prove_who_we_are(
    databases: Databases, outbox: Outbox, guarded_server: MailServer, postbox: Postbox
) -> None:
    queue(databases, outbox)
    Delivery(databases, outbox, guarded_server, SENDER).step()

    assert postbox.signed_in == [LOGIN]
    assert len(postbox.taken) == 1


def test_a_server_with_a_certificate_of_somebody_else_gets_nothing(
    databases: Databases,
    outbox: Outbox,
    guarded_server: MailServer,
    postbox: Postbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    queue(databases, outbox)
    with pytest.raises(UnreachableError, match="SSLCertVerificationError"):
        Delivery(databases, outbox, guarded_server, SENDER).step()

    assert (postbox.signed_in, postbox.taken) == ([], [])


def test_a_wrong_password_is_our_fault_and_costs_no_mail(
    databases: Databases, outbox: Outbox, guarded_server: MailServer
) -> None:
    assert guarded_server.password_file
    guarded_server.password_file.write_text("wrong", "utf-8")
    queue(databases, outbox)
    with pytest.raises(UnreachableError, match="SMTPAuthenticationError 535"):
        Delivery(databases, outbox, guarded_server, SENDER).step()
    guarded_server.password_file.write_text("forkert på dansk", "utf-8")
    with pytest.raises(UnreachableError, match="letters that SMTP cannot carry"):
        Delivery(databases, outbox, guarded_server, SENDER)._send(rows(databases))

    assert [row.state for row in rows(databases)] == [MailState.WAITING]


def test_mails_written_under_a_key_that_is_gone_keep_no_other_waiting(
    delivery: Delivery, databases: Databases, postbox: Postbox
) -> None:
    queue(
        databases,
        replace(delivery.outbox, at_rest=AtRest([Fernet.generate_key().decode()])),
        "bo@example.org",
    )
    queue(databases, delivery.outbox)
    delivery.step()

    assert [mail["To"] for mail in postbox.taken] == [ANNA]
    assert sorted(row.state for row in rows(databases)) == [MailState.SENT, MailState.WAITING]


@pytest.mark.parametrize("address", ["åse@blåbær.example", "bo@blåbær.example"])
def test_addresses_with_danish_letters_arrive(
    delivery: Delivery, databases: Databases, postbox: Postbox, address: str
) -> None:
    queue(databases, delivery.outbox, address)
    delivery.step()

    assert len(postbox.taken) == 1


def test_in_a_demo_mails_are_files_that_are_read(
    databases: Databases, outbox: Outbox, tmp_path: Path
) -> None:
    queue(databases, outbox)
    queue(databases, outbox, "bo@example.org")
    Delivery(databases, outbox, Folder(tmp_path / "mails"), SENDER).step()

    first = (tmp_path / "mails" / "0001.txt").read_text("utf-8")
    assert first.endswith(f"\nSubject: {HELLO.subject}\n\n{HELLO.text}")
    assert (tmp_path / "mails" / "0002.txt").exists()
    assert (tmp_path / "mails").stat().st_mode & 0o077 == 0


def test_mails_wait_while_the_mail_server_is_away(
    delivery: Delivery, databases: Databases, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = replace(delivery, transport=MailServer("127.0.0.1", free_port(), Security.NONE))
    queue(databases, delivery.outbox)
    sending = postman(nowhere, every=0.01)
    sending.start()
    while "mails wait" not in caplog.text:
        sending.join(timeout=0.01)
    sending.stop()
    sending.join(timeout=10)

    assert not sending.is_alive()
    assert "mails wait: 127.0.0.1" in caplog.text
    assert ANNA not in caplog.text
