"""Hold the words that metadata is told by: month names and what stands before names and dates, in many languages."""

from __future__ import annotations

from scraper.text.lexicon import word_list, word_set

# English, German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Polish, Czech, Slovak, Romanian, Hungarian,
# Finnish, Turkish, Indonesian, Croatian, Russian, Ukrainian, Bulgarian, Greek, Hebrew, Arabic, Thai, Hindi, Baltic.
# Where languages disagree (listopad: Croatian October, elsewhere November), the larger one has the word.
MONTHS = (
    """
    january jan januar janner jaenner janvier janv enero ene januari janeiro janei gennaio genn gen stycznia
    styczen sty ledna leden januara ianuarie ian januar tammikuuta tammikuu ocak oca sijecnja sijecanj января
    январь янв січня січень януари ιανουαριου ιανουαριος ιαν ינואר يناير มกราคม ม.ค जनवरी januarie janvaris sausio
    jaanuar
    """,
    """
    february feb februar februarie fevrier fevr fev febrero februari fevereiro febbraio febb lutego luty lut unora
    unor februara helmikuuta helmikuu subat sub veljace veljaca февраля февраль фев февр лютого лютий февруари
    φεβρουαριου φεβρουαριος φεβ פברואר فبراير กุมภาพันธ์ फरवरी pebruari vasario veebruar feber
    """,
    """
    march mar marz maerz mrz mars marzo marco maart mrt marts marca marzec brezna brezen martie marcius marc
    maaliskuuta maaliskuu mart maret ozujka ozujak марта март мар березня березень μαρτιου μαρτιος μαρ מרץ مارس
    มีนาคม मार्च kovo martsi
    """,
    """
    april apr avril avr abril abr aprile kwietnia kwiecien kwi dubna duben aprila aprilie aprilis huhtikuuta
    huhtikuu nisan nis travnja travanj апреля апрель апр квітня квітень април απριλιου απριλιος απρ אפריל أبريل
    ابريل เมษายน अप्रैल balandzio aprill
    """,
    """
    may mai mayo maio maggio magg mag mei maj maja kveten kvetna majus maj toukokuuta toukokuu mayis svibnja
    svibanj мая май травня травень μαιου μαιος μαι מאי مايو พฤษภาคม मई geguzes
    """,
    """
    june jun juni juin junio junho giugno giu czerwca czerwiec cze cervna cerven juna jun iunie iun junius
    kesakuuta kesakuu haziran haz lipnja lipanj июня июнь июн червня червень юни ιουνιου ιουνιος ιουν יוני يونيو
    มิถุนายน जून birzelio juuni
    """,
    """
    july jul juli juillet juil julio julho luglio lugl lug lipca lipiec lip cervence cervenec jula iulie iul
    julius heinakuuta heinakuu temmuz tem srpnja srpanj июля июль июл липня липень юли ιουλιου ιουλιος ιουλ יולי
    يوليو กรกฎาคม जुलाई liepos juuli
    """,
    """
    august aug aout agosto ago augustus augusti sierpnia sierpien sie srpna srpen augusta augusztus elokuuta
    elokuu agustos agu agustus kolovoza kolovoz августа август авг серпня серпень αυγουστου αυγουστος αυγ אוגוסט
    أغسطس اغسطس สิงหาคม अगस्त rugpjucio
    """,
    """
    september sep sept septembre septiembre setiembre setembro set settembre sett wrzesnia wrzesien wrz zari
    septembra septembrie szeptember syyskuuta syyskuu eylul eyl rujna rujan сентября сентябрь сен сент вересня
    вересень септември σεπτεμβριου σεπτεμβριος σεπ ספטמבר سبتمبر กันยายน सितंबर सितम्बर rugsejo
    """,
    """
    october oct oktober okt octobre octubre outubro out ottobre ott pazdziernika pazdziernik paz rijna rijen
    oktobra octombrie lokakuuta lokakuu ekim eki октября октябрь окт жовтня жовтень октомври οκτωβριου οκτωβριος
    οκτ אוקטובר أكتوبر اكتوبر ตุลาคม अक्टूबर अक्तूबर spalio oktoober
    """,
    """
    november nov novembre noviembre novembro listopada listopad lis listopadu novembra noiembrie marraskuuta
    marraskuu kasim kas studenog studenoga studeni ноября ноябрь ноя нояб листопада листопад ноември νοεμβριου
    νοεμβριος νοε נובמבר نوفمبر พฤศจิกายน नवंबर नवम्बर nopember lapkricio
    """,
    """
    december dec dezember dez decembre diciembre dic dezembro dicembre desember des grudnia grudzien gru prosince
    prosinec decembra decembrie joulukuuta joulukuu aralik ara prosinca декабря декабрь дек грудня грудень
    декември δεκεμβριου δεκεμβριος δεκ דצמבר ديسمبر ธันวาคม दिसंबर दिसम्बर gruodzio detsember
    """,
)
"""The names of each month, January first."""

