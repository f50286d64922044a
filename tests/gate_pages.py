"""Pages of our own making with known article text: eight themes around eleven posts in several scripts."""

from __future__ import annotations

from scraper.blocks import outline
from scraper.markup import parse

POSTS = {
    "long": """<p>The tide table on the kitchen wall had been wrong for a week before anyone noticed, and by then my
 brother had already lost the small boat.</p><p>It was not a large loss. The boat was older than both of us, patched twice
 along the keel, and painted a green that nobody would choose today. Still, we walked the shore for three evenings.</p>
<h2>What the harbour master said</h2><p>He told us that things come back in their own time. "Ask again when the wind turns,"
 he said, and went on mending his net, which was blue and had no visible end.</p><p>So we waited. On the ninth day the wind
 turned, and a girl from the next village found the boat lying upside down between two rocks, quite unharmed.</p>
<h3>And afterwards</h3><p>We have a new tide table now. It hangs beside the door, where you cannot leave without reading
 it, and my brother has promised to learn what the numbers mean.</p>""",
    "short": """<p>We are closed on Monday because the new oven arrives. Come on Tuesday: the first forty loaves are
 free, and there will be coffee.</p>""",
    "german": """<p>Wer im März die ersten Tomaten sät, braucht vor allem Geduld und eine helle Fensterbank. Die Erde darf
 feucht sein, aber niemals nass.</p><p>Nach zehn Tagen zeigen sich die Keimblätter. Dann zieht man die Pflänzchen um,
 immer mit einem Holzstäbchen und nie mit den Fingern, denn die Stängel brechen leicht.</p><h2>Der Umzug ins Freie</h2>
<p>Erst nach den letzten kalten Nächten kommen sie hinaus. Ein Platz an der Südwand hat sich bei uns bewährt, weil die
 Steine am Abend noch Wärme abgeben.</p>""",
    "japanese": """<p>駅前の古い喫茶店が、来月で五十年になる。店主の田中さんは、毎朝六時に豆を挽き始めるという。</p>
<p>「味は変えていません。変わったのは、お客さんの歩く速さだけです」と彼女は笑う。確かに、窓から見える人々は皆急いでいる。</p>
<h2>変わらない席</h2><p>奥の席には、開店の日から通う常連がいる。彼はいつも同じ新聞を読み、同じ時間に帰っていく。記念の日も、
きっとそうするのだろう。</p>""",
    "arabic": """<p>في كل صباح يفتح الخباز نافذته الصغيرة قبل أن تشرق الشمس، ويضع الأرغفة الأولى على الحافة كي تبرد.</p>
<p>كان جدي يقول إن رائحة الخبز هي الساعة الوحيدة التي لا تخطئ، وكنت أصدقه لأننا لم نتأخر عن المدرسة يوما.</p>
<p>اليوم تغيرت المدينة، وبقيت النافذة في مكانها. ما زال الناس يقفون أمامها صامتين، كأنهم في مكتبة.</p>""",
    "russian": """<p>Старый мост закрыли на ремонт, и весь город вдруг вспомнил про лодки. Перевозчик Степан, которому скоро
 семьдесят, снова сидит на вёслах с утра до вечера.</p><p>Берёт он недорого, а с детей не берёт ничего. Говорит, что в
 молодости обещал матери никогда не брать денег с тех, кто едет в школу.</p><p>Мост откроют осенью. Степан не торопится:
 лодку он уже покрасил.</p>""",
    "list": """<p>Six things I pack for every night in the mountains, in the order in which I would miss them.</p>
<ol><li>A dry pair of socks, rolled into a cup so that neither is crushed.</li><li>Matches</li><li>The small red lamp,
 because white light wakes the others.</li><li>String</li><li>Half a lemon</li><li>A paper map</li></ol><h2>What stays at
 home</h2><ul><li>The second jumper</li><li>Anything that needs charging twice a day</li><li>Books longer than the
 journey</li></ul>""",
    "code": """<p>Reading a file line by line keeps memory flat, however large the file becomes. The loop below is all
 there is to it.</p><pre><code>total = 0
with open("measures.txt") as lines:
    for line in lines:
        total += int(line)</code></pre><p>The same idea works for a socket, with one change: the end of the data is told by
 an empty read and not by an exception.</p><pre><code>while chunk := conn.recv(4096):
    feed(chunk)</code></pre><p>Measure before you make it cleverer. On my machine nothing else was worth the extra
 lines.</p>""",
    "table": """<p>We weighed the three loaves every hour for a day, to see how quickly each of them dries on an open
 shelf.</p><table><tr><th>Loaf</th><th>After 1 hour</th><th>After 24 hours</th></tr><tr><td>Rye</td><td>812 g</td><td>790
 g</td></tr><tr><td>Wheat</td><td>640 g</td><td>571 g</td></tr><tr><td>Oat</td><td>702 g</td><td>655 g</td></tr></table>
<p>Rye wins by a wide margin, as our grandmothers could have told us without a scale. The wheat loaf was toast by the
 evening.</p>""",
    "pictures": """<p>Four evenings at the lake, all taken from the same wooden step.</p><figure><img src="/a.jpg" alt="">
<figcaption>Monday, just after the rain had moved on to the east.</figcaption></figure><p>The light lasted eleven minutes.
</p><figure><img src="/b.jpg" alt=""><figcaption>Tuesday: two herons, and the ferry that is always late.</figcaption>
</figure><p>On the third evening I forgot the camera and only looked, which I recommend.</p>""",
    "quotes": """<p>I asked four bakers what they would tell their younger selves, and wrote the answers down as they came.
</p><blockquote><p>Buy the good scale first and the good mixer last.</p></blockquote><p>That was Irena, who has run the
 corner shop since the flood year.</p><blockquote><p>Sleep is an ingredient. Nobody told me that until I was
 forty.</p></blockquote><p>And Tomas, who never says much, said only: "Salt."</p>""",
}
TITLES = {
    "long": "The green boat",
    "short": "Closed on Monday",
    "german": "Tomaten auf der Fensterbank",
    "japanese": "五十年の喫茶店",
    "arabic": "نافذة الخباز",
    "russian": "Лодки вместо моста",
    "list": "Six things for the mountains",
    "code": "Reading files line by line",
    "table": "Which loaf dries first",
    "pictures": "Four evenings",
    "quotes": "What bakers know",
}
NAV = ("Home", "Stories", "Workshop", "About", "Contact")
RELATED = ("A bench for two", "How we paint doors", "The long winter of the mill", "Notes from the ferry")
COMMENTS = (
    ("Ruth", "This reminded me of my father, who kept three tide tables and trusted none of them. Thank you for it."),
    ("old_sailor", "You were lucky with the rocks. Where I come from the current takes everything past the point."),
    ("Mina K.", "Could you write more about the harbour master? I would read a whole book about that blue net."),
    ("Jo", "Lovely. I sent it to my brother and he has not answered yet, which is the highest praise he knows."),
)


