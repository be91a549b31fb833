#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The collector through curl, as operators type it.
set -euo pipefail

collectord=${PAP_COLLECTORD:-${PAP_BIN_DIR:-build/release/bin}/collectord}
work=$(mktemp -d)
: >"$work/log"
failed=0
trap 'kill -KILL "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

CLUSTER_ID=is.plugged.in COLLECTOR_HOST=127.0.0.1 COLLECTOR_PORT=0 DRAIN_MS=0 \
  COLLECTOR_API_KEY='open sesame' "$collectord" >"$work/log" &
pid=$!
until port=$(grep -oP '\bstarted\b.*\bport=\K\d+' "$work/log"); do
  kill -0 "$pid" || { cat "$work/log"; exit 1; }
  sleep 0.02  # poll
done
url=http://127.0.0.1:$port

# expect <what> <expected> <actual>
expect() {
  if [[ $3 == "$2" ]]; then return; fi
  printf 'FAILED %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3"
  failed=1
}
status() { curl -sS -o "$work/body" -w '%{http_code}' "$@"; }

beat='{"mode":"IDLE","uptime_seconds":3600,"agent_name":"my-agent"}'
new='{"received":true,"is_new":true,"restart_detected":false,"next_heartbeat_ms":30000}'
known='{"received":true,"is_new":false,"restart_detected":false,"next_heartbeat_ms":30000}'

expect "a heartbeat" "$new" \
  "$(curl -sS "$url/heartbeat/a" -H 'Content-Type: application/json' -d "$beat")"
expect "a heartbeat, as a form" "$known" "$(curl -sS "$url/heartbeat/a" -d "$beat")"
expect "a heartbeat, HTTP/1.0" "$known" "$(curl -sS -0 "$url/heartbeat/a" -d "$beat")"
expect "a heartbeat, chunked" "$known" \
  "$(curl -sS "$url/heartbeat/a" -H 'Transfer-Encoding: chunked' -d "$beat")"
expect "a heartbeat, with Expect" "$known" \
  "$(curl -sS "$url/heartbeat/a" -H 'Expect: 100-continue' -d "$beat")"
expect "a heartbeat, HTTP/2 offered" "$known" "$(curl -sS --http2 "$url/heartbeat/a" -d "$beat")"

expect "two requests on one connection" "1" \
  "$(curl -sSv "$url/ready" "$url/ready" 2>&1 >/dev/null | grep -c 'Re-using existing connection')"

expect "no key" 401 "$(status "$url/agents")"
expect "the key as a header" 200 "$(status "$url/agents" -H 'X-Collector-Key: open sesame')"
expect "the key as a bearer's" 200 \
  "$(status "$url/agents" -H 'Authorization: Bearer open sesame')"
expect "the key in the address" 200 \
  "$(status -G "$url/agents" --data-urlencode 'api_key=open sesame')"
expect "an unknown agent" 404 "$(status "$url/agents/none" -H 'X-Collector-Key: open sesame')"
expect "a removal" 200 "$(status -X DELETE "$url/agents/a" -H 'X-Collector-Key: open sesame')"
expect "HEAD" 200 "$(status -I "$url/metrics")"
expect "a wrong method" 405 "$(status "$url/heartbeat/a")"
expect "an unknown path" 404 "$(status "$url/nowhere")"

head -c 5000000 /dev/zero >"$work/large"
expect "5 MB" 413 "$(status "$url/heartbeat/a" --data-binary @"$work/large")"
expect "5 MB, unasked" 413 \
  "$(status "$url/heartbeat/a" -H 'Expect:' --data-binary @"$work/large")"
expect "5 MB, chunked" 413 \
  "$(status "$url/heartbeat/a" -H 'Transfer-Encoding: chunked' -H 'Expect:' \
    --data-binary @"$work/large")"
expect "a header of 60 kB" 431 \
  "$(status "$url/ready" -H "X-Long: $(head -c 60000 /dev/zero | tr '\0' x)")"

kill -TERM "$pid"
wait "$pid" && ended=0 || ended=$?
expect "its exit status" 0 "$ended"
exit $failed
