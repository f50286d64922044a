"""List the words of a request by their kind: verbs of contact, meetings, whose they are, who is spoken to.

General vocabulary of English, German, French, Spanish, Italian, Portuguese and Dutch, none of it taken from a site.
By the kinds of words the classifier carries over from one language to the next what it has learnt. A word that is
common with another sense in another of the languages (le, on, qui, was, come, te) is of no kind.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from scraper.text.lexicon import word_set

_KINDS: Final = {
    "contact": """
        call phone telephone ring dial contact reach email e-mail mail text message write visit talk speak ask
        ruf rufe rufen ruft anrufen kontaktiere kontaktieren kontaktiert schreib schreibe schreiben schreibt besuche
        besuchen besucht melde melden meldet mailen sprechen sprich klingeln schicken appelez téléphonez contactez
        écrivez visitez joignez contacter appeler joindre écrire appelle contacte écris envoyez passez venez parlez
        parlons llame llama llamen llamar contacte contacta contacten contactar escriba escribe escribir visite
        visita comuníquese hable habla envíe envía mande manda pase pásate venga ven acérquese acércate chiama
        chiamate chiami contatta contattate contatti scrivi scrivete scriva telefona telefonate telefoni contattare
        chiamare scrivere venite vieni passate passa mandate manda ligue liga contate escreva escreve fale fala
        envie mande venha passe contactar ligar escrever falar bel bellen contacteer schrijf schrijven mail bezoek
        stuur kom loop neem
        """,
    "come": """
        stop drop swing pop vorbei vorbeikommen komm kommt kommen schau schaut schauen venez viens passez passe
        ven venga venid pase pásate pasaos acércate acérquese acercaos vieni venite venga passa passate passi venha vem
        passe passa apareça aparece kom loop langs wip binnen
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
        we we're we'll we'd we've i'm i'd wir ich nous somos estamos tenemos siamo abbiamo estamos temos wij we
        ik
        """,
    "you": """
        @sie @ihr @ihre @ihren @ihrem @ihnen
        you your you're you'll you'd yours yourself du dich dir dein deine deinen deinem deiner
        euch euer eure vous votre vos tu toi ton ta tes usted ustedes tú ti tus sus ti tuo
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
        commercialista médico farmacêutico advogado seguradora polícia banco contador huisarts apotheek
        advocaat verzekeraar politie bank notaris
        """,
    "channel": """
        newsletter newsletters blog podcast inbox instagram facebook tiktok youtube linkedin twitter
        comments article articles post posts guide ebook webinar video videos github discord patreon rundbrief
        kommentar kommentare kommentaren beitrag artikel infolettre commentaires commentaire boletín comentarios
        comentario comentários commenti nieuwsbrief reacties reactie
        """,
    "soon": """
        today now tomorrow immediately online anytime here below heute jetzt gleich sofort unten aujourd'hui
        maintenant ici hoy ahora aquí oggi subito adesso hoje agora aqui vandaag nu hier
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
    "start": """
        join try start get claim grab take begin unlock secure save pick choose sign-up testen starte starten
        sichern hol
        holen probier probiere probieren nimm nehmen mach machen mitmachen essayez essaie profitez rejoignez commencez
        choisissez testez venez prueba pruebe empieza empiece únete únase aprovecha aproveche elige elija prova provate
        provi inizia iniziate unisciti approfitta scegli scegliete experimente comece participe aproveite escolha
        junte-se probeer begin start doe kies
        """,
    "send": """
        send bring submit fill leave drop give hand post tell share attach schicke schick sende senden bring bringen
        bringt gib geben sag sagen lass lassen hinterlassen füll füllen envoyez envoie apportez déposez
        remplissez laissez
        laisse dites dis donnez manda mande mándanos envía trae traiga traigan rellena rellene deja deje
        cuenta cuéntanos
        diga dinos manda mandate mandaci porta portate porti compila compilate lascia lasciate dicci dite mande traga
        preencha deixe diga conte stuur breng vul laat geef vertel
        """,
    "learn": """
        learn discover explore browse check see view watch read find look compare understand entdecken erfahren lesen
        lies ansehen stöbern vergleichen découvrez lisez voyez parcourez consultez comparez descubre descubra conoce
        conozca lee lea mira mire consulta scopri scoprite leggi leggete guarda guardate descubra conheça leia veja
        ontdek lees bekijk vergelijk
        """,
    "subscribe": """
        subscribe follow share download updates list mailing e-newsletter enewsletter emails tips abonnieren
        abonniere abonniert folge folgen folgt teile teilen teilt kommentiere kommentieren abonnez suivez partagez
        commentez likez téléchargez suscríbete suscríbase síguenos síganos comparte comparta comenta descarga iscriviti
        iscrivetevi seguici seguiteci condividi condividete commenta scarica assine inscreva siga compartilhe partilhe
        comente baixe subscreva abonneer volg deel reageer download
        """,
    "wish": """
        ready looking need interested wondering curious thinking considering tired struggling worried unsure stuck
        prefer bereit suchen suchst brauchen brauchst interesse lust neugierig unsicher möchten möchtest wollen willst
        prêt prête besoin envie cherchez voulez souhaitez intéressé curieux quieres quiere necesitas necesita buscas
        busca interesa listo lista duda prefieres vuoi volete vuole cerchi cercate bisogno interessato pronto pronta
        preferisci quer precisa procura interessado pronto pronta prefere wil wilt zoek zoekt nodig interesse benieuwd
        klaar liever
        """,
    "event": """
        course courses workshop workshops webinar event events conference summit program programs programme membership
        plan plans account app platform software tool product products bootcamp kurs kurse workshop veranstaltung tour
        führung konto cours atelier stage événement formule compte curso cursos taller evento eventos plan cuenta corso
        corsi laboratorio evento eventi conto curso oficina evento conta cursus workshop evenement rondleiding
        """,
    "offers": """
        offer offers provide provides provides specialize specialise serve serves accept accepting repair treat deliver
        advise bieten bietet betreuen behandeln reparieren beraten liefern führen proposons offrons accueillons
        réparons livrons conseillons ofrecemos atendemos reparamos tratamos hacemos servimos offriamo ripariamo seguiamo
        accogliamo consegniamo oferecemos atendemos consertamos tratamos fazemos bieden helpen repareren behandelen
        leveren
        """,
    "then": """
        were had did said called asked wrote told came went took he she they his her their him them war waren hatte
        hatten sagte rief fragte schrieb kam ging er était étaient avait avaient disait appelé écrit elle ils elles leur
        era eran había tenía dijo llamó preguntó escribió vino fue ella ellos fu erano aveva avevano disse chiamò
        chiese scrisse venne lui loro foi eram tinha disse ligou perguntou escreveu veio ele ela eles werd waren had
        hadden zei belde vroeg schreef kwam ging hij zij
        """,
    "may": """
        can could may might able welcome kannst können könnt darfst dürfen pouvez peux puede puedes pueden podéis puoi
        potete può pode podem podes kunt kan mag
        """,
}
OURS: Final = word_set(_KINDS["ours"])
CONTACT: Final = word_set(_KINDS["contact"])
ARRANGE: Final = word_set(_KINDS["arrange"])
PLACE: Final = word_set(_KINDS["place"])
_STEMS: Final = {
    "contact": """
        llam telefon contact contat kontakt escrib escriv scriv ecriv escrev visit besuch bezoek consult pregunt pergunt
        demand chiam chied anruf appel schreib ligu teleph fale hable parl joign appelle whatsapp
        """,
    "arrange": """
        pide pidan pedid reserv prenot agend marqu marca solicit richied vereinbar buche prene inscri iscri matricul
        apunt enrol encarg encomend ordin boek bestell bestel anmeld commande candid postul bewerb sollicit fissa
        concert
        """,
    "send": """
        envi mand inviat facci fatti dacci dillo danos dinos dejanos dadnos lasci deja laiss porta traig traga stuur
        geef schick
        """,
}
"""Beginnings, without accents, of the forms of verbs in languages that say who, whom and how many at their end."""
_STEM: Final = re.compile("|".join(f"(?P<{kind}>{'|'.join(stems.split())})" for kind, stems in _STEMS.items()))
_TO_US: Final = re.compile(
    r".{2,}?(?:nos|noslo|nosla|teci|ci|celo|me|mi|melo|-nos|-me|-nous|-moi|-le-nous|arnos|arci)$"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_LEAST: Final = 4
"""Letters from which a word has a beginning: the shortest of the list."""
KINDS: Final[dict[str, tuple[str, ...]]] = {}
"""Each word with the kinds of words that it is."""
for _kind, _words in _KINDS.items():
    for _word in dict.fromkeys(_words.split()):
        KINDS[_word] = (*KINDS.get(_word, ()), _kind)


@lru_cache(maxsize=50_000)
def kinds_of(word: str) -> tuple[str, ...]:
    """Return the kinds of a word in lower case: as listed, or by how it begins and whom it ends in."""
    found = KINDS.get(word, ())
    if len(word) < _LEAST:
        return found
    plain = word if word.isascii() else _ACCENTS.sub("", normalize("NFKD", word))
    stem = _STEM.match(plain)
    if stem is None or stem.lastgroup is None:
        return found
    beginning = f"{stem.lastgroup}~"
    return (*found, beginning, "whole") if _TO_US.match(plain) else (*found, beginning)
