"""Sign-in, sessions, throttling, the first account, further people."""

from __future__ import annotations

import stat

import sqlalchemy as sa

from breakwater.desk import passwords
from breakwater.desk.first_run import create_setup_code, is_setup_code, setup_code
from breakwater.storage.tables import counsellors, sessions

from .conftest import PASSWORD, House, token


def test_signing_in_opens_the_queue_and_stores_only_a_hash(house: House) -> None:
    house.add("sam")
    client = house.signed_in("SAM ")
    assert client.get("/desk/").status_code == 200
    row = house.write(lambda c: c.execute(sa.select(sessions)).one())
    assert client.cookies["desk"] not in (row.token_hash, row.csrf)
    stored = house.write(lambda c: c.scalar(sa.select(counsellors.c.password_hash)))
    assert stored.startswith("$argon2id$")


def test_the_cookie_is_closed_to_scripts_other_sites_and_other_paths(house: House) -> None:
    house.add("sam")
    client = house.browser()
    data = {"csrf": token(client), "login": "sam", "password": PASSWORD}
    cookie = client.post("/desk/sign-in", data=data).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/desk" in cookie


def test_over_https_the_cookie_is_bound_to_the_host(house: House) -> None:
    house.add("sam")
    object.__setattr__(house.desk, "secure_cookies", True)
    client = house.browser()
    page = client.get("/desk/sign-in")
    made = page.headers["set-cookie"].split("__Host-desk-form=")[1].split(";")[0]
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = client.post(
        "/desk/sign-in", data={"csrf": csrf, "login": "sam", "password": PASSWORD},
        headers={"cookie": f"__Host-desk-form={made}"},
    )  # fmt: skip
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-desk=")
    assert "Secure" in cookie and "Path=/;" in cookie and "Domain" not in cookie  # else browsers refuse it


def test_unknown_login_and_wrong_password_look_the_same(house: House) -> None:
    house.add("sam")
    client = house.browser()
    csrf = token(client)
    wrong = client.post("/desk/sign-in", data={"csrf": csrf, "login": "sam", "password": "x"})
    unknown = client.post("/desk/sign-in", data={"csrf": csrf, "login": "who", "password": "x"})
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("sam", "who") == unknown.text


def test_an_unknown_login_costs_a_password_check_too(house: House, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    house.add("sam")
    checked: list[str | None] = []
    real = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda s, p: (checked.append(s), real(s, p))[1])
    client = house.browser()
    client.post("/desk/sign-in", data={"csrf": token(client), "login": "nobody", "password": PASSWORD})
    assert checked == [None]
    assert not real(None, PASSWORD)


def test_after_five_tries_even_the_right_password_waits_and_the_wait_grows(house: House) -> None:
    house.add("sam")
    client = house.browser()
    csrf = token(client)

    def attempt(password: str) -> int:
        data = {"csrf": csrf, "login": "sam", "password": password}
        return client.post("/desk/sign-in", data=data).status_code

    assert [attempt("wrong") for _ in range(5)] == [403] * 5
    assert attempt(PASSWORD) == 429
    house.later(31)
    assert attempt("wrong") == 403
    house.later(31)
    assert attempt(PASSWORD) == 429  # the second wait is a minute
    house.later(30)
    assert attempt(PASSWORD) == 303
    assert attempt("wrong") == 403  # success has cleared the count


