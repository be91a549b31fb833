#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A swarm finds a fault that is there, and leaves a small scenario that fails by itself.
#   swarm_finds_test.sh PAPSIM_MUTANTS
set -euo pipefail
mutants=$1
mutant=health_mark_stuck # met by two or so of the first 64 seeds

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "$1" >&2
  cat "$work/said" >&2
  exit 1
}

# ends_with STATUS ARGUMENT...: papsim with that fault does; what it said is in $work/said.
ends_with() {
  local wanted=$1 status=0
  shift
  "$mutants" --plant $mutant "$@" >"$work/said" 2>&1 || status=$?
  [ "$status" -eq "$wanted" ] || fail "papsim $*: exit $status, not $wanted"
}

# One batch is run, however short the time.
ends_with 1 swarm --for 1ms --cases "$work/the cases"
cp "$work/said" "$work/swarm"
grep -q " failed$" "$work/said" || fail "does not say how many failed"
found=0
for case in "$work/the cases/"*.yaml; do
  found=$((found + 1))
  name=$(basename "$case" .yaml)
  size=$(grep -A1 "^fail    $name " "$work/swarm" | sed -n 's/.*shrunk to //p')
  read -r entries _ agents _ <<<"$size"
  [ "$entries" -le 3 ] && [ "$agents" -le 5 ] || fail "$name is not small: $size"
  repeat=$(grep -A2 "^fail    $name " "$work/swarm" | sed -n 's/^ *repeat: //p')
  [ "$repeat" = "papsim replay '$case' --seed ${name#swarm-}" ] || fail "to repeat it: $repeat"
  ends_with 1 replay "$case"
  grep -q "^    fail    S13" "$work/said" || fail "$name does not break S13"
  grep -q "about: .*Found by a swarm with seed ${name#swarm-} .*breaks S13" "$case" ||
    fail "$name does not say what it is"
done
[ "$found" -gt 0 ] || fail "no case was written"

# Where no file can be, that is known before anything runs.
ends_with 3 swarm --for 1h --cases /dev/null/cases
grep -q "cannot write into /dev/null/cases: Not a directory" "$work/said" || fail "does not say why"

# Where the disk is full, the case stands in the output.
mkdir "$work/full"
for seed in $(seq 63 400); do ln -s /dev/full "$work/full/swarm-$seed.yaml"; done
ends_with 1 swarm --for 1ms --seed 63 --shrink-for 1s --cases "$work/full"
grep -q "cannot write $work/full/swarm-[0-9]*.yaml: No space left" "$work/said" ||
  fail "does not say why"
awk '/^papsim: 1$/ { on = 1 } /^$/ && on { exit } on' "$work/said" >"$work/printed.yaml"
ends_with 1 replay "$work/printed.yaml"

# Of what nearly every seed finds ten are kept; the others are named.
mutant=names_nobody
ends_with 1 swarm --for 1ms --shrink-for 1ms --cases "$work/many"
failed=$(sed -n 's/^\([0-9]*\) failed$/\1/p' "$work/said")
kept=$(find "$work/many" -name '*.yaml' | wc -l)
named=$(grep -c '^  papsim swarm --print --seed [0-9]*$' "$work/said")
[ "$kept" -eq 10 ] && [ "$failed" -eq $((kept + named)) ] ||
  fail "of $failed failures $kept are kept and $named named"
