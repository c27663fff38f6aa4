"""Every table of the state database. One module an area; repositories import from here."""

from __future__ import annotations

from service.db.tables.access import api_key, idempotency, login_session, user
from service.db.tables.base import metadata
from service.db.tables.briefing import briefing, briefing_monitor, briefing_schedule
from service.db.tables.casework import (
    evidence_screenshot,
    incident_handover,
    incident_link,
    incident_watch,
)
from service.db.tables.catalogue import brand, channel, checkpoint, monitor, monitor_tick, source
from service.db.tables.cause_review import (
    cause_review,
    department,
    department_point,
    improvement,
    review_department,
)
from service.db.tables.complaint import (
    complaint,
    complaint_answer,
    complaint_clock,
    complaint_event,
    complaint_post,
    complaint_rating,
    complaint_rule,
)
from service.db.tables.console import console_view
from service.db.tables.coverage import feed, feed_gap, feed_hour, post_sample
from service.db.tables.drill import drill, drill_move
from service.db.tables.handover import tracker_handover
from service.db.tables.importing import import_piece, import_run
from service.db.tables.incident import (
    incident,
    incident_event,
    incident_post,
    incident_tier,
    run,
    step,
)
from service.db.tables.indicator import (
    indicator_crossing,
    indicator_level,
    indicator_threshold,
)
from service.db.tables.learning import correction, model_evaluation, model_switch
from service.db.tables.lexicon import lexicon_change, lexicon_version
from service.db.tables.log import audit_entry, author_handle, change_event, lease, runtime_setting
from service.db.tables.moderation import account_signal, hold
from service.db.tables.oncall import (
    chain,
    contact,
    duty,
    escalation,
    page,
    rota,
    seat,
    silence,
)
from service.db.tables.paging import (
    allowance,
    channel_health,
    delivery,
    delivery_attempt,
    outbox,
    timer,
    used_proof,
)
from service.db.tables.recurring import recurring_duty, recurring_round
from service.db.tables.rereading import hot_post, source_backfill
from service.db.tables.review import review_event, review_item, review_label, review_verdict
from service.db.tables.risk import exchange_rate, risk, risk_change, risk_link
from service.db.tables.rules import backtest, rule_overlay, shadow_match
from service.db.tables.series import series, series_point
from service.db.tables.statement import (
    promise,
    statement,
    statement_approval,
    statement_edition,
    statement_place,
)
from service.db.tables.story import (
    story,
    story_facet,
    story_inbox,
    story_knowledge,
    story_post,
)
from service.db.tables.topics import topic_model, topic_weights

__all__ = [
    "account_signal",
    "allowance",
    "api_key",
    "audit_entry",
    "author_handle",
    "backtest",
    "brand",
    "briefing",
    "briefing_monitor",
    "briefing_schedule",
    "cause_review",
    "chain",
    "change_event",
    "channel",
    "channel_health",
    "checkpoint",
    "complaint",
    "complaint_answer",
    "complaint_clock",
    "complaint_event",
    "complaint_post",
    "complaint_rating",
    "complaint_rule",
    "console_view",
    "contact",
    "correction",
    "delivery",
    "delivery_attempt",
    "department",
    "department_point",
    "drill",
    "drill_move",
    "duty",
    "escalation",
    "evidence_screenshot",
    "exchange_rate",
    "feed",
    "feed_gap",
    "feed_hour",
    "hold",
    "hot_post",
    "idempotency",
    "import_piece",
    "import_run",
    "improvement",
    "incident",
    "incident_event",
    "incident_handover",
    "incident_link",
    "incident_post",
    "incident_tier",
    "incident_watch",
    "indicator_crossing",
    "indicator_level",
    "indicator_threshold",
    "lease",
    "lexicon_change",
    "lexicon_version",
    "login_session",
    "metadata",
    "model_evaluation",
    "model_switch",
    "monitor",
    "monitor_tick",
    "outbox",
    "page",
    "post_sample",
    "promise",
    "recurring_duty",
    "recurring_round",
    "review_department",
    "review_event",
    "review_item",
    "review_label",
    "review_verdict",
    "risk",
    "risk_change",
    "risk_link",
    "rota",
    "rule_overlay",
    "run",
    "runtime_setting",
    "seat",
    "series",
    "series_point",
    "shadow_match",
    "silence",
    "source",
    "source_backfill",
    "statement",
    "statement_approval",
    "statement_edition",
    "statement_place",
    "step",
    "story",
    "story_facet",
    "story_inbox",
    "story_knowledge",
    "story_post",
    "timer",
    "topic_model",
    "topic_weights",
    "tracker_handover",
    "used_proof",
    "user",
]
