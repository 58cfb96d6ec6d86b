{header}--
-- Say here what becomes of the rows that are there. docs/revisions.md describes the format.

-- zq:upgrade

{upgrade}
{down}

{downgrade}