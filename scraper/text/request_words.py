"""List the words of a request by their kind: verbs of contact, meetings, whose they are, who is spoken to.

General vocabulary of English, German, French, Spanish, Italian, Portuguese and Dutch, none of it taken from a site.
By the kinds of words the classifier carries over from one language to the next what it has learnt.
"""

from __future__ import annotations

from typing import Final

from scraper.text.lexicon import word_set

_KINDS: Final = {
    "contact": """
        call phone telephone ring dial contact reach email e-mail mail text message write visit talk speak chat ask
        ruf rufe rufen ruft anrufen kontaktiere kontaktieren kontaktiert schreib schreibe schreiben schreibt besuche
        besuchen besucht melde melden meldet mailen sprechen sprich klingeln schicken appelez téléphonez contactez
        écrivez visitez joignez contacter appeler joindre écrire appelle contacte écris envoyez passez venez parlez
        parlons llame llama llamen llamar contacte contacta contacten contactar escriba escribe escribir visite
        visita comuníquese hable habla envíe envía mande manda pase pásate venga ven acérquese acércate chiama
        chiamate chiami contatta contattate contatti scrivi scrivete scriva telefona telefonate telefoni contattare
        chiamare scrivere venite vieni passate passa mandate manda ligue liga contate escreva escreve fale fala
        envie mande venha passe contactar ligar escrever falar bel bellen contacteer schrijf schrijven mail bezoek
        stuur app kom loop neem
        """,
    "whole": """
        llámenos llámanos contáctenos contáctanos escríbanos escríbenos visítenos visítanos contactarnos llamarnos
        escribirnos visitarnos consúltenos consúltanos pregúntanos pregúntenos cuéntanos cuéntenos contattaci
        contattateci chiamaci chiamateci scrivici scriveteci contattarci chiamarci scriverci telefonaci telefonateci
        contáctenos ligue-nos escreva-nos contacte-nos visite-nos fale-nos ligar-nos contactar-nos contactez-nous
        appelez-nous écrivez-nous rejoignez-nous
        """,
    "arrange": """
        schedule book request arrange make reserve claim apply enroll enrol order hire sign register start
        vereinbare vereinbaren vereinbart buche buchen bucht reserviere reservieren reserviert sichern sichere
        anfragen anfordern bestellen bestelle anmelden bewerben beantragen prenez réservez demandez planifiez
        prendre réserver demander commandez inscrivez inscrire adhérez reserve reserva reserven reservar agende
        agenda agendar pida pide pedir solicite solicita solicitar programe programa concierte inscríbase inscríbete
        apúntate apúntese matricúlate encargue encarga prenota prenotate prenoti prenotare richiedi richiedete
        richieda fissa fissate fissare ordina ordinate marque marca marcar agende solicite peça encomende
        inscreva-se reserve maak boek boeken reserveer reserveren plan plannen bestel vraag meld
        """,
    "meeting": """
        appointment appointments consultation consultations consult evaluation assessment screening visit session
        tour demo quote quotes estimate estimates trial callback reservation interview treatment call slot table
        class termin termine beratung beratungsgespräch erstgespräch sprechstunde behandlung besichtigung
        probestunde angebot gespräch kostenvoranschlag rendez-vous rdv entretien séance bilan devis consultation
        visite cita citas consulta evaluación valoración sesión presupuesto visita habitación plaza clase hora
        appuntamento appuntamenti consulenza seduta preventivo colloquio prenotazione avaliação sessão orçamento
        consulta reunião quarto reserva proposta visita afspraak kennismaking intake consult behandeling offerte
        gesprek proefles proefrit
        """,
    "ours": """
        us our ours me uns unser unsere unserer unserem unseren unseres nous notre nos nosotros nuestro nuestra
        nuestros nuestras noi nostro nostra nostri nostre ci nós conosco connosco nosso nossa nossos nossas ons onze
        mich mir
        """,
    "we": """
        we we're we'll we'd we've i i'm i'd wir ich nous on somos estamos tenemos siamo abbiamo estamos temos wij we
        ik
        """,
    "you": """
        you your you're you'll you'd yours yourself du dich dir dein deine deinen deinem deiner sie ihr ihre ihren
        ihrem ihnen euch euer eure vous votre vos tu te toi ton ta tes usted ustedes tú ti tus su sus le les ti tuo
        tua tuoi tue vi vostro vostra voi lei você vocês seu sua seus suas je jij jou jouw u uw jullie
        """,
    "others": """
        friend friends someone somebody neighbour neighbor mother partner yourself freund freundin ami amie amigo
        amiga amico amica vriend vriendin doctor doctors physician gp pcp dentist therapist provider pharmacist
        pharmacy insurer insurance attorney lawyer accountant veterinarian vet landlord bank employer agent
        specialist hotline helpline lifeline police ambulance arzt ärztin hausarzt hausärztin apotheke apotheker
        krankenkasse anwalt polizei notarzt notruf vermieter médecin pharmacien généraliste avocat notaire assureur
        police pompiers samu mairie bailleur médico médica farmacéutico abogado aseguradora policía urgencias
        ambulancia ayuntamiento banco medico farmacista avvocato assicurazione polizia carabinieri banca
        commercialista médico farmacêutico advogado seguradora polícia banco contador huisarts arts apotheek
        advocaat verzekeraar politie bank notaris
        """,
    "channel": """
        newsletter newsletters blog podcast inbox instagram facebook tiktok youtube linkedin twitter comment
        comments article articles post posts guide ebook webinar video videos github discord patreon rundbrief
        kommentar kommentare kommentaren beitrag artikel infolettre commentaires commentaire boletín comentarios
        comentario comentários commenti nieuwsbrief reacties reactie
        """,
    "soon": """
        today now tomorrow immediately online anytime here below heute jetzt gleich sofort unten aujourd'hui
        maintenant ici hoy ahora aquí oggi subito adesso qui hoje agora aqui vandaag nu hier
        """,
    "place": """
        clinic office center centre team practice staff specialists experts location form desk reception shop store
        studio praxis klinik büro kanzlei laden werkstatt cabinet clinique équipe atelier boutique agence formulaire
        clínica consultorio oficina equipo centro recepción tienda formulario studio negozio laboratorio modulo
        segreteria consultório escritório equipe equipa recepção loja formulário praktijk kliniek kantoor winkel
        werkplaats formulier balie
        """,
    "help": """
        help happy glad love free question questions answer hesitate welcome ready discuss fragen frage gern gerne
        helfen kostenlos beraten willkommen questions question aider gratuit gratuite volontiers hésitez bienvenue
        preguntas pregunta duda dudas dude dudes gratis gratuita ayudar ayudarle gusto domande domanda dubbi esitare
        esitate aiutare gratuito volentieri perguntas dúvidas dúvida ajudar hesite gratuita prazer vragen vraag
        helpen graag gratis vrijblijvend welkom
        """,
}
OURS: Final = word_set(_KINDS["ours"])
CONTACT: Final = word_set(_KINDS["contact"])
ARRANGE: Final = word_set(_KINDS["arrange"])
PLACE: Final = word_set(_KINDS["place"])
KINDS: Final[dict[str, tuple[str, ...]]] = {}
"""Each word with the kinds of words that it is."""
for _kind, _words in _KINDS.items():
    for _word in dict.fromkeys(_words.split()):
        KINDS[_word] = (*KINDS.get(_word, ()), _kind)
