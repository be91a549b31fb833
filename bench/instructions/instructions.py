#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Instructions a heartbeat, counted by callgrind and compared with those kept in counts.tsv.

    instructions.py PROGRAM BUILD            fails when a count has grown by more than 3 %, or two
                                             that must be equal differ
    instructions.py PROGRAM BUILD --accept   writes what was counted into counts.tsv

BUILD names compiler and options, for they are what else the counts depend on: a build without a
row there is not judged (exit status 77, which ctest takes as skipped).
"""
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

KEPT = Path(__file__).with_name("counts.tsv")
TOLERANCE = 0.03
# A fleet of a million costs a tick with nothing due not one instruction more than a single agent.
EQUAL = ("tick_nothing_due", "tick_nothing_due_of_a_million")
HEADER = "# build\tpart\tinstructions each; written by `scripts/bench instructions --accept`\n"


# Of its own: the size of an environment moves the stack, and some copies look at addresses.
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C"}


def count(program, part):
    """Instructions each."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no",
             f"--callgrind-out-file={folder}/out", program, part],
            env=ENVIRONMENT, cwd=folder, text=True, capture_output=True)
        if run.returncode != 0:
            sys.exit(f"instructions: {program} {part} failed:\n{run.stdout}{run.stderr}")
        total = re.search(r"^totals: (\d+)$", Path(folder, "out").read_text(), re.MULTILINE)
        return round(int(total[1]) / int(run.stdout), 1)


def count_all(program):
    """{part: instructions each}"""
    parts = subprocess.run([program], text=True, capture_output=True, check=True).stdout.split()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(parts, pool.map(lambda part: count(program, part), parts)))


def kept_rows():
    """{build: {part: instructions each}}"""
    rows = {}
    if KEPT.exists():
        for line in KEPT.read_text().splitlines():
            if line and not line.startswith("#"):
                build, part, value = line.split("\t")
                rows.setdefault(build, {})[part] = float(value)
    return rows


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--accept"]):
        sys.exit(__doc__)
    program, build = sys.argv[1:3]
    rows = kept_rows()
    if build not in rows and len(sys.argv) == 3:
        print(f"instructions: nothing is kept for {build}")
        return 77
    counts = count_all(os.path.abspath(program))
    kept = rows.get(build, {})
    grown = False
    for part, value in counts.items():
        before = kept.get(part)
        change = f"{(value / before - 1) * 100:+.2f} %" if before else "new"
        print(f"{part:30} {value:10.1f}  {change}")
        grown |= before is None or value > before * (1 + TOLERANCE)
    if len({counts[part] for part in EQUAL}) != 1:
        print(f"instructions: {' and '.join(EQUAL)} differ")
        return 1
    if sys.argv[3:]:
        rows[build] = counts
        KEPT.write_text(HEADER + "".join(
            f"{name}\t{part}\t{value}\n" for name, parts in sorted(rows.items())
            for part, value in parts.items()))
        return 0
    if grown:
        print(f"instructions: more than {TOLERANCE:.0%} above bench/instructions/counts.tsv; "
              "where that is worth it: scripts/bench instructions --accept")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
