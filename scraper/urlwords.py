"""Hold the words that addresses are made of: folders of posts and of archives, plain pages, tracking parameters."""

from __future__ import annotations

from scraper.text.lexicon import word_set

# Parameters that say where a reader came from.
TRACKING_PARAMS = word_set(
    """
    fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ysclid ttclid twclid epik igshid igsh mibextid li_fat_id
    mc_cid mc_eid _hsenc _hsmi hsctatracking mkt_tok wickedid s_cid sc_cid cmpid ncid trk trkcampaign spm scm
    srsltid _openstat _branch_match_id hss_channel rb_clickid ck_subscriber_id ss_email_id bbeml __s
    __twitter_impression _ga _gl _ke _kx fb_ref fb_source ref ref_src ref_url referrer xtor at_medium at_campaign
    mkcid nr_email_referer action_object_map action_type_map action_ref_map no_redirect cachebust cache_buster
    nocache
    """
)

# Parameters that name a visit.
SESSION_PARAMS = word_set(
    """
    phpsessid jsessionid aspsessionid sessid sessionid session_id oscsid zenid cfid cftoken phpsession wpsessid
    """
)

# Parameters that make another view of a page: a reply form, print, a search.
VARIANT_PARAMS = word_set(
    """
    replytocom share amp print printable noamp like_comment like unapproved moderation-hash showcomment showcomments
    output view do action preview preview_id preview_nonce nb m_print replyto comment-page cpage attachment_id s q
    query search doing_wp_cron relatedposts_hit relatedposts_origin relatedposts_position add-to-cart redirect_to tb
    embed
    """
)

# Of these, the ones that show the same post again.
SAME_PAGE_PARAMS = word_set(
    """
    replytocom share amp print noamp like_comment unapproved moderation-hash showcomment nb doing_wp_cron
    relatedposts_hit relatedposts_origin relatedposts_position
    """
)

# Parameters among the variants that a home-made blog or a content system also uses beside the one that chooses a page.
CHOOSING_VARIANTS = word_set("view do action output s q query nb search")

# Their values that make a variant all the same.
VARIANT_VALUES = word_set(
    "print printable pdf amp mobile search login register edit reply compose feed rss share mail email"
)

# Values by which a content system shows several posts.
LISTING_VALUES = word_set(
    "category categories featured archive archives section blog frontpage list tag tags author search index home"
)

# Parameters that say how a page is shown or which part of a list, and choose no post.
VIEW_PARAMS = word_set(
    """
    paged page pg pagenum seite pagina query-page cpage start offset limit limitstart cat tag author label category
    updated-max max-results by-date post_type lang language locale hl sort order orderby sortby dir direction filter
    option task layout itemid tmpl format type mode ver v style theme skin color size month year day date time m w d
    page_id feed eventdate columns display per_page
    """
)

# Tracking parameters that choose the page where a script is told nothing else.
MAYBE_CHOOSING_PARAMS = word_set("ref source sid s ncid trk spm scm")

# Folders that hold archives, and in some blogs the posts themselves.
ARCHIVE_WORDS = word_set("archive archives archiv archivo archivio")

# Folders that hold posts, in the languages that blogs are often written in.
BLOG_WORDS = word_set(
    """
    blog blogs weblog news newsroom posts post articles article journal stories story writing writings essays notes
    magazine diary insights updates aktuelles neuigkeiten beitraege beiträge artikel magazin nachrichten noticias
    articulos artículos entradas novedades actualites actualités billets actus notizie articoli novita novità nieuws
    berichten artigos novidades novosti блог новости статьи nyheter nyheder uutiset aktualnosci aktualności wpisy
    hirek hírek novinky clanky články bloggen bloggar berita haberler ブログ 博客 文章 新闻 블로그 p
    """
)

# Folders that hold archives.
LISTING_WORDS = word_set(
    """
    category categories cat tag tags tagged topic topics label labels author authors archive archives search page
    kategorie kategorien schlagwort schlagwoerter schlagworte thema themen autor autoren archiv categoria categorías
    categorias categoría etiqueta etiquetas autores archivo archivos categorie catégorie etiquette auteur auteurs
    mot-cle mots-cles autore archivio tagi kategoria kategorier etiketter рубрика метка contributors users writer
    writers profile profiles user member members
    """
)

# Names of pages that are no posts.
PAGE_WORDS = word_set(
    """
    about about-us about-me aboutus contact contact-us contactus kontakt ueber-uns über-uns uber-uns ueber-mich
    impressum datenschutz datenschutzerklaerung datenschutzerklärung agb imprint privacy privacy-policy
    privacy-notice terms terms-of-service terms-of-use terms-and-conditions disclaimer legal legal-notice
    cookie-policy cookies sitemap contacto acerca acerca-de sobre sobre-mi sobre-nosotros quienes-somos aviso-legal
    politica-de-privacidad politica-de-cookies a-propos qui-sommes-nous mentions-legales
    politique-de-confidentialite contatti chi-siamo informativa-privacy over over-ons over-mij contato quem-somos
    login log-in signin sign-in signup sign-up register logout account my-account cart warenkorb checkout basket
    kasse wishlist subscribe unsubscribe newsletter newsletters search suche buscar recherche thank-you thanks danke
    gracias merci 404 donate donation support-us advertise accessibility faq faqs links blogroll bookmarks resume cv
    now uses guestbook colophon team our-team staff careers jobs karriere press media-kit pricing prices preise
    locations appointments book-now book-appointment request-appointment patient-portal testimonials reviews gallery
    home start index wp-login.php kontakty o-nas om-oss om kontakta-oss yhteystiedot hakkimizda iletisim контакты
    о-нас friends friend-link message about.html
    """
)

# Folders that hold something else than posts.
SECTION_WORDS = word_set(
    """
    projects project portfolio work works services service products product shop store item items team people person
    staff locations location clinics events event calendar kalender jobs job careers docs doc documentation api wiki
    forum forums community download downloads courses course lessons portfolio-item testimonials testimonial faq
    faqs leistungen produkte produkt projekte projekt veranstaltungen standorte servicios productos proyectos
    eventos produits projets prodotti servizi progetti gallery galleries photos album albums treatments treatment
    conditions providers doctors physicians glossary talks publications teaching procedure procedures condition provider
    doctor physician clinic therapist therapists dentist dentists specialties product-page service-page event-details
    collections
    """
)
