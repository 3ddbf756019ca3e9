"""Papers to print: a signed COI in English, an INTRA specimen in French and Greek; everybody in them is invented."""

from __future__ import annotations

from dataclasses import replace

from portal.environments.environment import Environment
from portal.printing.paper import (
    Declaration,
    Holds,
    Paper,
    PaperBox,
    PaperPart,
    PaperTable,
    Signatory,
    StampWord,
)

PASSED = {"en": "A second factor", "fr": "Un second facteur", "el": "Δεύτερος παράγοντας"}
ORGANISATION = ("Olivaison Baltija SIA", "Rīgas iela 7, LV-1010 Rīga", "LV.0042", "Latvia (LV)")
PRODUCTS = PaperTable(
    columns=(
        {"en": "CN code", "fr": "Code NC", "el": "Κωδικός ΣΟ"},
        {"en": "Trade name", "fr": "Nom commercial", "el": "Εμπορική ονομασία"},
        {"en": "Number of packages", "fr": "Nombre de colis", "el": "Αριθμός συσκευασιών"},
        {"en": "Net weight (kg)", "fr": "Poids net (kg)", "el": "Καθαρό βάρος (kg)"},
    ),
    rows=(
        ("1509 20 00", "Extra virgin olive oil, in bottles of 75 cl", "120", "1 080.00"),
        ("0802 52", "Shelled pistachios", "8", "96.50"),
    ),
)  # fmt: skip
COI_BOXES = (
    PaperBox("1", {"en": "Issuing control authority or control body"}, ("Verda Kontrolo OÜ (EE-BIO-900)",)),
    PaperBox("2", {"en": "Procedure pursuant to Regulation (EU) 2018/848"}, ("Compliance (Article 46)",)),
    PaperBox("3", {"en": "Certificate of inspection reference number"}, ("COI.EE.2026.0000042",)),
    PaperBox("4", {"en": "Producer or processor of the product"}, ORGANISATION),
    PaperBox("5", {"en": "Exporter"}, ORGANISATION),
    PaperBox("6", {"en": "Operator who buys or sells the product without storing or physically handling the product"}),
    PaperBox("7", {"en": "Control authority or control body"}, ("Verda Kontrolo OÜ",)),
    PaperBox("8", {"en": "Country of origin"}, ("Tunisia (TN)",)),
    PaperBox("9", {"en": "Country of export"}, ("Tunisia (TN)",)),
    PaperBox("10", {"en": "Border control post/point of release for free circulation"}, ("Tallinn Muuga (EETLM1)",)),
    PaperBox("11", {"en": "Country of destination"}, ("Estonia (EE)",)),
    PaperBox("12", {"en": "Importer"}, ("Åke & Söhne <Import> GmbH", "Straße 1, 10115 Berlin", "Germany (DE)")),
    PaperBox("13", {"en": "Description of products"}, table=PRODUCTS),
    PaperBox("14", {"en": "Container number"}, ("MSKU 000000-0",)),
    PaperBox("15", {"en": "Seal number"}),
    PaperBox("16", {"en": "Total gross weight"}, ("1 240.00 kg",)),
    PaperBox("17", {"en": "Means of transport"}, ("Vessel «Sarmata», IMO 0000000", "Bill of lading BL-77")),
    PaperBox("18", {"en": "Declaration of the control authority or control body"}, holds=Holds.SIGNATURE),
)  # fmt: skip
SIGNATORY = Signatory(
    "Ziedonis Ālksnis-Öztürk", "n00a1b2c3", "Verda Kontrolo OÜ, Tallinn", "2026-11-21 14:05:33 (UTC+01:00)", PASSED
)  # fmt: skip
DECLARATION = Declaration("Olivaison Baltija SIA (LV.0042)", "2026-11-21 09:30:00 (UTC+01:00, Paris)", PASSED)
COI = Paper(
    document="COI",
    titles={
        "en": "Certificate of inspection for import of organic products",
        "fr": "Certificat d'inspection",
    },
    number="COI.EE.2026.0000042",
    languages=("en",),
    environment=Environment.PRODUCTION,
    is_demo=False,
    is_specimen=False,
    parts=(PaperPart({"en": "Part I"}, COI_BOXES),),
    attestation={"en": "The words of an attestation stand here.\nA second paragraph of it."},
    declaration=DECLARATION,
    signatory=SIGNATORY,
    seal_owner="Seal of an invented portal",
    stamp=StampWord.STAMPED,
    data_hash="5b1d7fe0" * 8,
    verify_url="https://portal.example.org/verify/COI.EE.2026.0000042/ABCDEFGHJKLMNPQR",
    code="ABCDEFGHJKLMNPQR",
    run_by="An invented ministry",
)


