"""`hubbub doctor`: what works, what is missing, and what to do about it."""

from streams.cli.options import AsJson, Data


def doctor(data: Data = None, as_json: AsJson = False) -> None:
    """Look at Kafka, ClickHouse, the settings and what is installed; exit code 2 if something needed fails.

    With --data: at the database in that folder, and at the Kafka of the hubbub up that runs there.

    Example: hubbub doctor --data .hubbub
    """
    from rich.table import Table

    from schemas.errors import BadInput, Stop
    from schemas.settings import load_settings
    from streams.cli.checkup import FAIL, Finding, checkup, shown_settings
    from streams.cli.screen import stdout, write, write_json

    try:
        settings = load_settings()
    except BadInput as error:
        findings, shown = [Finding("settings", FAIL, str(error))], {}
    else:
        findings, shown = list(checkup(settings, data)), shown_settings(settings)
    failed = sum(finding.state == FAIL for finding in findings)
    if as_json:
        checks = [finding.as_object() for finding in findings]
        write_json({"ok": not failed, "checks": checks, "settings": shown})
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        for finding in findings:
            table.add_row(finding.mark, finding.what, finding.text)
        stdout().print(table)
        write("\nSettings, from the environment and .env:")
        for name, value in shown.items():
            write(f"  {name}={value}")
    if failed:
        raise Stop(f"{failed} of {len(findings)} checks failed")
