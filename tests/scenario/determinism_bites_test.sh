#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# determinism_test.sh against a program whose 1000th event is another one: it must fail, and show
# that event.
#   determinism_bites_test.sh PAPSIM SCENARIO
set -euo pipefail
papsim=$1
scenario=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/other" <<EOF
#!/usr/bin/env bash
if [ "\$1" = events ]; then
  "$papsim" "\$@" | sed '1000s/^[0-9]*/77/'
else
  "$papsim" "\$@"
  sed -i '0,/"digest": "/s//&x/' "\${@: -1}"
fi
EOF
chmod +x "$folder/other"
test=$(dirname "$0")/determinism_test.sh
if "$test" --against "$folder/other" "$papsim" "$scenario" >"$folder/said"; then
  echo "it did not notice"
  exit 1
fi
cat "$folder/said"
grep -q "part at event 1000;" "$folder/said"
grep -q "^77 " "$folder/said"
"$test" --against "$papsim" "$papsim" "$scenario"
