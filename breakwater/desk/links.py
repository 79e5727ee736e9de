"""Links that a person typed are shown broken up, so that nobody opens one here (safeguarding rule 11)."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"\b([a-z][a-z0-9+.-]{1,15}):(?=//)", re.IGNORECASE)
_ACTIVE = re.compile(r"\b(javascript|data|tg|mailto|magnet|intent|vbscript):", re.IGNORECASE)
_CROSSED = str.maketrans("tT", "xX")
_ENDINGS = (
    "com|net|org|info|biz|io|me|co|cc|gg|gl|ly|to|tv|ru|su|cn|uk|de|fr|nl|be|dk|se|no|fi|es|it|pt|pl|cz|at|ch|ie|"
    "eu|us|ca|au|nz|br|in|ph|ng|za|xyz|top|site|online|link|click|live|app|page|chat|club|shop|store|onion|dev|vip"
)
_HOST = re.compile(rf"(?<=//)[\w.-]+|\bwww(?:\.[\w-]+)+|(?:[\w-]+\.)+(?:{_ENDINGS}\b|\w+(?=[/:]))", re.IGNORECASE)


def broken_up(text: str) -> str:
    """The same words with every web address made unusable: `hxxps[:]//example[.]com/a`."""
    text = _SCHEME.sub(lambda found: _scheme(found[1]) + "[:]", text)
    text = _ACTIVE.sub(r"\1[:]", text)
    return _HOST.sub(lambda found: found[0].replace(".", "[.]"), text)


def _scheme(scheme: str) -> str:
    return scheme.translate(_CROSSED) if scheme.lower() in ("http", "https") else scheme
