-- Where the events of a dossier lie in time, kept ready at every scale: a row for each event
-- (events_placement) and a pyramid of counts over these rows (events_density). Statement triggers
-- with transition tables keep both, so every way of writing counts, and nothing is ever recounted.
--
-- Times are seconds on the clock of the dossier's zone: a day of the pyramid is a day of the
-- dossier, whatever the season. 10^15, beyond every date there is, stands for an open bound.

-- --- The calendar

-- The clock at which a year of the proleptic Gregorian calendar begins (year 0 is 1 BC).
CREATE FUNCTION truceline_year_starts(year bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 86400 * (365 * (year - 1) - 719162 + floor((year - 1) / 4.0)::bigint
        - floor((year - 1) / 100.0)::bigint + floor((year - 1) / 400.0)::bigint)
$$;

-- The beginning of the cell that holds a clock; the levels are those of Grain in
-- events/timeline/cells.py.
CREATE FUNCTION truceline_cell(level integer, clock bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    size integer;
    moment timestamp;
    year bigint;
    later constant bigint := 20 * 12622780800;
BEGIN
    IF abs(clock) >= 10 ^ 15 THEN
        RETURN clock;
    END IF;
    IF level <= 2 THEN
        size := CASE level WHEN 0 THEN 3600 WHEN 1 THEN 21600 ELSE 86400 END;
        RETURN clock - ((clock % size) + size) % size;
    ELSIF level = 3 THEN
        -- 1 January 1970 was a Thursday; weeks begin on Mondays.
        RETURN clock - (((clock - 345600) % 604800) + 604800) % 604800;
    END IF;
    -- The calendar repeats itself after 400 years. Looked at 8,000 years later no year is before 1,
    -- and none is out of range: the decade of 4713 BC begins before Postgres has dates.
    moment := to_timestamp(clock + later) AT TIME ZONE 'UTC';
    IF level <= 5 THEN
        RETURN extract(epoch FROM date_trunc(
            CASE level WHEN 4 THEN 'month' ELSE 'quarter' END, moment))::bigint - later;
    END IF;
    year := extract(year FROM moment)::bigint - 8000;
    size := CASE level WHEN 6 THEN 1 WHEN 7 THEN 10 WHEN 8 THEN 100 ELSE 1000 END;
    RETURN truceline_year_starts(floor(year / size::numeric)::bigint * size);
END
$$;

-- --- Where an event stands

CREATE FUNCTION truceline_clock(moment timestamptz, zone text) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT extract(epoch FROM moment AT TIME ZONE zone)::bigint $$;

-- Keys of the sides in whose lanes an event is drawn: of who acted, else of who took part at all.
CREATE FUNCTION truceline_sides(event bigint) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    -- An index takes no list of any length; nobody draws a hundred lanes.
    SELECT (coalesce(
        array_agg(DISTINCT a.side_id) FILTER (WHERE p.role IN (
            'initiator', 'speaker', 'delegate', 'mediator', 'host', 'present')),
        array_agg(DISTINCT a.side_id),
        '{}'))[:100]
    FROM events_participation p JOIN events_actor a ON a.id = p.actor_id
    WHERE p.event_id = event AND a.side_id IS NOT NULL
$$;

CREATE VIEW truceline_placed AS
SELECT e.id AS event_id, e.dossier_id, e.kind, e.modality, e.state,
       truceline_sides(e.id) AS sides,
       coalesce(truceline_clock(e.earliest, z.zone), (-10 ^ 15)::bigint) AS starts,
       -- What lasts into the hour that the clock shows a second time does not end before it begins.
       coalesce(CASE WHEN e.latest > e.earliest
           THEN greatest(truceline_clock(e.latest, z.zone) - 1, truceline_clock(e.earliest, z.zone))
           ELSE truceline_clock(e.latest, z.zone) - 1 END, (10 ^ 15)::bigint) AS ends,
       -- Whole seconds, rounded down like the chart does.
       truceline_clock(to_timestamp(floor(
           (extract(epoch FROM coalesce(e.earliest, e.latest))
            + extract(epoch FROM coalesce(e.latest, e.earliest))) / 2)), z.zone) AS anchor,
       to_tsvector('simple', e.title || ' ' || e.summary || ' ' || e.when_text || ' ' || e.place)
           AS words
FROM events_event e
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT time_zone FROM events_dossier d WHERE d.id = e.dossier_id), 'UTC') AS zone
) z;

