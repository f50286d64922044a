"""Make pages of our own in many languages and scripts: themes of `tests/gate_pages.py` with frames in the post's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests import gate_pages

if TYPE_CHECKING:
    from collections.abc import Iterator


class Own(NamedTuple):
    """A page of our own, the language and kind of its post, and the post's text."""

    language: str
    kind: str
    theme: str
    html: str
    gold: str


class _Words(NamedTuple):
    menu: str
    titles: str
    sentences: str
    replies: str


WORDS = {
    "chinese": _Words(
        "首页 文章 工坊 关于 联系",
        "两个人的长凳|我们怎样刷门|磨坊的漫长冬天|渡船上的笔记",
        "村口的老井上个月终于修好了。|修井的人姓陈，今年七十一岁，手还很稳。|他说，井水的味道每个季节都不一样，春天最甜。|"
        "孩子们围着井边坐了一个下午，听他讲从前的事。|那时候没有自来水，每家每户都要排队打水。|"
        "现在大家又开始用这口井浇菜，也在旁边种了两棵桂花。|明年秋天花开的时候，我们打算在这里摆一张长桌。|欢迎路过的人坐下来喝一碗井水煮的茶。",
        "我小时候也在那口井边玩过，谢谢你写下来。|陈师傅还修过我们家的屋顶，一分钱都没有多收。|请问桂花是什么时候种下的，今年会开吗？|我把这篇文章念给母亲听了，她笑了很久。",
    ),
    "japanese": _Words(
        "ホーム 記事 工房 紹介 連絡先",
        "二人のためのベンチ|扉の塗り方|水車小屋の長い冬|渡し船の覚え書き",
        "港の端にある小さな灯台が、来月から無人になる。|灯台守の森さんは、四十年間ほとんど毎晩ここで過ごした。|霧の夜には、鐘を鳴らす手が朝まで休まらなかったそうだ。|"
        "最後の週に、私は弁当を持って会いに行った。|窓から見える海は、思っていたよりもずっと静かだった。|彼は古い日誌を開き、初めて灯を点した日の頁を見せてくれた。|"
        "そこには「晴れ、風弱し、手が震えた」とだけ書いてあった。|新しい灯りは、遠い町の機械が点けるのだという。",
        "父も船乗りで、あの灯りを頼りに帰ってきました。|日誌が残っていることを知って嬉しくなりました。|次は鐘の話も読んでみたいです。|写真がなくても景色が見えるようでした。",
    ),
    "korean": _Words(
        "홈 글 공방 소개 연락",
        "두 사람을 위한 의자|문을 칠하는 법|방앗간의 긴 겨울|나룻배에서 쓴 글",
        "골목 끝의 작은 서점이 봄부터 밤에도 문을 연다.|주인은 낮에 우체국에서 일하고 저녁이면 책방 불을 켠다.|손님은 많지 않지만 오는 사람은 대개 오래 머문다.|"
        "어제는 한 학생이 시집을 소리 내어 읽었다.|모두 하던 일을 멈추고 조용히 들었다.|밖에는 비가 왔고, 유리창에 불빛이 번졌다.|"
        "주인은 차를 더 내오며 다음 주에도 읽어 달라고 했다.|나는 그날 산 책을 아직 펴지 못했다.",
        "저도 그 서점에서 비를 피한 적이 있어요.|밤에 여는 줄은 몰랐네요, 꼭 가 보겠습니다.|그 학생이 읽은 시집 제목이 궁금합니다.|글을 읽고 나니 책 냄새가 나는 것 같아요.",
    ),
    "thai": _Words(
        "หน้าแรก บทความ โรงงาน เกี่ยวกับ ติดต่อ",
        "ม้านั่งสำหรับสองคน|เราทาสีประตูอย่างไร|ฤดูหนาวของโรงสี|บันทึกจากเรือข้ามฟาก",
        "ตลาดริมน้ำหลังวัดเปิดอีกครั้งหลังจากปิดซ่อมนานสองปี|แม่ค้าคนแรกที่กลับมาคือป้าสาย ซึ่งขายขนมครกมาตั้งแต่อายุสิบห้า|ป้าบอกว่าเตาดินใบเก่ายังให้ความร้อนดีกว่าเตาใหม่|"
        "เช้าวันเสาร์มีคนต่อแถวยาวไปถึงท่าเรือ|เด็กๆ นั่งห้อยเท้าลงน้ำแล้วกินขนมร้อนๆ|เรือของพระแล่นผ่านมาช้าๆ ตอนหกโมงเช้า|"
        "ไม่มีใครรีบ เพราะวันเสาร์ที่นี่เริ่มช้ากว่าที่อื่น|เดือนหน้าจะมีร้านกาแฟเล็กๆ เปิดข้างต้นไทร",
        "คิดถึงขนมครกของป้าสายมากค่ะ|ไปเมื่อวานนี้ คนเยอะแต่สนุกดี|ขอบคุณที่เขียนเรื่องบ้านเรา|รอร้านกาแฟข้างต้นไทรอยู่นะ",
    ),
    "hindi": _Words(
        "मुखपृष्ठ लेख कार्यशाला परिचय संपर्क",
        "दो लोगों की बेंच|हम दरवाज़े कैसे रंगते हैं|चक्की की लंबी सर्दी|नाव पर लिखे नोट",
        "गाँव की पुरानी घड़ी तीन साल बाद फिर चल पड़ी है।|उसे ठीक करने वाला लड़का सिर्फ़ सत्रह साल का है।|उसने पुर्ज़े एक टूटे हुए रेडियो से निकाले थे।|"
        "पहली बार घंटी बजी तो सब लोग घरों से बाहर आ गए।|किसी को याद नहीं था कि उसकी आवाज़ इतनी भारी है।|दादी ने कहा कि यह वही सुर है जो उनकी शादी में बजा था।|"
        "अब हर शाम बच्चे घड़ी के नीचे बैठकर गिनती करते हैं।|लड़का कहता है कि अगली बारी मंदिर के झूले की है।",
        "मैंने वह घंटी बचपन में सुनी थी, धन्यवाद।|लड़के का नाम भी लिखिए, उसे शाबाशी मिलनी चाहिए।|हमारे शहर की घड़ी भी बंद पड़ी है।|पढ़कर घर की याद आ गई।",
    ),
    "arabic": _Words(
        "الرئيسية مقالات الورشة عنا اتصل",
        "مقعد لشخصين|كيف ندهن الأبواب|شتاء الطاحونة الطويل|ملاحظات من العبارة",
        "عاد صانع الأعواد إلى دكانه في السوق القديم بعد غياب سنتين.|قال إنه تعلم في غيابه أن يصغي إلى الخشب قبل أن يقطعه.|على الجدار علق ثلاثة أعواد لم تكتمل بعد.|"
        "دخل طفل وسأله إن كان العود يتعب من العزف.|ضحك الرجل وأجاب بأن الأوتار تتعب، أما الخشب فيزداد شبابا.|في المساء اجتمع الجيران أمام الباب ومعهم كراسيهم.|"
        "عزف لهم لحنا قصيرا يعرفونه جميعا ولا يعرف أحد اسمه.|بقي الضوء في الدكان مشتعلا حتى الفجر.",
        "كان جدي يشتري أوتاره من هذا الدكان.|أتمنى أن تكتب المزيد عن السوق القديم.|قرأت المقال لابني فأحب سؤال الطفل.|هل يعلم أحدا هذه الصنعة؟",
    ),
    "hebrew": _Words(
        "בית כתבות סדנה אודות קשר",
        "ספסל לשניים|איך צובעים דלתות|החורף הארוך של הטחנה|רשימות מן המעבורת",
        "הגינה שמאחורי הספרייה נפתחה השבוע אחרי שנים שבהן עמדה נעולה.|את השער פתחה ספרנית בגמלאות שמצאה את המפתח במגירה ישנה.|בפנים גדלו עשבים עד גובה הכתף, ובאמצע עמד עץ תות.|"
        "ילדי השכונה ניקו את השבילים ביומיים.|בערב הביאו השכנים עששיות ותלו אותן על הענפים.|מישהו קרא בקול סיפור קצר, ואיש לא הלך לפני הסוף.|"
        "הספרנית אומרת שהמפתח יישאר מעתה על הוו ליד הדלת.|בשבוע הבא נשתול שם נענע ומרווה.",
        "גרתי ליד הגינה הזאת ולא ידעתי שיש בה עץ.|תודה על הסיפור, שמחתי לקרוא.|איזה סיפור הקריאו באותו ערב?|אבוא לעזור בשתילה.",
    ),
    "russian": _Words(
        "Главная Статьи Мастерская О_нас Контакты",
        "Скамейка на двоих|Как мы красим двери|Долгая зима мельницы|Заметки с парома",
        "В нашем доме снова заработал старый лифт с деревянной дверью.|Его чинили одиннадцать месяцев, потому что таких деталей давно не делают.|Мастер выточил нужную шестерню сам, по чертежу своего отца.|"
        "В первый день прокатиться пришли даже соседи с первого этажа.|Лифт едет медленно, и за это время успеваешь поздороваться.|Кто-то повесил внутри зеркало и маленькую полку для книг.|"
        "Теперь на каждом этаже ждут не лифта, а разговора.|Мастер говорит, что хватит ещё на сорок лет.",
        "У нас такой же лифт, но его хотят заменить.|Передайте мастеру спасибо от всего подъезда.|А какие книги лежат на полке?|Очень тёплый рассказ, читала вслух мужу.",
    ),
    "greek": _Words(
        "Αρχική Άρθρα Εργαστήριο Σχετικά Επικοινωνία",
        "Ένα παγκάκι για δύο|Πώς βάφουμε πόρτες|Ο μακρύς χειμώνας του μύλου|Σημειώσεις από το πορθμείο",
        "Ο φούρνος του χωριού άναψε πάλι ύστερα από τρία χρόνια.|Τον ξαναέχτισαν δύο αδέλφια που γύρισαν από την πόλη.|Η πρώτη ζύμη δεν φούσκωσε, γιατί το αλεύρι ήταν ακόμα κρύο.|"
        "Την τρίτη μέρα όμως μύρισε όλη η πλατεία.|Η γιαγιά τους έφερε το παλιό φτυάρι που φύλαγε πίσω από την πόρτα.|Το ψωμί βγήκε με χοντρή κόρα, όπως το θυμόμασταν.|"
        "Κανείς δεν περίμενε να κρυώσει.|Από τη Δευτέρα θα ψήνουν και κουλούρια για το σχολείο.",
        "Ο παππούς μου έχτισε τον πρώτο φούρνο εκεί.|Κρατήστε μου ένα καρβέλι για το Σάββατο.|Τι αλεύρι χρησιμοποιούν;|Ωραία ιστορία, να γράψετε και για τον μύλο.",
    ),
    "turkish": _Words(
        "Anasayfa Yazılar Atölye Hakkında İletişim",
        "İki kişilik bir bank|Kapıları nasıl boyuyoruz|Değirmenin uzun kışı|Vapurdan notlar",
        "Mahallenin eski çeşmesi bu ilkbahar yeniden akmaya başladı.|Boruları temizleyen usta, içinden kırk yıllık bir bilye çıkardı.|Bilyenin sahibi hâlâ aynı sokakta oturuyor.|"
        "Onu eline aldığında uzun süre konuşmadı.|Sonra torununu çağırdı ve oyunun kurallarını anlattı.|Akşama doğru çeşmenin başında on iki çocuk vardı.|"
        "Su sesi bütün sokağa yayıldı.|Usta gelecek ay alt mahalledeki çeşmeye bakacak.",
        "Ben de o çeşmeden su içerek büyüdüm.|Bilyenin rengini de yazsaydınız keşke.|Ustanın eline sağlık.|Bu yazıyı babama gönderdim.",
    ),
    "vietnamese": _Words(
        "Trang_chủ Bài_viết Xưởng Giới_thiệu Liên_hệ",
        "Băng ghế cho hai người|Chúng tôi sơn cửa thế nào|Mùa đông dài của cối xay|Ghi chép trên phà",
        "Con đò cuối cùng của bến cũ vừa được sơn lại màu xanh.|Người lái đò tên Năm, đã chở khách qua sông hơn ba mươi năm.|Ông kể rằng mùa nước lên, có ngày ông không kịp ăn cơm.|"
        "Từ khi có cầu, mỗi sáng chỉ còn vài học sinh đi đò.|Chúng bảo đi đò vui hơn, vì được nghe ông kể chuyện.|Chiều hôm qua tôi cũng ngồi thử một chuyến.|"
        "Nước lặng và gió thơm mùi lúa chín.|Ông Năm không lấy tiền, chỉ xin tôi viết lại câu chuyện này.",
        "Hồi nhỏ tôi đi học bằng chính con đò ấy.|Cho tôi gửi lời thăm ông Năm.|Bài viết làm tôi nhớ quê quá.|Bến đò nằm ở đoạn nào của sông vậy?",
    ),
    "german": _Words(
        "Start Beiträge Werkstatt Über_uns Kontakt",
        "Eine Bank für zwei|Wie wir Türen streichen|Der lange Winter der Mühle|Notizen von der Fähre",
        "Der Uhrmacher in der Gerbergasse hat seine Werkstatt an seine Enkelin übergeben.|Sie hat zuerst die Fenster geputzt und dann alle Wecker gestellt.|Seitdem klingelt es um sieben in der ganzen Straße.|"
        "Anfangs gab es Beschwerden, inzwischen kommt niemand mehr zu spät.|Am liebsten repariert sie Uhren, die man ihr als hoffnungslos bringt.|Eine davon ging nach vier Wochen wieder, allerdings rückwärts.|"
        "Der Besitzer wollte sie genau so behalten.|Im Herbst bietet sie einen Kurs für alle an, die ihre eigene Uhr verstehen wollen.",
        "Meine Taschenuhr hat sie auch gerettet, danke dafür.|Sieben Uhr ist früh, aber wir haben uns daran gewöhnt.|Wo kann man sich für den Kurs anmelden?|Schreiben Sie bitte auch über den Großvater.",
    ),
    "french": _Words(
        "Accueil Articles Atelier À_propos Contact",
        "Un banc pour deux|Comment nous peignons les portes|Le long hiver du moulin|Notes prises sur le bac",
        "La fanfare du quartier répète de nouveau dans l'ancienne gare.|Pendant deux ans, chacun avait joué seul dans sa cuisine.|Le premier soir, personne n'avait le même tempo.|"
        "La cheffe a posé sa baguette et demandé un long silence.|Puis le tuba a commencé, très doucement, et les autres l'ont suivi.|Un chien qui passait s'est assis sur le quai.|"
        "On a laissé les portes ouvertes pour que les voisins entendent.|Le concert aura lieu le premier dimanche de juin.",
        "J'étais sur le quai, c'était magnifique.|Le chien s'appelle Basile et c'est le mien.|Faut-il réserver pour le concert ?|Merci pour ce texte qui donne envie d'écouter.",
    ),
    "spanish": _Words(
        "Inicio Artículos Taller Nosotros Contacto",
        "Un banco para dos|Cómo pintamos las puertas|El largo invierno del molino|Apuntes desde el transbordador",
        "La biblioteca ambulante volvió al valle con un motor nuevo.|La conduce Marta, que antes era maestra en la escuela del puente.|En cada pueblo se detiene exactamente el tiempo de un café.|"
        "Los libros se prestan sin carné, sólo con el nombre en un cuaderno.|En diez años se han perdido cuatro, y tres volvieron por correo.|Ayer un pastor devolvió una novela con una nota entre las páginas.|"
        "Decía que el final le parecía demasiado triste y proponía otro.|Marta lo leyó en voz alta y todos estuvimos de acuerdo.",
        "Yo aprendí a leer con esos libros.|¿Cuándo pasa por la parte alta del valle?|Me gustaría leer el final del pastor.|Gracias por contarlo con tanto cariño.",
    ),
}
SPACELESS = ("chinese", "japanese", "thai")


