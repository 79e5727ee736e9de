"""Passwords of counsellors: argon2id, a minimum length, and none of those that everybody guesses."""

from __future__ import annotations

import asyncio
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST, LONGEST = 12, 256

_HASHER = PasswordHasher()  # argon2id, 64 MiB, 3 passes: the second recommendation of RFC 9106
_TWO = ThreadPoolExecutor(2, thread_name_prefix="password")  # a flood of sign-ins must not stop the chats

# What is left of the most common passwords of twelve characters and more without the digits at both ends.
_COMMON = """
    password passwort motdepasse contrasena wachtwoord passwordpassword mypassword newpassword changeme
    pleasechangeme changemenow letmein letmeinnow welcome welcomehome administrator admin adminadmin
    qwerty qwertyuiop qwertyuiopasdf qwertzuiop azertyuiop asdfghjkl asdfghjkl zxcvbnm qazwsxedc
    qazwsxedcrfv qwertyqwerty abcdefghijkl abcdefghijklm iloveyou iloveyouforever sunshine princess
    football baseball basketball superman batman starwars michelle jennifer liverpool manchester
    trustno computer internet helpline helplinehelpline counsellor counselor breakwater sextortion
    supervisor correcthorsebatterystaple unbelievable blackberry masterkey temppassword testpassword
    """.split()  # noqa: SIM905 - sixty words read better than sixty strings
_LOOKALIKES = str.maketrans("@$", "as")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like another


def problem(password: str, again: str, login: str) -> str | None:
    """Why this password cannot be used, in words for the counsellor; None when it can."""
    if len(password) < SHORTEST:
        return f"Please use at least {SHORTEST} characters. A few words in a row are fine."
    if len(password) > LONGEST:
        return f"Please use at most {LONGEST} characters."
    if password != again:
        return "The two passwords are not the same."
    plain = re.sub(r"[\W_]", "", password.lower().translate(_LOOKALIKES))
    if plain.strip("0123456789") in _COMMON or re.fullmatch(r"(.{1,4}?)\1+.?", plain) or _counts(plain):
        return "This password is one of the first that others would guess. Please use another."
    if login and login.lower() in password.lower() and len(password) < SHORTEST + len(login):
        return "Please use a password that does not contain the login."
    return None


def fresh() -> str:
    """A password to hand over once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


async def hashed(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_TWO, _HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. `stored` None (unknown login) takes as long as a wrong one."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_TWO, _verify, stored, password[: LONGEST + 1])


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(stored or _nobodys(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex())


def _counts(plain: str) -> bool:
    """Mostly digits or letters in a row: 123456789012, 987654321098."""
    steps = [ord(b) - ord(a) for a, b in pairwise(plain)]
    return len(steps) > 4 and max(steps.count(1), steps.count(-1)) >= 0.75 * len(steps)
