"""The eight invariants as SQL over the portal's own tables: each query gives the rows that break it, none when all is
well.

All of them may read what stood outside the portal, as the tables of `OUTSIDE`: the ERP's live orders (`erp`), what
senders hold an acknowledgment for (`sent`), what partners collected (`collected`) or had (`arrived`), what receivers
of webhooks had (`posted`), whose every arrival is known (`watched`), the spool's files (`spool`), the destinations that
keep order (`strict`) and the legal moves of states (`moves`).
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.invariants_outside import HAD_BY_PARTNERS, HAD_IN_ORDER, NO_MESSAGE_WAITS

OUTSIDE: Mapping[str, str] = {
    "erp": "SELECT * FROM jsonb_to_recordset(%(erp)s::jsonb) AS t (reference text, number text)",
    "sent": "SELECT * FROM jsonb_to_recordset(%(sent)s::jsonb) AS t (channel text, po text, sha256 text)",
    "collected": "SELECT * FROM jsonb_to_recordset(%(collected)s::jsonb) AS t (name text, sha256 text)",
    "arrived": "SELECT * FROM jsonb_to_recordset(%(arrived)s::jsonb)"
    " AS t (partner text, name text, number text, sha256 text, message_id text, place int)",
    "posted": "SELECT * FROM jsonb_to_recordset(%(posted)s::jsonb)"
    " AS t (endpoint uuid, event_id uuid, sha256 text, signed boolean, sequence bigint)",
    "watched": "SELECT unnest(%(watched)s::text[]) AS name",
    "spool": "SELECT * FROM jsonb_to_recordset(%(spool)s::jsonb) AS t (sha256 text, actual text)",
    "strict": "SELECT unnest(%(strict)s::text[]) AS destination",
    "moves": "SELECT * FROM jsonb_to_recordset(%(moves)s::jsonb) AS t (thing text, old text, new text)",
    "told": """
SELECT subject_type, subject_id, data, count(*) FILTER (WHERE status <> 'resolved') AS open,
       max(resolved_at) FILTER (WHERE status = 'resolved') AS ended
  FROM exceptions_case GROUP BY subject_type, subject_id, data""",
    "about": """
SELECT subject_type, subject_id, sum(open) AS open, max(ended) AS ended FROM told GROUP BY subject_type, subject_id""",
}
"""Table by name, each may read those before it. They are tables with statistics while a check runs: the planner takes a
set given with a query for a hundred rows.
"""

ACKNOWLEDGED = """
SELECT s.channel || ' ' || s.po AS subject, 'acknowledged to its sender; there is no order and no case' AS problem
  FROM sent s
 WHERE NOT EXISTS (SELECT FROM orders_order o WHERE o.po_number = s.po)
   AND NOT EXISTS (SELECT FROM edi_inboundfile f
                     LEFT JOIN edi_interchange i ON i.file_id = f.id
                     LEFT JOIN edi_functionalgroup g ON g.interchange_id = i.id
                     LEFT JOIN edi_document d ON d.group_id = g.id
                     JOIN about a ON a.open > 0 AND a.subject_id IN (f.id::text, i.id::text, g.id::text, d.id::text)
                    WHERE f.sha256 = s.sha256)
   AND NOT EXISTS (SELECT FROM exceptions_case c WHERE c.status <> 'resolved' AND c.data ->> 'po' = s.po)
 UNION ALL
SELECT 'file ' || f.name, 'stored and never read; no case tells of it'
  FROM edi_inboundfile f
 WHERE f.state IN ('stored', 'reading')
   AND NOT EXISTS (SELECT FROM told t WHERE t.open > 0 AND t.data::text LIKE '%%' || f.id || '%%')
 UNION ALL
SELECT 'document ' || d.id, 'a valid 850 that became no order; no case tells of it'
  FROM edi_document d
 WHERE d.direction = 'in' AND d.set_id = '850' AND (d.state = 'valid' OR d.state = 'placed' AND d.order_id IS NULL)
   AND NOT EXISTS (SELECT FROM told t WHERE t.open > 0 AND t.data::text LIKE '%%' || d.id || '%%')
 UNION ALL
SELECT 'order SO-' || o.number, 'accepted, and nobody will ever send it to an ERP'
  FROM orders_order o
 WHERE o.status = 'accepted' AND NOT EXISTS (SELECT FROM orders_erpcommand c WHERE c.order_id = o.id)
 UNION ALL
SELECT 'order SO-' || o.number, 'received and never decided'
  FROM orders_order o WHERE o.status = 'received'
"""

ONCE_IN_THE_ERP = """
SELECT e.reference AS subject, 'the ERP holds it ' || count(*) || ' times' AS problem
  FROM erp e WHERE e.reference <> '' GROUP BY e.reference HAVING count(*) > 1
 UNION ALL
