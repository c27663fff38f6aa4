"""Words of the imports' pages whose keys code makes up."""

from crawlers.tabular import FIELDS, TableFormat
from service.ingest.imports import ImportState
from service.stores import PostChange

FAMILIES = {
    "imports.formats": set(TableFormat),
    "imports.field": set(FIELDS),
    "imports.states": set(ImportState),
    "imports.change": set(PostChange),
}
