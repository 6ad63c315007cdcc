"""The ERP's own tables."""

TABLES = """
CREATE TABLE IF NOT EXISTS customer (code TEXT PRIMARY KEY, portal_code TEXT, name TEXT, plant TEXT, contract TEXT,
  status TEXT, credit_limit TEXT, credit_balance TEXT);
CREATE TABLE IF NOT EXISTS ship_to (code TEXT PRIMARY KEY, customer TEXT, portal_code TEXT, name TEXT, street TEXT,
  city TEXT, region TEXT, postcode TEXT);
CREATE TABLE IF NOT EXISTS plant (code TEXT PRIMARY KEY, name TEXT, street TEXT, city TEXT, region TEXT, postcode TEXT);
CREATE TABLE IF NOT EXISTS item (matnr TEXT PRIMARY KEY, catalogue_no TEXT UNIQUE, name TEXT, description TEXT,
  family TEXT, upc TEXT, base_unit TEXT, pack_unit TEXT, pack_size INTEGER, status TEXT, hazmat INTEGER,
  restricted_regions TEXT, weight_lb TEXT, list_price TEXT, currency TEXT,
  attributes TEXT DEFAULT '{}');
CREATE TABLE IF NOT EXISTS price (id TEXT PRIMARY KEY, customer TEXT, matnr TEXT, min_quantity INTEGER, unit_price TEXT,
  contract TEXT, currency TEXT, valid_from TEXT, valid_until TEXT);
CREATE INDEX IF NOT EXISTS price_of ON price (matnr, customer);
CREATE TABLE IF NOT EXISTS stock (id TEXT PRIMARY KEY, matnr TEXT, plant TEXT, on_hand INTEGER, allocated INTEGER,
  supply_on TEXT, supply_quantity INTEGER, as_of TEXT);
CREATE INDEX IF NOT EXISTS stock_of ON stock (matnr);
CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, number TEXT UNIQUE, type TEXT, reference TEXT,
  content_hash TEXT, customer TEXT, ship_to TEXT, currency TEXT, purchase_order TEXT, requested_on TEXT, note TEXT,
  invoice TEXT, reason TEXT, status TEXT, status_reason TEXT, created_at TEXT, changed_at TEXT, allocated_at TEXT);
CREATE INDEX IF NOT EXISTS order_reference ON orders (reference);
CREATE INDEX IF NOT EXISTS order_status ON orders (status);
CREATE TABLE IF NOT EXISTS order_line (order_id TEXT, position INTEGER, posex TEXT, matnr TEXT, quantity INTEGER,
  unit TEXT, base_factor INTEGER, price TEXT, plant TEXT, requested_on TEXT, confirmed INTEGER DEFAULT 0,
  confirmed_on TEXT, shipped INTEGER DEFAULT 0, closed INTEGER DEFAULT 0, PRIMARY KEY (order_id, position));
CREATE TABLE IF NOT EXISTS order_terms (order_id TEXT PRIMARY KEY, complete INTEGER, with_rest TEXT);
CREATE TABLE IF NOT EXISTS delivery (number TEXT PRIMARY KEY, order_id TEXT, plant TEXT, shipped_at TEXT, carrier TEXT,
  tracking TEXT, cartons INTEGER, weight_lb TEXT, invoice TEXT);
CREATE INDEX IF NOT EXISTS delivery_order ON delivery (order_id);
CREATE TABLE IF NOT EXISTS delivery_line (delivery TEXT, position INTEGER, quantity INTEGER, carton INTEGER);
CREATE INDEX IF NOT EXISTS delivery_line_of ON delivery_line (delivery);
CREATE TABLE IF NOT EXISTS stock_lot (matnr TEXT, plant TEXT, lot TEXT, expires_on TEXT, quantity INTEGER,
  PRIMARY KEY (matnr, plant, lot));
CREATE TABLE IF NOT EXISTS delivery_lot (delivery_line INTEGER PRIMARY KEY, lot TEXT, expires_on TEXT);
CREATE TABLE IF NOT EXISTS invoice (number TEXT PRIMARY KEY, kind TEXT, order_id TEXT, delivery TEXT, issued_on TEXT,
  due_on TEXT, total TEXT, corrects TEXT, terms TEXT, currency TEXT);
CREATE TABLE IF NOT EXISTS invoice_line (invoice TEXT, position INTEGER, quantity INTEGER, price TEXT, amount TEXT);
CREATE INDEX IF NOT EXISTS invoice_line_of ON invoice_line (invoice);
CREATE TABLE IF NOT EXISTS feed (kind TEXT, key TEXT, stamp TEXT, seq INTEGER, PRIMARY KEY (kind, key));
CREATE INDEX IF NOT EXISTS feed_order ON feed (kind, stamp, seq);
CREATE TABLE IF NOT EXISTS wms_release (reference TEXT PRIMARY KEY, sequence INTEGER, content_hash TEXT, body TEXT,
  stage TEXT, number TEXT, changed_at TEXT);
CREATE TABLE IF NOT EXISTS wms_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS tms_event (seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT, body TEXT, posted INTEGER);
CREATE TABLE IF NOT EXISTS tms_parcel (delivery TEXT PRIMARY KEY, step INTEGER, moved_at TEXT);
CREATE TABLE IF NOT EXISTS crm_activity (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER);
CREATE TABLE IF NOT EXISTS ledger (id INTEGER PRIMARY KEY, at TEXT, method TEXT, path TEXT, order_key TEXT,
  status INTEGER, fault TEXT);
CREATE INDEX IF NOT EXISTS ledger_key ON ledger (order_key);
"""

# First number of each range; the order's internal id has one of its own.
RANGES = {
    "feed": 0,
    "id": 70000000,
    "order": 4500000000,
    "request": 4600000000,
    "delivery": 8000000000,
    "invoice": 9000000000,
    "credit_memo": 9500000000,
    "wms": 300000,
    "wms_bill": 700000,
    "sscc": 0,
}
