"""Complaints (投诉工单): one a person and cause, with clocks, until they were told."""

from __future__ import annotations

from service.complaints.chapter import ComplaintChapter
from service.complaints.claim import Claim
from service.complaints.clocks import limits_of
from service.complaints.desk import ComplaintDesk, NewComplaint
from service.complaints.drafting import Replies, Reply, ReplyWanted
from service.complaints.forgetting import ComplaintForgetting
from service.complaints.hand import Hand
from service.complaints.handling import Handling
from service.complaints.intake import Intake, Taken
from service.complaints.lifecycle import Clock, Deed, State
from service.complaints.model import Complaint, ComplaintFile, ComplaintFilter
from service.complaints.report import ComplaintFigures, ComplaintReport
from service.complaints.revealing import ComplaintRevealing, RevealedComplaint
from service.complaints.rule import ComplaintRule, ComplaintRuleDraft
from service.complaints.rules import ComplaintRules, RuleBook, read_draft
from service.complaints.said import Published, Said
from service.complaints.timing import Timing
from service.complaints.watch import ComplaintWatch

__all__ = [
    "Claim",
    "Clock",
    "Complaint",
    "ComplaintChapter",
    "ComplaintDesk",
    "ComplaintFigures",
    "ComplaintFile",
    "ComplaintFilter",
    "ComplaintForgetting",
    "ComplaintReport",
    "ComplaintRevealing",
    "ComplaintRule",
    "ComplaintRuleDraft",
    "ComplaintRules",
    "ComplaintWatch",
    "Deed",
    "Hand",
    "Handling",
    "Intake",
    "NewComplaint",
    "Published",
    "Replies",
    "Reply",
    "ReplyWanted",
    "RevealedComplaint",
    "RuleBook",
    "Said",
    "State",
    "Taken",
    "Timing",
    "limits_of",
    "read_draft",
]
