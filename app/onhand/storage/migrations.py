"""The schema of the history as steps: a step that was shipped is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from onhand.storage.folding import grams

steps = Migrations("onhand")
"""Every step once, in order; `database.SCHEMA` is their number."""


@steps()
def m001_tasks(db: Database) -> None:
    """Every task that was run, once, however many answers it gave."""
    db.execute(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE,"
        " task TEXT NOT NULL)"
    )


@steps()
def m002_jobs(db: Database) -> None:
    """Batch jobs; one unfinished job for each output."""
    db.execute(
        "CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL,"
        " task INTEGER NOT NULL REFERENCES tasks(id), plan TEXT NOT NULL,"
        " started TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open')"
    )
    db.execute("CREATE UNIQUE INDEX jobs_open ON jobs(target) WHERE state = 'open'")


@steps()
def m003_records(db: Database) -> None:
    """Every answer; those of a batch are its journal."""
    db.execute(
        "CREATE TABLE records (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL,"
        " kind TEXT NOT NULL, task INTEGER NOT NULL REFERENCES tasks(id),"
        " task_id TEXT NOT NULL, task_version TEXT NOT NULL, text TEXT NOT NULL,"
        " outcome TEXT, error TEXT, error_detail TEXT NOT NULL,"
        " pinned INTEGER NOT NULL,"
        " job INTEGER REFERENCES jobs(id), row INTEGER NOT NULL, name TEXT NOT NULL)"
    )
    db.execute("CREATE UNIQUE INDEX records_job ON records(job, row) WHERE job IS NOT NULL")
    db.execute("CREATE INDEX records_kind ON records(kind, id)")


@steps()
def m004_corrections(db: Database) -> None:
    """Examples that the user gave; they go when the record they come from goes."""
    db.execute(
        "CREATE TABLE corrections (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " record INTEGER UNIQUE REFERENCES records(id) ON DELETE CASCADE,"
        " task_id TEXT NOT NULL, text TEXT NOT NULL, answer TEXT NOT NULL,"
        " at TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX corrections_task ON corrections(task_id, at)")


@steps()
def m005_search(db: Database) -> None:
    """An index over groups of three letters, which finds parts of words in any script."""
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5(text, answer, task, tokenize = 'trigram')"
    )


@steps()
def m006_priors(db: Database) -> None:
    """What models say of tasks' labels whatever the text is."""
    db.execute(
        "CREATE TABLE priors (task_version TEXT NOT NULL, model TEXT NOT NULL,"
        " prior TEXT NOT NULL, PRIMARY KEY (task_version, model)) WITHOUT ROWID"
    )


@steps()
def m007_drafts(db: Database) -> None:
    """The text that is being typed in the window."""
    db.execute(
        "CREATE TABLE drafts (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL,"
        " at TEXT NOT NULL)"
    )


@steps()
def m008_grams(db: Database) -> None:
    """An index over single letters and pairs: words too short for groups of three."""
    db.execute(
        "CREATE VIRTUAL TABLE grams USING fts5(pieces, content = '',"
        " contentless_delete = 1, detail = none, tokenize = 'ascii')"
    )
    for row in db.execute("SELECT rowid, text, answer, task FROM search").fetchall():
        number, *folded = row
        db.execute(
            "INSERT INTO grams (rowid, pieces) VALUES (?, ?)", (number, grams(*folded))
        )


@steps()
def m009_heads(db: Database) -> None:
    """What tasks were taught; of a task's version with a model the newest one counts."""
    db.execute(
        "CREATE TABLE heads (id INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL,"
        " task_version TEXT NOT NULL, model TEXT NOT NULL, taught TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX heads_task ON heads(task_version, model, id)")


@steps()
def m010_narrowing(db: Database) -> None:
    """Indexes for what the history can be narrowed to, and the files it went into."""
    db.execute("CREATE INDEX records_task ON records(task_id, id)")
    db.execute("CREATE INDEX records_at ON records(at)")
    for key in ("model", "lane"):
        db.execute(
            f"CREATE INDEX records_{key} ON records(json_extract(outcome, '$.{key}'), id)"
        )
    db.execute(
        "CREATE TABLE exports (path TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID"
    )


@steps()
def m011_task_examples(db: Database) -> None:
    """The examples of the user's own task files, by the identity of the task."""
    db.execute(
        "CREATE TABLE task_examples (task_id TEXT PRIMARY KEY, examples TEXT NOT NULL)"
        " WITHOUT ROWID"
    )


@steps()
def m012_measurements(db: Database) -> None:
    """What models were measured to be, by the identity of the task."""
    db.execute(
        "CREATE TABLE measurements (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " task_id TEXT NOT NULL, measured TEXT NOT NULL)"
    )
    db.execute("CREATE INDEX measurements_task ON measurements(task_id, id)")


@steps()
def m013_days(db: Database) -> None:
    """Days in place of moments: a span has few of them, and each knows its numbers."""
    db.execute("DROP INDEX records_at")
    db.execute("CREATE INDEX records_day ON records(substr(at, 1, 10), id)")


@steps()
def m014_samples(db: Database) -> None:
    """How models see the labels of tasks, and the user's last texts."""
    db.execute(
        "CREATE TABLE samples (task_version TEXT NOT NULL, model TEXT NOT NULL,"
        " sample BLOB NOT NULL, PRIMARY KEY (task_version, model))"
    )
    db.execute(
        "CREATE TABLE sample_texts (id INTEGER PRIMARY KEY, task_version TEXT NOT NULL,"
        " model TEXT NOT NULL, seen BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX sample_texts_of ON sample_texts(task_version, model, id)")
