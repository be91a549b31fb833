#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The same seeds in two processes, one run at a time and two side by side: the same report to the
# byte, the digest of every event among it.
#   determinism_test.sh PAPSIM SCENARIOS...
set -euo pipefail
papsim=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$papsim" replay "$@" --jobs 1 --json "$folder/one.json" >/dev/null
"$papsim" replay "$@" --jobs 2 --json "$folder/two.json" >/dev/null
grep -q '"digest"' "$folder/one.json"
if ! cmp "$folder/one.json" "$folder/two.json"; then
  diff "$folder/one.json" "$folder/two.json" | head -5
  exit 1
fi
