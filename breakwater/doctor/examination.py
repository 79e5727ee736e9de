"""All examinations in one call. A new one is added to `examine`."""

from __future__ import annotations

from breakwater.doctor.directory import examine_directory
from breakwater.doctor.encoder import examine_encoder
from breakwater.doctor.findings import Finding
from breakwater.doctor.on_call import examine_on_call
from breakwater.doctor.page import examine_page
from breakwater.doctor.telegram import examine_telegram
from breakwater.doctor.wording import examine_wording
from breakwater.settings import ROOT, Settings
from breakwater.storage.times import utc_now


def examine(settings: Settings) -> list[Finding]:
    """The helpline itself: files, numbers, sentences."""
    data = ROOT / "data"
    return [
        *examine_encoder(ROOT / "models" / "encoder"),
        *examine_directory(data / "directory", settings.home_country, utc_now()),
        *examine_wording(ROOT / "domain.yml"),
        *examine_telegram(settings),
        *examine_on_call(settings),
    ]


def examine_embedding(url: str) -> list[Finding]:
    """A page that holds the chat."""
    from breakwater.demo import integrity

    return examine_page(url, integrity=integrity())
