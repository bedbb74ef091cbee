"""Run by fauxlm exec, which sets LM_LICENSE_FILE and FAUXLM_HTTP: see ../README.md."""

import json
import os
import subprocess
import unittest
import urllib.request


def ask(method, path, body=None):
    """What the control plane of the server answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        os.environ["FAUXLM_HTTP"] + path,
        data=data,
        method=method,
        headers={"Content-Type": "application/json"} if data else {},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def checkout(feature, user, *command):
    """Holds a seat while the command runs."""
    words = ["fauxlm", "checkout", feature, "--user", user, "--host", "ws1", "--", *command]
    return subprocess.run(words, capture_output=True, text=True, timeout=60)


class Seats(unittest.TestCase):
    def setUp(self):
        ask("POST", "/reset", {})

    def test_second_user_of_one_seat_is_denied(self):
        nested = ["fauxlm", "checkout", "mesh", "--user", "ben", "--host", "ws2", "--", "true"]
        denied = checkout("mesh", "ann", *nested)
        self.assertEqual(denied.returncode, 6)
        self.assertIn("-4,", denied.stderr)

    def test_a_fault_is_met_and_goes(self):
        fault = ask("POST", "/faults", {"fault": "removed feature=solve"})
        self.assertNotEqual(checkout("solve", "ann", "true").returncode, 0)
        ask("DELETE", "/faults", {"id": fault["id"]})
        self.assertEqual(checkout("solve", "ann", "true").returncode, 0)

    def test_a_month_passes_at_once(self):
        before = ask("GET", "/clock")["ms"]
        after = ask("POST", "/clock/advance", {"by": "30d"})["ms"]
        self.assertEqual(after - before, 30 * 24 * 3600 * 1000)


if __name__ == "__main__":
    unittest.main()
