"""German words enough that made-up texts compress, wrap and encode as real ones do."""

from random import Random

WORDS = """
der die das und ist nicht wir Sie haben mit auf eine einen werden kann bitte noch auch nach dem den
von im in zu des sich es ein wird war hat als aus bei nur so dass wenn oder mehr vor zur zum bis
Lieferung Rechnung Angebot Auftrag Anlage Pumpe Maschine Techniker Ersatzteil Fehlermeldung Termin
Vertrag Montag Dienstag Anhang Unterlagen Kunde Zeichnung Protokoll Steuerung Sensor Ventil Motor
Woche Abteilung Freigabe Wartung Reparatur Versand Adresse Werk Halle Nummer Seite Preis Menge
wieder später früher möglich nächste größere für über gemäß läuft geändert bestätigen überprüft
Störung Gehäuse Prüfung Wärmetauscher Verzögerung Grüße Straße München Maßnahme schließen
""".split()


def sentence(chance: Random) -> str:
    """Make up a sentence."""
    words = chance.choices(WORDS, k=chance.randint(5, 18))
    return f"{' '.join(words).capitalize()}."


def paragraphs(chance: Random, length: int) -> list[str]:
    """Make up paragraphs of about this many characters together."""
    made: list[str] = []
    while sum(map(len, made)) < length:
        made.append(" ".join(sentence(chance) for _ in range(chance.randint(1, 5))))
    return made