INTRA_TITLES = {
    "I.1": ("Expéditeur", "Αποστολέας"), "I.2": ("Référence IMSOC", "Αριθμός IMSOC"), "I.2a": ("Référence locale", ""),
    "I.3": ("Autorité centrale compétente", "Κεντρική αρμόδια αρχή"), "I.4": ("Autorité locale compétente", ""),
    "I.5": ("Destinataire", "Παραλήπτης"), "I.6": ("Opérateur effectuant des rassemblements", ""),
    "I.7": ("Pays d'origine", "Χώρα καταγωγής"), "I.9": ("Pays de destination", "Χώρα προορισμού"),
    "I.11": ("Lieu d'expédition", "Τόπος αποστολής"), "I.12": ("Lieu de destination", "Τόπος προορισμού"),
    "I.13": ("Lieu de chargement", "Τόπος φόρτωσης"), "I.14": ("Date et heure de départ", "Ημερομηνία και ώρα"),
    "I.15": ("Moyen de transport", "Μεταφορικό μέσο"), "I.16": ("Transporteur", "Μεταφορέας"),
    "I.17": ("Documents d'accompagnement", "Συνοδευτικά έγγραφα"), "I.18": ("Conditions de transport", ""),
    "I.19": ("Numéro des conteneurs/scellés", ""), "I.20": ("Certifié en tant que ou pour", ""),
    "I.26": ("Nombre total de conditionnements", ""), "I.27": ("Quantité totale", "Συνολική ποσότητα"),
}  # fmt: skip
INTRA_VALUES: dict[str, tuple[str, ...]] = {
    "I.1": ("Ferme des Trois Chênes", "12, chemin des Prés, 35000 Rennes", "France (FR)"),
    "I.2": ("TRN.INTRA.FR.2026.0000123",),
    "I.5": ("Αγρόκτημα Ήλιος", "Λεωφόρος Αθηνών 5, 412 22 Λάρισα", "Greece (GR)"),
    "I.7": ("France (FR)",),
    "I.9": ("Ελλάδα (GR)",),
    "I.12": ("Ферма Слънце", "ул. Роза 4, 4000 Пловдив"),
    "I.14": ("2026-11-22 06:30 (UTC+01:00, Paris)",),
    "I.15": ("Road vehicle AB-123-CD",),
}
HEADS = {
    "I.30": (
        {"fr": "Espèce", "el": "Είδος"},
        {"fr": "Numéro d'identification"},
        {"fr": "Sexe"},
        {"fr": "Âge"},
    ),
}
ANIMALS = PaperTable(
    HEADS["I.30"], tuple(("Bos taurus", f"FR 35 0000 {n:04}", "F", "2 a") for n in range(24))
)
INTRA = replace(
    COI,
    document="INTRA",
    titles={"fr": "Certificat intracommunautaire", "el": "Ενδοενωσιακό πιστοποιητικό"},
    number="TRN.INTRA.FR.2026.0000123",
    languages=("fr", "el"),
    environment=Environment.TRAINING,
    is_demo=True,
    is_specimen=True,
    model_code="BOV-INTRA-X",
    model_names={"en": "bovine animals not intended for slaughter", "fr": "bovins non destinés à l'abattage"},
    attestation=None,
    stamp=StampWord.NONE,
    parts=(
        PaperPart(
            {"fr": "Partie I : description de l'envoi", "el": "Μέρος Ι: περιγραφή της αποστολής"},
            (
                *(
                    PaperBox(box, {"fr": french, "el": greek, "en": french}, INTRA_VALUES.get(box, ()))
                    for box, (french, greek) in INTRA_TITLES.items()
                ),
                PaperBox("I.30", {"fr": "Description de l'envoi", "el": "Περιγραφή"}, table=ANIMALS),
            ),
        ),
        PaperPart(
            {"fr": "Partie II : certification", "el": "Μέρος ΙΙ: πιστοποίηση"},
            (
                PaperBox("II.a", {"fr": "Référence du certificat"}, ("TRN.INTRA.FR.2026.0000123",)),
                PaperBox("II.b", {"fr": "Référence IMSOC"}),
                PaperBox("II", {"fr": "Informations sanitaires"}, holds=Holds.ATTESTATION),
                PaperBox("II.sig", {"fr": "Vétérinaire officiel"}, holds=Holds.SIGNATURE),
            ),
        ),
    ),
)
DRAFT = replace(
    INTRA, number="DRAFT-ABCD-EFGH", signatory=None, is_demo=False, environment=Environment.PRODUCTION
)
SAMPLES = {"coi": COI, "intra": INTRA, "draft": DRAFT}
