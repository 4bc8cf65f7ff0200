"""One exchange: connections kept, dropped and refused, TLS, and answers packed or endless."""

import gc
import gzip
import logging
import os
import socket
import ssl
import threading
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot import transport as transport_module
from bot.errors import ApiError, ApiUnclear, ApiUnsent, Reaction
from bot.transport import Request, Transport, checked_answer
from tests.bot.api_server import OK, api_server, raw, reset

pytestmark = pytest.mark.timeout(20)

PATH = "/cgi-bin/x"
GET = Request("GET", PATH, {})
POST = Request("POST", PATH, {}, b"{}")
OK_BYTES = b'{"errcode":0,"errmsg":"ok"}'


@pytest.fixture
def server():
    with api_server() as running:
        running.on(PATH, OK)
        yield running


@pytest.fixture
def transport(server):
    return Transport(server.url, timeout=(1, 1), pool=4)


def ports(server):
    return [call.port for call in server.calls]


def kept(transport):
    """The connections that are open and idle."""
    return [each for each in transport._pool.pool.queue if each is not None and each.sock]


# --- connections ---------------------------------------------------------------------------------


def test_a_connection_that_the_other_side_has_closed_is_not_used_again(server, transport):
    """The platform hangs up after a minute: the next message must not be lost by that."""
    server.on(PATH, raw(OK_BYTES, Connection="close"), OK)

    for _ in range(3):
        assert transport.exchange(POST).status == 200

    assert ports(server)[0] != ports(server)[1]
    assert ports(server)[1] == ports(server)[2]


def test_a_connection_closed_behind_our_back_is_noticed(server, transport):
    transport.exchange(POST)
    (idle,) = kept(transport)
    idle.sock.shutdown(socket.SHUT_WR)  # the server answers the end with its own
    assert idle.sock.recv(1) == b""

    assert transport.exchange(POST).status == 200

    assert len(set(ports(server))) == 2


def test_a_connection_that_was_idle_for_long_is_not_trusted(server, transport, monkeypatch):
    transport.exchange(POST)
    monkeypatch.setattr(transport_module, "IDLE_FOR", 0.0)

    transport.exchange(POST)

    assert len(set(ports(server))) == 2


@pytest.mark.parametrize(
    "fault",
    [reset, raw(OK_BYTES, length=500), raw(b" " * 3_000_000)],
    ids=["reset", "cut", "large"],
)
def test_after_a_broken_answer_the_connection_is_given_up(server, transport, fault):
    server.on(PATH, fault, OK)
    with pytest.raises(ApiUnclear):
        transport.exchange(POST)

    assert transport.exchange(POST).status == 200

    assert len(set(ports(server))) == 2


@pytest.mark.parametrize(
    "answer",
    [
        raw(b""),
        raw(b"", status=204),
        raw(gzip.compress(OK_BYTES, mtime=0), Content_Encoding="gzip"),
    ],
)
def test_after_a_whole_answer_of_any_kind_the_connection_is_kept(server, transport, answer):
    server.on(PATH, answer)

    for _ in range(3):
        transport.exchange(POST)

    assert len(set(ports(server))) == 1


def test_an_address_that_can_be_none_was_told_nothing(transport):
    for url in ("http://a..qq.com/film", "http://%zz.qq.com/film"):
        with pytest.raises(ApiUnsent):
            transport.exchange(GET, url)


def test_s104_a_failure_drags_no_address_along(server, transport):
    server.on(PATH, reset)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    for each in (transport, Transport(f"http://127.0.0.1:{port}", timeout=(1, 1))):
        with pytest.raises(ApiError) as failed:
            each.exchange(POST, token="T0KEN")
        assert failed.value.__context__ is failed.value.__cause__ is None
        assert "T0KEN" not in repr(failed.value)
        assert "127.0.0.1" not in repr(failed.value)


def test_no_more_connections_are_kept_than_there_is_room_for(server, transport):
    barrier = threading.Barrier(8)

    def send():
        barrier.wait()
        transport.exchange(POST)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.calls) == 8
    assert 1 <= len(kept(transport)) <= 4


