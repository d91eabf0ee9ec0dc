-- Which tables are under the history, and which references may not leave a dossier.

CALL truceline_track('events_dossier', '', false, 'id');
CALL truceline_track('events_membership', 'M', false);
CALL truceline_track('events_side', 'SD', false);
CALL truceline_track('events_source', 'S', false);
CALL truceline_track('events_sourcetext', 'ST', false);
CALL truceline_track('events_passage', 'P', false);
CALL truceline_track('events_actor', 'A', false);
CALL truceline_track('events_affiliation', 'AF', true);
CALL truceline_track('events_issue', 'I', false);
CALL truceline_track('events_proposal', 'PR', true);
CALL truceline_track('events_term', 'TM', false);
CALL truceline_track('events_proposer', 'PP', false);
CALL truceline_track('events_consent', 'CN', false);
CALL truceline_track('events_event', 'E', true);
CALL truceline_track('events_participation', 'PT', false);
CALL truceline_track('events_position', 'PO', true);
CALL truceline_track('events_commitment', 'C', true);
CALL truceline_track('events_outcome', 'O', false);
CALL truceline_track('events_link', 'L', true);
CALL truceline_track('events_conflict', 'X', false);
CALL truceline_track('events_conflictmember', 'XM', false);
CALL truceline_track('events_evidence', 'EV', false);
CALL truceline_track('events_readout', 'RO', false);
CALL truceline_track('events_readoutpoint', 'RP', false);
CALL truceline_track('events_readoutpassage', 'RA', false);
CALL truceline_track('events_note', 'N', false);
CALL truceline_track('events_suggestion', 'SG', false);
CALL truceline_track('events_snapshot', 'SN', false);

CALL truceline_of_dossier('events_membership');
CALL truceline_of_dossier('events_side');
CALL truceline_of_dossier('events_source');
CALL truceline_of_dossier('events_sourcetext');
CALL truceline_of_dossier('events_passage');
CALL truceline_of_dossier('events_actor');
CALL truceline_of_dossier('events_affiliation');
CALL truceline_of_dossier('events_issue');
CALL truceline_of_dossier('events_proposal');
CALL truceline_of_dossier('events_term');
CALL truceline_of_dossier('events_proposer');
CALL truceline_of_dossier('events_consent');
CALL truceline_of_dossier('events_event');
CALL truceline_of_dossier('events_participation');
CALL truceline_of_dossier('events_position');
CALL truceline_of_dossier('events_commitment');
CALL truceline_of_dossier('events_outcome');
CALL truceline_of_dossier('events_link');
CALL truceline_of_dossier('events_conflict');
CALL truceline_of_dossier('events_conflictmember');
CALL truceline_of_dossier('events_evidence');
CALL truceline_of_dossier('events_readout');
CALL truceline_of_dossier('events_readoutpoint');
CALL truceline_of_dossier('events_readoutpassage');
CALL truceline_of_dossier('events_note');
CALL truceline_of_dossier('events_suggestion');
CALL truceline_of_dossier('events_snapshot');

