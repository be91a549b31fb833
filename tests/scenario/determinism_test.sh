#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The same seeds in two processes, one run at a time and two side by side: the same report to the
# byte, the digest of every event among it. Where they differ, the first event that does is shown.
#   determinism_test.sh PAPSIM SCENARIOS...
#   determinism_test.sh --against OTHER PAPSIM SCENARIOS...     by two compilers' programs
set -euo pipefail
other=
if [ "$1" = --against ]; then
  other=$2
  shift 2
fi
papsim=$1
shift
other=${other:-$papsim}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$papsim" replay "$@" --jobs 1 --json "$folder/one.json" >/dev/null
"$other" replay "$@" --jobs 2 --json "$folder/two.json" >/dev/null
grep -q '"digest"' "$folder/one.json"
if cmp "$folder/one.json" "$folder/two.json"; then exit 0; fi

diff "$folder/one.json" "$folder/two.json" | head -5 || true
# The first run whose digests differ, and within it the first event.
run=$(python3 - "$folder/one.json" "$folder/two.json" <<'EOF'
import json
import sys
def runs(path):
    return {(scenario["file"], seed["seed"]): seed["digest"]
            for scenario in json.load(open(path))["scenarios"] for seed in scenario["seeds"]}
one, two = map(runs, sys.argv[1:])
for (file, seed), digest in one.items():
    if two.get((file, seed)) != digest:
        print(file, seed)
        break
EOF
)
if [ -z "$run" ]; then
  echo "every event is the same, and what came of them is not"
  exit 1
fi
seed=${run##* }
file=${run% *}
"$papsim" events "$file" --seed "$seed" >"$folder/one.txt"
"$other" events "$file" --seed "$seed" >"$folder/two.txt"
line=$(cmp "$folder/one.txt" "$folder/two.txt" 2>&1 | sed -n 's/.* line \([0-9]*\).*/\1/p' || true)
if [ -z "$line" ]; then
  echo "$file, seed $seed: the events are the same when they are printed"
  exit 1
fi
echo "$file, seed $seed: they part at event $line; that, and the three before it:"
for side in one two; do
  echo "$side:"
  sed -n "$((line > 3 ? line - 3 : 1)),${line}p" "$folder/$side.txt"
done
exit 1