def test_sessions_end_after_half_an_hour_idle(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    for _ in range(3):
        house.later(29 * 60)
        assert client.get("/desk/").status_code == 200
    house.later(30 * 60)
    assert client.get("/desk/").status_code == 303


def test_sessions_end_after_twelve_hours_however_busy(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    for _ in range(35):
        house.later(20 * 60)
        assert client.get("/desk/").status_code == 200
    house.later(20 * 60)
    assert client.get("/desk/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    cookie = client.cookies["desk"]
    client.post("/desk/sign-out", data={"csrf": token(client, "/desk/")})
    assert client.get("/desk/", headers={"cookie": f"desk={cookie}"}).status_code == 303


def test_a_closed_account_is_out_at_once_and_cannot_sign_in(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    house.write(lambda c: c.execute(sa.update(counsellors).values(active=False)))
    assert client.get("/desk/").status_code == 303
    data = {"csrf": token(client), "login": "sam", "password": PASSWORD}
    assert client.post("/desk/sign-in", data=data).status_code == 403


def test_after_signing_in_only_pages_of_the_desk_are_opened(house: House) -> None:
    house.add("sam")
    goes_to = {"/desk/people": "/desk/people", "//evil.example": "/desk/", "/desk/../x": "/desk/"}
    for back, goes in goes_to.items():
        client = house.browser()
        data = {"csrf": token(client), "login": "sam", "password": PASSWORD, "next": back}
        assert client.post("/desk/sign-in", data=data).headers["location"] == goes


def test_the_first_account_needs_the_code_and_the_code_is_gone_after(house: House) -> None:
    client = house.browser()
    assert client.get("/desk/").headers["location"].startswith("/desk/sign-in")
    assert client.get("/desk/sign-in").headers["location"] == "/desk/set-up"
    assert "no set-up code yet" in client.get("/desk/set-up").text
    code = create_setup_code(house.desk.state_dir)
    form = {"csrf": token(client, "/desk/set-up"), "login": "ann", "name": "Ann"}
    form |= {"password": PASSWORD, "again": PASSWORD}
    assert client.post("/desk/set-up", data=form | {"code": "AAAA-BBBB-CCCC"}).status_code == 403
    assert client.post("/desk/set-up", data=form | {"code": code, "password": "short"}).status_code == 422
    assert client.post("/desk/set-up", data=form | {"code": code.lower()}).headers["location"] == "/desk/"
    assert client.get("/desk/people").status_code == 200  # signed in, as a supervisor
    assert setup_code(house.desk.state_dir) is None
    again = client.post("/desk/set-up", data=form | {"code": code, "login": "eve"})
    assert again.headers["location"] == "/desk/sign-in"
    assert house.write(lambda c: c.scalar(sa.select(sa.func.count()).select_from(counsellors))) == 1


def test_guessing_the_code_is_slowed_down(house: House) -> None:
    code = create_setup_code(house.desk.state_dir)
    client = house.browser()
    form = {"csrf": token(client, "/desk/set-up"), "login": "ann", "name": "Ann"}
    form |= {"password": PASSWORD, "again": PASSWORD}
    for _ in range(5):
        client.post("/desk/set-up", data=form | {"code": "AAAA-BBBB-CCCC"})
    assert client.post("/desk/set-up", data=form | {"code": code}).status_code == 429


def test_the_code_is_random_readable_by_its_owner_only_and_stays_the_same(house: House) -> None:
    state = house.desk.state_dir
    code = create_setup_code(state)
    assert create_setup_code(state) == code == setup_code(state)
    (file,) = state.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert is_setup_code(state, f" {code.lower().replace('-', ' ')}") and not is_setup_code(state, "")
    file.unlink()
    assert not is_setup_code(state, code) and not is_setup_code(state, "")
    assert create_setup_code(state) != code


def test_a_supervisor_adds_a_counsellor_whose_password_is_shown_once(house: House) -> None:
    house.add("ann", "supervisor")
    client = house.signed_in("ann")
    form = {"csrf": token(client, "/desk/people"), "login": "Lee", "name": "Lee", "role": "counsellor"}
    shown = client.post("/desk/people", data=form).text.split('class="password">')[1].split("<")[0]
    assert shown not in client.get("/desk/people").text
    assert client.post("/desk/people", data=form).status_code == 422  # the login is taken
    assert client.post("/desk/people", data=form | {"login": "x y"}).status_code == 422
    assert client.post("/desk/people", data=form | {"login": "z9", "role": "king"}).status_code == 422
    lee = house.browser()
    data = {"csrf": token(lee), "login": "lee", "password": shown}
    assert lee.post("/desk/sign-in", data=data).status_code == 303


def test_a_new_password_signs_other_browsers_out(house: House) -> None:
    house.add("sam")
    here, there = house.signed_in("sam"), house.signed_in("sam")
    new = "nine grey geese swim"
    form = {"csrf": token(here, "/desk/password"), "password": new, "again": new}
    assert here.post("/desk/password", data=form | {"current": "wrong"}).status_code == 403
    assert here.post("/desk/password", data=form | {"current": PASSWORD}).status_code == 303
    assert here.get("/desk/").status_code == 200 and there.get("/desk/").status_code == 303


def test_passwords_that_others_would_guess() -> None:
    guessed = (
        "password1234",
        "P@ssword2026!",
        "123456789012",
        "qwertyuiop12",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
    )
    for password in guessed:
        assert passwords.problem(password, password, "sam"), password
    assert passwords.problem("eleven char", "eleven char", "sam")
    assert passwords.problem(PASSWORD, PASSWORD + "x", "sam")
    assert passwords.problem("mariaschmidt1", "mariaschmidt1", "mariaschmidt")
    for good in (PASSWORD, passwords.fresh(), "Regen-im-November"):
        assert passwords.problem(good, good, "sam") is None, good
