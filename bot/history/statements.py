"""The SQL of the history, by what it does."""

KEEP = """
INSERT INTO posted (id, guild, channel, message, asker, question, folded, document, private,
    surface, answered, generation, created, collections, authors, frame, result)
VALUES (:id, :guild, :channel, :message, :asker, :question, :folded, :document, :private,
    :surface, :answered, :generation, :created, :collections, :authors, :frame,
    :result)
ON CONFLICT (id) DO UPDATE SET guild = :guild, channel = :channel, message = :message,
    asker = :asker, question = :question, folded = :folded, document = :document,
    private = :private, surface = :surface, answered = :answered, generation = :generation,
    created = :created, collections = :collections,
    authors = :authors, frame = :frame, result = :result
"""
"""Not ``INSERT OR REPLACE``, which would take the votes along with the row."""

SHARED = "UPDATE posted SET surface = 'shared' WHERE id = :id"
PLACED = "UPDATE posted SET message = :message WHERE id = :id"
RESTAMP = """
UPDATE posted SET answered = :answered, generation = :generation, collections = :collections,
    result = :result
WHERE id = :id
"""
POSTED = "SELECT * FROM posted WHERE id = :id"
POSTED_AS = "SELECT * FROM posted WHERE message = :message ORDER BY created DESC LIMIT 1"
DISCARD = "DELETE FROM posted WHERE id = :id"

DISCARD_CHANNEL = "DELETE FROM posted WHERE channel = :channel"
DISCARD_MESSAGE = "DELETE FROM posted WHERE message = :message"
ANSWERED = """
SELECT id, guild, channel, asker, question, folded, private, generation, collections FROM posted
WHERE guild IS :guild AND answered AND document IS NULL
ORDER BY created DESC, rowid DESC LIMIT :limit
"""
WISHED = """
SELECT * FROM posted
WHERE id IN (SELECT posted FROM wishes WHERE checked <> :generation) AND generation <> :generation
ORDER BY created LIMIT :limit
"""
CHECKED = "UPDATE wishes SET checked = :generation WHERE posted = :id"
WISHERS = "SELECT person FROM wishes WHERE posted = :id ORDER BY at, person"
GRANTED = "DELETE FROM wishes WHERE posted = :id AND person = :person"

VOTE = """
INSERT INTO votes (posted, person, up, expected, at)
SELECT id, :person, :up, :expected, :at FROM posted WHERE id = :id
ON CONFLICT (posted, person) DO UPDATE SET up = :up, at = :at,
    expected = CASE WHEN :up THEN NULL ELSE coalesce(:expected, expected) END
RETURNING posted
"""
VOTES = """
SELECT count(*) FILTER (WHERE up) AS up, count(*) FILTER (WHERE NOT up) AS down
FROM votes WHERE posted = :id
"""
WISH = """
INSERT INTO wishes (posted, person, at)
SELECT id, :person, :at FROM posted WHERE id = :id
ON CONFLICT DO NOTHING
RETURNING posted
"""

FILE = """
INSERT INTO requests (id, kind, guild, channel, person, argument, created)
VALUES (:id, :kind, :guild, :channel, :person, :argument, :created)
ON CONFLICT (id) DO UPDATE SET kind = :kind, guild = :guild, channel = :channel,
    person = :person, argument = :argument, created = :created
"""
REQUEST = "SELECT * FROM requests WHERE id = :id"
WITHDRAW = "DELETE FROM requests WHERE id = :id RETURNING *"

REMEMBER = """
INSERT INTO facts (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = :value
"""
RECALL = "SELECT value FROM facts WHERE key = :key"

IDENTIFIED = "INSERT INTO identified (at) VALUES (:at)"
IDENTIFIED_SINCE = "SELECT count(*) FROM identified WHERE at >= :at"

PURGE = (
    "DELETE FROM requests WHERE created < :before",
    "DELETE FROM identified WHERE at < :before",
    "DELETE FROM posted WHERE created < :before RETURNING id",
)
FORGET_GUILD = (
    "DELETE FROM requests WHERE guild = :guild",
    "DELETE FROM posted WHERE guild = :guild RETURNING id",
)
"""Votes and wishes go with the answer that they are about."""
