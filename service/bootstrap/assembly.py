"""The parts fitted together into the container."""

from __future__ import annotations

import random as random_module
from collections.abc import Callable

from service.bootstrap.access import open_access
from service.bootstrap.backtesting import open_backtesting
from service.bootstrap.books import open_books
from service.bootstrap.briefings import open_briefings
from service.bootstrap.catalogue import open_catalogue
from service.bootstrap.complaining import open_complaining
from service.bootstrap.container import Container
from service.bootstrap.content import library_of
from service.bootstrap.drilling import open_drilling
from service.bootstrap.forgetting import forgetting_of
from service.bootstrap.ground import Ground, open_database, open_store, prepare
from service.bootstrap.handing_over import open_handing_over, trackers_of
from service.bootstrap.handling import open_handling
from service.bootstrap.indicators import open_indicators
from service.bootstrap.jobs import line_of, upkeep_of
from service.bootstrap.judging import open_judging
from service.bootstrap.learning import open_learning
from service.bootstrap.network import open_network
from service.bootstrap.pulling import open_pulling
from service.bootstrap.reading import open_reading
from service.bootstrap.responding import open_responding
from service.bootstrap.reviewing import open_reviewing
from service.bootstrap.risk_register import open_risk_register
from service.bootstrap.risks import open_risks
from service.bootstrap.ruling import open_ruling
from service.bootstrap.seeing import open_seeing
from service.bootstrap.stating import open_stating
from service.bootstrap.stories import open_stories
from service.bootstrap.topics import open_topics
from service.clock import Clock
from service.db import migrate as migrations
from service.delivery.channels import Trials
from service.incidents.deliveries import DeliveryDesk
from service.ingest import Deletions, Ingest
from service.ingest.gate import StoreGate
from service.ingest.imports import ImportJob, Imports
from service.ingest.pseudonyms import HandlePseudonyms
from service.monitoring.at_risk import RiskWatch
from service.posts import PostExport, Posts, Revealing, Spreads
from service.recurring import RecurringDesk
from service.series import SeriesBook
from service.settings import Settings


async def build(
    settings: Settings,
    *,
    clock: Clock,
    virtual: bool = False,
    random: Callable[[], float] | None = None,
    deliver: bool | None = None,
) -> Container:
    """Put the service together over migrated databases.

    `virtual` is for replay, drill and tests: no waiting for the disk, no threads, one delivery at
    a time. `deliver` says whether messages leave the process or go to the recorder; left out, they
    leave in real time only. Raises ContentErrors, BadConfig, BadPolicies, BadTable,
    BadTargetedWeights, KeyRingError, and SchemaOutdated when `fengsui migrate` has not been run.
    """
    database = open_database(settings, virtual=virtual)
    store = open_store(settings, virtual=virtual)
    try:
        if virtual:
            await prepare(database, store, virtual=True)
        await migrations.check(database)
        await store.check()
        ground = Ground(
            settings=settings,
            clock=clock,
            database=database,
            store=store,
            library=library_of(settings),
            chance=random or random_module.SystemRandom().random,
            virtual=virtual,
            leaving=not virtual if deliver is None else deliver,
        )
        return await _assembled(ground)
    except BaseException:
        await store.close()
        await database.close()
        raise


