#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a heartbeat costs, side by side: the floors, collectord, nginx and whoever else is named.

Machines drift by a third within minutes, so figures of different minutes say nothing. Here every
slice of a server (a few hundred milliseconds) stands between two slices of the plain floor; where
those two disagree, the slice is thrown away, and what is kept is its ratio to their mean.

Writes JSON (--json) and, between markers in docs/performance.md, a table (--write).
"""
import argparse
import contextlib
import datetime
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/performance.md"
MARKERS = ("<!-- side by side: written by scripts/bench side-by-side -->",
           "<!-- end of side by side -->")
BODY = ('{"received":true,"is_new":false,"restart_detected":false,'
        '"next_heartbeat_ms":30000}')
HABITS = {"kept": "kept alive", "fresh": "fresh, closed by the server",
          "node": "fresh, kept open (Node's fetch)"}
LOADS = {0: "saturated", 1000: "1 000/s", 100: "100/s"}
# Slower loads need longer for as many beats.
SLICE_FACTOR = {0: 1, 1000: 2, 100: 4}
FLOORS_AGREE = 0.10
# A saturated server that had the processor for less than this share waited for the generator.
SATURATED = 0.85
FLOOR = "floor, plain"


class Server:
    def __init__(self, name, port, pids, address="127.0.0.1"):
        self.name, self.port, self.pids, self.address = name, port, pids, address


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()]


def wait_for_port(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"side_by_side: nothing listens on port {port}")


def answer_of(server, close):
    """The bytes of an answer to a known agent."""
    request = ("POST /heartbeat/550e8400-e29b-41d4-a716-446655440000 HTTP/1.1\r\nhost: x\r\n"
               f"connection: {'close' if close else 'keep-alive'}\r\ncontent-length: 35\r\n\r\n"
               '{"mode":"IDLE","uptime_seconds":10}')
    for _ in range(2):  # the first makes it known
        with socket.create_connection((server.address, server.port), 5) as client:
            client.sendall(request.encode())
            answer = client.recv(4096)
    return answer.decode()


def running(stack, bin_dir, others):
    """Every server, the plain floor first; they end with the stack."""
    def start(command, **options):
        process = subprocess.Popen(command, **options)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        return process

    servers = []
    for name in ("plain", "deferred"):
        process = start([bin_dir / f"floor_{name}"], stdout=subprocess.PIPE, text=True)
        servers.append(Server(f"floor, {name}", int(process.stdout.readline()), [process.pid]))

    port = free_port()
    process = start([bin_dir / "collectord"], stdout=subprocess.DEVNULL,
                    env={**os.environ, "CLUSTER_ID": "bench", "COLLECTOR_HOST": "127.0.0.1",
                         "COLLECTOR_PORT": str(port), "LOG_LEVEL": "off", "DRAIN_MS": "0"})
    wait_for_port(port)
    servers.append(Server("collectord", port, [process.pid]))

    nginx = next((path for path in ("/usr/sbin/nginx", "/usr/bin/nginx")
                  if os.access(path, os.X_OK)), None)
    if nginx:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        port = free_port()
        Path(folder, "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log /dev/null;\n"
            "events { worker_connections 4096; }\n"
            "http { access_log off; keepalive_requests 1000000000;\n"
            f" client_body_temp_path {folder}; proxy_temp_path {folder};\n"
            f" fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n"
            f" server {{ listen 127.0.0.1:{port}; location / {{\n"
            f"  default_type 'application/json; charset=utf-8'; return 200 '{BODY}'; }} }} }}\n")
        process = start([nginx, "-p", folder, "-c", f"{folder}/nginx.conf"],
                        stderr=subprocess.DEVNULL)
        wait_for_port(port)
        servers.append(Server("nginx, return 200", port, children_of(process.pid)))

    for other in others:
        name, _, rest = other.partition("=")
        address, port, *pids = rest.split(":")
        servers.append(Server(name, int(port), [int(pid) for pid in pids], address))
    return servers


def busy_seconds():
    """Of all processors, in steps of 10 ms: of use only summed over many slices."""
    fields = [int(each) for each in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def run_slice(load, server, habit, rate, milliseconds):
    command = [load, "--address", server.address, "--port", str(server.port), "--habit", habit,
               "--rate", str(rate), "--duration-ms", str(milliseconds)]
    for pid in server.pids:
        command += ["--pid", str(pid)]
    before = busy_seconds()
    seen = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    seen["machine_seconds"] = busy_seconds() - before
    beats = max(seen["beats"], 1)
    seen["server_us"] = seen["server_cpu_ns"] / 1000 / beats
    seen["generator_us"] = seen["generator_cpu_ns"] / 1000 / beats
    seen["rate"] = seen["beats"] / seen["seconds"]
    seen["server_share"] = seen["server_cpu_ns"] / 1e9 / seen["seconds"]
    return seen


def quartiles(values):
    if len(values) < 2:
        return [values[0]] * 3 if values else None
    return statistics.quantiles(values, n=4, method="inclusive")


def compare(servers, load, habits, rates, rounds, milliseconds):
    floor, targets = servers[0], servers[1:]
    cells = {(habit, rate, server.name): {"slices": [], "ratios": [], "rate_ratios": [],
                                          "pairs": 0}
             for habit in habits for rate in rates for server in servers}
    for turn in range(rounds):
        print(f"round {turn + 1} of {rounds}", file=sys.stderr)
        for habit in habits:
            for rate in rates:
                length = milliseconds * SLICE_FACTOR.get(rate, 1)
                before = run_slice(load, floor, habit, rate, length)
                cells[habit, rate, floor.name]["slices"].append(before)
                for target in targets:
                    cell = cells[habit, rate, target.name]
                    seen = run_slice(load, target, habit, rate, length)
                    after = run_slice(load, floor, habit, rate, length)
                    cells[habit, rate, floor.name]["slices"].append(after)
                    cell["slices"].append(seen)
                    cell["pairs"] += 1
                    low, high = sorted((before["server_us"], after["server_us"]))
                    if high - low <= FLOORS_AGREE * high and low > 0 and seen["server_us"] > 0:
                        cell["ratios"].append(seen["server_us"] * 2 / (low + high))
                        if min(before["server_share"], seen["server_share"],
                               after["server_share"]) >= SATURATED:
                            cell["rate_ratios"].append(
                                seen["rate"] * 2 / (before["rate"] + after["rate"]))
                    before = after
    return [summary(*key, cell) for key, cell in cells.items()]


def summary(habit, rate, name, cell):
    slices = cell["slices"]
    middle = {key: statistics.median(each[key] for each in slices)
              for key in ("server_us", "generator_us", "rate", "p50_us", "p99_us", "p999_us")}
    beats = sum(each["beats"] for each in slices)
    return {"habit": habit, "load": rate, "server": name, **middle, "beats": beats,
            "failed": sum(each["failed"] for each in slices),
            "machine_us": sum(each["machine_seconds"] for each in slices) * 1e6 / max(beats, 1),
            "pairs": cell["pairs"], "pairs_kept": len(cell["ratios"]),
            "cpu_ratio": quartiles(cell["ratios"]),
            # Where the generator was the limit in some pair, beats a second tell of it alone.
            "rate_ratio": quartiles(cell["rate_ratios"])
            if rate == 0 and cell["ratios"] and len(cell["rate_ratios"]) == len(cell["ratios"])
            else None}


def machine():
    model = next((line.split(":", 1)[1].strip() for line in
                  Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "--short=10", "HEAD"], capture_output=True,
                            text=True).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True,
                             text=True).stdout.strip()
    return {"processor": model, "processors": os.cpu_count(), "kernel": platform.release(),
            "commit": commit + (" and changes" if changed else ""),
            "when": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")}


def table(result):
    about = result["machine"]
    lines = [f"{about['processor']}, {about['processors']} processors, Linux {about['kernel']}; "
             f"{result['build']}; commit {about['commit']}, {about['when']}; "
             f"load average {result['load_average']}.", "",
             f"{result['rounds']} rounds of slices of {result['slice_ms']} ms (twice that at "
             "1 000/s, four times at 100/s). CPU is the server's own, user and system; the "
             "ratio is to the plain floor, pair by pair: median (quartiles), and of how many "
             "pairs. Latency counts from the planned moment.", "",
             "| load | server | CPU a beat | of the plain floor | pairs | whole machine | "
             "beats a second | p50 / p99 / p99.9 |", "|---|---|---|---|---|---|---|---|"]
    for row in result["rows"]:
        ratio, rates = row["cpu_ratio"], row["rate_ratio"]
        of_floor = "1" if row["server"] == FLOOR else (
            f"{ratio[1]:.2f} ({ratio[0]:.2f} to {ratio[2]:.2f})" if ratio else "no pair agreed")
        speed = f"{row['rate']:.0f}"
        if row["load"] == 0 and row["server"] != FLOOR:
            speed += f", {rates[1]:.2f} ×" if rates else ", generator's limit"
        latency = " / ".join(f"{row[key]:.0f}" for key in ("p50_us", "p99_us", "p999_us"))
        pairs = "" if row["server"] == FLOOR else f"{row['pairs_kept']} of {row['pairs']}"
        lines.append(f"| {HABITS[row['habit']]}, {LOADS.get(row['load'], row['load'])} | "
                     f"{row['server']} | {row['server_us']:.2f} µs | {of_floor} | {pairs} | "
                     f"{row['machine_us']:.1f} µs | {speed} | {latency} µs |")
    return "\n".join(lines)


def write_page(text):
    page = PAGE.read_text()
    begin, end = MARKERS
    if begin not in page or end not in page:
        sys.exit(f"side_by_side: {PAGE} has no markers")
    head, tail = page.split(begin)[0], page.split(end)[1]
    PAGE.write_text(f"{head}{begin}\n{text}\n{end}{tail}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--slice-ms", type=int, default=300)
    parser.add_argument("--habit", action="append", choices=list(HABITS))
    parser.add_argument("--rate", action="append", type=int, help="beats a second; 0 saturates")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=ADDRESS:PORT[:PID]",
                        help="another collector; its CPU time needs its process id")
    parser.add_argument("--one-cpu", type=int, metavar="N",
                        help="servers and generator on processor N: quieter CPU time, no rates")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true", help="the table into docs/performance.md")
    options = parser.parse_args()

    load = options.bin / "bench_load"
    if options.one_cpu is not None:
        os.sched_setaffinity(0, {options.one_cpu})  # children inherit it
    with contextlib.ExitStack() as stack:
        servers = running(stack, options.bin, options.other)
        for close in (False, True):
            sizes = {server.name: len(answer_of(server, close)) for server in servers[:3]}
            if len(set(sizes.values())) != 1:
                sys.exit(f"side_by_side: answers differ in length: {sizes}")
        for server in servers:  # every agent known, every buffer grown
            run_slice(load, server, "kept", 0, options.slice_ms)
        rows = compare(servers, load, options.habit or list(HABITS), options.rate or list(LOADS),
                       options.rounds, options.slice_ms)
    build = subprocess.run([options.bin / "collectord", "--version"], capture_output=True,
                           text=True).stdout.strip().replace("\n", ", ")
    result = {"machine": machine(), "build": build, "rounds": options.rounds,
              "slice_ms": options.slice_ms,
              "load_average": " ".join(f"{each:.1f}" for each in os.getloadavg()), "rows": rows}
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    text = table(result)
    print(text)
    if options.write:
        write_page(text)


if __name__ == "__main__":
    main()
