"""The parts of I3, I5 and I7 that ask partners and receivers of webhooks what they had; tables as in `invariants`."""

HAD_BY_PARTNERS = """
SELECT 'file ' || a.name AS subject, a.partner || ' had bytes that we never made' AS problem
  FROM arrived a
 WHERE NOT EXISTS (SELECT FROM edi_outboundfile f WHERE f.name = a.name AND f.sha256 = a.sha256)
 UNION ALL
SELECT 'file ' || f.name, 'sent, and ' || p.code || ' never had it'
  FROM edi_outboundfile f JOIN edi_tradingpartner p ON p.id = f.partner_id JOIN watched w ON w.name = p.code
 WHERE f.sent_at IS NOT NULL
   AND NOT EXISTS (SELECT FROM arrived a WHERE a.partner = p.code AND a.name = f.name AND a.sha256 = f.sha256)
 UNION ALL
SELECT 'control number ' || a.number, a.partner || ' had ' || count(DISTINCT a.sha256) || ' documents under it'
  FROM arrived a GROUP BY a.partner, a.number HAVING count(DISTINCT a.sha256) > 1
 UNION ALL
SELECT 'AS2 message ' || a.message_id, a.partner || ' had other content under it than we sent'
  FROM arrived a
 WHERE a.message_id <> '' AND NOT EXISTS (SELECT FROM edi_as2message m WHERE m.direction = 'out'
                                             AND m.message_id = a.message_id AND m.content_sha256 = a.sha256)
 UNION ALL
SELECT 'order SO-' || o.number, 'confirmed, and the partner who sent its 850 was made no 855'
  FROM orders_order o JOIN edi_document d ON d.order_id = o.id AND d.direction = 'in' AND d.set_id = '850'
  JOIN edi_tradingpartner p ON p.id = d.partner_id JOIN watched w ON w.name = p.code
 WHERE o.status = 'confirmed' AND NOT EXISTS (SELECT FROM edi_document a WHERE a.direction = 'out'
                                                 AND a.set_id = '855' AND a.order_id = o.id)
"""

HAD_IN_ORDER = """
SELECT 'control number ' || a.number, a.partner || ' had it after ' || a.before
  FROM (SELECT partner, number, lag(number) OVER (PARTITION BY partner ORDER BY first) AS before
          FROM (SELECT partner, number, min(place) AS first FROM arrived GROUP BY partner, number) AS f) AS a
 WHERE a.before > a.number
 UNION ALL
SELECT 'event ' || e.id, e.type || ' is wanted by ' || h.name || ', and there is no message of it'
  FROM webhooks_endpoint h JOIN watched w ON w.name = h.id::text JOIN accounts_account c ON c.id = h.account_id
  JOIN events_outboxevent e ON e.type = ANY (h.event_types) AND e.payload ->> 'account' = c.code
   AND e.occurred_at > h.created_at
 WHERE NOT EXISTS (SELECT FROM webhooks_delivery d WHERE d.endpoint_id = h.id AND d.event_id = e.id)
 UNION ALL
SELECT 'message ' || d.event_id, 'is ' || d.state || ', and its receiver never had it with these bytes'
  FROM webhooks_delivery d JOIN watched w ON w.name = d.endpoint_id::text
 WHERE NOT EXISTS (SELECT FROM posted p WHERE p.endpoint = d.endpoint_id AND p.event_id = d.event_id
                                          AND p.sha256 = encode(sha256(convert_to(d.body, 'UTF8')), 'hex'))
 UNION ALL
SELECT 'message ' || p.event_id, 'its receiver had bytes that we never made'
  FROM posted p
 WHERE NOT EXISTS (SELECT FROM webhooks_delivery d WHERE d.endpoint_id = p.endpoint AND d.event_id = p.event_id
                      AND encode(sha256(convert_to(d.body, 'UTF8')), 'hex') = p.sha256)
 UNION ALL
SELECT 'message ' || p.event_id, 'its signature does not fit' FROM posted p WHERE NOT p.signed
 UNION ALL
SELECT 'message ' || p.event_id, 'says that it is #' || p.sequence || ' of its thing, and it is #' || e.seq
  FROM posted p JOIN events_outboxevent e ON e.id = p.event_id WHERE e.seq <> p.sequence
"""

NO_MESSAGE_WAITS = """
SELECT 'message ' || d.event_id, 'due since ' || to_char(d.next_at, 'HH24:MI:SS') || ' at ' || h.name
  FROM webhooks_delivery d JOIN webhooks_endpoint h ON h.id = d.endpoint_id
 WHERE d.state = 'pending' AND h.state = 'active'
   AND greatest(d.next_at, h.rests_until) < clock_timestamp() - make_interval(secs => %(patience)s)
"""
