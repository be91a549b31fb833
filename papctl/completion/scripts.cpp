// SPDX-License-Identifier: MIT
#include "papctl/completion/scripts.hpp"

namespace pap::ctl {

// Bash cuts words at what COMP_WORDBREAKS holds, as the = of --output=json and the : of an address;
// papctl is told whole ones, and gives whole ones back, of which Bash wants what follows its cut.
const std::string_view kBashScript = R"script(# bash completion for papctl: papctl completion bash
_papctl() {
  local -a words=() lines=()
  local program=${COMP_WORDS[0]/#\~/$HOME} line=${COMP_LINE:0:COMP_POINT}
  read -ra words <<<"$line"
  [[ $line == *[[:blank:]] ]] && words+=("")
  local cur=${words[-1]-} cut='' rest kind word
  mapfile -t lines < <("$program" __complete "${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  ((${#lines[@]} > 0)) || return 0
  kind=${lines[-1]}
  unset 'lines[-1]'

  rest=${cur##*[=:]}
  if [[ $cur == *[=:]* && $COMP_WORDBREAKS == *"${cur:$((${#cur} - ${#rest} - 1)):1}"* ]]; then
    cut=${cur%"$rest"}
  fi
  for line in "${lines[@]}"; do
    word=${line%%$'\t'*}
    printf -v word '%q' "${word#"$cut"}"
    # Only where they are listed, and nothing is typed, there is room for what they are about.
    if [[ ${COMP_TYPE-} == 63 && $line == *$'\t'* && ${#lines[@]} -gt 1 ]]; then
      printf -v word '%-30s  (%s)' "$word" "${line#*$'\t'}"
      word=${word:0:$((${COLUMNS:-80} - 2))}
    fi
    COMPREPLY+=("$word")
  done
  case $kind in
    :files)
      compopt -o filenames 2>/dev/null
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$rest")
      ;;
    :nospace) compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
complete -o nosort -F _papctl papctl
)script";

const std::string_view kZshScript = R"script(#compdef papctl
# zsh completion for papctl: papctl completion zsh
_papctl() {
  local -a lines candidates
  local line kind word about
  lines=("${(@f)$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  kind=${lines[-1]}
  for line in "${(@)lines[1,-2]}"; do
    word=${line%%$'\t'*}
    about=
    [[ $line == *$'\t'* ]] && about=${line#*$'\t'}
    candidates+=("${word//:/\\:}${about:+:$about}")
  done
  if (( ${#candidates} )); then
    if [[ $kind == :nospace ]]; then
      _describe -V papctl candidates -S ''
    else
      _describe -V papctl candidates
    fi
  fi
  if [[ $kind == :files ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    _files
  fi
}
# Read from a folder of $fpath it is the function itself; read by `source`, it is made known.
if [[ ${funcstack[1]-} == _papctl ]]; then
  _papctl "$@"
elif (( ${+functions[compdef]} )); then
  compdef _papctl papctl
fi
)script";

const std::string_view kFishScript = R"script(# fish completion for papctl: papctl completion fish
function __papctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    test (count $lines) -gt 0; or return
    set -l kind $lines[-1]
    set -e lines[-1]
    test (count $lines) -gt 0; and printf '%s\n' $lines
    if test "$kind" = ":files"
        set -l before (string match -r -- '^--[^=]*=' $current)
        for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $current))
            printf '%s\n' "$before$path"
        end
    end
end
complete -c papctl -e
complete -c papctl -f -k -a '(__papctl_complete)'
)script";

}  // namespace pap::ctl
