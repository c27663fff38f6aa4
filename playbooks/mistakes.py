"""Every kind of mistake that the check names: stable codes, listed in docs/playbook-format.md."""

from __future__ import annotations

from enum import StrEnum


class Mistake(StrEnum):
    """A code that stays when the words of its message change."""

    # files
    NO_FOLDER = "no_folder"
    WRONG_FILE = "wrong_file"
    FILE_TOO_LARGE = "file_too_large"
    NOT_UTF8 = "not_utf8"
    SECRET_IN_CLEAR = "secret_in_clear"  # noqa: S105 - the code of a mistake, no secret
    TIERS_MISSING = "tiers_missing"
    ID_MISMATCH = "id_mismatch"
    DUPLICATE_ID = "duplicate_id"
    # YAML
    YAML_SYNTAX = "yaml_syntax"
    YAML_ALIAS = "yaml_alias"
    DUPLICATE_KEY = "duplicate_key"
    KEY_NOT_TEXT = "key_not_text"
    BAD_SCALAR = "bad_scalar"
    NOT_A_MAPPING = "not_a_mapping"
    # keys and values
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    BAD_VALUE = "bad_value"
    BAD_ID = "bad_id"
    EMPTY_TEXT = "empty_text"
    BAD_DURATION = "bad_duration"
    NEGATIVE_DURATION = "negative_duration"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_WORD = "unknown_word"
    # what is named and does not exist
    UNKNOWN_FACT = "unknown_fact"
    UNKNOWN_SCENARIO = "unknown_scenario"
    UNKNOWN_TIER = "unknown_tier"
    UNKNOWN_ANCHOR = "unknown_anchor"
    UNKNOWN_STEP = "unknown_step"
    UNKNOWN_RULE = "unknown_rule"
    UNKNOWN_LADDER = "unknown_ladder"
    UNKNOWN_PLAYBOOK = "unknown_playbook"
    UNKNOWN_TEMPLATE = "unknown_template"
    UNKNOWN_CALENDAR = "unknown_calendar"
    # tiers
    BAD_TIERS = "bad_tiers"
    # rules
    EMPTY_CONDITION = "empty_condition"
    BAD_CONDITION = "bad_condition"
    BAD_COMPARISON = "bad_comparison"
    THRESHOLD_OUT_OF_RANGE = "threshold_out_of_range"
    UNREACHABLE_RULE = "unreachable_rule"
    INHIBITS_ITSELF = "inhibits_itself"
    INHIBITION_CYCLE = "inhibition_cycle"
    RULE_WITHOUT_CASE = "rule_without_case"
    # steps
    DUPLICATE_STEP = "duplicate_step"
    ANCHOR_CYCLE = "anchor_cycle"
    NEEDS_CYCLE = "needs_cycle"
    ANCHOR_NOT_IN_TIER = "anchor_not_in_tier"
    NEEDS_NOT_IN_TIER = "needs_not_in_tier"
    NEEDS_TOO_LATE = "needs_too_late"
    STEP_WITHOUT_TIER = "step_without_tier"
    STEP_MISSING_IN_TIER = "step_missing_in_tier"
    LOWER_TIER_SOONER = "lower_tier_sooner"
    NO_DEADLINE = "no_deadline"
    NO_INSTRUCTIONS = "no_instructions"
    INSTRUCTIONS_ELSEWHERE = "instructions_elsewhere"
    ESCALATES_TO_ITSELF = "escalates_to_itself"
    OFFICE_HOURS_UNUSED = "office_hours_unused"
    UNUSED_LADDER = "unused_ladder"
    # scenarios
    LAW_WITHOUT_DUTY = "law_without_duty"
    NOTICE_WITHOUT_CLOCK = "notice_without_clock"
    NEVER_SAY_WITHOUT_WHY = "never_say_without_why"
    SAYS_WHAT_IS_BANNED = "says_what_is_banned"
    TAKEN_TWICE = "taken_twice"
    GOES_TO_ITSELF = "goes_to_itself"
    FOREIGN_PLAYBOOK = "foreign_playbook"
    NO_ENGLISH = "no_english"
    # templates
    NO_FRONT_MATTER = "no_front_matter"
    BAD_VARIABLE = "bad_variable"
    UNDECLARED_VARIABLE = "undeclared_variable"
    UNUSED_VARIABLE = "unused_variable"
    TEMPLATE_NOT_CHINESE = "template_not_chinese"
    UNUSED_TEMPLATE = "unused_template"
    # cases
    BAD_CASE = "bad_case"
    CASE_WITHOUT_EXPECTATION = "case_without_expectation"
    CASE_FAILED = "case_failed"
    # calendars
    BAD_DAY = "bad_day"
    BAD_OFFICE_HOURS = "bad_office_hours"
    UNKNOWN_ZONE = "unknown_zone"
    DAY_OUTSIDE_YEAR = "day_outside_year"
    DAY_TWICE = "day_twice"
    WORKDAY_NO_WEEKEND = "workday_no_weekend"
