#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# papsim's commands that go over sockets, from outside: load, capacity, null-server, station,
# compare, and what a replay against a collector refuses.
set -euo pipefail
cd "$(dirname "$0")/../../.."

work=$(mktemp -d)
running=()
clean_up() {
  [ ${#running[@]} -eq 0 ] || kill -KILL "${running[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

fail() { echo "$1" >&2; tail -n 20 "$work"/*.txt >&2 || true; exit 1; }

papsim=$PAP_BIN_DIR/papsim

# What <command> prints as soon as it succeeds.
await() {
  local found tries=0
  until found=$("$@"); do
    [ $((tries += 1)) -lt 600 ] || fail "never: $*"
    sleep 0.1
  done
  echo "$found"
}
match() { sed -nE "s~.*$2.*~\1~p" "$work/$1" | head -n 1 | grep .; }

# Its status is one of these.
ends_with() {
  local wanted=$1 status=0
  shift
  "$@" >"$work/out.txt" 2>"$work/err.txt" || status=$?
  [[ " $wanted " == *" $status "* ]] || fail "status $status instead of $wanted: $*"
}
says() { grep -qF -- "$1" "$work/out.txt" "$work/err.txt" || fail "does not say: $1"; }

env -i PATH="$PATH" CLUSTER_ID=load COLLECTOR_HOST=127.0.0.1 COLLECTOR_PORT=0 \
  "$PAP_BIN_DIR/collectord" >"$work/collectord.txt" 2>&1 &
running+=($!)
port=$(await match collectord.txt '\bstarted\b.*\bport=([0-9]+)')
collector=http://127.0.0.1:$port

# A fleet comes, is measured, and is gone again. (3: this machine was too slow to say anything.)
ends_with "0 3" "$papsim" load "$collector" --agents 50 --mode-mix EMERGENCY:60%,IDLE:40% \
  --for 6s --connections kept --json "$work/load.json" --report "$work/load.html"
says "own lag"
says "CPU"
python3 - "$work/load.json" <<'EOF' || fail "the figures of the load are not as they should be"
import json, sys
report = json.load(open(sys.argv[1]))
live = report["live"]
assert live["planned"] == live["sent"] == live["accepted"] > 30, live
assert live["statuses"] == {"200": live["accepted"]}, live
assert sum(s["accepted"] for s in report["seconds"]) > 30, report["seconds"]
EOF
grep -q '"papsim_measured"' "$work/load.html" || fail "the page of the load has no figures in it"
curl -sf "$collector/agents" | grep -qF '"total":0' || fail "the load left agents behind"

ends_with 64 "$papsim" load "$collector" --mode-mix IDLE:60%
says "60%"
ends_with 64 "$papsim" load ftp://nowhere
says "http://"

# A capacity is asked for with a collector, and limits that can be kept.
ends_with 64 "$papsim" capacity
says "--spawn PROGRAM"
ends_with 64 "$papsim" capacity "$collector" --cpu 200m
says "give --spawn"
ends_with 64 "$papsim" capacity --spawn collectord --cpu 200mm
says "200mm"
ends_with 64 "$papsim" capacity --spawn collectord --memory lots
says "lots"
ends_with 64 "$papsim" capacity --spawn collectord --mode-mix LAZY:100%
says "LAZY"

# What a generator is proved against answers every heartbeat alike, and ends when it is told to.
"$papsim" null-server >"$work/null.txt" 2>&1 &
nobody=$!
running+=("$nobody")
null=$(await match null.txt '^listening on (http.*)$')
curl -sf -X POST -H 'Content-Type: application/json' -d '{"mode":"IDLE","uptime_seconds":1}' \
  "$null/heartbeat/a" | grep -qF '"received":true' || fail "no receipt from the null server"
curl -sf "$null/health" >/dev/null || fail "the null server is not healthy"
kill -INT "$nobody"
status=0
wait "$nobody" || status=$?
[ "$status" -eq 130 ] || fail "the null server ends with status $status"
ends_with 3 "$papsim" null-server --port "$port"
says "papsim: cannot listen on 127.0.0.1:$port: Address already in use"

# Nobody is there: the harness could not do its work.
ends_with 3 "$papsim" load http://127.0.0.1:1 --agents 1 --for 1s
says "does not answer GET /health"

# What cannot be done to a collector that is there is named before anything starts.
ends_with 64 "$papsim" replay scenarios/live/collector_paused.yaml --against "$collector"
says "stall: only a collector that papsim started can be stopped"
ends_with 64 "$papsim" replay scenarios/fast/wall_clock_back.yaml --spawn "$PAP_BIN_DIR/collectord"
says "virtual time only"
ends_with 64 "$papsim" replay scenarios/live/death.yaml --spawn x --against "$collector"
says "exclude each other"
ends_with 3 "$papsim" replay scenarios/live/death.yaml --spawn "$work/no-such-program"
says "does not answer GET /health"

# The Station as a program: it answers as it is told, and keeps a record.
"$papsim" station --any-id --status 503 --retry-after 7s --record "$work/record.jsonl" \
  >"$work/station.txt" 2>&1 &
station=$!
running+=($station)
url=$(await match station.txt '^listening on (http.*)$')
alert='{"type":"AGENT_DEATH","agent_uuid":"pod-1","agent_name":"pod-1","cluster_id":"c",
"severity":"critical","details":{"missed_intervals":2,"last_seen":"2026-11-24T14:30:13.042Z",
"mode":"IDLE","uptime_before_death":3},"timestamp":"2026-11-24T14:30:13.042Z"}'
curl -s -i -H 'Content-Type: application/json' -d "$alert" "$url" >"$work/out.txt"
says "503 Service Unavailable"
says "Retry-After: 7"
await grep -F 'AGENT_DEATH  critical  pod-1' "$work/station.txt" >/dev/null
kill -TERM $station
wait $station || fail "the Station does not end well"
python3 -c 'import json, sys; assert json.loads(open(sys.argv[1]).read())["status"] == 503' \
  "$work/record.jsonl" || fail "the record does not hold the alert"

ends_with 3 "$papsim" station --port "$port"
says "papsim: cannot listen on 127.0.0.1:$port: Address already in use"
ends_with 64 "$papsim" station --limit 0
says "takes a whole number from 1 to 4294967295, not \"0\""
ends_with 64 "$papsim" station --hang --reset
says "one kind of trouble"
ends_with 64 "$papsim" station --slow soon
says '"soon"'
ends_with 64 "$papsim" station --record /no/such/folder/file
says "cannot write"

# A run is as far from itself as it can be: not at all. And from another one it is.
"$papsim" replay scenarios/live/death.yaml --json "$work/one.json" >/dev/null 2>&1
"$papsim" replay scenarios/live/death.yaml --seed 2 --json "$work/two.json" >/dev/null 2>&1
ends_with 0 "$papsim" compare "$work/one.json" "$work/one.json"
says "distance 0.00"
sed -i 's/"seed": 2/"seed": 1/' "$work/two.json"
ends_with 1 "$papsim" compare "$work/one.json" "$work/two.json"
says "10 differ"
ends_with 64 "$papsim" compare "$work/one.json" "$work/station.txt"
says "is no JSON"
echo '{"scenarios": [{"name": 7, "seeds": "none"}]}' >"$work/other.json"
ends_with 64 "$papsim" compare "$work/one.json" "$work/other.json"
says "papsim: $work/other.json is no JSON"
ends_with 64 "$papsim" compare "$work/one.json" "$work/nowhere.json"
says "cannot read $work/nowhere.json: No such file"
