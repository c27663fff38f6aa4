"""What every post store must do. A back-end subclasses PostStoreContract and gives it a `store`."""

from __future__ import annotations

from tests.contracts.post_store_aggregates import AggregateContract
from tests.contracts.post_store_condition import ConditionContract
from tests.contracts.post_store_erasure import ErasureContract
from tests.contracts.post_store_lineage import LineageContract
from tests.contracts.post_store_pulses import PulseContract
from tests.contracts.post_store_search import SearchContract
from tests.contracts.post_store_spared import SparedContract
from tests.contracts.post_store_tallies import TallyContract
from tests.contracts.post_store_upsert import UpsertContract


class PostStoreContract(
    UpsertContract,
    SearchContract,
    ConditionContract,
    AggregateContract,
    PulseContract,
    TallyContract,
    SparedContract,
    ErasureContract,
    LineageContract,
):
    """Every part of the contract; the fixture `store` yields a migrated, empty store."""
