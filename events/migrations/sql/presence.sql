-- Who is here is worth nothing after a crash: no write-ahead log for it. It is rewritten every few
-- seconds, so room is left in each page for the next version of a row.

ALTER TABLE events_presence SET UNLOGGED;
ALTER TABLE events_presence SET (fillfactor = 50);