-- Whoever works out lanes holds this lock shared, whoever moves actors between lanes alone: each
-- sees what the other did. The rows of the events keep two writers of one event apart.
CREATE FUNCTION truceline_lanes_lock(dossier bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('truceline lanes ' || dossier, 0) $$;

-- After INSERT, UPDATE or DELETE of events. The plans are those of a single row, from index to
-- index, which do for millions; a plan made for millions would not do for one row.
CREATE FUNCTION truceline_place_events() RETURNS trigger
LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM events_placement p USING changed_old o WHERE p.event_id = o.id;
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(truceline_lanes_lock(d))
    FROM (SELECT DISTINCT dossier_id AS d FROM changed_new ORDER BY 1) dossiers;
    INSERT INTO events_placement AS p
        (event_id, dossier_id, kind, modality, state, sides, starts, ends, anchor, words)
    SELECT v.event_id, v.dossier_id, v.kind, v.modality, v.state, v.sides, v.starts, v.ends,
           v.anchor, v.words
    FROM changed_new n JOIN truceline_placed v ON v.event_id = n.id
    ON CONFLICT (event_id) DO UPDATE
    SET kind = excluded.kind, modality = excluded.modality, state = excluded.state,
        sides = excluded.sides, starts = excluded.starts, ends = excluded.ends,
        anchor = excluded.anchor, words = excluded.words
    WHERE (p.kind, p.modality, p.state, p.sides, p.starts, p.ends, p.anchor, p.words)
        IS DISTINCT FROM (excluded.kind, excluded.modality, excluded.state, excluded.sides,
                          excluded.starts, excluded.ends, excluded.anchor, excluded.words);
    RETURN NULL;
END
$$;

-- Works the lanes of some events out anew.
CREATE FUNCTION truceline_relane(events bigint[]) RETURNS void
LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    PERFORM FROM events_event WHERE id = ANY (events) ORDER BY id FOR NO KEY UPDATE;
    UPDATE events_placement p SET sides = v.sides
    FROM (SELECT id, truceline_sides(id) AS sides FROM unnest(events) id) v
    WHERE p.event_id = v.id AND p.sides <> v.sides;
END
$$;

CREATE FUNCTION truceline_place_participations() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    rows text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT dossier_id, event_id FROM changed_new'
        WHEN 'DELETE' THEN 'SELECT dossier_id, event_id FROM changed_old'
        ELSE 'SELECT dossier_id, event_id FROM changed_new'
             ' UNION SELECT dossier_id, event_id FROM changed_old' END;
    dossiers bigint[];
    events bigint[];
BEGIN
    EXECUTE format(
        'SELECT array_agg(DISTINCT dossier_id), array_agg(DISTINCT event_id) FROM (%s) r', rows)
    INTO dossiers, events;
    IF events IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(truceline_lanes_lock(d)) FROM unnest(dossiers) d;
        PERFORM truceline_relane(events);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION truceline_place_actors() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    dossiers bigint[];
    moved bigint[];
BEGIN
    SELECT array_agg(DISTINCT n.dossier_id ORDER BY n.dossier_id), array_agg(n.id)
    INTO dossiers, moved
    FROM changed_old o JOIN changed_new n ON n.id = o.id
    WHERE o.side_id IS DISTINCT FROM n.side_id;
    IF moved IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(truceline_lanes_lock(d)) FROM unnest(dossiers) d;
        PERFORM truceline_relane((
            SELECT coalesce(array_agg(DISTINCT event_id), '{}')
            FROM events_participation WHERE actor_id = ANY (moved)));
    END IF;
    RETURN NULL;
END
$$;

-- Another zone: every day of the dossier begins elsewhere.
CREATE FUNCTION truceline_place_dossier() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(truceline_lanes_lock(NEW.id));
    UPDATE events_placement p SET starts = v.starts, ends = v.ends, anchor = v.anchor
    FROM truceline_placed v
    WHERE p.dossier_id = NEW.id AND v.event_id = p.event_id
      AND (p.starts, p.ends, p.anchor) IS DISTINCT FROM (v.starts, v.ends, v.anchor);
    RETURN NULL;
END
$$;

-- TRUNCATE names no rows; what is left of them is nothing, or no lane.
CREATE FUNCTION truceline_place_nothing() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'events_event' THEN
        DELETE FROM events_placement;
    ELSE
        UPDATE events_placement SET sides = '{}' WHERE sides <> '{}';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER place_insert AFTER INSERT ON events_event
    REFERENCING NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_events();
CREATE TRIGGER place_update AFTER UPDATE ON events_event
    REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_events();
CREATE TRIGGER place_delete AFTER DELETE ON events_event
    REFERENCING OLD TABLE AS changed_old
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_events();
CREATE TRIGGER place_truncate AFTER TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_nothing();
CREATE TRIGGER place_insert AFTER INSERT ON events_participation
    REFERENCING NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_participations();
CREATE TRIGGER place_update AFTER UPDATE ON events_participation
    REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_participations();
CREATE TRIGGER place_delete AFTER DELETE ON events_participation
    REFERENCING OLD TABLE AS changed_old
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_participations();
CREATE TRIGGER place_truncate AFTER TRUNCATE ON events_participation
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_nothing();
CREATE TRIGGER place_update AFTER UPDATE ON events_actor
    REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_place_actors();
CREATE TRIGGER place_zone AFTER UPDATE OF time_zone ON events_dossier
    FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
    EXECUTE FUNCTION truceline_place_dossier();

-- --- The pyramid

-- What is counted stands in the index itself, so that no page of the table is read for it.
ALTER TABLE events_density DROP CONSTRAINT events_density_pkey;
ALTER TABLE events_density ADD PRIMARY KEY (dossier_id, level, at, flavour)
    INCLUDE (starts, ends, anchors, keys);

-- What the running transaction changes is written apart, as differences, and added at commit under
-- the lock of the dossier (truceline_seal): two writers of one month never wait for each other.
-- Only rows of open transactions are ever here, so nothing is lost when a crash empties the table.
CREATE UNLOGGED TABLE events_density_pending (LIKE events_density);
CREATE INDEX density_pending ON events_density_pending (dossier_id, level, at);

CREATE VIEW truceline_density AS
SELECT * FROM events_density UNION ALL SELECT * FROM events_density_pending;

-- One function for each operation, since a statement can only name tables that are there. Each
-- level is summed up from the one below it, so the coarse ones cost next to nothing.
CREATE FUNCTION truceline_summed(level integer, finer text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format(
        'SELECT dossier_id, truceline_cell(%s, at) AS at, flavour, sum(s)::bigint AS s,'
        ' sum(e)::bigint AS e, sum(a)::bigint AS a, sum(k)::bigint AS k FROM %s GROUP BY 1, 2, 3',
        level, finer)
$$;

-- Days and longer are counted a second time without regard to kinds, lane by lane ('*': all, '':
-- none), ten levels higher: the chart of everything, the one most often asked for, then reads a
-- few dozen rows instead of hundreds.
CREATE FUNCTION truceline_broad(finer text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($query$
        SELECT dossier_id, at,
               concat_ws('/', '*',
                   CASE WHEN split_part(flavour, '/', 2) IN ('occurred', 'cancelled')
                       THEN 'occurred' ELSE 'planned' END,
                   CASE split_part(flavour, '/', 3) WHEN 'published'
                       THEN 'published' ELSE 'draft' END,
                   lane) AS flavour,
               sum(s)::bigint AS s, sum(e)::bigint AS e, sum(a)::bigint AS a, sum(k)::bigint AS k
        FROM %s CROSS JOIN LATERAL regexp_split_to_table(
            '*,' || split_part(flavour, '/', 4), ',') AS lane
        GROUP BY 1, 2, 3
        $query$, finer)
$$;

CREATE PROCEDURE truceline_count_after(operation text, delta text)
LANGUAGE plpgsql AS $procedure$
BEGIN
    EXECUTE format($function$
        CREATE FUNCTION truceline_count_%s() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            WITH delta AS MATERIALIZED (
                SELECT dossier_id, starts, ends, anchor, event_id, n,
                       concat_ws('/', kind, modality, state, array_to_string(sides, ','))
                           AS flavour
                FROM (%s) d
            ), points AS (
                SELECT dossier_id, starts AS at, flavour, n AS s, 0 AS e, 0 AS a, 0 AS k
                FROM delta
                UNION ALL SELECT dossier_id, ends, flavour, 0, n, 0, 0 FROM delta
                UNION ALL SELECT dossier_id, anchor, flavour, 0, 0, n, n * event_id
                FROM delta WHERE anchor IS NOT NULL
            ), hour AS MATERIALIZED (%s), six_hours AS MATERIALIZED (%s), day AS MATERIALIZED (%s),
            week AS MATERIALIZED (%s), month AS MATERIALIZED (%s), quarter AS MATERIALIZED (%s),
            year AS MATERIALIZED (%s), decade AS MATERIALIZED (%s), century AS MATERIALIZED (%s),
            millennium AS MATERIALIZED (%s), broad_day AS MATERIALIZED (%s),
            broad_week AS MATERIALIZED (%s), broad_month AS MATERIALIZED (%s),
            broad_quarter AS MATERIALIZED (%s), broad_year AS MATERIALIZED (%s),
            broad_decade AS MATERIALIZED (%s), broad_century AS MATERIALIZED (%s),
            broad_millennium AS MATERIALIZED (%s)
            INSERT INTO events_density_pending
                (dossier_id, level, at, flavour, starts, ends, anchors, keys)
            SELECT dossier_id, level, at, flavour, s, e, a, k FROM (
                SELECT 0 AS level, * FROM hour UNION ALL SELECT 1, * FROM six_hours
                UNION ALL SELECT 2, * FROM day UNION ALL SELECT 3, * FROM week
                UNION ALL SELECT 4, * FROM month UNION ALL SELECT 5, * FROM quarter
                UNION ALL SELECT 6, * FROM year UNION ALL SELECT 7, * FROM decade
                UNION ALL SELECT 8, * FROM century UNION ALL SELECT 9, * FROM millennium
                UNION ALL SELECT 12, * FROM broad_day UNION ALL SELECT 13, * FROM broad_week
                UNION ALL SELECT 14, * FROM broad_month UNION ALL SELECT 15, * FROM broad_quarter
                UNION ALL SELECT 16, * FROM broad_year UNION ALL SELECT 17, * FROM broad_decade
                UNION ALL SELECT 18, * FROM broad_century
                UNION ALL SELECT 19, * FROM broad_millennium
            ) cells
            WHERE (s, e, a, k) <> (0, 0, 0, 0);
            RETURN NULL;
        END
        $$
        $function$,
        operation, delta,
        truceline_summed(0, 'points'), truceline_summed(1, 'hour'),
        truceline_summed(2, 'six_hours'), truceline_summed(3, 'day'), truceline_summed(4, 'day'),
        truceline_summed(5, 'month'), truceline_summed(6, 'quarter'), truceline_summed(7, 'year'),
        truceline_summed(8, 'decade'), truceline_summed(9, 'century'), truceline_broad('day'),
        truceline_summed(3, 'broad_day'), truceline_summed(4, 'broad_day'),
        truceline_summed(5, 'broad_month'), truceline_summed(6, 'broad_quarter'),
        truceline_summed(7, 'broad_year'), truceline_summed(8, 'broad_decade'),
        truceline_summed(9, 'broad_century'));
END
$procedure$;

CALL truceline_count_after('insert', 'SELECT *, 1 AS n FROM changed_new');
CALL truceline_count_after('delete', 'SELECT *, -1 AS n FROM changed_old');
-- Most updates change words only.
CALL truceline_count_after('update', $delta$
    SELECT event_id, dossier_id, kind, modality, state, sides, starts, ends, anchor, sum(n) AS n
    FROM (SELECT *, -1 AS n FROM changed_old UNION ALL SELECT *, 1 FROM changed_new) d
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    HAVING sum(n) <> 0
$delta$);

CREATE TRIGGER count_insert AFTER INSERT ON events_placement
    REFERENCING NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_count_insert();
CREATE TRIGGER count_update AFTER UPDATE ON events_placement
    REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_count_update();
CREATE TRIGGER count_delete AFTER DELETE ON events_placement
    REFERENCING OLD TABLE AS changed_old
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_count_delete();

-- Adds what is pending to the pyramid of a dossier; the caller holds its lock (truceline_seal).
CREATE FUNCTION truceline_fold(dossier bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH pending AS (
        DELETE FROM events_density_pending WHERE dossier_id = dossier
        RETURNING level, at, flavour, starts, ends, anchors, keys
    )
    INSERT INTO events_density AS c
        (dossier_id, level, at, flavour, starts, ends, anchors, keys)
    SELECT dossier, level, at, flavour, sum(starts), sum(ends), sum(anchors), sum(keys)
    FROM pending
    GROUP BY level, at, flavour
    HAVING (sum(starts), sum(ends), sum(anchors), sum(keys)) <> (0, 0, 0, 0)
    ON CONFLICT (dossier_id, level, at, flavour) DO UPDATE
    SET starts = c.starts + excluded.starts, ends = c.ends + excluded.ends,
        anchors = c.anchors + excluded.anchors, keys = c.keys + excluded.keys;
    DELETE FROM events_density
    WHERE dossier_id = dossier AND starts = 0 AND ends = 0 AND anchors = 0;
END
$$;