def pages() -> Iterator[Own]:
    """Yield a short post, a longer one and a list in every language and theme."""
    for language, words in WORDS.items():
        for kind, body in _bodies(words, "" if language in SPACELESS else " "):
            for theme, render in gate_pages.THEMES.items():
                title = words.titles.split("|")[0]
                html = _translated(render(title, body), words)
                page = f"<!doctype html><html><head><title>{title}</title></head><body>{html}</body></html>"
                yield Own(language, kind, theme, page, _plain(body))


def _bodies(words: _Words, space: str) -> Iterator[tuple[str, str]]:
    lines = words.sentences.split("|")
    pieces = [space.join(lines[at : at + 2]) for at in range(0, 8, 2)]
    yield "short", f"<p>{pieces[0]}</p>"
    yield (
        "post",
        f"<p>{pieces[0]}</p><p>{pieces[1]}</p><h2>{words.titles.split('|')[3]}</h2><p>{pieces[2]}</p><p>{pieces[3]}</p>",
    )
    items = "".join(f"<li>{line}</li>" for line in (*words.titles.split("|")[1:], *lines[2:5]))
    yield "list", f"<p>{lines[0]}</p><ul>{items}</ul><p>{lines[7]}</p>"


def _plain(body: str) -> str:
    for tag in ("p", "h2", "ul", "li"):
        body = body.replace(f"<{tag}>", "\n").replace(f"</{tag}>", "\n")
    return body


def _translated(html: str, words: _Words) -> str:
    """Return a theme's page with its menu, teasers and comments in the post's language."""
    menu = [item.replace("_", " ") for item in words.menu.split()]
    replies = words.replies.split("|")
    pairs = [
        *zip(gate_pages.NAV, menu, strict=True),
        *zip(gate_pages.RELATED, words.titles.split("|"), strict=True),
        *((text, reply) for (_, text), reply in zip(gate_pages.COMMENTS, replies, strict=True)),
        ("Nils builds small boats and writes about them when it rains.", replies[0]),
        ("One story on Fridays, straight to you.", replies[3]),
        ("Get every new post by mail.", replies[1]),
    ]
    for english, own in pairs:
        html = html.replace(english, own)
    return html
