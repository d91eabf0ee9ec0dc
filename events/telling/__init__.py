"""What pages tell of the history that events/history.py keeps: of one record, and of a dossier.

`versions` puts the page of a record's history together: the changes of the record and of what
belongs to it (`belongings`), a line for each (`lines`), and what differs between two of them
(`differences`). `revisions` tells what whole revisions did. `restoring` and `undoing` say
beforehand what taking something back would do, and who may.
"""
