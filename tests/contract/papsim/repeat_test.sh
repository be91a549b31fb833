#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The command that repeats a run, copied from a report into a shell, does so whatever the names in
# it are; where both outputs go to one place their lines stay whole; and what is stopped says what
# it knows.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$PAP_BIN_DIR:$PATH"
cd "$work"

fail() { echo "$1" >&2; exit 1; }

# repeats STATUS ARGUMENT...: a replay that ends so, and the command that its report ends with, too.
repeats() {
  local wanted=$1 status=0 command
  shift
  papsim replay "$@" >first 2>first.err || status=$?
  [ "$status" -eq "$wanted" ] || fail "papsim replay $*: exit $status, not $wanted: $(cat first*)"
  command=$(sed -n 's/^    repeat: //p' first)
  [ -n "$command" ] || fail "papsim replay $*: no command to repeat it: $(cat first)"
  status=0
  sh -c "$command" >second 2>second.err || status=$?
  [ "$status" -eq "$wanted" ] || fail "$command: exit $status, not $wanted: $(cat second*)"
  # A leading dash gets ./ in front.
  sed -i 's~\./-~-~g' first second
  cmp -s first second || fail "$command: another report: $(diff first second)"
}

story='papsim: 1
name: wrong
about: A death that nobody expects.
run: {for: 3m}
fleet:
  pods: {count: 3}
timeline:
  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}
expect: {alerts: {AGENT_DEATH: none}}'
for name in plain.yaml 'my story.yaml' "it's.yaml" 'say "so".yaml' '$HOME*;&.yaml' '-dash.yaml'; do
  echo "$story" >"./$name"
  repeats 1 -- "$name"
done

# The summary on stderr comes after the whole report on stdout.
papsim replay . >both 2>&1 && fail "nothing failed"
[ "$(wc -c <both)" -gt 4096 ] || fail "a report that fits into one buffer"
tail -n 1 both | grep -qE '^6 scenarios, [0-9]+ heartbeats in ' || fail "torn: $(tail -n 2 both)"
[ "$(grep -c ' heartbeats in ' both)" -eq 1 ] || fail "more than one summary"

# Over sockets, with programs that are not there.
echo secret >"the key's file"
repeats 3 plain.yaml --spawn "$work/no such 'program' \$HOME" --key-file "the key's file"
repeats 3 plain.yaml --spawn=-x --connections kept

# A shrinking that is stopped within its first run, by its time or by Ctrl-C.
sed 's/for: 3m/for: 3650d/; s/count: 3/count: 1000/' plain.yaml >endless.yaml
status=0
papsim shrink endless.yaml --for 1s >out 2>err || status=$?
[ "$status" -eq 2 ] || fail "stopped by its time: exit $status, not 2: $(cat err)"
grep -q "stopped before it was known" err || fail "does not say that nothing is known: $(cat err)"
status=0
timeout --preserve-status -s INT 1 papsim shrink endless.yaml --for 1h >out 2>err || status=$?
[ "$status" -eq 130 ] || fail "Ctrl-C: exit $status, not 130: $(cat err)"
[ ! -s out ] || fail "a scenario is printed that nobody knows to fail"

# So does a replay that is stopped within its first scenario.
status=0
timeout --preserve-status -s INT 1 papsim replay endless.yaml plain.yaml --seed 1..3 --jobs 1 \
  --junit stopped.xml >out 2>err || status=$?
[ "$status" -eq 130 ] || fail "Ctrl-C: exit $status, not 130: $(cat err)"
grep -q "run: stopped before its end" out || fail "does not say what was stopped: $(cat out)"
grep -q "^not run: 5 seeds of 2 scenarios$" out || fail "does not say what was not run: $(cat out)"
grep -q 'skipped message="unknown: run: stopped before its end' stopped.xml ||
  fail "no reason in JUnit: $(cat stopped.xml)"
grep -q 'skipped message="not run: 3 seeds' stopped.xml ||
  fail "missing in JUnit: $(cat stopped.xml)"