NAME_LEADS = word_set(
    """
    written posted published author authors authored words story article post text recipe review reporting
    contributor contributors byline submitted
    verfasst geschrieben veröffentlicht autor autorin autoren verfasser text beitrag artikel
    auteur auteurs auteure écrit publié rédigé texte propos recueillis escrito publicado redactado texto autora autores
    scritto pubblicato autore autrice testo cura geschreven geplaatst skrevet skriven publicerad forfatter författare
    kirjoittaja kirjoittanut napisał napisała szerző írta yazan yazar автор автори написал написала текст
    συγγραφέας penulis tác giả 作者 文 著者 執筆 執筆者 投稿者 ライター 文責 記者 撰文 撰稿 작성자 글쓴이 글 기자
    """
)
"""Words that lead in an author's name, alone with a colon or with one of `NAME_BY`."""

AUTHOR_NOUNS = word_set(
    """
    author authors autor autorin auteur auteure autore autrice autora автор forfatter författare yazar 作者 著者 執筆者
    記者
    """
)
"""Those of them that need no colon."""

NAME_BY = {
    "en": word_set("by"),
    "de": word_set("von"),
    "fr": word_set("par de"),
    "es": word_set("por de"),
    "pt": word_set("por de"),
    "it": word_set("di da"),
    "nl": word_set("door van"),
    "sv": word_set("av"),
    "no": word_set("av"),
    "nb": word_set("av"),
    "nn": word_set("av"),
    "da": word_set("af"),
    "cs": word_set("od"),
    "sk": word_set("od"),
    "ru": word_set("от"),
    "ro": word_set("de"),
    "ca": word_set("per de"),
    "id": word_set("oleh"),
    "ms": word_set("oleh"),
    "vi": word_set("bởi"),
}
"""What stands before an author's name, by language; `by` stands in all of them."""

REVIEW = word_set(
    """
    reviewed review checked fact-checked verified vetted approved geprüft überprüft geprüfte begutachtet revisado
    revisada verificado verificada revisat relu relue vérifié vérifiée validé revisionato verificato revisto
    gecontroleerd beoordeeld granskad granskat kvalitetssikret zweryfikowane проверено проверил
    """
)
"""What a reviewer did to a post that another one wrote."""

KINDS_OF_POSTS = word_set("story article post recipe review beitrag artikel")
"""Those of `NAME_LEADS` that with a colon stand before a title rather than a name: `Review: The Grand Hotel`."""

WRITTEN = word_set(
    """
    this the was is has been article post story blog guest written authored contributed dieser diese der die wurde
    artikel beitrag text verfasst geschrieben este esta el fue escrito redactado artículo cet ce article a été est
    écrit rédigé questo è stato scritto articolo foi artigo dit is geschreven door
    """
)
"""Words before the "by" of a sentence that says who wrote a post: "This article was written by"."""

