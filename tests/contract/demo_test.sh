#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# scripts/demo, with the programs as they were built: in the width that it is told, with every
# alert, and with nothing left behind.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "$1" >&2; cat "$work/out" >&2; exit 1; }

TMPDIR=$work COLUMNS=40 scripts/demo --bin "$PAP_BIN_DIR" >"$work/out" 2>&1 </dev/null ||
  fail "status $?"
for line in 'EMERGENCY_MODE worker-0' 'EMERGENCY_MODE worker-1' 'EMERGENCY_MODE worker-2' \
            'RESTART_DETECTED billing-0' 'RESTART_DETECTED billing-1' \
            'AGENT_DEATH worker-0' 'AGENT_DEATH worker-1' \
            'worker-0 IDLE up' 'worker-0 AGENT_DEATH' \
            '"agent_name": "worker-0"' 'AGENTS 10 ' 'LAST SEEN' 'heartbeats, 7 alerts'; do
  tr '\n' ' ' <"$work/out" | sed -E 's/(Station|observer|fleet) {2,}/ /g; s/ +/ /g' >"$work/flat"
  grep -qF -- "$line" "$work/out" "$work/flat" || fail "not shown: $line"
done
if grep -q '.\{41\}' "$work/out"; then fail "wider than 40 columns"; fi
if grep -q $'\e' "$work/out"; then fail "colours, though nobody sees them"; fi
if compgen -G "$work/collector-demo.*" >/dev/null; then fail "files are left behind"; fi

# What is missing is said, with another status than 0.
if TMPDIR=$work scripts/demo --bin "$work" >"$work/out" 2>&1; then fail "no programs, no error"; fi
grep -q 'collectord is missing' "$work/out" || fail "the error does not say what is missing"
