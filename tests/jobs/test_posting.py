"""A request to another's address: to the checked machine alone, within time and size (H-35)."""

import socket
import ssl
import threading
import time

import pytest

from domain.outgoing import target_of
from domain.webhooks import Trouble
from jobs import posting
from jobs.posting import ANSWER_LIMIT, PostFailed, post
from tests.bot.api_server import api_server, cut, raw, reset
from tests.bot.test_transport import certificate

BODY = b'{"type":"ticket.opened"}'
NAME = "oa.example.com"


@pytest.fixture
def receiver():
    with api_server() as running:
        yield running


@pytest.fixture
def posted(receiver):
    """`posted()`: what came of a request to the receiver under a name that stands for it."""

    def posted(path="/hook", within=5.0):
        target = target_of(receiver.url.replace("127.0.0.1", NAME) + path, (), (NAME,))
        return post(target, BODY, {}, resolve=lambda *_: ["127.0.0.1"], within=within)

    return posted


def trouble_of(act):
    with pytest.raises(PostFailed) as failed:
        act()
    return failed.value.trouble


def test_the_checked_machine_is_reached_under_its_own_name(receiver, posted):
    receiver.on("/hook", raw("收到".encode()))

    found = posted("/hook?key=1")

    (call,) = receiver.calls
    assert (found.status, found.answer) == (200, "收到")
    assert (call.method, call.body, call.params) == ("POST", BODY, {"key": "1"})
    assert call.headers["Host"].startswith(f"{NAME}:")


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1"])
def test_a_name_that_stands_for_something_inside_is_not_connected_to(address):
    """Rebinding changes nothing: what was looked at is what would be connected to."""
    target = target_of(f"https://{NAME}/", (), ())

    found = trouble_of(lambda: post(target, BODY, {}, resolve=lambda *_: ["8.8.8.8", address]))

    assert found is Trouble.ADDRESS


def test_a_redirect_is_an_answer_and_is_not_followed_h35(receiver, posted):
    receiver.on("/hook", raw(b"", status=302, Location=f"{receiver.url}/elsewhere"))
    receiver.on("/elsewhere", raw(b"ok"))

    assert posted().status == 302
    assert receiver.to("/elsewhere") == []


def test_a_receiver_that_is_silent_or_drips_is_given_up_in_time(receiver, posted):
    receiver.on("/hook", receiver.hang)
    began = time.monotonic()

    assert trouble_of(lambda: posted(within=0.2)) is Trouble.TIMEOUT
    receiver.on("/hook", receiver.drip)
    assert posted(within=0.2).status == 200  # the status came; the rest is not waited for
    assert time.monotonic() - began < 4


def test_headers_that_never_end_are_given_up_in_time():
    """A byte now and then keeps no thread."""
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip():
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.02):
                try:
                    connection.sendall(b"X")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    target = target_of(f"http://127.0.0.1:{listener.getsockname()[1]}/", (), ("127.0.0.1",))
    try:
        assert trouble_of(lambda: post(target, BODY, {}, within=0.3)) is Trouble.TIMEOUT
    finally:
        over.set()
        thread.join(5)
        listener.close()


def test_of_two_megabytes_one_is_read_at_most(receiver, posted, monkeypatch):
    read, kept = [], posting._Bytes.readinto

    def counted(self, buffer):
        read.append(kept(self, buffer))
        return read[-1]

    monkeypatch.setattr(posting._Bytes, "readinto", counted)
    receiver.on("/hook", raw(b"x" * (2 * ANSWER_LIMIT), length=2 * ANSWER_LIMIT))

    found = posted()

    assert found.status == 200 and set(found.answer) == {"x"}
    assert ANSWER_LIMIT <= sum(read) < ANSWER_LIMIT + 256 * 1024


def test_what_is_no_answer_is_told_as_such(receiver, posted):
    receiver.on("/hook", reset)

    assert trouble_of(posted) is Trouble.BROKEN


def test_an_answer_that_is_cut_short_has_a_status_all_the_same(receiver, posted):
    receiver.on("/hook", cut)

    assert posted().status == 200


def test_refused_silent_and_unknown_look_the_same_s027():
    """An admin's test button is no port scanner."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    target = target_of(f"http://127.0.0.1:{port}/", (), ("127.0.0.1",))

    def unknown(*_):
        raise socket.gaierror("no such name")

    assert trouble_of(lambda: post(target, BODY, {})) is Trouble.UNREACHABLE
    assert trouble_of(lambda: post(target, BODY, {}, resolve=unknown)) is Trouble.UNREACHABLE


def test_a_certificate_is_asked_for_under_the_name_and_must_be_trusted(tmp_path, monkeypatch):
    key_file, file = certificate(tmp_path, NAME)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file, key_file)
    asked = []
    served.sni_callback = lambda _, name, __: asked.append(name)
    trusted = ssl.create_default_context(cafile=file)
    posting._trusting.cache_clear()

    with tls_receiver(served) as port:
        target = target_of(f"https://{NAME}:{port}/hook", (), (NAME,))
        assert trouble_of(lambda: _over_tls(target)) is Trouble.CERTIFICATE
        monkeypatch.setattr(posting, "_trusting", lambda: trusted)
        assert _over_tls(target).status == 204

    assert asked == [NAME, NAME]


def _over_tls(target):
    return post(target, BODY, {}, resolve=lambda *_: ["127.0.0.1"])


class tls_receiver:
    """Answers 204 over TLS, however many come; in use, its port."""

    def __init__(self, context):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.context = context
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self.listener.getsockname()[1]

    def __exit__(self, *_):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(plain, server_side=True) as connection:
                    received = b""  # closed with something unread, the answer would be lost
                    while BODY not in received and (piece := connection.recv(65536)):
                        received += piece
                    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except OSError:
                continue
