-- The past, as tables to read. Two schemas hold a view for each table of records, under the
-- table's own name; a reader puts one of them before the usual schemas in search_path and asks
-- the same questions as ever. Nothing can be written through them.
--
-- truceline_recorded: what the dossier `truceline.as_of_dossier` said after its revision
-- `truceline.as_of_number`. With `truceline.as_of_public` on, only what is still there, and still
-- published where it is reviewed: what was withdrawn since is not handed out by the back door.
--
-- truceline_happened: what is recorded now, without what happened at `truceline.happened_by` or
-- later, and without what hangs on that.
--
-- A migration that alters a table of records first drops the views and then draws them again:
-- CALL truceline_forget_the_past(); ...; CALL truceline_draw_the_past();

CREATE FUNCTION truceline_setting(name text) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('truceline.' || name, true), '') $$;

-- Each row is asked about by itself, through an index: so the cost follows what is read. OFFSET 0
-- keeps Postgres from weaving these questions into the joins of the reader's query, which took
-- longer to plan than to run.

-- A row that no later revision touched is as it was. A row that one did touch is what the first of
-- them found. So the cost follows what was changed since, not the size of the archive.
CREATE PROCEDURE truceline_recorded_view(tracked regclass, reviewable boolean)
LANGUAGE plpgsql AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = tracked);
BEGIN
    EXECUTE format(
        'CREATE VIEW truceline_recorded.%1$I AS
         SELECT * FROM (
             SELECT t.* FROM %2$s t
             WHERE t.dossier_id = truceline_setting(''as_of_dossier'')::bigint
               AND NOT EXISTS (
                   SELECT FROM events_change c JOIN events_revision r ON r.id = c.revision_id
                   WHERE c."table" = %1$L AND c.record_id = t.id
                     AND r.number > truceline_setting(''as_of_number'')::bigint
                   OFFSET 0)
             UNION ALL
             SELECT p.*
             FROM (
                 SELECT DISTINCT ON (c.record_id) c.before
                 FROM events_revision r JOIN events_change c ON c.revision_id = r.id
                 WHERE r.dossier_id = truceline_setting(''as_of_dossier'')::bigint
                   AND r.number > truceline_setting(''as_of_number'')::bigint
                   AND c."table" = %1$L
                 ORDER BY c.record_id, c.id
             ) first
             CROSS JOIN LATERAL jsonb_populate_record(NULL::%2$s, first.before) p
             WHERE first.before IS NOT NULL
         ) was
         WHERE truceline_setting(''as_of_public'') IS NULL
            OR EXISTS (SELECT FROM %2$s l WHERE l.id = was.id%3$s)',
        name, tracked,
        CASE WHEN reviewable THEN ' AND l.state = ''published''' ELSE '' END);
END
$$;

-- A view without the rows for which `lost` holds and without those that need a lost one, in which
-- other references to lost rows are empty; and beside it, as lost_..., the ids left out. `needs`
-- and `loses` are pairs of a column and the table it names; `lost` calls the row t.
CREATE PROCEDURE truceline_happened_view(
    tracked regclass, needs text[] DEFAULT '{}', loses text[] DEFAULT '{}',
    lost text DEFAULT 'false'
)
LANGUAGE plpgsql AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = tracked);
    is_lost text := 'EXISTS (SELECT FROM truceline_happened.%2$I o'
        ' WHERE o.id = t.%1$I OFFSET 0)';
    columns text;
