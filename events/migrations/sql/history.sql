-- The history mechanism: every write to a tracked table, by whatever path, leaves a change under
-- a revision with an author; revisions get their number and time at commit, in commit order.

-- The revision of the running transaction for one dossier, made when first needed. Its id is kept
-- in a transaction-local setting, so it vanishes with the transaction or savepoint that made it;
-- the author and block kept with it stop a later block of one transaction from writing under it.
CREATE FUNCTION truceline_revision(dossier bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    setting text := 'truceline.revision_' || dossier;
    known text := current_setting(setting, true);
    author text := nullif(current_setting('truceline.author', true), '');
    block text := author || '/' || coalesce(current_setting('truceline.block', true), '') || '/';
    made bigint;
BEGIN
    IF author IS NULL THEN
        RAISE EXCEPTION 'A change needs an author: write inside history.recording(by=...).'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF starts_with(known, block) THEN
        RETURN substr(known, length(block) + 1)::bigint;
    END IF;
    INSERT INTO events_revision (dossier_id, author_id, origin, note)
    VALUES (
        dossier,
        author::bigint,
        coalesce(nullif(current_setting('truceline.origin', true), ''), 'command'),
        coalesce(current_setting('truceline.note', true), '')
    )
    RETURNING id INTO made;
    PERFORM set_config(setting, block || made, true);
    RETURN made;
END
$$;

-- Statement trigger: one change per row that differs. Argument: the column naming the dossier.
-- Statement triggers with transition tables also see COPY, cascades and bulk writes, and cost a
-- fraction of row triggers on them.
-- A connection keeps the plan it made for its first write, mostly of one row; a nested loop in it
-- would compare each row with each other in a later write of many.
CREATE FUNCTION truceline_log() RETURNS trigger
LANGUAGE plpgsql SET timezone = 'UTC' SET enable_nestloop = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        WITH r AS MATERIALIZED (
            SELECT to_jsonb(n) AS after FROM changed_new n
        ), v AS MATERIALIZED (
            SELECT d, truceline_revision(d) AS revision
            FROM (SELECT DISTINCT (after->>TG_ARGV[0])::bigint AS d FROM r) x
        )
        INSERT INTO events_change
            (revision_id, dossier_id, "table", record_id, ref, operation, before, after)
        SELECT v.revision, v.d, TG_TABLE_NAME, (after->>'id')::bigint, after->>'ref',
               'insert', NULL, after
        FROM r JOIN v ON v.d = (after->>TG_ARGV[0])::bigint;
        -- Refs given by an importer push the counter, so that no number is handed out twice.
        IF TG_ARGV[1] <> '' THEN
            INSERT INTO events_refcounter AS c (dossier_id, prefix, last)
            SELECT g.d, TG_ARGV[1], g.last
            FROM (
                SELECT (to_jsonb(n)->>TG_ARGV[0])::bigint AS d,
                       max(substr(n.ref, length(TG_ARGV[1]) + 1)::bigint) AS last
                FROM changed_new n
                WHERE n.ref ~ ('^' || TG_ARGV[1] || '[0-9]{1,15}$')
                GROUP BY 1
            ) g
            WHERE NOT EXISTS (
                SELECT FROM events_refcounter k
                WHERE k.dossier_id = g.d AND k.prefix = TG_ARGV[1] AND k.last >= g.last
            )
            ON CONFLICT (dossier_id, prefix)
                DO UPDATE SET last = greatest(c.last, excluded.last);
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        WITH r AS MATERIALIZED (
            SELECT to_jsonb(o) AS before, to_jsonb(n) AS after
            FROM changed_old o JOIN changed_new n ON n.id = o.id
        ), w AS MATERIALIZED (
            SELECT * FROM r WHERE before <> after
        ), v AS MATERIALIZED (
            SELECT d, truceline_revision(d) AS revision
            FROM (SELECT DISTINCT (after->>TG_ARGV[0])::bigint AS d FROM w) x
        )
        INSERT INTO events_change
            (revision_id, dossier_id, "table", record_id, ref, operation, before, after)
        SELECT v.revision, v.d, TG_TABLE_NAME, (after->>'id')::bigint, after->>'ref',
               'update', before, after
        FROM w JOIN v ON v.d = (after->>TG_ARGV[0])::bigint;
    ELSE
        WITH r AS MATERIALIZED (
            SELECT to_jsonb(o) AS before FROM changed_old o
        ), v AS MATERIALIZED (
            SELECT d, truceline_revision(d) AS revision
            FROM (SELECT DISTINCT (before->>TG_ARGV[0])::bigint AS d FROM r) x
        )
        INSERT INTO events_change
            (revision_id, dossier_id, "table", record_id, ref, operation, before, after)
        SELECT v.revision, v.d, TG_TABLE_NAME, (before->>'id')::bigint, before->>'ref',
               'delete', before, NULL
        FROM r JOIN v ON v.d = (before->>TG_ARGV[0])::bigint;
    END IF;
    RETURN NULL;
END
$$;

-- TRUNCATE has no transition tables: copy the rows before they go.
CREATE FUNCTION truceline_log_truncate() RETURNS trigger
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
BEGIN
    EXECUTE format(
        'WITH r AS MATERIALIZED (SELECT to_jsonb(t) AS before FROM %I.%I t),
              v AS MATERIALIZED (
                  SELECT d, truceline_revision(d) AS revision
                  FROM (SELECT DISTINCT (before->>%L)::bigint AS d FROM r) x)
         INSERT INTO events_change
             (revision_id, dossier_id, "table", record_id, ref, operation, before, after)
         SELECT v.revision, v.d, %L, (before->>''id'')::bigint, before->>''ref'',
                ''truncate'', before, NULL
         FROM r JOIN v ON v.d = (before->>%L)::bigint',
        TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[0], TG_TABLE_NAME, TG_ARGV[0]
    );
    RETURN NULL;
END
$$;

-- Refuses a given ref whose number the counter could not go on from: a ref that it hands out later
-- would be taken, and nothing could be made any more. What is restored was there before.
CREATE FUNCTION truceline_refuse_ref(ref text, prefix text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF ref ~ ('^' || prefix || '[0-9]{16,}$')
       AND coalesce(current_setting('truceline.restoring', true), '') <> 'on' THEN
        RAISE EXCEPTION 'The number of % is too long: at most 15 digits.', ref
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ref_number';
    END IF;
END
$$;

-- Row trigger before a write: ref, version, times, and the return of a changed record to draft.
-- Arguments: column naming the dossier, ref prefix ('' for none), 't' where the table has a state.
CREATE FUNCTION truceline_stamp() RETURNS trigger
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    was jsonb;
    is_now jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF coalesce(current_setting('truceline.restoring', true), '') <> 'on' THEN
            NEW.version := 1;
        END IF;
        -- Nested, since a table without refs must not even be asked for the column.
        IF TG_ARGV[1] <> '' THEN
            IF coalesce(NEW.ref, '') = '' THEN
                INSERT INTO events_refcounter AS c (dossier_id, prefix, last)
                VALUES (NEW.dossier_id, TG_ARGV[1], 1)
                ON CONFLICT (dossier_id, prefix) DO UPDATE SET last = c.last + 1
                RETURNING TG_ARGV[1] || last INTO NEW.ref;
            ELSE
                PERFORM truceline_refuse_ref(NEW.ref, TG_ARGV[1]);
            END IF;
        END IF;
        RETURN NEW;
    END IF;

    was := to_jsonb(OLD) - '{version,updated_at}'::text[];
    is_now := to_jsonb(NEW) - '{version,updated_at}'::text[];
    IF was->>'id' <> is_now->>'id' OR was->>TG_ARGV[0] <> is_now->>TG_ARGV[0] THEN
        RAISE EXCEPTION 'A record keeps its id and its dossier.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.created_at := OLD.created_at;
    IF was - 'created_at' = is_now - 'created_at' THEN
        NEW.version := OLD.version;
        NEW.updated_at := OLD.updated_at;
        RETURN NEW;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    -- A ref given later pushes the counter like one given from the start.
    IF TG_ARGV[1] <> '' AND was->>'ref' <> is_now->>'ref' THEN
        PERFORM truceline_refuse_ref(is_now->>'ref', TG_ARGV[1]);
        INSERT INTO events_refcounter AS c (dossier_id, prefix, last)
        SELECT NEW.dossier_id, TG_ARGV[1], number
        FROM substring(is_now->>'ref' FROM '^' || TG_ARGV[1] || '([0-9]{1,15})$') AS digits,
             LATERAL CAST(digits AS bigint) AS number
        WHERE digits IS NOT NULL
        ON CONFLICT (dossier_id, prefix) DO UPDATE SET last = greatest(c.last, excluded.last);
    END IF;
    IF TG_ARGV[2] = 't' THEN
        IF OLD.state <> 'draft' AND NEW.state = OLD.state
           AND coalesce(current_setting('truceline.keeps_state', true), '') <> 'on' THEN
            NEW.state := 'draft';
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- Sealing, at commit: under the dossier's lock take the next number and the time. The lock is held
-- until the transaction is visible to all, so whoever holds it shared sees a settled history.
CREATE FUNCTION truceline_lock_key(dossier bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('truceline ' || dossier, 0) $$;

CREATE FUNCTION truceline_seal() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- A transaction over several dossiers takes their locks in one order, so two cannot deadlock.
    PERFORM pg_advisory_xact_lock(truceline_lock_key(dossier_id))
    FROM (
        SELECT DISTINCT dossier_id FROM events_revision WHERE number IS NULL ORDER BY dossier_id
    ) mine;
    UPDATE events_revision r
    SET number = coalesce(last.number, 0) + 1,
        sealed_at = greatest(clock_timestamp(), last.sealed_at + interval '1 microsecond')
    FROM (SELECT 1) one
    LEFT JOIN LATERAL (
        SELECT number, sealed_at FROM events_revision
        WHERE dossier_id = NEW.dossier_id AND number IS NOT NULL
        ORDER BY number DESC LIMIT 1
    ) last ON true
    WHERE r.id = NEW.id AND r.number IS NULL;
    -- In here, where one transaction of a dossier follows the other (see density.sql).
    PERFORM truceline_fold(NEW.dossier_id);
    RETURN NULL;
END
$$;

-- The history tables take rows from the functions above and nothing else, ever.
CREATE FUNCTION truceline_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The history cannot be written, changed or deleted by hand (%.%).',
        TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE FUNCTION truceline_guard_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 AND OLD.number IS NULL AND NEW.number IS NOT NULL
       AND (OLD.id, OLD.dossier_id, OLD.author_id, OLD.origin, OLD.note)
         = (NEW.id, NEW.dossier_id, NEW.author_id, NEW.origin, NEW.note) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The history cannot be written, changed or deleted by hand (%.%).',
        TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER guard BEFORE INSERT OR DELETE OR TRUNCATE ON events_revision
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_guard();
CREATE TRIGGER guard_update BEFORE UPDATE ON events_revision
    FOR EACH ROW EXECUTE FUNCTION truceline_guard_revision();
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON events_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION truceline_seal();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON events_change
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_guard();

-- Puts a table under the history.
CREATE PROCEDURE truceline_track(
    tracked regclass, prefix text, reviewable boolean, dossier_column text DEFAULT 'dossier_id'
)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER truceline_stamp BEFORE INSERT OR UPDATE ON %s
         FOR EACH ROW EXECUTE FUNCTION truceline_stamp(%L, %L, %L)',
        tracked, dossier_column, prefix, CASE WHEN reviewable THEN 't' ELSE 'f' END);
    EXECUTE format(
        'CREATE TRIGGER truceline_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS changed_new
         FOR EACH STATEMENT EXECUTE FUNCTION truceline_log(%L, %L)',
        tracked, dossier_column, prefix);
    EXECUTE format(
        'CREATE TRIGGER truceline_update AFTER UPDATE ON %s
         REFERENCING OLD TABLE AS changed_old NEW TABLE AS changed_new
         FOR EACH STATEMENT EXECUTE FUNCTION truceline_log(%L, %L)',
        tracked, dossier_column, prefix);
    EXECUTE format(
        'CREATE TRIGGER truceline_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS changed_old
         FOR EACH STATEMENT EXECUTE FUNCTION truceline_log(%L, %L)',
        tracked, dossier_column, prefix);
    EXECUTE format(
        'CREATE TRIGGER truceline_truncate BEFORE TRUNCATE ON %s
         FOR EACH STATEMENT EXECUTE FUNCTION truceline_log_truncate(%L)',
        tracked, dossier_column);
END
$$;

-- What a row was part of and is no more, as "column id": empty for most changes. With this the
-- history of a record finds what was taken from it, without an index over every change.
CREATE FUNCTION truceline_left(before jsonb, after jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN before->'event_id' IS DISTINCT FROM after->'event_id'
            THEN 'event_id ' || (before->>'event_id') END,
        CASE WHEN before->'from_event_id' IS DISTINCT FROM after->'from_event_id'
            THEN 'from_event_id ' || (before->>'from_event_id') END,
        CASE WHEN before->'to_event_id' IS DISTINCT FROM after->'to_event_id'
            THEN 'to_event_id ' || (before->>'to_event_id') END,
        CASE WHEN before->'position_id' IS DISTINCT FROM after->'position_id'
            THEN 'position_id ' || (before->>'position_id') END,
        CASE WHEN before->'commitment_id' IS DISTINCT FROM after->'commitment_id'
            THEN 'commitment_id ' || (before->>'commitment_id') END,
        CASE WHEN before->'proposal_id' IS DISTINCT FROM after->'proposal_id'
            THEN 'proposal_id ' || (before->>'proposal_id') END,
        CASE WHEN before->'affiliation_id' IS DISTINCT FROM after->'affiliation_id'
            THEN 'affiliation_id ' || (before->>'affiliation_id') END,
        CASE WHEN before->'link_id' IS DISTINCT FROM after->'link_id'
            THEN 'link_id ' || (before->>'link_id') END,
        CASE WHEN before->'conflict_id' IS DISTINCT FROM after->'conflict_id'
            THEN 'conflict_id ' || (before->>'conflict_id') END,
        CASE WHEN before->'source_id' IS DISTINCT FROM after->'source_id'
            THEN 'source_id ' || (before->>'source_id') END,
        CASE WHEN before->'member_id' IS DISTINCT FROM after->'member_id'
            THEN 'member_id ' || (before->>'member_id') END,
        CASE WHEN before->'body_id' IS DISTINCT FROM after->'body_id'
            THEN 'body_id ' || (before->>'body_id') END
    ], NULL)
$$;

CREATE INDEX change_left ON events_change USING gin (truceline_left(before, after))
    WITH (fastupdate = off)
    WHERE before IS NOT NULL AND "table" IN (
        'events_evidence', 'events_participation', 'events_link', 'events_position',
        'events_commitment', 'events_outcome', 'events_conflictmember', 'events_term',
        'events_consent', 'events_proposer', 'events_sourcetext', 'events_affiliation',
        'events_readout', 'events_readoutpoint')
    AND truceline_left(before, after) <> '{}';
