"""Archives of chat groups that an operator holds: WeCom's message archive, and plain logs."""

from crawlers.archives.plain_log import (
    Layout,
    LogMessage,
    Numbering,
    decoded,
    encoding_of_lines,
    layout_of,
    messages_of,
    wire_of_message,
)
from crawlers.archives.wecom import wire_of_archive, withdrawn_of_archive

__all__ = [
    "Layout",
    "LogMessage",
    "Numbering",
    "decoded",
    "encoding_of_lines",
    "layout_of",
    "messages_of",
    "wire_of_archive",
    "wire_of_message",
    "withdrawn_of_archive",
]
