-- Who must not be contacted now, where, why and by whose word, as ingestor and senders read it: a lift takes back what was
-- so at its instant or before, whatever is written later; strikes count once there are as many as they say, as one row.
-- Contacts and senders are keyed hashes; scope is * for every sender, value when the number itself is no good.
-- SELECT contact, channel, scope, origin, detail, since FROM suppressions_current WHERE channel IN ('sms', '*') ORDER BY since DESC
CREATE OR REPLACE VIEW suppressions_current AS
SELECT contact, channel, scope, series AS origin,
    argMax(facts.detail, facts.held_at) AS detail,
    argMax(facts.set_by, facts.held_at) AS set_by,
    max(facts.held_at) AS since,
    if(min(facts.needed) = 0, any(facts.ends_at), arrayReverseSort(groupArray(facts.ends_at))[min(facts.needed)]) AS expires_at,
    count() AS facts
FROM
(
    SELECT *,
        if(match(origin, '^strike:[^:]*:[0-9]+:'), extract(origin, '^(strike:[^:]*):'), origin) AS series,
        toUInt32OrZero(extract(origin, '^strike:[^:]*:([0-9]+):')) AS needed,
        groupArrayIf((channel, scope, origin, held_at), lifted) OVER (PARTITION BY contact) AS lifts
    FROM
    (
        SELECT contact, channel, scope, origin, lifted,
            argMax(said.detail, (said.held_at, said.offset)) AS detail,
            argMax(said.set_by, (said.held_at, said.offset)) AS set_by,
            argMax(tuple(said.expires_at), (said.held_at, said.offset)).1 AS ends_at,
            max(said.held_at) AS held_at
        FROM
        (
            SELECT contact, detail, expires_at, offset,
                JSONExtractString(payload, 'channel') AS channel,
                JSONExtractString(payload, 'scope') AS scope,
                JSONExtractString(payload, 'origin') AS origin,
                JSONExtractString(payload, 'by') AS set_by,
                JSONExtractBool(payload, 'lifted') AS lifted,
                if(JSONExtractInt(payload, 'asOf') > 0, fromUnixTimestamp64Micro(JSONExtractInt(payload, 'asOf'), 'UTC'), occurred_at) AS held_at
            FROM events
            WHERE event_type = 'SuppressionSet'
        ) AS said
        GROUP BY contact, channel, scope, origin, lifted
    ) AS newest
) AS facts
WHERE NOT lifted
    AND (ends_at IS NULL OR ends_at > now64(6, 'UTC'))
    AND NOT arrayExists(
        lift -> lift.4 >= held_at
            AND (lift.1 = '*' OR lift.1 = channel)
            AND (lift.2 = '*' OR lift.2 = scope)
            AND (lift.3 = '*' OR lift.3 = origin OR startsWith(origin, concat(lift.3, ':'))
                OR (lift.3 = 'opt-in' AND (NOT match(origin, '^(code|strike):') OR origin IN ('code:21610', 'code:30630', 'code:63032', 'code:63033')))),
        lifts)
GROUP BY contact, channel, scope, series
HAVING min(facts.needed) <= count();
