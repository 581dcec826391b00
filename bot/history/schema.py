"""The tables of the history, and how a database of an earlier version comes to have them.

A migration, once released, is never edited: add another at the end.
"""

MIGRATIONS = (
    """
    CREATE TABLE posted (
        id TEXT PRIMARY KEY,
        guild INTEGER,
        channel INTEGER NOT NULL,
        message INTEGER,
        asker INTEGER NOT NULL,
        question TEXT NOT NULL,
        folded TEXT NOT NULL,  -- the question without regard to case and spacing
        document TEXT,
        private INTEGER NOT NULL,
        surface TEXT NOT NULL,
        answered INTEGER NOT NULL,
        generation TEXT NOT NULL,  -- of the index that answered
        created REAL NOT NULL,
        result TEXT NOT NULL  -- last: it is long, and lists do without it
    );
    CREATE INDEX posted_message ON posted (message);
    CREATE INDEX posted_guild ON posted (guild, created);
    CREATE INDEX posted_asker ON posted (asker);
    CREATE INDEX posted_created ON posted (created);

    CREATE TABLE votes (
        posted TEXT NOT NULL REFERENCES posted (id) ON DELETE CASCADE,
        person INTEGER NOT NULL,
        up INTEGER NOT NULL,
        expected TEXT,
        at REAL NOT NULL,
        PRIMARY KEY (posted, person)
    ) WITHOUT ROWID;
    CREATE INDEX votes_person ON votes (person);

    CREATE TABLE wishes (
        posted TEXT NOT NULL REFERENCES posted (id) ON DELETE CASCADE,
        person INTEGER NOT NULL,
        at REAL NOT NULL,
        checked TEXT NOT NULL DEFAULT '',  -- the last index that was asked for it
        PRIMARY KEY (posted, person)
    ) WITHOUT ROWID;
    CREATE INDEX wishes_person ON wishes (person);

    CREATE TABLE requests (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        guild INTEGER,
        channel INTEGER,
        person INTEGER NOT NULL,
        argument TEXT NOT NULL,
        created REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX requests_guild ON requests (guild);
    CREATE INDEX requests_person ON requests (person);
    CREATE INDEX requests_created ON requests (created);

    CREATE TABLE ask_channels (
        channel INTEGER PRIMARY KEY,
        guild INTEGER NOT NULL,
        at REAL NOT NULL
    );

    CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE identified (at REAL NOT NULL);
    CREATE INDEX identified_at ON identified (at);
    """,
    """
    ALTER TABLE posted ADD COLUMN collections TEXT NOT NULL DEFAULT '[]';  -- that were quoted
    ALTER TABLE posted ADD COLUMN authors TEXT NOT NULL DEFAULT '[]';  -- others whose words it has
    UPDATE posted SET collections = (
        SELECT json_group_array(DISTINCT substr(id, 1, max(instr(id, '/') - 1, 0))) FROM (
            SELECT json_extract(value, '$.document') AS id
            FROM json_each(result, iif(answered, '$.citations', '$.nearest'))
        )
    );

    CREATE TABLE servers (
        guild INTEGER PRIMARY KEY,
        answers TEXT NOT NULL,
        min_confidence REAL,
        announcements INTEGER,
        digest INTEGER,
        history INTEGER NOT NULL,
        language TEXT
    );

    CREATE TABLE links (
        collection TEXT NOT NULL,
        guild INTEGER NOT NULL,
        kind TEXT NOT NULL,
        target INTEGER NOT NULL,
        PRIMARY KEY (collection, guild, kind, target)
    ) WITHOUT ROWID;

    CREATE TABLE claims (  -- servers that may link a collection; 0 stands for one that is gone
        collection TEXT NOT NULL,
        guild INTEGER NOT NULL,
        PRIMARY KEY (collection, guild)
    ) WITHOUT ROWID;

    CREATE TABLE choices (  -- servers whose documents a person wants in direct messages
        person INTEGER NOT NULL,
        guild INTEGER NOT NULL,
        PRIMARY KEY (person, guild)
    ) WITHOUT ROWID;

    CREATE TABLE memberships (  -- servers that a bot is in
        application INTEGER NOT NULL,
        guild INTEGER NOT NULL,
        PRIMARY KEY (application, guild)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE posted ADD COLUMN frame TEXT;  -- what its message shows beside, if that is known

    CREATE TABLE quotes (  -- of answers that all see, for as long as their messages are edited
        posted TEXT NOT NULL REFERENCES posted (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,  -- from 0, best first
        document TEXT NOT NULL,  -- that it was held against last
        sha256 TEXT NOT NULL,  -- of that document then; empty where there was none
        fate TEXT,  -- what became of it, as the message shows it; NULL: it stands
        PRIMARY KEY (posted, place)
    ) WITHOUT ROWID;
    CREATE INDEX quotes_document ON quotes (document, sha256);
    INSERT INTO quotes (posted, place, document, sha256)
        SELECT posted.id, quote.key, json_extract(quote.value, '$.document'), ''
        FROM posted, json_each(result, iif(answered, '$.citations', '$.nearest')) AS quote
        WHERE NOT private AND (answered OR surface NOT IN ('channel', 'forum'));
    """,
)
"""The n-th script makes version n of version n - 1; version 0 is an empty database."""

VERSION = len(MIGRATIONS)


def migration(version: int) -> str:
    """The script that makes ``version``, as one transaction."""
    script = MIGRATIONS[version - 1]
    return f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {version}; COMMIT;"
