# SPDX-License-Identifier: MIT
"""The collector through Python's http.client and urllib, which nobody here wrote."""
import http.client
import json
import unittest
import urllib.error
import urllib.request

from collectord import Collectord

AGENT = "550e8400-e29b-41d4-a716-446655440000"
BEAT = json.dumps({"mode": "IDLE", "uptime_seconds": 3600.123, "agent_name": "my-agent"})


class HttpClient(unittest.TestCase):
    def setUp(self):
        self.collectord = self.enterContext(Collectord(COLLECTOR_API_KEY="open sesame"))

    def connect(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.collectord.port, timeout=30)
        self.addCleanup(connection.close)
        return connection

    def ask(self, connection, method, path, body=None, headers=None):
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read(), response

    def test_one_connection_serves_many_requests(self):
        connection = self.connect()
        for i in range(100):
            status, body, _ = self.ask(connection, "POST", f"/heartbeat/{AGENT}", BEAT)
            self.assertEqual(status, 200)
            self.assertEqual(json.loads(body)["is_new"], i == 0)
        socket = connection.sock
        self.ask(connection, "GET", "/health")
        self.assertIs(connection.sock, socket, "it was never closed")

    def test_a_body_in_chunks(self):
        connection = self.connect()
        pieces = (piece.encode() for piece in ('{"mode":', '"IDLE","uptime_', 'seconds":1}'))
        status, _, _ = self.ask(connection, "POST", "/heartbeat/a", pieces,
                                {"Content-Type": "application/json"})
        self.assertEqual(status, 200)

    def test_head_leaves_the_connection_in_order(self):
        connection = self.connect()
        for path in ("/health", "/metrics", "/", "/nowhere", "/heartbeat/a"):
            status, body, response = self.ask(connection, "HEAD", path)
            self.assertEqual(body, b"")
            self.assertGreater(int(response.headers["Content-Length"]), 0)
            self.assertIn(status, (200, 404, 405))
        status, body, _ = self.ask(connection, "GET", "/ready")
        self.assertEqual(json.loads(body), {"ready": True})

    def test_a_large_body_is_answered_413_though_it_is_sent_whole(self):
        connection = self.connect()
        status, body, _ = self.ask(connection, "POST", "/heartbeat/a", "x" * 5_000_000)
        self.assertEqual(status, 413)
        self.assertIn("MAX_BODY_BYTES", json.loads(body)["message"])

    def test_every_refusal_is_json(self):
        for method, path, body, expected in (
                ("POST", "/heartbeat/a", "{", 400),
                ("POST", "/heartbeat/%01", BEAT, 400),
                ("GET", "/agents", None, 401),
                ("GET", "/nowhere", None, 404),
                ("GET", "/heartbeat/a", None, 405),
                ("GET", "/observe/a?api_key=open+sesame", None, 426)):
            status, answer, response = self.ask(self.connect(), method, path, body)
            self.assertEqual(status, expected, path)
            self.assertEqual(response.headers.get_content_type(), "application/json", path)
            self.assertIsInstance(json.loads(answer)["error"], str)

    def test_a_list_that_is_chunked(self):
        connection = self.connect()
        for i in range(2500):
            self.ask(connection, "POST", f"/heartbeat/agent-{i}", BEAT)
        status, body, response = self.ask(connection, "GET", "/agents", None,
                                          {"Authorization": "Bearer open sesame"})
        self.assertEqual(status, 200)
        self.assertEqual(response.headers["Transfer-Encoding"], "chunked")
        self.assertEqual(len(json.loads(body)["agents"]), 2500)

    def test_urllib_sees_statuses_and_bodies(self):
        base = f"http://127.0.0.1:{self.collectord.port}"
        with urllib.request.urlopen(f"{base}/ready", timeout=30) as response:
            self.assertEqual(json.load(response), {"ready": True})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{base}/agents", timeout=30)
        with refused.exception:
            self.assertEqual(refused.exception.code, 401)
            self.assertEqual(json.load(refused.exception)["error"], "Unauthorized")
        request = urllib.request.Request(f"{base}/agents",
                                         headers={"X-Collector-Key": "open sesame"})
        with urllib.request.urlopen(request, timeout=30) as response:
            self.assertEqual(json.load(response)["agents"], [])


if __name__ == "__main__":
    unittest.main()
