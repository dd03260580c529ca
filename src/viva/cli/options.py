"""Options that several commands share, each said in the same words everywhere."""

from pathlib import Path

import click

data_option = click.option(
    "--data", type=click.Path(path_type=Path), metavar="DIR", help="Data folder (else VIVA_DATA, else the user's own)."
)
bank_option = click.option(
    "--bank",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    multiple=True,
    help="A further folder of questions and tracks; may be given several times.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