def _links(names, tag="li"):
    return "".join(f'<{tag}><a href="/{place}">{name}</a></{tag}>' for place, name in enumerate(names))


def _comments(times, open_, item, close):
    return open_ + "".join(item.format(who=who, text=text) for who, text in COMMENTS * times) + close


def wordpress(title, body):
    return f"""<header id="masthead"><p class="site-title">The Wharf</p><nav class="main-navigation"><ul>{
        _links(NAV)
    }</ul></nav>
</header><div id="content"><main><article class="post-12 post hentry"><header class="entry-header"><h1 class="entry-title">{
        title
    }
</h1><div class="entry-meta">Posted on <time>4 May 2024</time> by <a href="/a">Nils</a></div></header><div class="entry-content">
{body}<div class="sharedaddy"><h3>Share this:</h3><ul>{_links(("Twitter", "Facebook"))}</ul></div></div><div
 class="author-box"><h4>About Nils</h4><p>Nils builds small boats and writes about them when it rains.</p></div></article><div
 id="jp-relatedposts"><h3>Related</h3><ul>{_links(RELATED)}</ul></div>{
        _comments(
            1,
            '<div id="comments"><h2>4 thoughts</h2><ol>',
            '<li class="comment"><cite>{who}</cite><p>{text}</p></li>',
            "</ol></div>",
        )
    }</main><aside class="widget-area"><h2>Recent
 Posts</h2><ul>{
        _links(RELATED)
    }</ul><form><p>Get every new post by mail.</p><input></form></aside></div><footer><p>© 2024 The
 Wharf. All rights reserved.</p></footer>"""


