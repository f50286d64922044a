"""Print the script with which a shell completes what is typed."""

from __future__ import annotations

import click

from commands.common import output
from commands.common.options import command

SHELLS = ("bash", "zsh", "fish")
_INSTALL = {
    "bash": "blogdex completion bash > ~/.local/share/bash-completion/completions/blogdex",
    "zsh": "blogdex completion zsh > ~/.zfunc/_blogdex   (with fpath+=~/.zfunc before compinit)",
    "fish": "blogdex completion fish > ~/.config/fish/completions/blogdex.fish",
}


@command("Print what a shell needs for the Tab key.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script with which a shell completes commands, options, topics, authors and posts.

    \b
    Example:
      blogdex completion bash
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = context.find_root()
    click.echo(made(root.command, {}, "blogdex", "_BLOGDEX_COMPLETE").source())
    if output.on_terminal():
        output.say(f"To install it: {_INSTALL[shell]}")
