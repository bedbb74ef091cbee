/**
 * What each shell reads. All ask `fauxlm completion words`, so a script that is there needs no renewing when flags
 * come; an answer that is empty means files.
 */
export const completionScripts = {
  bash: `# fauxlm's command lines in bash
_fauxlm() {
  local IFS=$'\\n'
  COMPREPLY=($(fauxlm completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _fauxlm fauxlm
`,
  zsh: `# fauxlm's command lines in zsh
_fauxlm() {
  local -a found
  found=("\${(@f)$(fauxlm completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
compdef _fauxlm fauxlm
`,
  fish: `# fauxlm's command lines in fish
function __fauxlm_words
  set -l typed (commandline -opc)
  fauxlm completion words -- $typed[2..-1] (commandline -ct) 2>/dev/null
end
complete -c fauxlm -a '(__fauxlm_words)'
`,
} as const;

export type Shell = keyof typeof completionScripts;
