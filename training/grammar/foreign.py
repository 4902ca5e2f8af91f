"""Observations in other languages than English, a small share of the rows. The markup is that of templates.py."""

TEMPLATES: dict[str, str] = {
    "object_seen": """
<object:(Schlüssel|Tasse|Flasche|Koffer|Karton|Werkzeugkasten)> (liegt|steht) (auf dem <object:Tisch>|im <object:Regal>|neben der <object:Tür>)
ich sehe (einen|den) <object:(Stuhl|Schrank|Rucksack|Besen)> (in der <room:Küche>|im <room:Flur>|im <room:Büro>)
(une <object:(chaise|valise)>|un <object:carton>) près de la <object:(porte|fenêtre)>
je vois (la <object:(clé|tasse)>|le <object:vélo>) dans (la <room:cuisine>|le <room:couloir>)
hay una <object:(silla|caja|botella|llave|maleta)> (en la <room:cocina>|en el <room:pasillo>|sobre la <object:mesa>)
c'è una <object:(sedia|scatola|bottiglia|borsa)> (in <room:cucina>|nel <room:corridoio>|sul <object:tavolo>)
er staat een <object:(stoel|doos|fles|fiets)> (in de <room:keuken>|in de <room:gang>|naast de <object:deur>)
há uma <object:(cadeira|caixa|garrafa|chave)> (na <room:cozinha>|no <room:corredor>|em cima da <object:mesa>)
det står en <object:(stol|låda|flaska|cykel)> (i <room:köket>|i <room:korridoren>)
""",
    "object_missing": """
der <object:(Schlüssel|Hammer|Stuhl)> (ist weg|fehlt|ist nicht mehr da)
(la <object:clé>|le <object:marteau>) a disparu
falta la <object:(llave|caja|escalera)>
manca la <object:(chiave|scatola|scala)>
de <object:(sleutel|ladder|doos)> is weg
""",
    "object_moved": """
die <object:(Leiter|Kiste|Palette)> steht jetzt (in der <room:Halle>|im <room:Lager>)
on a déplacé (la <object:table>|le <object:chariot>) dans (la <room:cuisine>|le <room:salon>)
han movido la <object:(mesa|caja)> al <room:(almacén|pasillo)>
""",
    "person_seen": """
(eine|die) <person:(Frau|Krankenschwester|Lehrerin)> (steht|wartet) (im <room:Flur>|in der <room:Küche>)
ein <person:(Mann|Kind|Techniker)> (geht|läuft) durch (den <room:Flur>|die <room:Halle>)
un <person:(homme|enfant|visiteur)> attend dans le <room:couloir>
una <person:(mujer|enfermera|niña)> está en (la <room:cocina>|el <room:pasillo>)
un <person:(uomo|bambino|medico)> aspetta nel <room:corridoio>
een <person:(man|vrouw|kind)> loopt door de <room:gang>
""",
    "place_entered": """
(bin jetzt in der|habe die) <room:(Küche|Werkstatt|Halle)>( erreicht|)
je suis entré dans (la <room:cuisine>|le <room:couloir>)
he entrado en la <room:(cocina|oficina)>
sono entrato in <room:(cucina|ufficio)>
""",
    "state_changed": """
die <object:(Tür|Haustür|Kiste)> ist <state:(offen|geschlossen|verschlossen|zu)>
das <object:(Licht|Fenster)> ist <state:(an|aus|offen)>
la <object:(porte|fenêtre|lumière)> est <state:(ouverte|fermée|allumée|éteinte)>
la <object:(puerta|ventana|luz)> está <state:(abierta|cerrada|encendida|apagada)>
la <object:(porta|finestra|luce)> è <state:(aperta|chiusa|accesa|spenta)>
de <object:(deur|lamp)> is <state:(open|dicht|uit|aan)>
""",
    "hazard_seen": """
(Achtung|Vorsicht), <hazard:(Wasser|Öl|Glasscherben|Rauch)> auf dem <object:Boden>
attention, de la <hazard:fumée> dans (le <room:couloir>|la <room:cuisine>)
cuidado, hay <hazard:(humo|agua|aceite)> en el <object:suelo>
attenzione, <hazard:(fumo|acqua)> in <room:cucina>
""",
    "battery_status": """
(der |)<object:Akku> (ist bei|bei|noch) {pct}
(la |)<object:(batterie|batería|batteria)> (à|al|a) {pct}
<object:(accu|bateria)> {pct}
""",
    "speech_heard": """
(<person:(Herr Müller|Anna)>|die <person:Ärztin>) (sagte|fragt|rief): „Wo ist (der <object:Schlüssel>|die <object:Tasse>)?“
<person:(Marie|Pierre)> a dit : « Où est (la <object:clé>|le <object:chariot>) ? »
<person:(María|Pedro)> preguntó: «¿Dónde está la <object:(llave|caja)>?»
<person:(Luca|Giulia)> ha detto: "dov'è la <object:(chiave|scatola)>?"
""",
    "task_failed": """
(Lieferung|Navigation|Aufgabe) (fehlgeschlagen|abgebrochen)
no pude (abrir la <object:puerta>|llegar a la <room:cocina>)
je n'ai pas pu ouvrir la <object:porte>
konnte die <object:(Tür|Kiste)> nicht öffnen
""",
    "task_succeeded": """
(Lieferung|Reinigung|Inspektion) (abgeschlossen|erledigt|erfolgreich)
<object:(Paket|Medikamente)> an <person:(Frau Schmidt|Station)> übergeben
(entrega|limpieza|tarea) (completada|terminada)
(livraison|mission) terminée
""",
    "task_started": """
(Lieferung|Reinigung|Patrouille) (gestartet|begonnen)
ich fahre jetzt (in die <room:Küche>|zum <room:Lager>)
empiezo la (limpieza|entrega)
je commence (la livraison|le nettoyage)
""",
    "note": """
niemand (in der <room:Küche>|im <room:Flur>)
es regnet draußen
personne dans (la <room:cuisine>|le <room:couloir>)
no hay nadie en la <room:(cocina|oficina)>
alles ruhig (in der <room:Halle>|im <room:Flur>)
""",
}