CALL truceline_within('events_source', 'translation_of_id', 'events_source', 'set null');
CALL truceline_within('events_sourcetext', 'source_id', 'events_source', 'cascade');
CALL truceline_within('events_passage', 'source_text_id', 'events_sourcetext', 'cascade');
CALL truceline_within('events_passage', 'speaker_id', 'events_actor', 'set null');
CALL truceline_within('events_suggestion', 'source_id', 'events_source', 'cascade');
CALL truceline_within('events_actor', 'side_id', 'events_side', 'set null');
CALL truceline_within('events_affiliation', 'member_id', 'events_actor', 'cascade');
CALL truceline_within('events_affiliation', 'body_id', 'events_actor', 'cascade');
CALL truceline_within('events_issue', 'parent_id', 'events_issue', 'restrict');
CALL truceline_within('events_proposal', 'issue_id', 'events_issue', 'cascade');
CALL truceline_within('events_proposal', 'tabled_in_id', 'events_event', 'set null');
CALL truceline_within('events_proposal', 'announced_in_id', 'events_event', 'set null');
CALL truceline_within('events_proposal', 'earlier_id', 'events_proposal', 'set null');
CALL truceline_within('events_proposal', 'ended_in_id', 'events_event', 'restrict');
CALL truceline_within('events_term', 'proposal_id', 'events_proposal', 'cascade');
CALL truceline_within('events_proposer', 'proposal_id', 'events_proposal', 'cascade');
CALL truceline_within('events_proposer', 'actor_id', 'events_actor', 'restrict');
CALL truceline_within('events_consent', 'proposal_id', 'events_proposal', 'cascade');
CALL truceline_within('events_consent', 'actor_id', 'events_actor', 'restrict');
CALL truceline_within('events_event', 'when_anchor_event_id', 'events_event', 'set null');
CALL truceline_within('events_event', 'part_of_id', 'events_event', 'set null');
CALL truceline_within('events_participation', 'event_id', 'events_event', 'cascade');
CALL truceline_within('events_participation', 'actor_id', 'events_actor', 'restrict');
CALL truceline_within('events_position', 'actor_id', 'events_actor', 'restrict');
CALL truceline_within('events_position', 'issue_id', 'events_issue', 'restrict');
CALL truceline_within('events_position', 'event_id', 'events_event', 'set null');
CALL truceline_within('events_position', 'voiced_by_id', 'events_actor', 'restrict');
CALL truceline_within('events_position', 'addressee_id', 'events_actor', 'restrict');
CALL truceline_within('events_position', 'shifts_from_id', 'events_position', 'set null');
CALL truceline_within('events_commitment', 'debtor_id', 'events_actor', 'restrict');
CALL truceline_within('events_commitment', 'creditor_id', 'events_actor', 'restrict');
CALL truceline_within('events_commitment', 'issue_id', 'events_issue', 'restrict');
CALL truceline_within('events_commitment', 'event_id', 'events_event', 'set null');
CALL truceline_within('events_commitment', 'depends_on_proposal_id', 'events_proposal', 'set null');
CALL truceline_within('events_commitment', 'depends_on_actor_id', 'events_actor', 'set null');
CALL truceline_within('events_commitment', 'depends_on_commitment_id', 'events_commitment', 'set null');
CALL truceline_within('events_outcome', 'commitment_id', 'events_commitment', 'cascade');
CALL truceline_within('events_outcome', 'event_id', 'events_event', 'restrict');
CALL truceline_within('events_link', 'from_event_id', 'events_event', 'cascade');
CALL truceline_within('events_link', 'to_event_id', 'events_event', 'cascade');
CALL truceline_within('events_conflictmember', 'conflict_id', 'events_conflict', 'cascade');
CALL truceline_within('events_conflictmember', 'event_id', 'events_event', 'cascade');
CALL truceline_within('events_conflictmember', 'position_id', 'events_position', 'cascade');
CALL truceline_within('events_conflictmember', 'commitment_id', 'events_commitment', 'cascade');
CALL truceline_within('events_conflictmember', 'proposal_id', 'events_proposal', 'cascade');
CALL truceline_within('events_conflictmember', 'passage_id', 'events_passage', 'cascade');
CALL truceline_within('events_evidence', 'passage_id', 'events_passage', 'restrict');
CALL truceline_within('events_evidence', 'event_id', 'events_event', 'cascade');
CALL truceline_within('events_evidence', 'position_id', 'events_position', 'cascade');
CALL truceline_within('events_evidence', 'commitment_id', 'events_commitment', 'cascade');
CALL truceline_within('events_evidence', 'proposal_id', 'events_proposal', 'cascade');
CALL truceline_within('events_evidence', 'term_id', 'events_term', 'cascade');
CALL truceline_within('events_evidence', 'consent_id', 'events_consent', 'cascade');
CALL truceline_within('events_evidence', 'affiliation_id', 'events_affiliation', 'cascade');
CALL truceline_within('events_evidence', 'participation_id', 'events_participation', 'cascade');
CALL truceline_within('events_evidence', 'link_id', 'events_link', 'cascade');
CALL truceline_within('events_evidence', 'conflict_id', 'events_conflict', 'cascade');
CALL truceline_within('events_evidence', 'speaker_id', 'events_actor', 'set null');
CALL truceline_within('events_readout', 'event_id', 'events_event', 'cascade');
CALL truceline_within('events_readout', 'source_id', 'events_source', 'restrict');
CALL truceline_within('events_readout', 'actor_id', 'events_actor', 'restrict');
CALL truceline_within('events_readoutpoint', 'event_id', 'events_event', 'cascade');
CALL truceline_within('events_readoutpassage', 'point_id', 'events_readoutpoint', 'cascade');
CALL truceline_within('events_readoutpassage', 'readout_id', 'events_readout', 'cascade');
CALL truceline_within('events_readoutpassage', 'passage_id', 'events_passage', 'restrict');
CALL truceline_within('events_note', 'event_id', 'events_event', 'cascade');
CALL truceline_within('events_note', 'position_id', 'events_position', 'cascade');
CALL truceline_within('events_note', 'commitment_id', 'events_commitment', 'cascade');
CALL truceline_within('events_note', 'proposal_id', 'events_proposal', 'cascade');
CALL truceline_within('events_note', 'source_id', 'events_source', 'cascade');
CALL truceline_within('events_note', 'actor_id', 'events_actor', 'cascade');
CALL truceline_within('events_note', 'conflict_id', 'events_conflict', 'cascade');

-- Contested records are found from what disputes them, which is little.
CREATE INDEX events_evidence_disputes ON events_evidence (dossier_id, id) WHERE bearing = 'disputes';

-- Whom a note calls: "@name" that does not stand within a word or address. In lower case, since
-- people do not write names as carefully as systems keep them.
CREATE FUNCTION truceline_mentions(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
    SELECT coalesce(array_agg(DISTINCT lower(found[1])), '{}')
    FROM regexp_matches(words, '(?<![\w.@+/-])@(\w(?:[\w.@+-]*\w)?)', 'g') AS found
);
CREATE INDEX events_note_mentions ON events_note USING gin (truceline_mentions(text))
    WHERE NOT resolved;