BEGIN
    FOR i IN 1 .. coalesce(array_length(needs, 1), 0) LOOP
        lost := lost || ' OR ' || format(is_lost, needs[i][1], 'lost_' || needs[i][2]);
    END LOOP;
    EXECUTE format(
        'CREATE VIEW truceline_happened.%I AS SELECT t.id FROM %s t WHERE %s',
        'lost_' || name, tracked, lost);
    SELECT string_agg(coalesce(
        (SELECT format(
            'CASE WHEN NOT ' || is_lost || ' THEN t.%1$I END AS %1$I',
            a.attname, 'lost_' || loses[i][2])
         FROM generate_subscripts(loses, 1) i WHERE loses[i][1] = a.attname),
        format('t.%I', a.attname)), ', ' ORDER BY a.attnum)
    INTO columns
    FROM pg_attribute a WHERE a.attrelid = tracked AND a.attnum > 0 AND NOT a.attisdropped;
    EXECUTE format(
        'CREATE VIEW truceline_happened.%I AS SELECT %s FROM %s t'
        ' WHERE t.dossier_id = truceline_setting(''as_of_dossier'')::bigint AND (%s) IS NOT TRUE',
        name, columns, tracked, lost);
END
$$;

CREATE PROCEDURE truceline_draw_the_past()
LANGUAGE plpgsql AS $$
DECLARE
    tracked regclass;
    reviewable boolean;
