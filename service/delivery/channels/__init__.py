"""Senders for what people look at: chat robots, pagers, mail; one file a provider."""

from __future__ import annotations

from service.delivery.channels.card import CardStep
from service.delivery.channels.cards import Cards, LoadSteps
from service.delivery.channels.dingtalk import DingTalkSender
from service.delivery.channels.exchange import Exchange
from service.delivery.channels.feishu import FeishuSender
from service.delivery.channels.limits import limits_of
from service.delivery.channels.links import Link, Links
from service.delivery.channels.mail import MailSender
from service.delivery.channels.pagerduty import PagerDutySender
from service.delivery.channels.settings import KINDS
from service.delivery.channels.slack import SlackSender
from service.delivery.channels.template import TemplateSender
from service.delivery.channels.trial import Trials, trial_message
from service.delivery.channels.wecom import WeComSender
from service.delivery.channels.wording import Terms, terms_of

__all__ = [
    "KINDS",
    "CardStep",
    "Cards",
    "DingTalkSender",
    "Exchange",
    "FeishuSender",
    "Link",
    "Links",
    "LoadSteps",
    "MailSender",
    "PagerDutySender",
    "SlackSender",
    "TemplateSender",
    "Terms",
    "Trials",
    "WeComSender",
    "limits_of",
    "terms_of",
    "trial_message",
]