SELECT c.order_key, 'confirmed here, and the ERP has no such order'
  FROM orders_erpcommand c LEFT JOIN orders_order o ON o.id = c.order_id
 WHERE c.state = 'confirmed' AND c.kind = 'order' AND o.status NOT IN ('cancelled', 'rejected')
   AND NOT EXISTS (SELECT FROM erp e WHERE e.reference = c.order_key)
 UNION ALL
SELECT c.order_key, 'confirmed here as ' || c.erp_number || ', the ERP holds it as ' || e.number
  FROM orders_erpcommand c JOIN erp e ON e.reference = c.order_key
 WHERE c.state = 'confirmed' AND c.kind = 'order' AND c.erp_number IS DISTINCT FROM e.number
 UNION ALL
SELECT e.reference, 'in the ERP, and the portal never asked for it'
  FROM erp e WHERE e.reference LIKE 'NL-%%'
   AND NOT EXISTS (SELECT FROM orders_erpcommand c WHERE c.order_key = e.reference)
 UNION ALL
SELECT c.order_key, 'in the ERP, and the portal holds it for ' || c.state
  FROM orders_erpcommand c
 WHERE c.state <> 'confirmed' AND EXISTS (SELECT FROM erp e WHERE e.reference = c.order_key)
   AND NOT EXISTS (SELECT FROM about a WHERE a.open > 0 AND a.subject_id = c.id::text)
"""

ONE_ANSWER = """
SELECT 'group ' || g.control_number AS subject, count(d.id) || ' acknowledgments instead of one' AS problem
  FROM edi_functionalgroup g JOIN edi_interchange i ON i.id = g.interchange_id
  LEFT JOIN edi_document d ON d.direction = 'out' AND d.business_key = '997:' || g.id
 WHERE i.direction = 'in' AND i.state = 'accepted' AND g.functional_id <> 'FA'
   AND NOT EXISTS (SELECT FROM edi_document n JOIN edi_agreement a ON a.partner_id = n.partner_id
                      AND a.set_id = n.set_id AND a.direction = 'in' AND a.ack = 'none' WHERE n.group_id = g.id)
 GROUP BY g.id, g.control_number HAVING count(d.id) <> 1
 UNION ALL
SELECT 'interchange ' || i.control_number, 'refused, and its sender was not told by a TA1'
  FROM edi_interchange i
 WHERE i.direction = 'in' AND i.state = 'rejected' AND i.partner_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM edi_document d WHERE d.direction = 'out' AND d.business_key = 'TA1:' || i.id)
 UNION ALL
SELECT 'file ' || c.name, 'its receiver has bytes that we never made'
  FROM collected c
 WHERE NOT EXISTS (SELECT FROM edi_outboundfile f WHERE f.name = c.name AND f.sha256 = c.sha256)
 UNION ALL
SELECT 'file ' || f.name, 'never left'
  FROM edi_outboundfile f JOIN edi_mailbox m ON m.partner_id = f.partner_id AND m.active AND m.transport <> 'api'
 WHERE f.sent_at IS NULL
   AND NOT EXISTS (SELECT FROM about a WHERE a.open > 0 AND a.subject_type = 'mailbox' AND a.subject_id = m.id::text)
"""

ONE_CASE = """
SELECT f.subject_type || ' ' || f.subject_id AS subject,
       f.what || ', with ' || coalesce(a.open, 0) || ' open cases' AS problem
  FROM (SELECT 'job' AS subject_type, id::text AS subject_id, 'dead' AS what, done_at AS since
          FROM events_job WHERE state = 'dead'
         UNION ALL
        SELECT 'delivery', id::text, 'dead', next_at FROM events_outboxdelivery WHERE state = 'dead'
         UNION ALL
        SELECT 'order', id::text, 'held', placed_at FROM orders_order WHERE status = 'held'
         UNION ALL
        SELECT 'command', id::text, 'refused by the ERP', settled_at FROM orders_erpcommand WHERE state = 'rejected'
         UNION ALL
        SELECT 'edi_document', id::text, 'failed', created_at FROM edi_document
         WHERE direction = 'in' AND state = 'failed' AND order_id IS NULL
         UNION ALL
        SELECT 'edi_group', g.id::text, 'refused', i.created_at
          FROM edi_functionalgroup g JOIN edi_interchange i ON i.id = g.interchange_id
         WHERE i.direction = 'in' AND g.verdict IN ('R', 'P')
         UNION ALL
        SELECT 'edi_interchange', min(i.id::text), 'refused', min(i.created_at)
          FROM edi_interchange i WHERE i.direction = 'in' AND i.state = 'rejected' AND i.partner_id IS NOT NULL
         GROUP BY i.partner_id, i.content_hash HAVING count(*) = 1
       ) AS f
  LEFT JOIN about a ON a.subject_type = f.subject_type AND a.subject_id = f.subject_id
 WHERE coalesce(a.open, 0) <> 1 AND NOT coalesce(coalesce(a.open, 0) = 0 AND a.ended >= f.since, false)
 UNION ALL
