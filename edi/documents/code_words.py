"""What the codes mean that retailers use, by X12 element: the same code means the same wherever its element stands."""

from __future__ import annotations

from collections.abc import Mapping

_PURPOSES = {
    "11": "answer", "13": "request",
    "00": "original", "01": "cancellation", "04": "change", "05": "replace", "06": "confirmation", "07": "duplicate",
    "22": "for information", "44": "rejection",
}  # fmt: skip
_VERDICTS = {"A": "accepted", "E": "accepted with errors", "P": "partly accepted", "R": "rejected"}

ELEMENTS: Mapping[str, Mapping[str, str]] = {
    "353": _PURPOSES,
    "92": {
        "SA": "stand-alone", "NE": "new", "DS": "drop ship", "BK": "blanket", "BE": "blanket, estimated",
        "RO": "rush", "RL": "release", "RE": "reorder", "OS": "special", "CN": "on consignment", "PR": "promotion",
        "NS": "new store", "SP": "sample", "KN": "purchase order", "EO": "emergency",
    },
    "587": {
        "AC": "accepted with changes", "AD": "accepted as ordered", "AE": "only what differs", "AH": "on hold",
        "AK": "accepted, no lines told", "AT": "accepted", "RD": "rejected", "RJ": "rejected, no lines told",
        "RF": "rejected, only what differs", "RO": "counter offer",
    },
    "668": {
        "IA": "accepted", "IB": "backordered", "IC": "accepted with changes", "ID": "deleted",
        "IE": "price pending", "IF": "on hold, description incomplete", "IH": "on hold", "IP": "price changed",
        "IQ": "quantity changed", "IR": "rejected", "IS": "substituted", "IW": "on hold, waiver needed",
        "DR": "another day", "BP": "a part comes, the rest later", "SP": "accepted, day not known yet",
        "AR": "released for shipment", "AC": "accepted and shipped", "R1": "not in the contract",
        "R2": "item number wrong", "R3": "unit wrong", "R4": "contract item not to be had",
    },
    "670": {
        "AI": "add", "DI": "delete", "CA": "change", "CF": "cancel", "CT": "change dates", "MU": "several changes",
        "NC": "no change", "PC": "price", "PQ": "price and quantity", "QD": "less", "QI": "more",
        "RB": "replace all dates", "RC": "refuses our change", "RE": "another item", "RQ": "quantity and day",
        "RS": "another day", "RZ": "replace", "TI": "transfer",
    },
    "355": {
        "EA": "each", "CA": "case", "CT": "carton", "DZ": "dozen", "PC": "piece", "PK": "package", "BX": "box",
        "BG": "bag", "PR": "pair", "ST": "set", "UN": "unit", "RL": "roll", "PL": "pallet", "LB": "pound",
        "KG": "kilogram", "FT": "foot", "IN": "inch", "YD": "yard", "SF": "square foot", "GA": "gallon",
    },
    "639": {
        "PE": "per each", "CA": "per case", "LE": "catalogue", "NC": "no charge", "TB": "to be agreed",
        "WE": "wholesale per each", "RE": "retail per each", "TE": "contract per each", "CT": "contract",
        "HP": "per hundred", "TP": "per thousand", "QT": "quoted", "NT": "net", "PR": "promotion",
    },
    "98": {
        "ST": "ship to", "SF": "ship from", "BY": "buyer", "BT": "bill to", "VN": "vendor", "SE": "seller",
        "SU": "supplier", "BS": "bill and ship to", "RE": "receives the payment", "RI": "remit to", "Z7": "mark for",
        "MA": "for whom it is in the end", "SO": "sold to", "OB": "ordered by", "CN": "consignee", "SH": "shipper",
        "CA": "carrier", "WH": "warehouse", "II": "issues the invoice", "PR": "payer", "PE": "payee",
        "DE": "depositor", "DA": "delivery address", "FR": "from", "TO": "to",
    },
    "66": {
        "92": "given by the buyer", "91": "given by us", "93": "given by the sender", "1": "DUNS",
        "9": "DUNS with suffix", "UL": "GLN", "15": "SAN", "2": "SCAC", "54": "warehouse's own",
    },
    "128": {
        "IA": "vendor number", "DP": "department", "BM": "bill of lading", "CN": "tracking", "SI": "shipment",
        "VR": "vendor", "VN": "vendor's order", "CO": "customer's order", "PO": "purchase order", "IV": "invoice",
        "CT": "contract", "PD": "promotion", "MR": "kind of goods", "OQ": "order", "ST": "store", "19": "division",
        "11": "account", "MB": "master bill of lading", "2I": "tracking", "MA": "ship notice", "LO": "load",
        "PK": "packing list", "OI": "original invoice", "L1": "notes", "LI": "line", "ZZ": "as agreed",
        "CM": "credit memo", "IL": "internal order", "LT": "lot", "RZ": "returned goods number",
        "TN": "document number", "QN": "stop", "IT": "customer", "CR": "customer's reference", "WY": "waybill",
        "AN": "associated PO",
    },
    "374": {
        "002": "deliver", "010": "ship", "011": "shipped", "017": "arrives", "037": "not before", "038": "not later",
        "001": "cancel after", "061": "cancel if not delivered by", "063": "deliver not later",
        "064": "deliver not before", "067": "delivers now on", "068": "ships now on", "071": "deliver from",
        "074": "deliver until", "106": "needed by", "118": "pick up", "035": "delivered", "003": "invoice",
        "036": "expires", "007": "in force", "018": "available", "020": "paid on", "119": "tested",
    },
    "432": {
        "02": "deliver", "10": "ship", "11": "shipped", "17": "arrives", "37": "not before", "38": "not later",
        "53": "deliver not before", "54": "deliver not later", "01": "cancel after", "04": "ordered", "09": "received",
        "50": "requested arrival",
    },
    "735": {"S": "shipment", "O": "order", "T": "pallet", "P": "carton", "I": "item", "Q": "inner pack", "K": "kit"},
    "736": {"0": "nothing below it", "1": "more below it"},
    "1005": {
        "0001": "shipment, order, carton, item", "0002": "shipment, order, item, carton",
        "0003": "shipment, carton, order, item", "0004": "shipment, order, item",
    },
    "88": {"GM": "SSCC-18", "AA": "SSCC-18", "CP": "carrier's package number", "UC": "container code"},
    "146": {
        "PP": "we pay", "PC": "we pay and charge it", "CC": "collect", "TP": "a third party pays", "PU": "picked up",
        "DF": "as agreed", "PS": "we pay", "BP": "the buyer pays", "MX": "shared",
    },
    "91": {
        "M": "motor", "J": "motor", "LT": "less than a truck", "U": "parcel", "A": "air", "AE": "air express",
        "H": "customer picks up", "R": "rail", "S": "ocean", "X": "several", "T": "best way",
    },
    "103": {"CTN": "carton", "PLT": "pallet", "BOX": "box", "PCS": "piece", "SKD": "skid"},
    "187": {"G": "gross", "N": "net", "E": "estimated"},
    "248": {"A": "allowance", "C": "charge", "N": "neither", "P": "promotion"},
    "349": {"F": "in words", "S": "by code", "X": "both"},
    "522": {
        "TT": "in all", "1": "line", "5": "invoice", "T": "tax", "N": "net", "BD": "balance due", "KH": "deduction",
    },
    "673": {
        "33": "available", "17": "on hand", "29": "to come", "63": "on order", "02": "in all", "38": "first ordered",
        "QH": "on hold", "76": "returned",
    },
    "368": {
        "CC": "complete", "CL": "complete", "PR": "partly", "CP": "partly, no more comes", "BP": "partly, more comes",
        "BO": "backordered", "SS": "split", "SH": "shipped", "IC": "cancelled", "DE": "deleted",
    },
    "1650": {
        "AF": "left the pick-up", "X3": "came for pick-up", "X6": "on the way", "X1": "came to deliver",
        "D1": "delivered", "CD": "left after delivery", "SD": "late", "A7": "refused", "A3": "sent back",
        "AG": "expected", "P1": "left the terminal", "X4": "came to the terminal", "CP": "loaded",
    },
    "1651": {
        "NS": "normal", "NA": "normal", "AO": "weather", "AI": "breakdown", "A1": "delivery missed", "AG": "receiver",
        "BG": "other",
    },
    "1652": {"AA": "pick-up appointment", "AB": "delivery appointment"},
    "305": {
        "I": "remittance only", "C": "payment with remittance", "D": "payment only", "H": "notice", "P": "test payment",
        "U": "split", "X": "as the bank chooses",
    },
    "478": {"C": "credit", "D": "debit"},
    "591": {"ACH": "bank transfer", "CHK": "check", "FWT": "wire", "NON": "no payment"},
    "426": {
        "01": "pricing", "02": "allowance", "03": "extension", "04": "damaged", "05": "quality", "06": "quantity",
        "07": "wrong product", "50": "late charge", "55": "tax", "59": "not received", "90": "early payment",
        "B2": "rebate", "F1": "defective", "ZZ": "as agreed",
    },
    "110": {
        "TA": "accepted", "TC": "accepted with changes", "TE": "accepted with errors", "TP": "partly accepted",
        "TR": "rejected", "IA": "item accepted", "IR": "item rejected",
    },
    "1292": {
        "RA": "return it", "RN": "return it without a number", "RD": "denied", "DI": "throw it away", "RP": "pending",
        "KA": "keep it for an allowance", "KR": "keep it and repair", "PA": "partly",
    },
    "640": {"DI": "invoice", "CR": "credit memo", "CN": "credit", "DR": "debit memo", "PR": "product"},
    "366": {"IC": "information", "BD": "buyer", "OC": "order", "DC": "delivery", "RE": "receiving", "CN": "general"},
    "365": {"TE": "phone", "EM": "e-mail", "FX": "fax"},
    "336": {
        "01": "basic", "02": "end of month", "03": "fixed day", "05": "no discount", "08": "discount", "09": "proximo",
        "12": "ten days after the month", "14": "as agreed",
    },
    "333": {"1": "shipped", "2": "delivery", "3": "invoice", "4": "a named day", "5": "receipt of the invoice"},
    "755": {"DD": "distributor's stock", "SI": "seller's stock", "MB": "stock", "PI": "inquiry"},
    "235": {
        "UP": "UPC", "UI": "UPC", "UK": "GTIN-14", "UA": "UPC of the case", "EN": "EAN-13", "UD": "EAN", "UE": "EAN",
        "VN": "vendor's number", "VP": "vendor's part", "VA": "vendor's style", "VC": "vendor's catalogue",
        "VE": "vendor's colour", "BP": "buyer's part", "IN": "buyer's item", "CB": "buyer's catalogue", "SK": "SKU",
        "PI": "buyer's item", "MG": "manufacturer's part", "MF": "manufacturer", "BL": "brand",
        "BO": "buyer's colour", "IZ": "buyer's size", "IB": "ISBN", "LT": "lot", "SN": "serial number",
        "ND": "NDC", "N4": "NDC", "ZZ": "as agreed",
    },
    "236": {
        "CON": "contract", "LPR": "list", "WHL": "wholesale", "MSR": "suggested retail", "UCP": "per unit",
        "RTL": "retail",
    },
    "1300": {
        "D240": "freight", "D500": "handling", "D980": "insurance", "G830": "shipping and handling", "H850": "tax",
        "H750": "sales tax", "C310": "discount", "I530": "volume discount", "C000": "defective", "A260": "advertising",
        "B720": "shared advertising", "E740": "new store", "F680": "price difference", "H000": "special",
        "I410": "unsaleable", "D270": "fuel", "C330": "distribution", "F050": "other",
    },
    "331": {
        "01": "bill back", "02": "taken off the invoice", "04": "credited", "05": "vendor pays", "06": "customer pays",
        "07": "optional", "15": "for information",
    },
    "473": {"N": "original", "R": "change", "F": "cancellation", "C": "confirmation", "D": "deletion"},
    "514": {"F": "in full", "N": "nothing unusual", "X": "exceptions only", "A": "adjustment", "J": "original"},
    "1293": {
        "DM": "defective in the store", "DR": "defective at the customer", "DA": "damaged", "DT": "damaged on the way",
        "WG": "wrong goods", "CO": "customer's error", "PR": "recall", "EI": "too much", "SP": "after the cancel day",
    },
    "1294": {
        "NR": "no record of it", "RT": "too late", "QD": "quantity differs", "IO": "as ordered", "IN": "not defective",
    },
    "647": {
        "006": "duplicate", "007": "data missing", "008": "out of range", "009": "date wrong", "010": "does not add up",
        "011": "does not match", "012": "does not go together", "024": "other", "111": "PO twice", "107": "place wrong",
        "119": "shipment twice", "121": "SSCC twice", "133": "item not on the PO", "134": "invoice number wrong",
        "848": "wrong data",
    },
    "40": {"TL": "trailer", "TF": "trailer, dry freight", "CN": "container"},
    "133": {"B": "first and last carrier", "O": "first carrier", "D": "carrier of the consignee"},
    "717": _VERDICTS,
    "715": _VERDICTS,
    "I17": {"A": "accepted", "E": "accepted with errors", "R": "rejected"},
}  # fmt: skip
"""X12 element -> code -> what it means."""

PLACES: Mapping[tuple[str, int], Mapping[str, str]] = {
    ("CUR", 1): {"BY": "buyer", "SE": "seller", "VN": "vendor", "PR": "payer"},
    ("IK5", 1): _VERDICTS,
    ("TA1", 4): _VERDICTS,
}
"""(Segment, element) -> its codes, where the element's own list is not told above."""


def code_meaning(segment: str, at: int, number: str, value: str) -> str:
    """What a code means, by its place or by its element number; empty where it is none that we know."""
    found = PLACES.get((segment, at)) or ELEMENTS.get(number, {})
    return found.get(value, "")
