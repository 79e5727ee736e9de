"""`breakwater …`: run, train and look after the service. Exit code 0 means done, anything else says why."""

from __future__ import annotations

import asyncio
import getpass
import sys
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
        return load_settings()
    except SettingsError as error:
        _fail(str(error))


def _fail(why: str) -> NoReturn:
    typer.secho(why, fg="red", err=True)
    raise typer.Exit(1)


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
def understand(
    text: Annotated[list[str], typer.Argument(help="What a person might write.")],
    question: Annotated[str | None, typer.Option(help="The kind of the bot's last question, such as `age`.")] = None,
) -> None:
    """Show what the trained assistant reads in a message. Nothing is stored."""
    import json

    from breakwater.rasa.offline import offline_reader

    read = offline_reader(ROOT / "models")
    for message in text:
        typer.echo(json.dumps(read(message, question).as_json(), indent=1, ensure_ascii=False))


@app.command()
def erase(number: Annotated[int, typer.Argument(help="The case's number, as the desk shows it.")]) -> None:
    """Erase one conversation, at once and for good."""
    from breakwater.app import Gateway
    from breakwater.assistant.client import Assistant

    async def work() -> bool:
        made = Gateway(_settings(), Assistant("http://127.0.0.1"))
        conversation = await made.chats.by_number(number)
        if conversation:
            await made.erasure.erase(conversation)
        return conversation is not None

    if not asyncio.run(work()):
        _fail(f"There is no case {number}. It may have been erased already.")
    typer.echo(f"Case {number} is erased.")


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