WEEKDAYS = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi mercredi jeudi
    vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì
    venerdì sabato domenica segunda-feira terça-feira quarta-feira quinta-feira sexta-feira maandag dinsdag woensdag
    donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
    poniedziałek wtorek środa czwartek piątek sobota niedziela понедельник вторник среда четверг пятница суббота
    воскресенье
    """
)
"""Names of weekdays, which stand before a day."""

PORTRAITS = word_set(
    "picture photo image headshot portrait avatar foto bild profile author of von de by autor the a an"
)
"""Words beside a person's name in the text of their picture."""

GUEST = word_set(
    """
    guest gastbeitrag gastartikel gastautor gastautorin invitado invitada invité invitée convidado convidada ospite
    gastblog gastpost gästinlägg
    """
)
"""What calls the author of a post a guest of the blog."""

NOT_BY = word_set(
    """
    photo photos photography photographs picture pictures image images illustration illustrations artwork cover credit
    powered sponsored presented reviewed edited translated hosted video medically fact checked fact-checked verified
    designed theme proudly produced approved updated inspired provided brought owned created used foto fotos bild
    bilder imagen imagem immagine photographie
    """
)
"""What somebody did to a page that makes nobody its author."""

PARTICLES = word_set(
    """
    de da do dos das del della di du des la le les el al bin ibn ben van von vom zu zur den der ten ter het y e i und
    and & et the of for af av d' o' st st. mac mc bint abu dr dr. prof prof. mr mrs ms
    """
)
"""Small words inside names."""

PREPOSITIONS = word_set(
    """
    in on at to from with into under over filed tagged categories posted dans avec sous unter über nach mit sobre bajo
    desde nella sotto onder over inom under pour para
    """
)
"""Small words after a byline's name, before a category or a day."""

ROLES = word_set(
    """
    editor editors writer writers author contributor contributors reporter correspondent columnist journalist
    producer publisher freelancer blogger founder cofounder co-founder ceo cto cmo coo cfo president director
    coauthor co-author co-authors coauthors manager specialist strategist analyst
    consultant expert lead head owner senior junior staff guest contributing
    managing executive associate assistant vice vp svp marketing content digital redaktion redakteur redakteurin
    autorin journaliste rédacteur rédactrice redactor redactora medical reviewer dietitian nutritionist
    photographer copywriter partner principal chief officer engineer
    """
)
"""What people are, not who."""

NOBODY = word_set(
    """
    admin administrator webmaster root user superuser wordpress unknown none null undefined nan author authors
    default comments comment share print email login subscribe home menu search facebook twitter
    linkedin instagram n/a
    """
)
"""What stands where an author should and names nobody."""

NOT_IN_NAMES = word_set(
    """
    minute minutes mins read ago updated published posted share comments comment views at days hours january
    february march july september october november december today yesterday reading time monday tuesday
    wednesday thursday friday saturday sunday feb apr jul aug sep sept oct nov dec our your you we this that
    these those with from about more all view see follow learn how why what when where is are was were has to if
    it's click here sign join get subscribe newsletter paid category categories topic topics website guide
    guides article articles blog profile related terms bio biography connect follow contact email message
    my account log logout login back home
    """
)
"""Words that no name shown on a page has."""

UPDATED = word_set(
    """
    updated update updates modified modification edited revised revision reviewed amended aktualisiert
    aktualisierung geändert änderung überarbeitet mise mis jour màj maj modifié modifiée actualisé actualisée révisé
    révisée actualizado actualizada actualización modificado modificada actualitzat actualització aggiornato
    aggiornamento modificato modifica revisado atualizado atualizada atualização bijgewerkt gewijzigd uppdaterad
    uppdaterat ändrad oppdatert endret opdateret ændret päivitetty muokattu zaktualizowano aktualizacja zmieniono
    aktualizováno upraveno aktualizované actualizat actualizare frissítve módosítva güncelleme güncellendi обновлено
    обновлена обновлён изменено обновление оновлено змінено ενημερώθηκε ενημέρωση תחديث تحديث عودכן עודכן diperbarui
    cập nhật
    """
)
"""Words beside the day of a change."""

UPDATED_PARTS = word_list("更新 修改 修正 改訂 編集 変更 수정 업데이트 แก้ไข อัปเดต अपडेट")
"""The same in scripts whose words are not parted by spaces."""