async def _assembled(ground: Ground) -> Container:
    settings, clock, database, store = ground.settings, ground.clock, ground.database, ground.store
    trackers = trackers_of(settings)  # before anything has a thread
    access = await open_access(ground)
    ruling = await open_ruling(ground)
    books = open_books(ground, access.keyring)
    catalogue = open_catalogue(ground, access.keyring, ruling.desk, books)
    responding = open_responding(ground)
    reading = await open_reading(ground, catalogue.brands)
    judging = open_judging(
        ground, keyring=access.keyring, reader=reading.reader, responding=responding
    )
    network = open_network(ground, access.keyring)
    seeing = open_seeing(ground, catalogue=catalogue, responding=responding)
    posts = Posts(store)
    stories = open_stories(ground, catalogue)
    topics = open_topics(ground, catalogue)
    indicators = open_indicators(ground, catalogue)
    reviewing = open_reviewing(ground, books, responding)
    handing_over = open_handing_over(
        ground, trackers, network=network, indicators=indicators, reviewing=reviewing
    )
    complaining = open_complaining(
        ground,
        handles=access.handles,
        books=books,
        catalogue=catalogue,
        reader=reading.reader,
    )
    register = open_risk_register(ground, books)
    stating = open_stating(ground, reader=reading.reader, responding=responding)
    briefings = open_briefings(
        ground,
        books=books,
        catalogue=catalogue,
        ruling=ruling,
        responding=responding,
        seeing=seeing,
        indicators=indicators,
        stories=stories,
        stating=stating,
        complaining=complaining,
    )
    gate = StoreGate(store=store, database=database, clock=clock)
    ingest = Ingest(
        reader=reading.reader,
        monitors=catalogue.directory,
        brands=catalogue.brand_directory,
        pseudonyms=HandlePseudonyms(
            database=database, keyring=access.keyring, handles=access.handles
        ),
        store=store,
        clock=clock,
        risk_watch=RiskWatch(database=database, clock=clock, people=responding.people_at_risk),
        journal=seeing.journal,
        gate=gate,
        topics=topics.marks,
        stories=stories.inbox,
        complaints=complaining.watch,
    )
    deletions = Deletions(database=database, store=store, clock=clock, gate=gate)
    pulling = open_pulling(
        ground,
        catalogue=catalogue,
        network=network,
        seeing=seeing,
        ingest=ingest,
        deletions=deletions,
        gate=gate,
    )
    imports = Imports(database, clock, access.keyring)
    backtesting = open_backtesting(
        ground, catalogue=catalogue, ruling=ruling, reading=reading, build=build
    )
    drilling = open_drilling(ground, responding=responding, place=backtesting.place, build=build)
    return Container(
        settings=settings,
        clock=clock,
        database=database,
        store=store,
        library=ground.library,
        encoder=reading.encoder,
        lexicon=reading.lexicon,
        rules=ruling,
        backtests=backtesting.office,
        backtested=backtesting.place,
        reread=backtesting.reread,
        drills=drilling.office,
        learning=open_learning(
            ground,
            brands=catalogue.brands,
            ruling=ruling,
            reading=reading,
            backtesting=backtesting,
            build=build,
        ),
        analyzer=reading.analyzer,
        reader=reading.reader,
        judgement=judging.judgement,
        keyring=access.keyring,
        handles=access.handles,
        passwords=access.passwords,
        users=access.users,
        sign_in=access.sign_in,
        sessions=access.sessions,
        keys=access.keys,
        brands=catalogue.brands,
        monitors=catalogue.monitors,
        sources=catalogue.sources,
        channels=catalogue.channels,
        contacts=books.contacts,
        rotas=books.rotas,
        duties=books.duties,
        chains=books.chains,
        recurring=books.recurring,
        recurring_desk=RecurringDesk(database, clock, planning=books.recurring_planning),
        importer=catalogue.importer,
        checkpoints=catalogue.checkpoints,
        directory=catalogue.directory,
        timers=responding.timers,
        ingest=ingest,
        deletions=deletions,
        imports=imports,
        series=SeriesBook(database, clock),
        topics=topics,
        indicators=indicators,
        posts=posts,
        post_export=PostExport(database=database, clock=clock, posts=posts),
        spreads=Spreads(store),
        stories=stories.book,
        story_clustering=stories.clustering,
        revealing=Revealing(database=database, clock=clock, posts=posts, handles=access.handles),
        desk=responding.desk,
        cases=responding.cases,
        precedents=responding.precedents,
        casefiles=responding.casefiles,
        evidence=responding.evidence,
        deliveries=DeliveryDesk(database=database, clock=clock),
        response_desk=responding.response_desk,
        oncall=responding.oncall,
        team=responding.team,
        silences=responding.silences,
        statements=stating,
        complaints=complaining,
        people_at_risk=responding.people_at_risk,
        backlogs=responding.backlogs,
        review=judging.review,
        reviewing=reviewing,
        handing_over=handing_over,
        recorder=network.recorder,
        trials=Trials(database, clock=clock, senders=network.senders, limits_of=network.limits_of),
        links=network.links,
        line=line_of(
            ground,
            lexicon=reading.lexicon,
            models=reading.follower,
            ruling=ruling,
            catalogue=catalogue,
            books=books,
            responding=responding,
            judging=judging,
            network=network,
            outlook=seeing.outlook,
            further=complaining.handlers,
            drills=drilling.player,
            handing_over=handing_over,
        ),
        upkeep=(
            *upkeep_of(ground, catalogue=catalogue, judging=judging),
            *seeing.upkeep,
            *forgetting_of(ground, access, stories.forgetting, complaining.forgetting),
            stories.clustering,
            *topics.jobs,
            *indicators.jobs,
            ImportJob(database=database, clock=clock, imports=imports, ingest=ingest),
            backtesting.job,
            drilling.preparation,
            handing_over.watch,
            briefings.job,
        ),
        coverage=seeing.coverage,
        coverage_watch=seeing.watch,
        outlook=seeing.outlook,
        risks=open_risks(ground, ruling, seeing.outlook),
        risk_register=register,
        handling=open_handling(ground, complaining, register),
        briefings=briefings,
        crawl=pulling.crawl,
        source_backfill=pulling.source_backfill,
        pulls=pulling.jobs,
        pulling_tenure=pulling.tenure,
        fetcher=network.fetcher,
        webhook_client=network.webhook_client,
    )
