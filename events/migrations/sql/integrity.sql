-- Rules that a column constraint cannot hold.

-- A reference cannot leave its dossier: the pair (dossier, key) must exist on the other side.
CREATE PROCEDURE truceline_within(
    from_table regclass, key text, to_table regclass, on_delete text
)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (dossier_id, %I)
         REFERENCES %s (dossier_id, id) %s DEFERRABLE INITIALLY DEFERRED',
        from_table, 'within_' || replace(from_table::text, '.', '_') || '_' || key, key, to_table,
        CASE on_delete
            WHEN 'cascade' THEN 'ON DELETE CASCADE'
            WHEN 'set null' THEN format('ON DELETE SET NULL (%I)', key)
            WHEN 'restrict' THEN 'ON DELETE NO ACTION'
        END);
END
$$;

CREATE PROCEDURE truceline_of_dossier(from_table regclass)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (dossier_id)
         REFERENCES events_dossier (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
        from_table, 'of_dossier_' || replace(from_table::text, '.', '_'));
END
$$;

-- No row may be its own ancestor. Argument: the column that names the parent. The lock lets no two
-- transactions close a circle between them.
CREATE FUNCTION truceline_no_cycle() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    met boolean;
BEGIN
    IF (to_jsonb(NEW)->>TG_ARGV[0]) IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(
        hashtextextended('cycle ' || TG_TABLE_NAME || ' ' || NEW.dossier_id, 0));
    EXECUTE format(
        'WITH RECURSIVE up(id) AS (
             SELECT ($1)::bigint
             UNION
             SELECT t.%1$I FROM %2$I.%3$I t JOIN up ON t.id = up.id WHERE t.%1$I IS NOT NULL
         ) SELECT EXISTS (SELECT FROM up WHERE id = $2)',
        TG_ARGV[0], TG_TABLE_SCHEMA, TG_TABLE_NAME
    ) INTO met USING to_jsonb(NEW)->>TG_ARGV[0], NEW.id;
    IF met THEN
        RAISE EXCEPTION '% cannot be part of itself.', NEW.ref
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_no_cycle';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE OF part_of_id ON events_event
    FOR EACH ROW EXECUTE FUNCTION truceline_no_cycle('part_of_id');
CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE OF parent_id ON events_issue
    FOR EACH ROW EXECUTE FUNCTION truceline_no_cycle('parent_id');
CREATE CONSTRAINT TRIGGER no_cycle AFTER INSERT OR UPDATE OF earlier_id ON events_proposal
    FOR EACH ROW EXECUTE FUNCTION truceline_no_cycle('earlier_id');

-- A stored text is what was received, for good; its checksum is the database's own.
CREATE FUNCTION truceline_text_sum() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
    RETURN NEW;
END
$$;

CREATE FUNCTION truceline_text_kept() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A stored text cannot be changed; add a new version of it.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER text_sum BEFORE INSERT ON events_sourcetext
    FOR EACH ROW EXECUTE FUNCTION truceline_text_sum();
CREATE TRIGGER text_kept BEFORE UPDATE ON events_sourcetext FOR EACH ROW
    WHEN ((OLD.text, OLD.number, OLD.source_id, OLD.taken_from, OLD.sha256)
          IS DISTINCT FROM (NEW.text, NEW.number, NEW.source_id, NEW.taken_from, NEW.sha256))
    EXECUTE FUNCTION truceline_text_kept();

-- A passage is exactly the words at its place. Deferred, since a loader may bring the text later.
CREATE FUNCTION truceline_passage_exact() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM events_passage p JOIN events_sourcetext t ON t.id = p.source_text_id
        WHERE p.id = NEW.id AND p.state <> 'orphaned'
          AND substr(t.text, p.start + 1, p."end" - p.start) <> p.exact
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'Passage %: the text from % to % is not what the passage says.',
        NEW.ref, NEW.start, NEW."end"
        USING ERRCODE = 'check_violation', CONSTRAINT = 'passage_exact';
END
$$;

CREATE CONSTRAINT TRIGGER exact AFTER INSERT OR UPDATE ON events_passage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION truceline_passage_exact();

