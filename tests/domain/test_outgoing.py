"""Where the desk connects to on somebody's word (H-35, S-010, S-100)."""

import pytest

from domain.outgoing import (
    AddressRefused,
    HostRefused,
    SchemeRefused,
    first_public,
    is_public,
    target_of,
)

INSIDE_NUMBERS = """
127.0.0.1 127.8.9.10 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
100.64.0.1 100.100.100.200 192.0.0.192 168.63.129.16 198.18.0.1 192.0.2.1 224.0.0.1 239.1.1.1
240.0.0.1 255.255.255.255
:: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::10.0.0.1
64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::808:808 2002:7f00:1:: 2002:a00:1::
2001:0:7f00:1::1 not-a-number 1.2.3
""".split()


@pytest.mark.parametrize("number", INSIDE_NUMBERS)
def test_nothing_inside_is_reached_in_whatever_form_it_is_written_h35(number):
    assert not is_public(number)


@pytest.mark.parametrize(
    "number", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_machines_of_the_internet_are_reached(number):
    assert is_public(number)


def test_a_name_with_one_face_inside_is_refused_whole_h35():
    assert first_public(["8.8.8.8", "1.1.1.1"]) == "8.8.8.8"
    assert first_public(["8.8.8.8", "10.0.0.1"]) is None
    assert first_public([]) is None


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("", AddressRefused),
        ("oa.example.com/hooks", AddressRefused),
        ("https://", AddressRefused),
        ("ftp://oa.example.com/", AddressRefused),
        ("file:///etc/passwd", AddressRefused),
        ("https://oa.example.com:99999/", AddressRefused),
        ("https://oa.example.com:0/", AddressRefused),
        ("https://user:secret@oa.example.com/", AddressRefused),
        ("https://oa.example.com@10.0.0.1/", AddressRefused),
        ("https://oa.example.com/#part", AddressRefused),
        ("https://oa.example.com/a b", AddressRefused),
        ("https://oa.example.com/\r\nX-Own: 1", AddressRefused),
        ("https://oa.example.com\\@10.0.0.1/", AddressRefused),
        ("https://[::1", AddressRefused),
        ("https://对方.example.com/", AddressRefused),
        ("https://oa.example.com/" + "x" * 500, AddressRefused),
        ("http://oa.example.com/hooks", SchemeRefused),
        ("https://localhost/", HostRefused),
        ("https://api.localhost./", HostRefused),
        ("https://127.0.0.1/", HostRefused),
        ("https://127.1/", HostRefused),
        ("https://0x7f000001/", HostRefused),
        ("https://2130706433/", HostRefused),
        ("https://0177.0.0.1/", HostRefused),
        ("https://169.254.169.254/latest/meta-data", HostRefused),
        ("https://[::ffff:10.0.0.1]/", HostRefused),
    ],
)
def test_an_address_is_refused_for_what_its_words_say_h35(url, refusal):
    with pytest.raises(refusal) as refused:
        target_of(url, (), ())

    assert type(refused.value) is refusal


def test_an_address_is_taken_apart():
    target = target_of("https://OA.example.com:8443/hooks/itdesk?key=1", (), ())

    assert (target.scheme, target.host, target.port) == ("https", "oa.example.com", 8443)
    assert target.path == "/hooks/itdesk?key=1"
    assert target.authority == "oa.example.com:8443" and not target.is_inside
    assert target_of("https://oa.example.com", (), ()).authority == "oa.example.com"
    assert target_of("https://[2606:4700::1]/", (), ()).authority == "[2606:4700::1]"


def test_with_a_list_only_its_hosts_are_told():
    allowed = ("oa.example.com", "*.partner.example")

    assert target_of("https://oa.example.com/", allowed, ())
    assert target_of("https://a.b.partner.example/", allowed, ())
    for url in (
        "https://other.example.com/",
        "https://partner.example/",
        "https://xoa.example.com/",
    ):
        with pytest.raises(HostRefused):
            target_of(url, allowed, ())


def test_a_host_that_the_operator_vouches_for_may_be_inside_and_speak_http():
    target = target_of("http://10.0.0.8:9000/hook", ("oa.example.com",), ("10.0.0.8",))

    assert target.is_inside and target.port == 9000
    with pytest.raises(SchemeRefused):
        target_of("http://10.0.0.9/", (), ("10.0.0.8",))