def unnamed(title, body):
    return f"""<div class="c1"><div class="c2"><span><a href="/">The Wharf</a></span></div><div class="c3">{_links(NAV, "span")}</div>
</div><div class="c4"><div class="c5"><div class="c6"><h1>{title}</h1><div class="c7">4 May 2024 · 3 min</div></div><div
 class="c8">{body}</div><div class="c9">{_links(("Twitter", "Facebook", "Mail"), "span")}</div><div class="c10"><div
 class="c11">{_links(RELATED, "div")}</div></div></div></div><div class="c12">{_links(("Terms", "Privacy", "Imprint"), "span")}
<div>© The Wharf</div></div>"""


def bare(title, body):
    return f"""<nav>{_links(NAV, "span")}</nav><article><h1>{title}</h1>{body}</article><footer><p>© The Wharf, written by
 hand.</p></footer>"""


def tables(title, body):
    return f"""<table width="100%"><tr><td colspan="2"><b>The Wharf</b> {_links(NAV, "span")}</td></tr><tr><td
 width="180">{_links(RELATED, "div")}<div>Visitors today: 42</div></td><td><h2>{title}</h2>{body}<div><a href="/p">Older</a> | <a
 href="/n">Newer</a></div></td></tr><tr><td colspan="2">© The Wharf</td></tr></table>"""


def discussion(title, body):
    return f"""<header><a href="/">The Wharf</a><nav><ul>{_links(NAV)}</ul></nav></header><main><div class="post"><h1>{
        title
    }</h1><div
 class="post-body">{body}</div></div>{
        _comments(
            8,
            '<section class="responses"><h2>32 responses</h2>',
            '<div class="response"><b>{who}</b><div><p>{text}</p><p>{text}</p></div><a href="#">Reply</a></div>',
            "</section>",
        )
    }</main>
<footer>© The Wharf</footer>"""


def magazine(title, body):
    teaser = "".join(
        f'<article class="card"><h3><a href="/{n}">{name}</a></h3><p>What we saw when we went there again, and why it took us'
        f" so long to write it down for you.</p></article>"
        for n, name in enumerate(RELATED * 2)
    )
    return f"""<div class="topbar"><ul>{_links(NAV * 2)}</ul></div><ol class="breadcrumb">{_links(("Home", "Stories"))}</ol><div
 class="layout"><article class="story"><h1>{title}</h1><p class="byline">By <a href="/m">Mara Lind</a></p><div
 class="story-body">{body}<div class="newsletter-box"><h4>Letters from the quay</h4><p>One story on Fridays, straight to you.</p>
<button>Sign me up</button></div></div><ul class="tag-list">{_links(("sea", "boats", "bread"))}</ul></article><section
 class="more-stories"><h2>Read next</h2>{teaser}</section></div><div class="cookie-banner"><p>We use cookies to count
 visitors.</p><button>Fine</button></div><footer><ul>{_links(("Imprint", "Jobs", "Press"))}</ul></footer>"""


def modules(title, body):
    return f"""<div id="root"><div class="Shell_wrap__x1"><div class="Nav_bar__q2">{_links(NAV, "div")}</div><div
 class="Grid_row__z9"><div class="Article_column__k3"><div class="Article_title__p0"><h1>{title}</h1></div><section
 class="Article_text__m7">{body}</section><div class="Byline_card__h2"><img src="/n.jpg"><div>Nils</div><div>Builds small boats
 and writes about them when it rains.</div></div></div><div class="Side_column__w4"><div>Most read</div>{_links(RELATED, "div")}
</div></div><div class="Footer_area__b8">{_links(("Terms", "Privacy"), "span")}</div></div></div>"""


def breaks(title, body):
    text = body.replace("<p>", "").replace("</p>", "<br><br>")
    return f"""<div id="head"><h2><a href="/">The Wharf</a></h2></div><div id="main"><div class="date-header">4 May 2024</div><div
 class="post"><h3 class="post-title">{title}</h3><div class="post-body">{text}</div><div class="post-footer">Posted by Nils at 8:12
</div></div><div id="sidebar"><h2>Archive</h2><ul>{_links(RELATED * 2)}</ul></div></div>"""


THEMES = {theme.__name__: theme for theme in (wordpress, unnamed, bare, tables, discussion, magazine, modules, breaks)}


def page(theme, post):
    title = TITLES[post]
    body = THEMES[theme](title, POSTS[post])
    return f"<!doctype html><html><head><title>{title} - The Wharf</title></head><body>{body}</body></html>"


def gold(post):
    return "\n\n".join(outline(parse(POSTS[post])).texts)
