"""Files of rows and columns as posts: CSV, XLSX and JSON lines, whoever exported them."""

from crawlers.tabular.headings import FIELDS, REQUIRED
from crawlers.tabular.limits import UPLOADED, TableLimits
from crawlers.tabular.opening import open_table
from crawlers.tabular.posts import Given, ReadRow
from crawlers.tabular.row import Cell, Row, Table, TableFormat
from crawlers.tabular.survey import Preview, Survey, preview, survey

__all__ = [
    "FIELDS",
    "REQUIRED",
    "UPLOADED",
    "Cell",
    "Given",
    "Preview",
    "ReadRow",
    "Row",
    "Survey",
    "Table",
    "TableFormat",
    "TableLimits",
    "open_table",
    "preview",
    "survey",
]
