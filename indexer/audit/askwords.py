"""List the words by which a paragraph asks its reader to get in touch, in English, German, French, Spanish, Italian,
Portuguese and Dutch.

General vocabulary, none of it taken from a site. Verbs stand in the forms that speak to a reader: commands, polite or
familiar, and the infinitives that languages print on buttons.
"""

from __future__ import annotations

from scraper.text.lexicon import word_set

CONTACT = word_set(
    "call phone telephone ring dial contact reach email mail text message write schedule book visit "
    "ruf rufe rufen kontaktiere kontaktieren schreib schreibe schreiben besuche besuchen melde melden mailen "
    "appelez téléphonez contactez écrivez visitez joignez contacter appeler joindre écrire "
    "llame llama llamen contacte contacta contacten escriba escribe visite comuníquese "
    "chiama chiamate contatta contattate scrivi scrivete visita visitate telefona telefonate "
    "ligue contate contacte escreva fale visite bel contacteer schrijf"
)
ARRANGE = word_set(
    "schedule book request arrange make set get claim reserve start begin try "
    "vereinbare vereinbaren vereinbart buche buchen reserviere reservieren sichern anfragen anfordern "
    "prenez réservez demandez planifiez prendre réserver demander "
    "reserve reserva reserven agende agenda pida pide solicite solicita programe programa concierte "
    "prenota prenotate richiedi richiedete fissa fissate agendar maak boek reserveer"
)
BEGIN = word_set("get begin start try set")
"""Verbs that arrange a meeting only with us, or at once: "start treatment early" does not."""
MEETING = word_set(
    "appointment appointments consultation consultations consult evaluation assessment screening visit session "
    "tour demo quote estimate trial callback reservation interview treatment "
    "termin termine beratung beratungsgespräch erstgespräch sprechstunde behandlung besichtigung probestunde "
    "rendez rendezvous rdv entretien séance bilan devis "
    "cita consulta evaluación valoración sesión presupuesto visita "
    "appuntamento consulenza visita seduta preventivo colloquio avaliação sessão orçamento "
    "afspraak kennismaking intake consult behandeling offerte"
)
INVITE = word_set(
    "subscribe follow join share sign register download apply donate volunteer enroll learn discover "
    "abonniere abonnieren folge folgen abonnez suivez inscrivez suscríbete suscríbase suscriba síguenos síganos "
    "iscriviti iscrivetevi seguici assine inscreva siga abonneer volg"
)
LOOK = word_set("like tag check read see browse explore watch rate review")
"""Verbs that invite where us or our follows: like us, read our reviews."""
OURS = word_set(
    "us our ours me my uns unser unsere unserer unserem unseren unseres nous notre nos nosotros nuestro nuestra "
    "nuestros nuestras noi nostro nostra nostri nostre nós conosco nosso nossa nossos nossas ons onze"
)
WHOLE = word_set(
    "llámenos llámanos contáctenos contáctanos escríbanos escríbenos visítenos visítanos contactarnos llamarnos "
    "escribirnos contattaci contattateci chiamaci chiamateci scrivici scriveteci contattarci chiamarci"
)
"""Verbs that carry their object with them: call us, in one word."""
TAKE = word_set("nehmen nimm nehmt prenez prenons póngase ponte pónganse entre entrem neem prendi prendete")
TOUCH = word_set("kontakt contact contacto contato contatto verbindung")
"""Take contact with us, as most languages say it: a verb of the first, a noun of the second."""
LAST = word_set("vereinbaren buchen reservieren anfragen anfordern sichern")
"""Verbs that stand after their object: Termin vereinbaren."""
SOON = word_set(
    "today now tomorrow immediately online anytime heute jetzt gleich aujourd'hui maintenant hoy ahora oggi subito "
    "hoje agora vandaag nu"
)
PLACE = word_set(
    "clinic office center centre team practice staff provider providers specialists experts location form "
    "praxis klinik büro standort cabinet clinique équipe centre clínica consultorio oficina equipo centro studio "
    "praktijk kliniek kantoor"
)
HANDS_OVER = word_set(
    ", please and or then just simply can today now so "
    "bitte und oder einfach gern gerne heute jetzt gleich veuillez et ou simplement maintenant y o favor ahora hoy "
    "prego ed oggi adesso hoje agora vandaag nu alstublieft"
)
"""After one of these a verb speaks to the reader."""
READY = word_set("you ready like want free hesitate welcome invited happy time easy how remember sure")
"""After one of these and "to", too."""
GOES_ON = word_set("and or then")
SUBJECTS = word_set("he she they we i it one some others many most patients people parents clients who")
"""A sentence that begins with one of these tells of somebody; what follows after "and" does, too."""
READER = word_set("you your please if let us our we today")
"""Before "and", one of these tells that the sentence speaks to the reader."""
SOMEBODY = word_set("yourself your his her their a an any another every")
"""After one of these stands somebody else to contact: your doctor, a friend."""
BEFORE_LINE = word_set("us our at on now today number the line or text call directly toll free anytime , -")
"""What may stand between a verb and the number to call, with nobody named."""
INFINITIVES = word_set("contacter appeler joindre écrire contactar llamar escribir contattare chiamare")
"""Verbs that have the object before them: n'hésitez pas à nous contacter."""
NOUN_BEFORE = word_set(
    "a an the this that these those any each every your their his her its of in by via per no first last next "
    "phone conference video another one press "
    "la el una un le les l' lo il die der das ein eine dem den einen het de een"
)
"""After one of these a contact verb is a noun: the call, your visit, this book."""
MAY = word_set("you should must may might could can")
WE = word_set("we us our ours")
YOU = word_set("you your yours")
OFFER = word_set(
    "appointment appointments consult consults consultation consultations booking bookings book booked schedule "
    "scheduled scheduling opening openings slot slots spot spots call calls phone visit visits walk-ins intake "
    "inquiry enquiry form contact inbox waitlist referral evaluation assessment exam screening tour desk reception "
    "message email text chat talk session sessions therapist doctor dentist nurse provider clinician"
)
"""A closing sentence by us to you with one of these offers something, if it asks for nothing in so many words."""
COMMANDS = word_set(
    "ask begin book bring browse call chat check choose claim come complete contact dial discover download drop "
    "e-mail email enroll explore fill find follow get give grab have head join learn leave let let's look make "
    "meet mention message phone pick pop print put redeem register request reserve ring save say schedule see "
    "send set share show sign speak start stop submit subscribe swing take talk tell text tour use visit walk "
    "watch write"
)
"""Verbs of coming, showing, asking and arranging, which command where a post turns to its reader."""
TURN = word_set(
    "ask call chat check contact dial discuss e-mail email go head meet message phone ring see show speak talk tell "
    "text visit write"
)
"""Those of them that turn to somebody: us, or somebody else."""
OTHERS = SOMEBODY | word_set("any someone somebody anyone one the them him 911 999 112 111")
FIRST_CONTACT = word_set(
    "appointment appointments consult consults consultation consultations booking bookings scheduling opening openings "
    "slot slots walk-in walk-ins intake waitlist evaluation evaluations assessment assessments exam exams screening "
    "screenings checkup checkups check-up check-ups callback availability"
)
"""What is done at a first contact, whoever speaks of it."""
MEDIA = word_set(
    "website page pages guide guides newsletter letter channel blog podcast reviews video videos instagram facebook "
    "tiktok youtube pinterest linkedin twitter post posts article articles library resources"
)
"""What there is to read, watch and follow."""
OTHERS_LINES = word_set(
    "helpline hotline lifeline poison pharmacy pharmacies fax faxes telefax medicare medicaid insurance insurer "
    "insurers manufacturer police ambulance notrufnummer apotheke pharmacie farmacia"
)
"""Beside one of these a number is somebody else's, or none to call."""
COMPOUNDS = word_set("center centers centre centres information info page list to for")
CHANNELS = word_set(
    "newsletter newsletters blog podcast inbox instagram facebook tiktok youtube "
    "boletín bulletin infolettre rundbrief nieuwsbrief"
)
HELPS = word_set("help helps treat treats serve serves offer offers provide provides welcome accept accepts accepting")
PRACTISE = HELPS | word_set(
    "care cares carry carries see sees take takes specialize specializes work works helped helping treated treating "
    "served serving welcomes looking"
)
"""What a practice says of itself that it does."""
PHRASES = frozenset(("get", "reach", "fill", "stop", "drop", "give"))
"""Verbs that ask with the words after them: get in touch, reach out, fill in the form, stop by, give us a call."""
TELLING = CONTACT | ARRANGE | INVITE | WHOLE | INFINITIVES | TAKE | LAST | PHRASES
"""A sentence without one of these, and without the owner's name, asks for nothing."""
