# Completes commands and options of apify-orchestrator, from its own --help.
_apify_orchestrator() {
  local word=${COMP_WORDS[COMP_CWORD]} help
  if ((COMP_CWORD == 1)); then
    help=$("$1" --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/p' |
      awk '/^  [a-z]/ {print $1}')
    mapfile -t COMPREPLY < <(compgen -W "$help --help --version" -- "$word")
  elif [[ $word == -* ]]; then
    help=$("$1" "${COMP_WORDS[1]}" --help 2>/dev/null |
      grep -oE -- '^ +(-[a-z],)?--[a-z-]+' | grep -oE -- '--[a-z-]+')
    mapfile -t COMPREPLY < <(compgen -W "$help" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _apify_orchestrator apify-orchestrator
