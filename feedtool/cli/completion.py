"""feedtool completion: the scripts of Click, and one for PowerShell."""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

from ..finding import N_
from .options import Settings, global_options

VARIABLE = "_FEEDTOOL_COMPLETE"
"""By which the script of a shell asks; Click's own name for a program that is called feedtool."""

_PLACES = {
    "bash": N_("To have it in every shell:  mkdir -p ~/.local/share/bash-completion/completions "
               "&& feedtool completion bash > "
               "~/.local/share/bash-completion/completions/feedtool"),
    "zsh": N_("To have it in every shell:  feedtool completion zsh > ~/.feedtool-complete.zsh  , "
              "and add to ~/.zshrc:  source ~/.feedtool-complete.zsh"),
    "fish": N_("To have it in every shell:  mkdir -p ~/.config/fish/completions && "
               "feedtool completion fish > ~/.config/fish/completions/feedtool.fish"),
    "powershell": N_("To have it in every shell:  feedtool completion powershell >> $PROFILE"),
}  # fmt: skip


@add_completion_class
class PowerShell(ShellComplete):
    """PowerShell: what is typed comes in a variable, a proposal goes out on each line."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $at)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_LINE = $line.ToString().Substring(0, [Math]::Min($at, $line.ToString().Length))
    $env:COMP_WORD = $word
    %(prog_name)s | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        $quoted = if ($value -match "\\s") { "'$value'" } else { $value }
        $kind = [System.Management.Automation.CompletionResult]
        $kind::new($quoted, $value, "ParameterValue", $help)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_LINE, Env:COMP_WORD
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        word = os.environ.get("COMP_WORD", "")
        typed = click.shell_completion.split_arg_string(os.environ.get("COMP_LINE", ""))[1:]
        return (typed[:-1] if word and typed else typed), word

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_PLACES)))
@global_options
@click.pass_obj
def command(settings: Settings, shell: str) -> None:
    """Print the script by which a shell completes commands, options, episodes and findings.

    \b
    Examples:
      mkdir -p ~/.local/share/bash-completion/completions
      feedtool completion bash > ~/.local/share/bash-completion/completions/feedtool
      mkdir -p ~/.config/fish/completions
      feedtool completion fish > ~/.config/fish/completions/feedtool.fish
    """
    console = settings.console()
    kind: Any = get_completion_class(shell)
    program = click.get_current_context().find_root().command
    script = kind(program, {}, "feedtool", VARIABLE).source()
    console.result(script.strip("\n"))
    console.aside(console.text(_PLACES[shell]))
    console.document(ok=True, more={"shell": shell, "script": script})
