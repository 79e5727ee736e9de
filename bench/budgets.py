"""What the design promises (docs: bench/README.md), and how the measured figures are shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bench.figures import Budget, Line, Results, between, held_against, parts_table, table

_EPOCHS = 100  # what `rasa init` writes
_OWN = [
    Budget("training, processor time", "s", "training.gateway.cpu_seconds", "training.stock.cpu_seconds", 0.6),
    Budget("turn 200 to turn 5", "ms", "endless.gateway.late.p50", "endless.gateway.early.p50", 1.1),
    # "Nothing measurable" is less than what two runs of the same thing differ by.
    Budget("100,000 stored to none, p50", "ms", "stored.full.p50", "stored.empty.p50", 1.1),
    Budget("counsellor to person, p95", "ms", "desk.p95", None, 150),
]


def against_plain(results: Results) -> list[Line]:
    """Every budget; those that compare with a stock bot, with the plain one."""
    return held_against(results, [*_against("plain"), *_OWN])


def against_kept(results: Results) -> list[Line]:
    """The same ratios to the stock bot that keeps its conversations."""
    return held_against(results, _against("kept"))


def parts(alone: Mapping[str, float]) -> dict[str, float]:
    """A turn taken apart: what each layer adds to those inside it, in milliseconds, in the order of the turn."""
    apart = {
        "gateway: read for danger, seal, store": alone["stored"],
        "encoder": alone["encoder"],
        "case fact reader": alone["reader"],
        "Rasa around the two: its graph, HTTP, merging": alone["listen"] - alone["encoder"] - alone["reader"],
        "Rasa: tracker, rules, calling the action": alone["reply"] - alone["listen"] - alone["action"],
        "action server: the plan and the words": alone["action"],
        "gateway: look up, commit, deliver": alone["whole"] - alone["stored"] - alone["reply"],
    }
    return {name: round(ms, 2) for name, ms in apart.items()}


def with_figures(readme: str, results: Results) -> str:
    """The README with the tables of these results in their places."""
    readme = between(readme, "budgets", f"{_circumstances(results)}\n\n{table(against_plain(results))}")
    readme = between(readme, "kept", table(against_kept(results)))
    return between(readme, "parts", parts_table(results["turn"]["parts"]))


def _against(bot: str) -> list[Budget]:
    return [
        Budget("turn, p50", "ms", "turns.gateway.p50", f"turns.{bot}.p50", 0.8),
        Budget("turn, p95", "ms", "turns.gateway.p95", f"turns.{bot}.p95", 0.8),
        Budget("20 people at once", "/s", "crowd.gateway.per_second", f"crowd.{bot}.per_second", 2.5, least=True),
        Budget("memory of all processes", "MB", "memory_mb.gateway", f"memory_mb.{bot}", 1.0),
        Budget("start to first answer", "s", "start_seconds.gateway", f"start_seconds.{bot}", 0.7),
    ]


def _circumstances(results: Results) -> str:
    load, data = results["load_average"], results["data"]
    told = [
        f"Measured {results['at'][:10]} on {results['machine']}; load average {load['before']} before, "
        f"{load['after']} after.",
        f"The stock bot was trained on {data['stock']:,} messages, ours on {data['today']:,}.",
        f"Turns that the assistant did not answer in time: {results['safety_replies']}.",
    ]
    if data["epochs"] < _EPOCHS:
        told.append(
            f"**The stock bot was trained for {data['epochs']} of its {_EPOCHS} epochs**: as large and as fast as "
            "after all of them, but its training costs are a lower bound."
        )
    return " ".join(told)
