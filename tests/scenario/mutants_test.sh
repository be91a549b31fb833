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
wrong=$(mktemp --suffix=.yaml)
trap 'rm -f "$wrong"' EXIT
sed 's/AGENT_DEATH:.*/AGENT_DEATH: none}/' "$stories/death.yaml" >"$wrong"
exits 1 "not silent" "$wrong" --only slack_forgotten
exits 64 "no mutant that --list has" "$stories/death.yaml" --only nobody
exits 64 "PATH" --only slack_forgotten
exits 0 "slack_forgotten" --list
