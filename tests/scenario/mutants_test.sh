#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# papsim-mutants finds what is there to be found, and says so when it is not.
#   mutants_test.sh PAPSIM_MUTANTS STORIES
set -euo pipefail
mutants=$1
stories=$2

fail() {
  echo "$1" >&2
  exit 1
}

# exits STATUS WORDS ARGUMENT...: it ends so, and says that.
exits() {
  local wanted=$1 words=$2 status=0 said
  shift 2
  said=$("$mutants" "$@" 2>&1) || status=$?
  [ "$status" -eq "$wanted" ] || fail "papsim-mutants $*: exit $status, not $wanted: $said"
  grep -qF -- "$words" <<<"$said" || fail "papsim-mutants $*: does not say \"$words\": $said"
}

exits 0 "1 of 1 mutants caught" "$stories/death.yaml" --only slack_forgotten
# A story in which nothing of the kind happens.
exits 1 "not caught" "$stories/death.yaml" --only key_renewed
# A story that fails without a mutant.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=$work/wrong.yaml
sed 's/AGENT_DEATH:.*/AGENT_DEATH: none}/' "$stories/death.yaml" >"$wrong"
exits 1 "not silent" "$wrong" --only slack_forgotten
exits 64 'no mutant "nobody"' "$stories/death.yaml" --only slack_forgotten --only nobody
exits 64 "PATH" --only slack_forgotten
exits 64 "1 to 256" "$stories/death.yaml" --jobs 99999
# What stands behind --only NAME is a path, and a name may come twice.
exits 0 "1 of 1 mutants caught" --only slack_forgotten --only slack_forgotten "$stories/death.yaml"
exits 0 "slack_forgotten" --list

# A table that nobody can read is none.
status=0
"$mutants" --list >/dev/full 2>"$work/said" || status=$?
[ "$status" -eq 3 ] || fail "a full disk: exit $status, not 3"
grep -q "cannot write to stdout" "$work/said" || fail "does not say that stdout cannot be written"

# papsim's commands, around a core with a fault.
exits 1 "fail    S1:" --plant slack_forgotten replay "$stories/death.yaml" --seed 1
exits 64 'no mutant "nobody"' --plant nobody replay "$stories/death.yaml"

# Ctrl-C ends what runs, and gives what there is. Without it this would take hours.
sed 's/for: [0-9a-z]*/for: 3650d/' "$stories/death.yaml" >"$work/endless.yaml"
"$mutants" --jobs 2 --only slack_forgotten "$work/endless.yaml" >"$work/said" 2>&1 &
parent=$!
until children=$(pgrep -P $parent | tr '\n' ' ') && [ "$(wc -w <<<"$children")" -eq 2 ]; do
  kill -0 $parent || fail "papsim-mutants ended by itself: $(cat "$work/said")"
done
kill -INT $parent
status=0
wait $parent || status=$?
[ "$status" -eq 130 ] || fail "Ctrl-C: exit $status, not 130: $(cat "$work/said")"
grep -q "^slack_forgotten .*  stopped$" "$work/said" || fail "no table: $(cat "$work/said")"
for child in $children; do
  if kill -0 "$child" 2>/dev/null; then fail "Ctrl-C left process $child behind"; fi
done
