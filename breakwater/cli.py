"""`breakwater …`: run, train and look after the service. Exit code 0 means done, anything else says why."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from breakwater.settings import ROOT, Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from breakwater.storage.store import Store

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Breakwater: support for people who are being sextorted."
)
people = typer.Typer(no_args_is_help=True, help="The people at the desk.")
app.add_typer(people, name="counsellor")


def _settings() -> Settings:
    try:
        settings = load_settings()
        if settings.page_first:
            from breakwater.pager import Pager

            Pager(settings)  # an address that reaches nobody must not be found out at night
        return settings
    except SettingsError as error:
        _fail(str(error))


def _fail(why: str) -> NoReturn:
    typer.secho(why, fg="red", err=True)
    raise typer.Exit(1)


def _quieted() -> None:
    """What Rasa's own libraries warn of would hide what we say. To be called before Rasa is imported."""
    import warnings

    from breakwater.training import RASA_ENVIRONMENT

    os.environ.update(RASA_ENVIRONMENT)
    warnings.showwarning = lambda *_, **__: None  # a filter would be undone by Sanic


@app.command()
def up() -> None:
    """Run the whole system on this machine until Ctrl-C."""
    from breakwater.up import Up, UpError

    try:
        Up(_settings()).run()
    except UpError as error:
        _fail(str(error))


@app.command()
def train(
    if_needed: Annotated[bool, typer.Option(help="Only when data, wording or pipeline changed.")] = False,
) -> None:
    """Train the assistant from `data/`, `domain.yml` and `config.yml`."""
    from breakwater.training import TrainingError, train_assistant

    try:
        train_assistant(ROOT, only_if_needed=if_needed)
    except TrainingError as error:
        _fail(str(error))


@app.command()
def gateway() -> None:
    """Run the gateway alone (the assistant runs elsewhere)."""
    import uvicorn

    from breakwater.app import Gateway, create_app
    from breakwater.assistant.client import Assistant
    from breakwater.channels.web import FRAME_BYTES

    settings = _settings()
    made = Gateway(settings, Assistant(f"http://127.0.0.1:{settings.rasa_port}"))
    uvicorn.run(
        create_app(made), host=settings.host, port=settings.port, ws="wsproto", ws_max_size=FRAME_BYTES,
        ws_ping_interval=30.0, access_log=False, log_level="warning", server_header=False, timeout_graceful_shutdown=3,
    )  # fmt: skip


@app.command()
def demo() -> None:
    """Show a page that embeds the chat, on a port of its own."""
    import uvicorn

    from breakwater.demo import demo_app

    settings = _settings()
    uvicorn.run(
        demo_app(settings), host="127.0.0.1", port=settings.demo_port, ws="none", access_log=False, log_level="warning",
        server_header=False,
    )  # fmt: skip


@app.command()
def understand(
    text: Annotated[list[str] | None, typer.Argument(help="What a person might write.")] = None,
    file: Annotated[str | None, typer.Option(help="Messages as JSONL: `id`, `text`, `context`. `-`: typed in.")] = None,
    today: Annotated[str | None, typer.Option(help="The day for birth years, such as 2026-11-21.")] = None,
    question: Annotated[str | None, typer.Option(help="The kind of the bot's last question, such as `age`.")] = None,
) -> None:
    """Show what the trained assistant reads in messages, one JSON object a line. Nothing is stored."""
    _quieted()
    from breakwater.evaluation.lines import BadLine
    from breakwater.evaluation.understand import Understanding, as_json, opened, typed

    if not text and not file:
        _fail("Say what to read: a text, or --file with messages.")
    try:
        raw = opened(file) if file else typed(text or ())
        assistant = Understanding.load(ROOT)
        lines = assistant.lines(raw, question, _day(today))
    except (OSError, ValueError) as error:
        _fail(str(error))
    lost = 0
    typing = file == "-"  # then each line is answered before the next is there
    for read in map(assistant.one, lines) if typing else assistant.records(lines):
        if isinstance(read, BadLine):
            lost += 1
            typer.secho(str(read), fg="red", err=True)
        else:
            typer.echo(as_json(read))
    if lost:
        _fail(f"{lost} of the lines could not be read; all others were.")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled messages as JSONL (docs/understanding.md).")],
    baseline: Annotated[str | None, typer.Option(help="`stock`: beside a stock Rasa bot, trained in minutes.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write all figures there.")] = None,
    card: Annotated[Path | None, typer.Option(help="Write the figures into this model card.")] = None,
    name: Annotated[str | None, typer.Option(help="What to call the set; else the file's name.")] = None,
    today: Annotated[str | None, typer.Option(help="The day for birth years, such as 2026-11-21.")] = None,
    misses: Annotated[bool, typer.Option(help="Show the messages that were misread.")] = False,
) -> None:
    """Measure what the trained assistant understands of labelled messages."""
    _quieted()
    from breakwater.evaluation.report import as_text, misses_as_text
    from breakwater.evaluation.run import evaluated, write_card, write_json

    if baseline not in (None, "stock"):
        _fail("The only baseline is `stock`.")
    try:
        found = evaluated(ROOT, file, name or file.stem, _day(today), with_stock=baseline == "stock")
    except (OSError, ValueError, RuntimeError) as error:
        _fail(str(error))
    typer.echo(as_text(found))
    if misses:
        typer.echo("\n" + misses_as_text(found))
    if json_out:
        write_json(found, json_out)
    if card:
        write_card(ROOT, found, card)
    if found.lost:
        _fail(f"{len(found.lost)} of the lines could not be read; the figures are of all others.")


def _day(written: str | None) -> date:
    from breakwater.evaluation.lines import day_of

    return day_of(written) if written else datetime.now(timezone.utc).date()


