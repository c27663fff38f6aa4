"""The schema of the embedded post store, as migrations that only go forward.

`PRAGMA user_version` counts the migrations applied. Add at the end; never change one that shipped.
"""

from __future__ import annotations

import sqlite3

from service.errors import SchemaOutdated
from service.stores.errors import StoreError

APPLICATION_ID = 0x46535053
"""In the file's header: tells a post store from any other SQLite file."""

# Instants are microseconds since 1970 UTC. Lists are packed as US a US b US (see sqlite_rows), so
# that one `instr` finds a member and FTS5 splits the tokens.
_POSTS = (
    """
    CREATE TABLE post (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      month TEXT NOT NULL,
      source TEXT NOT NULL,
      native_id TEXT NOT NULL,
      via TEXT NOT NULL,
      channel TEXT NOT NULL,
      published_at INTEGER NOT NULL,
      fetched_at INTEGER NOT NULL,
      stored_at INTEGER NOT NULL,
      title TEXT, url TEXT, author TEXT, followers INTEGER, verified INTEGER,
      reposts INTEGER, comments INTEGER, likes INTEGER, views INTEGER, engagement INTEGER NOT NULL,
      parent_id TEXT, repost_of TEXT, rating REAL, lang TEXT,
      monitors TEXT NOT NULL,
      sentiment TEXT,
      severity INTEGER NOT NULL,
      scenario TEXT,
      categories TEXT NOT NULL,
      copy_group TEXT NOT NULL,
      copy_bands TEXT NOT NULL,
      simhash INTEGER NOT NULL,
      content_hash TEXT NOT NULL,
      version INTEGER NOT NULL,
      text TEXT NOT NULL,
      search_tokens TEXT NOT NULL,
      words TEXT NOT NULL,
      extra TEXT NOT NULL,
      analysis TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX post_published ON post (published_at)",
    "CREATE INDEX post_author ON post (author) WHERE author IS NOT NULL",
    "CREATE INDEX post_copy_group ON post (copy_group, simhash, published_at)",
    # Clustered by what a tick asks, with every column that it sums: it touches its window, no more.
    """
    CREATE TABLE monitor_post (
      monitor TEXT NOT NULL,
      published_at INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      stored_at INTEGER NOT NULL,
      source TEXT NOT NULL,
      channel TEXT NOT NULL,
      author TEXT,
      followers INTEGER,
      verified INTEGER,
      engagement INTEGER NOT NULL,
      sentiment TEXT,
      severity INTEGER NOT NULL,
      scenario TEXT,
      categories TEXT NOT NULL,
      copy_group TEXT NOT NULL,
      PRIMARY KEY (monitor, published_at, seq)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE monitor_last (
      monitor TEXT PRIMARY KEY,
      stored_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE post_version (
      post_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      fetched_at INTEGER NOT NULL,
      content_hash TEXT NOT NULL,
      title TEXT,
      rating REAL,
      text TEXT NOT NULL,
      analysis TEXT NOT NULL,
      PRIMARY KEY (post_id, version)
    ) STRICT, WITHOUT ROWID
    """,
    # One row for all copies of a text: a post copied 10,000 times costs one candidate, not 10,000.
    """
    CREATE TABLE copy_band (
      band TEXT NOT NULL,
      copy_group TEXT NOT NULL,
      simhash INTEGER NOT NULL,
      last_published_at INTEGER NOT NULL,
      PRIMARY KEY (band, copy_group, simhash)
    ) STRICT, WITHOUT ROWID
    """,
    # Tokens come folded from nlp, so the plain ascii tokenizer, which cuts at blanks and controls,
    # is enough, fast, and keeps every other code point (emoji included) as part of a token.
    """
    CREATE VIRTUAL TABLE post_fts USING fts5 (
      tokens, content='', tokenize="ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_`{|}~\\'"
    )
    """,
)

# The latest `stored_at` ever committed. A row of its own: erasing posts must not turn it back.
_LAST_STORED = (
    """
    CREATE TABLE last_stored (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      stored_at INTEGER NOT NULL
    ) STRICT
    """,
    "INSERT INTO last_stored SELECT 1, max(stored_at) FROM post HAVING count(*) > 0",
)

# Monitors that a post's bad news is not about; their rows of monitor_post are without it.
_SPARED = ("ALTER TABLE post ADD COLUMN spared TEXT NOT NULL DEFAULT ''",)

# When a source was found to have a post no longer; and what shares a post that comes after it.
_DELETED = (
    "ALTER TABLE post ADD COLUMN deleted_at INTEGER",
    "CREATE INDEX post_repost ON post (repost_of, source) WHERE repost_of IS NOT NULL",
)

# What is counted of an analysis. A monitor that is spared has none of it, as of all bad news. Of
# topics nothing is filled in: posts are marked with them since there are such columns.
_ANALYSED = (
    "ALTER TABLE post ADD COLUMN emotion TEXT",
    "ALTER TABLE post ADD COLUMN intent TEXT",
    "ALTER TABLE post ADD COLUMN topics TEXT NOT NULL DEFAULT ''",
    "UPDATE post SET emotion = analysis ->> '$.emotion.label', "
    "intent = analysis ->> '$.intent.label'",
    "ALTER TABLE monitor_post ADD COLUMN emotion TEXT",
    "ALTER TABLE monitor_post ADD COLUMN intent TEXT",
    "ALTER TABLE monitor_post ADD COLUMN topics TEXT NOT NULL DEFAULT ''",
    "UPDATE monitor_post SET (emotion, intent) = (SELECT p.emotion, p.intent FROM post p "
    "WHERE p.seq = monitor_post.seq "
    "AND NOT instr(p.spared, char(31) || monitor_post.monitor || char(31)))",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_POSTS, _LAST_STORED, _SPARED, _DELETED, _ANALYSED)


def apply_migrations(connection: sqlite3.Connection) -> int:
    """Apply, inside the caller's transaction, what is missing; answer how many were applied."""
    version = _version(connection)
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise _foreign()
    missing = MIGRATIONS[version:]
    for migration in missing:
        for statement in migration:
            connection.execute(statement)
    if missing:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    return len(missing)


def require_current(connection: sqlite3.Connection) -> None:
    """Raise SchemaOutdated for an older or newer schema, StoreError for a file that is not ours."""
    version = _version(connection)
    if version < len(MIGRATIONS):
        raise SchemaOutdated(
            f"post store has schema {version}, this Fengsui needs {len(MIGRATIONS)}: "
            "run `fengsui migrate`"
        )


def _version(connection: sqlite3.Connection) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if version and owner != APPLICATION_ID:
        raise _foreign()
    if version > len(MIGRATIONS):
        raise SchemaOutdated(
            f"post store has schema {version}, this Fengsui knows {len(MIGRATIONS)}: "
            "it was migrated by a newer one; install that, or restore a backup"
        )
    return version


def _foreign() -> StoreError:
    return StoreError("the file is a SQLite database, but not a post store: set another path")