@pytest.mark.filterwarnings("error::ResourceWarning")
def test_idle_connections_are_closed_with_their_transport(server):
    transport = Transport(server.url)
    transport.exchange(POST)
    (idle,) = kept(transport)

    del transport
    gc.collect()

    assert idle.sock is None


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [(gzip.compress(OK_BYTES, mtime=0), "gzip"), (zlib.compress(OK_BYTES), "deflate")],
)
def test_an_answer_that_somebody_packed_on_the_way_is_read(server, transport, packed, encoding):
    server.on(PATH, raw(packed, Content_Encoding=encoding))

    assert checked_answer(PATH, transport.exchange(POST))["errmsg"] == "ok"
    assert server.calls[0].headers["Accept-Encoding"] == "identity"


def test_h14_a_packed_answer_that_unpacks_to_gigabytes_is_stopped(server, transport):
    server.on(PATH, raw(gzip.compress(bytes(64 * 1024 * 1024), mtime=0), Content_Encoding="gzip"))

    with pytest.raises(ApiError) as refused:
        transport.exchange(GET)

    assert refused.value.reaction is Reaction.PERMANENT


@pytest.mark.parametrize("packed", [gzip.compress(OK_BYTES, mtime=0)[:-9], b"", b"no gzip"])
def test_r050_a_packed_answer_that_is_cut_is_unclear(server, transport, packed):
    server.on(PATH, raw(packed, Content_Encoding="gzip"))

    with pytest.raises(ApiUnclear):
        transport.exchange(POST)


def sends(*parts):
    """An answer byte for byte, and the end."""

    def reply(handler):
        for part in parts:
            handler.wfile.write(part)
        handler.close_connection = True

    return reply


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_chunked_answer_and_one_that_ends_with_the_connection_are_read(server, transport):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (OK_BYTES[:9], OK_BYTES[9:]))
    server.on(PATH, sends(CHUNKED, chunks, b"0\r\n\r\n"), sends(HEAD + b"\r\n", OK_BYTES))

    assert transport.exchange(POST).content == OK_BYTES
    assert transport.exchange(POST).content == OK_BYTES


@pytest.mark.parametrize(
    "broken",
    [
        sends(CHUNKED, b"ff\r\nhalf"),
        sends(CHUNKED, b"no number\r\n"),
        sends(b"SSH-2.0-OpenSSH\r\n"),
        sends(b""),
        sends(HEAD + b"x: " + b"y" * 70_000 + b"\r\n\r\n"),
        sends(HEAD + b"x: y\r\n" * 200 + b"\r\n"),
    ],
    ids=["chunk cut", "no chunk", "no http", "silence", "long header", "many headers"],
)
def test_r050_what_is_no_answer_of_http_is_unclear(server, transport, broken):
    server.on(PATH, broken)

    with pytest.raises(ApiUnclear):
        transport.exchange(POST)


def test_s104_an_answer_with_a_broken_header_does_not_put_the_token_into_the_log(
    server, transport, caplog
):
    caplog.set_level(logging.DEBUG)
    server.on(PATH, sends(HEAD + b"no header\r\nContent-Length: 27\r\n\r\n", OK_BYTES))

    transport.exchange(POST, token="T0KEN")

    assert "T0KEN" not in caplog.text


def test_an_endless_answer_is_stopped(server, transport):
    server.on(PATH, sends(HEAD + b"\r\n", bytes(4 * 1024 * 1024)))

    with pytest.raises(ApiUnclear, match="too large"):
        transport.exchange(POST)


def test_what_is_asked_goes_out_as_it_is(server, transport):
    transport.exchange(Request("GET", PATH, {"openid": "o&1=", "lang": "中"}), token="T/+=")

    (call,) = server.calls
    assert call.params == {"openid": "o&1=", "lang": "中", "access_token": "T/+="}
    assert "Cookie" not in call.headers


# --- TLS -----------------------------------------------------------------------------------------


