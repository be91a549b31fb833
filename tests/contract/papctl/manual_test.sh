#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each manual page is one that groff, man and mandoc find nothing wrong with.
set -euo pipefail
papctl=$PAP_BIN_DIR/papctl
for tool in mandoc groff; do
  command -v "$tool" >/dev/null || { echo "no $tool: scripts/setup installs it"; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$papctl" man >"$folder/papctl.1"
mapfile -t pages < <(grep -oP '^\.BR \Kpapctl\S+' "$folder/papctl.1" | tr -d '\\')
[ ${#pages[@]} -ge 10 ]
for page in "${pages[@]}"; do
  name=${page#papctl-}
  # A group and its command, or a command of one word: which has dashes of its own is tried.
  "$papctl" man "${name/-/ }" >"$folder/$page.1" 2>/dev/null ||
    "$papctl" man "$name" >"$folder/$page.1"
done

failed=0
# The build writes them all.
built=$PAP_BIN_DIR/../papctl/man
[ ! -e "$built/papctl.1" ] || diff <(ls "$folder") <(ls "$built") || failed=1
for page in "$folder"/*.1; do
  # What they have to say is what counts, not how they end.
  said=$(mandoc -T lint -W style "$page" 2>&1 || true
         groff -ww -man -T utf8 "$page" 2>&1 >/dev/null)
  [ -z "$said" ] || { echo "$said"; failed=1; }
  # What is looked up by apropos(1) is there.
  grep -qE "^$(basename "$page" .1 | sed 's/-/\\\\-/g') \\\\-$" "$page" ||
    { echo "$page: no name"; failed=1; }
done
exit $failed
