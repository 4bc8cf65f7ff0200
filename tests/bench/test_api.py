"""The platform's stand-in answers what the product asks and counts it."""

import json
from http.client import HTTPConnection

from bench import api, product
from bench.account import LOOPBACK
from bench.servers import serving


def asked(connection, path, body=b"{}"):
    connection.request("POST", path, body)
    return json.loads(connection.getresponse().read())


def test_tokens_and_messages_are_answered_on_one_connection_and_counted(tmp_path):
    with serving("platform", ["-m", "bench.api"], tmp_path) as server:
        connection = HTTPConnection(LOOPBACK, server.port)
        token = asked(connection, "/cgi-bin/stable_token")
        sent = [asked(connection, "/cgi-bin/message/custom/send?access_token=x") for _ in range(3)]
        connection.close()
        counted = api.calls(server.port)
        calls, _ = product.wait_until_quiet(server.port)

    assert token["access_token"] and token["expires_in"] > 0
    assert [each["errcode"] for each in sent] == [0, 0, 0]
    assert counted["/cgi-bin/message/custom/send"] == 3
    assert calls == counted.total()