def certificate(folder, name):
    """A key and a certificate that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file, file = folder / "key.pem", folder / "certificate.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return key_file, file


def hear_out(connection):
    """The whole of POST: who hangs up on the rest takes the answer back with it."""
    heard = b""
    while part := connection.recv(65536):
        heard += part
        if heard.endswith(b"\r\n\r\n" + (POST.data or b"")):
            return


@contextmanager
def tls_server(folder, name):
    """Answers one request over TLS under `name`; its port and the file of its certificate."""
    key_file, file = certificate(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            try:
                with context.wrap_socket(listener.accept()[0], server_side=True) as connection:
                    hear_out(connection)
                    connection.sendall(HEAD + b"Content-Length: 27\r\n\r\n" + OK_BYTES)
            except OSError:
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], str(file)
        thread.join(10)


def test_tls_is_spoken_with_whoever_is_trusted(tmp_path):
    with tls_server(tmp_path, "localhost") as (port, roots):
        transport = Transport(f"https://localhost:{port}", timeout=(2, 2), roots=roots)

        assert transport.exchange(POST).content == OK_BYTES


def test_whoever_is_not_trusted_is_told_nothing(tmp_path):
    with tls_server(tmp_path, "localhost") as (port, _):
        transport = Transport(f"https://localhost:{port}", timeout=(2, 2))

        with pytest.raises(ApiUnsent, match="certificate not trusted"):
            transport.exchange(POST)


def test_a_certificate_of_another_host_is_not_trusted(tmp_path):
    with tls_server(tmp_path, "elsewhere.example") as (port, roots):
        transport = Transport(f"https://localhost:{port}", timeout=(2, 2), roots=roots)

        with pytest.raises(ApiUnsent, match="certificate not trusted"):
            transport.exchange(POST)


def test_one_who_speaks_no_tls_was_told_nothing(server):
    transport = Transport(server.url.replace("http://", "https://"), timeout=(1, 1))

    with pytest.raises(ApiUnsent):
        transport.exchange(POST)
    assert server.calls == []


def hangs_up(connection):
    pass


def reads_and_hangs_up(connection):
    connection.recv(65536)


@contextmanager
def door(behaviour, wrap=None):
    """Somebody who takes one caller in and is rude; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with wrap(connection) if wrap else connection as opened:
                behaviour(opened)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize("behaviour", [hangs_up, reads_and_hangs_up])
def test_r051_one_who_hangs_up_while_keys_are_exchanged_was_told_nothing(behaviour):
    with door(behaviour) as port:
        transport = Transport(f"https://localhost:{port}", timeout=(2, 2))

        with pytest.raises(ApiUnsent):
            transport.exchange(POST)


def test_r051_one_who_says_nothing_while_keys_are_exchanged_was_told_nothing():
    over = threading.Event()
    with door(lambda _: over.wait(10)) as port:
        transport = Transport(f"https://localhost:{port}", timeout=(0.2, 2))

        with pytest.raises(ApiUnsent, match="TimeoutError"):
            transport.exchange(POST)
        over.set()


def test_r051_one_who_breaks_off_after_the_keys_may_have_heard(tmp_path):
    """The same error of TLS as before them, but by then the request was on its way."""
    key_file, file = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)

    def wrap(connection):
        return context.wrap_socket(connection, server_side=True)

    def break_off(connection):
        hear_out(connection)
        os.write(connection.fileno(), b"no record of TLS")

    with door(break_off, wrap) as port:
        transport = Transport(f"https://localhost:{port}", timeout=(2, 2), roots=str(file))

        with pytest.raises(ApiUnclear, match="SSLError"):
            transport.exchange(POST)


def test_the_surroundings_cannot_have_the_keys_written_down(tmp_path, monkeypatch):
    told = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(told))
    with tls_server(tmp_path, "localhost") as (port, roots):
        transport = Transport(f"https://localhost:{port}", timeout=(2, 2), roots=roots)

        assert transport.exchange(POST).content == OK_BYTES

    assert not told.exists()


def test_r051_a_picture_has_longer_to_go_out_than_a_connection_to_come_about():
    over = threading.Event()
    picture = Request("POST", PATH, {}, files={"media": ("a.jpg", bytes(32 * 1024 * 1024))})
    with door(lambda _: over.wait(10)) as port:
        transport = Transport(f"http://localhost:{port}", timeout=(0.1, 0.6))
        began = time.monotonic()

        with pytest.raises(ApiUnclear, match="TimeoutError"):
            transport.exchange(picture)
        over.set()

    assert time.monotonic() - began > 0.5