SELECT 'case E-' || c.number, 'open for a ' || c.subject_type || ' that did not die'
  FROM exceptions_case c
 WHERE c.status NOT IN ('resolved', 'resubmitted') AND c.code = 'dead' AND (
       c.subject_type = 'job' AND NOT EXISTS (SELECT FROM events_job j
                                               WHERE j.id::text = c.subject_id AND j.state = 'dead')
    OR c.subject_type = 'delivery' AND NOT EXISTS (SELECT FROM events_outboxdelivery d
                                                    WHERE d.id::text = c.subject_id AND d.state = 'dead'))
"""

IN_ORDER = """
SELECT d.destination || ' ' || d.aggregate_type || '/' || d.aggregate_id AS subject,
       '#' || d.seq || ' was delivered before #' || d.before AS problem
  FROM (SELECT e.*, lag(e.seq) OVER w AS before, lag(e.delivered_at) OVER w AS earlier
          FROM events_outboxdelivery e JOIN strict USING (destination) WHERE e.state = 'delivered'
        WINDOW w AS (PARTITION BY e.destination, e.aggregate_type, e.aggregate_id ORDER BY e.seq)) AS d
 WHERE d.earlier > d.delivered_at
 UNION ALL
SELECT late.destination || ' ' || late.aggregate_type || '/' || late.aggregate_id,
       '#' || late.seq || ' was delivered, #' || head.seq || ' before it is ' || head.state
  FROM events_outboxdelivery head JOIN strict USING (destination)
  JOIN events_outboxdelivery late ON late.destination = head.destination AND late.seq > head.seq
   AND late.aggregate_type = head.aggregate_type AND late.aggregate_id = head.aggregate_id
 WHERE head.state NOT IN ('delivered', 'discarded') AND late.state = 'delivered'
 UNION ALL
SELECT s.aggregate_type || '/' || s.aggregate_id, 'numbered to ' || s.last_seq || ', with ' || count(e.id) || ' events'
  FROM events_stream s LEFT JOIN events_outboxevent e USING (aggregate_type, aggregate_id)
 GROUP BY s.aggregate_type, s.aggregate_id, s.last_seq
HAVING count(e.id) <> s.last_seq - coalesce(min(e.seq), 1) + 1 OR max(e.seq) <> s.last_seq
 UNION ALL
SELECT d.destination || ' ' || d.event_id, 'delivered, and its consumer does not know that it had it'
  FROM events_outboxdelivery d
 WHERE d.state = 'delivered' AND NOT EXISTS (SELECT FROM events_consumedevent c
                                              WHERE c.consumer = d.destination AND c.event_id = d.event_id)
 UNION ALL
SELECT 'partner ' || f.partner_id, 'control numbers to ' || max(f.sequence) || ', with ' || count(*) || ' files'
  FROM edi_outboundfile f GROUP BY f.partner_id HAVING count(*) <> max(f.sequence) - min(f.sequence) + 1
"""

BYTES_ARE_KEPT = """
SELECT 'file ' || f.name AS subject, 'its stored bytes are not those of its hash' AS problem
  FROM edi_inboundfile f
 WHERE NOT f.spooled AND (encode(sha256(f.content), 'hex') <> f.sha256 OR length(f.content) <> f.size)
 UNION ALL
SELECT 'file ' || f.name, 'its spooled bytes are gone or changed'
  FROM edi_inboundfile f LEFT JOIN spool s ON s.sha256 = f.sha256
 WHERE f.spooled AND s.actual IS DISTINCT FROM f.sha256
 UNION ALL
SELECT 'file ' || f.name, 'its bytes to send are not those of its hash'
  FROM edi_outboundfile f WHERE encode(sha256(f.content), 'hex') <> f.sha256
 UNION ALL
SELECT 'AS2 message ' || m.message_id, 'its stored bytes are not those of its hash'
  FROM edi_as2message m WHERE NOT m.spooled AND encode(sha256(m.body), 'hex') <> m.sha256
 UNION ALL
SELECT s.channel || ' ' || s.po, 'taken from its sender, and its bytes are nowhere'
  FROM sent s
 WHERE s.sha256 <> '' AND NOT EXISTS (SELECT FROM edi_inboundfile f WHERE f.sha256 = s.sha256)