PUBLISHED = word_set(
    """
    published publish publication posted written created issued released veröffentlicht veröffentlichung erstellt
    erschienen publié publiée publication créé publicado publicada publicación publicat publicada escrito creado
    pubblicato pubblicata pubblicazione scritto publicação postado gepubliceerd geplaatst verschenen publicerad
    publicerat publisert udgivet offentliggjort julkaistu opublikowano publikacja dodano publikováno vydáno
    zverejnené publicat közzétéve megjelent yayın yayınlandı yayınlanma опубликовано опубликована опубліковано
    δημοσιεύθηκε δημοσίευση نشر פורסם diterbitkan dipublikasikan đăng
    """
)
"""Words beside the day of publication."""

PUBLISHED_PARTS = word_list(
    "公開 投稿 掲載 作成 配信 発行 发布 發布 发表 發表 刊登 발행 등록 게시 입력 작성 เผยแพร่ प्रकाशित"
)
"""The same in scripts whose words are not parted by spaces."""

DAY_WORDS = word_set(
    """
    date on at last originally original first zuletzt ursprünglich erstmals am um uhr datum dernière le à última último
    el fecha en ultimo ultima il data em às laatst op senast sist sidst viimeksi ostatnio naposledy son tarihi последнее
    дата a les
    """
)
"""Words beside a day that don't tell which one it is."""

FIRST = word_set(
    """
    originally first ursprünglich erstmals zuerst initialement originalmente originariamente oorspronkelijk
    ursprungligen oprindeligt opprinnelig pierwotnie originellement
    """
)
"""Words before "published" in a note on a post that was changed since."""

POSTED = word_set(
    """
    posted published veröffentlicht publié publicado pubblicato gepubliceerd geplaatst publicerad publisert udgivet
    julkaistu opublikowano publikováno yayınlandı опубликовано опубліковано
    """
)
"""Those of them that say so alone, wherever they stand."""

META_TITLES = word_list(
    """
    og:title twitter:title citation_title parsely-title sailthru.title dc.title dcterms.title headline
    """
)
"""Meta elements that name a title, the surest first."""

META_SITES = word_list(
    """
    og:site_name application-name apple-mobile-web-app-title publisher dc.publisher citation_journal_title
    """
)
"""Meta elements that name the site's name, the surest first."""

META_AUTHORS = word_list(
    """
    author citation_author parsely-author sailthru.author dc.creator dcterms.creator dc.contributor.author
    article:author_name byl article:author og:article:author og:author authors
    """
)
"""Meta elements that name an author, the surest first."""

META_FAMILY_FIRST = word_set("citation_author dc.creator dcterms.creator dc.contributor.author")
"""Those of them that may put the family name first, before a comma."""

META_PUBLISHED = word_list(
    """
    article:published_time og:article:published_time og:published_time article:published datepublished
    parsely-pub-date sailthru.date citation_publication_date citation_online_date dc.date.issued dcterms.issued
    dcterms.created dc.date.created dc.date dcterms.date publish-date publish_date publication_date pubdate date
    rnews:datepublished cxenseparse:recs:publishtime article.published article_date_original
    originalpublicationdate ptime bt:pubdate created
    """
)
"""Meta elements that name the day of publication, the surest first."""

META_MODIFIED = word_list(
    """
    article:modified_time og:updated_time og:modified_time datemodified dcterms.modified dc.date.modified
    last-modified article:updated_time revised lastmod
    """
)
"""Meta elements that name the day of a change, the surest first."""

META_SECTIONS = word_list(
    """
    article:section og:article:section parsely-section sailthru.section
    """
)
"""Meta elements that name a category, the surest first."""

META_TAGS = word_list(
    """
    article:tag og:article:tag parsely-tags sailthru.tags news_keywords citation_keywords
    """
)
"""Meta elements that name tags, the surest first."""

META_IMAGES = word_list(
    """
    og:image:secure_url og:image og:image:url twitter:image twitter:image:src parsely-image-url
    """
)
"""Meta elements that name the lead image, the surest first."""