-- A dossier that has an owner keeps one who can sign in, whoever writes and however. Checked at
-- commit, so that the owner may change hands within a transaction, and under the lock of the
-- dossier's history, so that of two owners who go at once the second sees the first gone.
CREATE FUNCTION truceline_keep_owner(dossier bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(truceline_lock_key(dossier));
    IF EXISTS (SELECT FROM events_dossier WHERE id = dossier)
       AND NOT EXISTS (
           SELECT FROM events_membership m JOIN events_user u ON u.id = m.user_id
           WHERE m.dossier_id = dossier AND m.role = 'owner' AND u.is_active
       ) THEN
        RAISE EXCEPTION 'A dossier keeps at least one owner. Make someone else an owner first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_keeps_owner',
                  TABLE = 'events_membership';
    END IF;
END
$$;

CREATE FUNCTION truceline_owner_goes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- A transaction over several dossiers takes their locks in one order, as sealing does.
    PERFORM pg_advisory_xact_lock(truceline_lock_key(dossier_id))
    FROM (
        SELECT DISTINCT dossier_id FROM events_revision WHERE number IS NULL ORDER BY dossier_id
    ) mine;
    PERFORM truceline_keep_owner(OLD.dossier_id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER owner_leaves AFTER DELETE ON events_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner')
    EXECUTE FUNCTION truceline_owner_goes();
CREATE CONSTRAINT TRIGGER owner_changes AFTER UPDATE ON events_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.role = 'owner' AND (NEW.role <> 'owner' OR NEW.user_id <> OLD.user_id))
    EXECUTE FUNCTION truceline_owner_goes();

-- TRUNCATE has no rows to defer a check for; its changes of this transaction name the dossiers.
CREATE FUNCTION truceline_owners_truncated() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM truceline_keep_owner(dossier_id)
    FROM (
        SELECT DISTINCT c.dossier_id
        FROM events_change c JOIN events_revision r ON r.id = c.revision_id
        WHERE r.number IS NULL AND c."table" = 'events_membership' AND c.operation = 'truncate'
          AND c.before->>'role' = 'owner'
        ORDER BY 1
    ) owned;
    RETURN NULL;
END
$$;

CREATE TRIGGER owners_truncated AFTER TRUNCATE ON events_membership
    FOR EACH STATEMENT EXECUTE FUNCTION truceline_owners_truncated();

-- An account that is switched off owns nothing any more.
CREATE FUNCTION truceline_owner_off() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM truceline_keep_owner(dossier_id)
    FROM (
        SELECT dossier_id FROM events_membership
        WHERE user_id = NEW.id AND role = 'owner' ORDER BY dossier_id
    ) owned;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER owner_off AFTER UPDATE OF is_active ON events_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION truceline_owner_off();

-- The review queue reads what is not published yet, oldest change first.
DO $$
DECLARE
    kind text;
BEGIN
    FOREACH kind IN ARRAY
        ARRAY['event', 'position', 'commitment', 'proposal', 'link', 'affiliation']
    LOOP
        EXECUTE format(
            'CREATE INDEX %I ON %I (dossier_id, updated_at, id)
             WHERE state IN (''draft'', ''reviewed'')',
            kind || '_waiting', 'events_' || kind);
    END LOOP;
END
$$;

-- Words in a readout are of its source, and readout and point are of one event. Deferred, since a
-- loader may bring them in any order.
CREATE FUNCTION truceline_readout_fits() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM events_readoutpassage w
        JOIN events_readout r ON r.id = w.readout_id AND r.dossier_id = w.dossier_id
        JOIN events_readoutpoint o ON o.id = w.point_id AND o.dossier_id = w.dossier_id
        JOIN events_passage p ON p.id = w.passage_id AND p.dossier_id = w.dossier_id
        JOIN events_sourcetext t ON t.id = p.source_text_id
        WHERE CASE TG_TABLE_NAME
            WHEN 'events_readout' THEN r.id WHEN 'events_readoutpoint' THEN o.id ELSE w.id
        END = NEW.id
          AND (r.event_id <> o.event_id OR r.source_id <> t.source_id)
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '%: words of a readout are of its source, and of its event''s points.', NEW.ref
        USING ERRCODE = 'check_violation', CONSTRAINT = 'readout_fits';
END
$$;

CREATE CONSTRAINT TRIGGER fits AFTER INSERT OR UPDATE ON events_readoutpassage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION truceline_readout_fits();
CREATE CONSTRAINT TRIGGER fits AFTER UPDATE OF event_id, source_id ON events_readout
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION truceline_readout_fits();
CREATE CONSTRAINT TRIGGER fits AFTER UPDATE OF event_id ON events_readoutpoint
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION truceline_readout_fits();
