"""Every metric of the service: names and labels are an interface, so they stand in one place.

Labels have few values each; nothing that a stranger can make up (ids, urls, words) is ever a label.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_MANY = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_LATE = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)

posts_ingested = Counter(
    "fengsui_posts_ingested_total",
    "Posts stored, by the configured source and what the store did with them.",
    ["source", "change"],
)
posts_rejected = Counter(
    "fengsui_posts_rejected_total",
    "Posts that could not be read, by configured source.",
    ["source"],
)
fetch_outcomes = Counter(
    "fengsui_fetch_outcomes_total",
    "Pulls by the six ways in which they end.",
    ["source", "outcome"],
)
rereads = Counter(
    "fengsui_rereads_total",
    "Hot posts that were read again, by what that found: also what is deleted.",
    ["source", "change"],
)
fetch_seconds = Histogram(
    "fengsui_fetch_seconds", "Duration of one pull.", ["source"], buckets=(*_QUICK, 30.0, 60.0)
)
source_last_ok = Gauge(
    "fengsui_source_last_ok_timestamp_seconds",
    "When a source last answered well; silence must not look like calm.",
    ["source"],
)
feed_blind = Gauge(
    "fengsui_feed_blind",
    "1 while a feed cannot be seen and its silence says nothing; all that is pushed is one feed.",
    ["feed"],
)
objective_share = Gauge(
    "fengsui_objective_share",
    "How much of what a coverage objective asks for was reached, 0 to 1.",
    ["objective"],
)
objective_missed = Gauge(
    "fengsui_objective_missed",
    "1 while a coverage objective is not reached.",
    ["objective"],
)
canary_age_seconds = Gauge(
    "fengsui_canary_age_seconds",
    "Since the last synthetic post that walked the whole path set out.",
)
store_shut = Gauge(
    "fengsui_store_shut", "1 while the post store takes nothing and crawling waits for it."
)
ingest_seconds = Histogram(
    "fengsui_ingest_seconds", "Analysing, matching and storing one batch.", buckets=_QUICK
)
post_lag_seconds = Histogram(
    "fengsui_post_lag_seconds",
    "What each stage of the line takes, from publication to storing.",
    ["stage"],
    buckets=(1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 21600),
)
topics_unfitting = Gauge(
    "fengsui_topics_unfitting_share",
    "Of the last day's posts, those that no active topic fits; empty monitor: all posts.",
    ["monitor"],
)
tick_seconds = Histogram(
    "fengsui_tick_seconds", "One monitor's tick: facts, rules, decision.", buckets=_QUICK
)
incidents_opened = Counter(
    "fengsui_incidents_opened_total",
    "Incidents opened, drills apart.",
    ["kind", "scenario", "tier"],
)
incident_transitions = Counter(
    "fengsui_incident_transitions_total",
    "Changes of an incident's state, drills apart.",
    ["from_state", "to_state"],
)
steps_breached = Counter(
    "fengsui_steps_breached_total", "Deadlines that passed undone, drills apart.", ["role", "tier"]
)
timers_fired = Counter("fengsui_timers_fired_total", "Timers fired.", ["kind", "outcome"])
timer_lateness_seconds = Histogram(
    "fengsui_timer_lateness_seconds", "How late timers fire.", ["kind"], buckets=_LATE
)
timers_overdue = Gauge("fengsui_timers_overdue", "Pending timers that nobody fired in time.")
deliveries = Counter(
    "fengsui_deliveries_total",
    "Attempts at delivering, by kind of channel and outcome.",
    ["channel_kind", "outcome"],
)
delivery_seconds = Histogram(
    "fengsui_delivery_seconds",
    "Duration of one attempt.",
    ["channel_kind"],
    buckets=(*_QUICK, 20.0),
)
complaints_taken = Counter(
    "fengsui_complaints_taken_total",
    "Posts that complain, by what became of them.",
    ["origin", "outcome"],
)
complaint_breaches = Counter(
    "fengsui_complaint_breaches_total", "Clocks of complaints that ran out.", ["clock"]
)
queue_size = Gauge(
    "fengsui_queue_size", "What waits: outbox, deliveries, timers, unsealed audit rows.", ["queue"]
)
job_runs = Counter("fengsui_job_runs_total", "Runs of recurring jobs.", ["job", "outcome"])
job_seconds = Histogram("fengsui_job_seconds", "Duration of one run.", ["job"], buckets=_QUICK)
http_requests = Counter(
    "fengsui_http_requests_total",
    "Requests answered, by route template, not by path.",
    ["method", "route", "status"],
)
http_seconds = Histogram(
    "fengsui_http_seconds", "Duration of one request.", ["method", "route"], buckets=_QUICK
)
sign_ins = Counter("fengsui_sign_ins_total", "Tries to sign in.", ["outcome"])
classify_items = Counter(
    "fengsui_classify_items_total",
    "Texts to classify, by what became of them: a suggestion, or why there is none.",
    ["outcome"],
)
holds_known = Gauge("fengsui_holds_known", "Holds in memory, those that were decided included.")
holds_met = Counter(
    "fengsui_holds_met_total",
    "Copies and reposts of what was held, by what the hold says.",
    ["reason"],
)
judgement_failures = Counter(
    "fengsui_judgement_failures_total",
    "Parts of a judgement that failed: the texts went to review, and the answers say so.",
    ["part"],
)
patrol_violations = Gauge(
    "fengsui_patrol_violations_per_10k",
    "Violations in 10,000 passed texts, estimated from the patrol of the last 30 days.",
    ["bound"],
)
batch_seconds = Histogram(
    "fengsui_batch_seconds",
    "Phases of a batch of texts: waiting, preparing, the model, finishing.",
    ["phase"],
    buckets=(0.0005, *_QUICK),
)
batch_texts = Histogram("fengsui_batch_texts", "Windows of text in one batch.", buckets=_MANY)
batch_tokens = Histogram(
    "fengsui_batch_tokens",
    "Tokens of one batch, padding included.",
    buckets=tuple(32 * count for count in _MANY),
)
readings_cache = Counter(
    "fengsui_readings_cache_total", "Readings of texts seen before, found or not.", ["outcome"]
)
stories_placed = Counter(
    "fengsui_stories_placed_total", "Posts put into stories, or into none, by why.", ["how"]
)
stories_known = Gauge(
    "fengsui_stories_known", "Stories and seeds in the working memory of the clustering job."
)
encoder_degraded = Gauge(
    "fengsui_encoder_degraded", "1 while texts are read by words alone, because no model is there."
)
encoder_not_switched = Gauge(
    "fengsui_encoder_not_switched",
    "1 while this process cannot load the model that was switched to, and reads with another.",
)
pages = Counter(
    "fengsui_pages_total", "Pages that escalations, late steps and seats have made.", ["why"]
)
incidents_unreached = Counter(
    "fengsui_incidents_unreached_total",
    "Incidents of which no page had arrived in the time that their chain allows.",
)
