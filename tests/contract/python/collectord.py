# SPDX-License-Identifier: MIT
"""A collectord of its own for a script; it ends with its owner."""
import os
import re
import signal
import subprocess

PROGRAM = os.environ.get("PAP_COLLECTORD") or os.path.join(
    os.environ.get("PAP_BIN_DIR", "build/release/bin"), "collectord")


class Collectord:
    def __init__(self, **variables):
        env = {name: value for name, value in os.environ.items()
               if name in ("PATH", "LD_LIBRARY_PATH") or name.endswith("SAN_OPTIONS")}
        env.update(CLUSTER_ID="is.plugged.in", CLUSTER_NAME="Production Cluster",
                   COLLECTOR_HOST="127.0.0.1", COLLECTOR_PORT="0", **variables)
        self.process = subprocess.Popen([PROGRAM], env=env, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if match := re.search(r"\bstarted\b.*\bport=(\d+)", line):
                self.port = int(match[1])
                return
        raise RuntimeError("collectord did not start")

    def stop(self):
        """SIGTERM, and its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
