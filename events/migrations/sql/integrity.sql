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
    WHEN ((OLD.text, OLD.number, OLD.source_id, OLD.sha256)
          IS DISTINCT FROM (NEW.text, NEW.number, NEW.source_id, NEW.sha256))
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
