"""A Click program with one command: what starting any such program costs."""

import click


@click.command()
@click.option("--name", default="world", help="Whom to greet.")
def hello(name: str) -> None:
    """Greet somebody."""
    click.echo(f"Hello, {name}!")


if __name__ == "__main__":
    hello()