@app.command()
def rehearse(
    dialogues: Annotated[Path, typer.Argument(help="Scripted dialogues as YAML.")],
    labels: Annotated[Path | None, typer.Option(help="What their labels mean; else `labels.yaml` beside them.")] = None,
    url: Annotated[str | None, typer.Option(help="A running service; else a private one is started.")] = None,
    counsellor: Annotated[bool, typer.Option(help="Whether somebody is at the private desk.")] = True,
    out: Annotated[Path | None, typer.Option("--json", help="Write everything that happened there.")] = None,
) -> None:
    """Play scripted dialogues through the web chat and check what was said."""
    from breakwater.rehearsal.rehearse import rehearsal

    raise typer.Exit(rehearsal(dialogues, labels, url, counsellor, out, typer.echo))


@app.command()
def paths() -> None:
    """Write `docs/paths.md`: all that can be said, in which order, and what of it is reviewed."""
    from breakwater.support.paths import write_paths

    typer.echo(f"Written: {write_paths(ROOT).relative_to(ROOT)}.")


@app.command()
def erase(number: Annotated[int, typer.Argument(help="The case's number, as the desk shows it.")]) -> None:
    """Erase one conversation, at once and for good; on Telegram also the messages that can still be deleted there."""
    from breakwater.app import Gateway
    from breakwater.assistant.client import Assistant

    async def work() -> bool:
        made = Gateway(_settings(), Assistant("http://127.0.0.1"))
        conversation = await made.chats.by_number(number)
        if conversation is None:
            _fail(f"There is no case {number}. It may have been erased already.")
        if made.telegram:
            return await made.telegram.erase(made.erasure, conversation)
        await made.erasure.erase(conversation)
        return True

    if not asyncio.run(work()):
        _fail(f"Case {number} is erased here, but Telegram did not answer: what stands in that chat is still there.")
    typer.echo(f"Case {number} is erased.")


@app.command()
def page() -> None:
    """Call everybody on call once, for trying, and say who was reached; 1 when somebody was not."""
    from breakwater.pager import FIRST, SECOND, Pager

    pager = Pager(_settings())
    people = [who for who in (FIRST, SECOND) if pager.has(who)]
    if not people:
        _fail("Nobody is on call: set BREAKWATER_PAGE_FIRST, and BREAKWATER_PAGE_SECOND (docs/operations.md).")
    silent = [who for who in people if not pager.test(who)]
    for who in people:
        found = ("red", "NOT reached") if who in silent else ("green", "the message was taken; look whether it rang")
        typer.secho(f"{who:8} {found[1]}", fg=found[0])
    if silent:
        _fail("Look at the addresses of those in BREAKWATER_PAGE_FIRST and BREAKWATER_PAGE_SECOND.")


@app.command()
def doctor(
    page: Annotated[str, typer.Option(help="Address of a page that holds the chat, to look at instead.")] = "",
) -> None:
    """Look the helpline over and say what to do; 1 when something must not stay as it is."""
    from breakwater.doctor.examination import examine, examine_embedding

    findings = examine_embedding(page) if page else examine(_settings())
    for finding in findings:
        colour = {"ok": "green", "warning": "yellow", "error": "red"}[finding.level]
        typer.secho(f"{finding.level:8} {finding.what}", fg=colour)
        if finding.do:
            typer.echo(f"{'':8} {finding.do}")
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


@people.command("add")
def add_counsellor(
    login: str,
    name: Annotated[str, typer.Option(prompt="Name that people in the chat see")],
    role: Annotated[str, typer.Option(help="counsellor, supervisor or admin")] = "counsellor",
) -> None:
    """Add somebody to the desk; the password is asked for."""
    from breakwater.cases import counsellors
    from breakwater.desk.passwords import hashed
    from breakwater.storage.schema import migrate
    from breakwater.storage.times import utc_now

    store = _store()
    migrate(store)
    try:
        with store.engine.begin() as connection:
            counsellors.add(connection, login, name, role, asyncio.run(hashed(_new_password())), utc_now())
    except ValueError as error:
        _fail(str(error))
    typer.echo(f"{login} can sign in now.")


@people.command("reset")
def reset_counsellor(login: str) -> None:
    """Give somebody a new password."""
    from breakwater.cases import counsellors
    from breakwater.desk.passwords import hashed

    with _store().engine.begin() as connection:
        who = counsellors.by_login(connection, login)
        if who is None:
            _fail(f"There is nobody with the login {login}.")
        counsellors.sign_out(connection, who.id)
        counsellors.set_password_hash(connection, who.id, asyncio.run(hashed(_new_password())))
    typer.echo(f"{login} has a new password.")


@people.command("list")
def list_counsellors() -> None:
    """Who can sign in at the desk."""
    from breakwater.cases import counsellors

    with _store().engine.connect() as connection:
        for who in counsellors.everyone(connection):
            typer.echo(f"{who.login:20} {who.role:12} {who.name}{'' if who.active else '  (inactive)'}")


def _store() -> Store:
    from breakwater.storage.store import Store, engine_for

    settings = _settings()
    return Store(engine_for(settings.database), engine_for(settings.keys_database))


def _new_password() -> str:
    first = (
        getpass.getpass("New password (12 characters or more): ")
        if sys.stdin.isatty()
        else sys.stdin.readline().strip()
    )
    if len(first) < 12:
        _fail("A password needs 12 characters or more.")
    if sys.stdin.isatty() and getpass.getpass("Once more: ") != first:
        _fail("The two passwords differ.")
    return first


if __name__ == "__main__":
    app(prog_name=Path(sys.argv[0]).name)
