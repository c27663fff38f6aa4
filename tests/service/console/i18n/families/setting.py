"""Names of settings, and of what they may be, out of every kind of source and channel."""

from crawlers import kinds
from service.console.pages.schema_fields import Setting, Sort, settings_of
from service.delivery.channels import KINDS


def _every() -> list[Setting]:
    schemas = [kind.settings_schema() for kind in kinds().values()]
    schemas += [kind.settings.model_json_schema() for kind in KINDS.values()]
    return [item for schema in schemas for item in settings_of(schema)]


FAMILIES = {
    "setting.name": {item.name for item in _every()},
    "setting.option": {
        option for item in _every() if item.sort is Sort.CHOICE for option in item.options
    },
}
