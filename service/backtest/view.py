"""The answer of a back-test as JSON; instants are UTC, lags seconds, nights days of the zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbooks import Library, rule_data
from service.backtest.budget import Option, Proposal
from service.backtest.comparison import Pair, compare
from service.backtest.figures import Figures, figures
from service.backtest.labels import label_of, precision
from service.backtest.model import Found, Labels, Rehearsal
from service.backtest.run import Outcome
from service.incidents import format_instant

Answer = Mapping[str, Any]


def answer_of(outcome: Outcome) -> Answer:
    """Everything that was found, in one object."""
    scene = outcome.scene
    labels = scene.labels
    answer: dict[str, Any] = {
        "span": {
            "from": format_instant(scene.stage.since),
            "to": format_instant(scene.posts[-1].published_at),
            "posts": sum(post.published_at >= scene.stage.since for post in scene.posts),
            "monitors": [monitor.id for monitor in scene.stage.monitors],
        },
        "rules": {
            "current": outcome.before.library.version,
            "candidate": outcome.after.library.version,
            "changed": changed_rules(outcome.before.library, outcome.after.library),
        },
        "current": _side(outcome, outcome.before),
        "candidate": _side(outcome, outcome.after),
        "incidents": {
            "same": len(outcome.comparison.same) - len(outcome.comparison.changed),
            "gained": [incident_view(item, labels) for item in outcome.comparison.gained],
            "lost": [incident_view(item, labels) for item in outcome.comparison.lost],
            "changed": [_pair(pair, labels) for pair in outcome.comparison.changed],
            "moved": [_moved(pair) for pair in outcome.comparison.same if _has_moved(pair)],
        },
    }
    if outcome.proposal is not None:
        answer["budget"] = _budget(outcome, outcome.proposal)
    return answer


def changed_rules(before: Library, after: Library) -> list[dict[str, Any]]:
    """The rules that differ, with both versions of each key that does; None where there is none."""
    names = sorted(before.rules.keys() | after.rules.keys())
    changed = []
    for name in names:
        old, new = (
            {} if rule is None else rule_data(rule)
            for rule in (before.rules.get(name), after.rules.get(name))
        )
        keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        if keys:
            changed.append(
                {
                    "rule": name,
                    "keys": {key: {"before": old.get(key), "after": new.get(key)} for key in keys},
                }
            )
    return changed


def incident_view(incident: Found, labels: Labels | None) -> dict[str, Any]:
    """One incident with what opened it and posts that stand for it."""
    label = None if labels is None else label_of(incident, labels)
    return {
        "monitor": incident.monitor,
        "scenario": incident.scenario,
        "tier": incident.tier,
        "first_post_at": format_instant(incident.first_post_at),
        "opened_at": format_instant(incident.opened_at),
        "delay_s": (incident.opened_at - incident.first_post_at).total_seconds(),
        "posts": incident.posts,
        "tiers": [
            {"tier": change.tier, "at": format_instant(change.at), "rules": list(change.rules)}
            for change in incident.tiers
        ],
        "reasons": [dict(reason) for reason in incident.tiers[0].reasons],
        "label": None
        if label is None
        else {"incident": label.incident_id, "about_us": label.about_us},
        "samples": [
            {
                "post": sample.post_id,
                "source": sample.source,
                "published_at": sample.published_at,
                "text": sample.text,
            }
            for sample in incident.samples
        ],
    }


def _side(outcome: Outcome, rehearsal: Rehearsal) -> dict[str, Any]:
    scene = outcome.scene
    counted = figures(
        rehearsal.incidents,
        since=scene.stage.since,
        until=scene.posts[-1].published_at,
        zone=scene.stage.zone,
    )
    return _figures(counted) | {
        "labels": precision(rehearsal.incidents, scene.labels),
        "list": [
            {
                "monitor": item.monitor,
                "scenario": item.scenario,
                "tier": item.tier,
                "opened_at": format_instant(item.opened_at),
                "delay_s": (item.opened_at - item.first_post_at).total_seconds(),
            }
            for item in rehearsal.incidents
        ],
    }


def _figures(counted: Figures) -> dict[str, Any]:
    return {
        "incidents": counted.incidents,
        "by_tier": dict(counted.by_tier),
        "alerts": counted.alerts,
        "alerts_per_week": counted.alerts_per_week,
        "nights": {night.isoformat(): count for night, count in counted.pages_by_night.items()},
        "busiest_night": counted.busiest_night,
        "delay_s": {"p50": counted.delay_p50_s, "p90": counted.delay_p90_s},
    }


def _pair(pair: Pair, labels: Labels | None) -> dict[str, Any]:
    old, new = pair
    return incident_view(new, labels) | {
        "tier": {"before": old.tier, "after": new.tier},
        "later_s": (new.opened_at - old.opened_at).total_seconds(),
    }


def _has_moved(pair: Pair) -> bool:
    return pair[0].opened_at != pair[1].opened_at


def _moved(pair: Pair) -> dict[str, Any]:
    """The same incident, opened earlier (below zero) or later."""
    old, new = pair
    return {
        "monitor": new.monitor,
        "scenario": new.scenario,
        "opened_at": {
            "before": format_instant(old.opened_at),
            "after": format_instant(new.opened_at),
        },
        "later_s": (new.opened_at - old.opened_at).total_seconds(),
    }


def _budget(outcome: Outcome, proposal: Proposal) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "pages_a_night": proposal.budget.pages,
        "busiest_night": proposal.busiest_night,
        "fits": proposal.fits,
        "grid": [_option(option) for option in proposal.options],
        "rules": [dict(entry) for entry in outcome.entries],
    }
    if outcome.proposed is not None:
        compared = compare(outcome.after.incidents, outcome.proposed.incidents)
        side = _side(outcome, outcome.proposed)
        answer["rehearsed"] = side | {
            "fits": side["busiest_night"] <= proposal.budget.pages,
            "lost": [incident_view(item, outcome.scene.labels) for item in compared.lost],
            "gained": [incident_view(item, outcome.scene.labels) for item in compared.gained],
        }
    return answer


def _option(option: Option) -> dict[str, Any]:
    return {
        "rule": option.rule_id,
        "factor": option.factor,
        "thresholds": dict(option.thresholds),
        "busiest_night": option.busiest_night,
        "pages": option.pages,
        "kept": option.kept,
        "lowered": option.lowered,
        "of": option.of,
        "later_s": option.later.total_seconds(),
    }