"""

NOTHING_WAITS = """
SELECT 'job ' || j.kind || ' ' || j.key AS subject,
       'due since ' || to_char(j.next_at, 'HH24:MI:SS') || ' after ' || j.attempts || ' tries' AS problem
  FROM events_job j
 WHERE j.state = 'ready' AND j.next_at < clock_timestamp() - make_interval(secs => %(patience)s)
   AND (j.lease_until IS NULL OR j.lease_until < clock_timestamp() - make_interval(secs => %(patience)s))
   AND NOT EXISTS (SELECT FROM events_pausedkind p WHERE p.kind = j.kind)
 UNION ALL
SELECT 'delivery ' || d.destination || ' #' || d.seq, 'due since ' || to_char(d.next_at, 'HH24:MI:SS')
  FROM events_outboxdelivery d
 WHERE d.state = 'pending' AND d.next_at < clock_timestamp() - make_interval(secs => %(patience)s)
   AND NOT EXISTS (SELECT FROM events_outboxdelivery h
                    WHERE h.destination = d.destination AND h.aggregate_type = d.aggregate_type
                      AND h.aggregate_id = d.aggregate_id AND h.state = 'dead' AND h.seq < d.seq)
 UNION ALL
SELECT 'command ' || c.order_key, c.state || ' since ' || to_char(c.requested_at, 'HH24:MI:SS') || ', without a job'
  FROM orders_erpcommand c
 WHERE c.state IN ('pending', 'sending', 'unknown')
   AND NOT EXISTS (SELECT FROM events_job j WHERE j.key = c.id::text AND j.state IN ('ready', 'dead'))
"""

_HISTORY = """
SELECT '{thing} ' || t.id AS subject, 'is {column} ' || t.{column} || ', its history ends with '
       || coalesce(h.{column}, 'nothing') AS problem
  FROM {table} t
  LEFT JOIN (SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id, {column} FROM {history} ORDER BY pgh_obj_id, pgh_id DESC)
       AS h ON h.pgh_obj_id = t.id
 WHERE h.{column} IS DISTINCT FROM t.{column}
 UNION ALL
SELECT '{thing} ' || e.pgh_obj_id, 'its history leaps from ' || e.old || ' to ' || e.{column}
  FROM (SELECT pgh_obj_id, {column}, lag({column}) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS old
          FROM {history}) AS e
 WHERE e.old IS NOT NULL AND e.old <> e.{column}
   AND NOT EXISTS (SELECT FROM moves m WHERE m.thing = '{thing}' AND m.old = e.old AND m.new = e.{column})
"""
HISTORIES = (
    ("order", "orders_order", "orders_orderevent", "status"),
    ("command", "orders_erpcommand", "orders_erpcommandevent", "state"),
    ("dispute", "orders_dispute", "orders_disputeevent", "status"),
    ("return", "orders_return", "orders_returnevent", "status"),
    ("change", "orders_changerequest", "orders_changerequestevent", "status"),
)
"""Thing, its table, the table of its history, the column whose changes it tells."""

AUDITED = " UNION ALL ".join(
    [
        *(_HISTORY.format(thing=t, table=at, history=history, column=c) for t, at, history, c in HISTORIES),
        """
SELECT 'case E-' || c.number, 'nobody wrote down that it was opened'
  FROM exceptions_case c
 WHERE NOT EXISTS (SELECT FROM exceptions_caseentry e WHERE e.case_id = c.id AND e.action IN ('opened', 'reopened'))
 UNION ALL
SELECT 'case E-' || c.number, 'nobody wrote down how it was resolved'
  FROM exceptions_case c
 WHERE c.status = 'resolved'
   AND NOT EXISTS (SELECT FROM exceptions_caseentry e WHERE e.case_id = c.id AND e.action LIKE 'resolved%%')
""",
    ]
)

INVARIANTS: Mapping[str, str] = {
    "I1 everything acknowledged has an order or a case": ACKNOWLEDGED,
    "I2 each order is in the ERP once": ONCE_IN_THE_ERP,
    "I3 each group has one answer, resent byte for byte": f"{ONE_ANSWER} UNION ALL {HAD_BY_PARTNERS}",
    "I4 each failed thing has one open case": ONE_CASE,
    "I5 events and files leave in order and without a gap": f"{IN_ORDER} UNION ALL {HAD_IN_ORDER}",
    "I6 what was acknowledged has its bytes": BYTES_ARE_KEPT,
    "I7 nothing waits for longer than it may": f"{NOTHING_WAITS} UNION ALL {NO_MESSAGE_WAITS}",
    "I8 every change of state was written down": AUDITED,
}