BEGIN
    CREATE SCHEMA truceline_recorded;
    CREATE SCHEMA truceline_happened;
    -- Who may do what is a matter of now, so memberships have no past here.
    FOR tracked, reviewable IN
        -- The last argument of the trigger says whether the table has a review state.
        SELECT t.tgrelid, encode(t.tgargs, 'escape') LIKE '%t\\000'
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE t.tgname = 'truceline_stamp'
          AND c.relname NOT IN ('events_dossier', 'events_membership')
          AND pg_table_is_visible(c.oid)
    LOOP
        CALL truceline_recorded_view(tracked, reviewable);
    END LOOP;

    -- The other dossiers stay as they are: the way to them leads out of the past. Whether the
    -- dossier is public is, like memberships, a matter of now.
    CREATE VIEW truceline_recorded.events_dossier AS
    SELECT p.*
    FROM events_dossier t
    LEFT JOIN LATERAL (
        SELECT c.before
        FROM events_revision r JOIN events_change c ON c.revision_id = r.id
        WHERE t.id = truceline_setting('as_of_dossier')::bigint
          AND r.dossier_id = t.id AND r.number > truceline_setting('as_of_number')::bigint
          AND c."table" = 'events_dossier' AND c.record_id = t.id
        ORDER BY c.id LIMIT 1
    ) first ON true
    CROSS JOIN LATERAL jsonb_populate_record(
        t, coalesce(first.before, '{}') - '{visibility,slug}'::text[]
    ) p;

    CREATE VIEW truceline_recorded.events_revision AS
    SELECT * FROM events_revision r
    WHERE r.dossier_id = truceline_setting('as_of_dossier')::bigint
      AND r.number <= truceline_setting('as_of_number')::bigint;

    CREATE VIEW truceline_recorded.events_change AS
    SELECT c.* FROM events_change c
    WHERE c.dossier_id = truceline_setting('as_of_dossier')::bigint
      AND EXISTS (
          SELECT FROM events_revision r
          WHERE r.id = c.revision_id AND r.number <= truceline_setting('as_of_number')::bigint);

    -- An event that may have begun by then stays: only a start that is surely later leaves it out.
    CALL truceline_happened_view('events_event',
        loses => '{{part_of_id,events_event},{when_anchor_event_id,events_event}}',
        lost => 'coalesce(t.earliest >='
                ' truceline_setting(''happened_by'')::timestamptz, false)');
    CALL truceline_happened_view('events_affiliation',
        lost => 'coalesce(t.held_earliest >='
                ' truceline_setting(''happened_by'')::timestamptz, false)');
    -- An offer is known from when it was announced, else from when it was put forward.
    CALL truceline_happened_view('events_proposal',
        loses => '{{tabled_in_id,events_event},{ended_in_id,events_event},
                   {earlier_id,events_proposal}}',
        lost => 'EXISTS (SELECT FROM truceline_happened.lost_events_event o'
                ' WHERE o.id = coalesce(t.announced_in_id, t.tabled_in_id) OFFSET 0)');
    CALL truceline_happened_view('events_issue',
        loses => '{{parent_id,events_issue}}',
        lost => 'EXISTS (SELECT FROM events_proposal p'
                ' JOIN truceline_happened.lost_events_proposal o ON o.id = p.id'
                ' WHERE p.issue_id = t.id OFFSET 0)');
    CALL truceline_happened_view('events_term', '{{proposal_id,events_proposal}}');
    CALL truceline_happened_view('events_proposer', '{{proposal_id,events_proposal}}');
    CALL truceline_happened_view('events_consent', '{{proposal_id,events_proposal}}');
    CALL truceline_happened_view('events_participation', '{{event_id,events_event}}');
    CALL truceline_happened_view('events_position',
        needs => '{{event_id,events_event},{issue_id,events_issue}}',
        loses => '{{shifts_from_id,events_position}}');
    CALL truceline_happened_view('events_commitment',
        needs => '{{event_id,events_event}}',
        loses => '{{issue_id,events_issue},{depends_on_proposal_id,events_proposal},
                   {depends_on_commitment_id,events_commitment}}');
    CALL truceline_happened_view('events_outcome',
        '{{commitment_id,events_commitment},{event_id,events_event}}');
    CALL truceline_happened_view('events_readout', '{{event_id,events_event}}');
    CALL truceline_happened_view('events_readoutpoint', '{{event_id,events_event}}');
    CALL truceline_happened_view('events_readoutpassage',
        '{{point_id,events_readoutpoint},{readout_id,events_readout}}');
    CALL truceline_happened_view('events_link',
        '{{from_event_id,events_event},{to_event_id,events_event}}');
    -- A conflict that has lost a side needs two others.
    CALL truceline_happened_view('events_conflict', lost => '
        (SELECT bool_or(gone) AND count(*) FILTER (WHERE NOT gone) < 2
         FROM (
             SELECT EXISTS (SELECT FROM truceline_happened.lost_events_event o
                            WHERE o.id = m.event_id OFFSET 0)
                 OR EXISTS (SELECT FROM truceline_happened.lost_events_position o
                            WHERE o.id = m.position_id OFFSET 0)
                 OR EXISTS (SELECT FROM truceline_happened.lost_events_commitment o
                            WHERE o.id = m.commitment_id OFFSET 0)
                 OR EXISTS (SELECT FROM truceline_happened.lost_events_proposal o
                            WHERE o.id = m.proposal_id OFFSET 0) AS gone
             FROM events_conflictmember m WHERE m.conflict_id = t.id
         ) sides)');
    CALL truceline_happened_view('events_conflictmember',
        '{{conflict_id,events_conflict},{event_id,events_event},{position_id,events_position},
          {commitment_id,events_commitment},{proposal_id,events_proposal}}');
    CALL truceline_happened_view('events_evidence',
        '{{event_id,events_event},{position_id,events_position},
          {commitment_id,events_commitment},{proposal_id,events_proposal},
          {affiliation_id,events_affiliation},{participation_id,events_participation},
          {term_id,events_term},{consent_id,events_consent},
          {link_id,events_link},{conflict_id,events_conflict}}',
        -- Whose answer is awaited is said in an event: words about it count from then.
        lost => '(SELECT bool_and(EXISTS (
                      SELECT FROM truceline_happened.lost_events_event o
                      WHERE o.id = said.event_id OFFSET 0))
                  FROM events_evidence said
                  WHERE t.consent_id IS NOT NULL AND said.passage_id = t.passage_id
                    AND said.event_id IS NOT NULL)');
    CALL truceline_happened_view('events_note',
        '{{event_id,events_event},{position_id,events_position},
          {commitment_id,events_commitment},{proposal_id,events_proposal},
          {conflict_id,events_conflict}}');
END
$$;

CREATE PROCEDURE truceline_forget_the_past()
LANGUAGE plpgsql AS $$
BEGIN
    DROP SCHEMA truceline_recorded CASCADE;
    DROP SCHEMA truceline_happened CASCADE;
END
$$;

CALL truceline_draw_the_past();
