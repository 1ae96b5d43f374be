"""The shapes in which people write places of the guide by number, as patterns; ``number_grammar`` says what they mean."""

from __future__ import annotations

import re

from assistant.numerals import ALONE, AND, CHINESE, IN_ENGLISH, NUMBER, TO

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh")
ITEM = r"(?:大项|项(?!目(?!标))|条(?!件|款))(?:标准)?"
CLAUSE = r"(?:小?分项|小[项点条款目]|子[项条]|款|目(?!录|的|标|前)|点(?!钟)|条(?!件)|个(?!月|人|小时|工作|部分|类|步|年)|项(?!目))"
WITHIN = r"(?:(?:那|这)(?:一)?(?:大)?(?:项|条))?\s*(?:的|之|里面?|里头|中|当中|下面?|底下|以下|下属|,)*\s*(?:其中|的)?\s*"
OTHER_UNIT = r"(?!\s*(?:个?部分|页|行|年|个月|次|章|节|类|号令|号公告|届|季度|步|天|日|周|名|人))"

TAIL = rf"(?:{WITHIN}(?:第?\s*\(\s*({NUMBER})\s*\)\s*(?:{CLAUSE})?|第\s*({NUMBER})\s*(?:{CLAUSE})?{OTHER_UNIT}|(?P<few>{NUMBER})\s*(?:分项|款|小[项点条]|条(?!件))))?"
CLAUSE_TAIL = TAIL.removesuffix("?")
"""A clause's number behind its item's title, in one of three groups."""
LAST_TAIL = rf"{WITHIN}(?:倒数第?\s*(?P<back>{NUMBER})|最后|最?末)\s*(?:那|的)?\s*一?\s*{CLAUSE}"
"""A clause behind its item's title, counted from the end; from the last when ``back`` is none."""
_CN_RUN = f"[{CHINESE}]{{1,3}}"
NTH = rf"(?:{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))"
_PART = r"(?:(?:sub-?)?clause|sub-?item|sub|part|para(?:graph)?|point|one)"
_ENDED = r"(?=\s*(?:$|[?,。]|要|怎|讲|说|是|呢|需|有|what|who|how))"
SHAPES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\b(?P<item>\d{{1,2}})(?:st|nd|rd|th)\s+item\s*[,;:]?\s*(?:the\s+)?(?P<sub>{NTH})(?:\s+{_PART})?\b"),
    re.compile(rf"\b(?P<sub>{NTH})\s*{_PART}?\s*(?:of|in|under)\s*(?:the\s+)?(?:item\s*)?(?P<item>\d{{1,3}})(?:(?:st|nd|rd|th)\s+item)?\b"),
    re.compile(rf"^\W*(?P<item>\d{{1,2}})(?P<dot>),?\s+(?:the\s+)?(?P<sub>{NTH})(?:\s+{_PART}\b|\W*$)"),
    re.compile(rf"^\W*(?:item\s*)?(?P<item>\d{{1,2}})(?P<dot>),?\s*(?:{_PART}\s*(?:no\.?|#)?|no)\s*(?P<sub>\d{{1,2}})\b"),
    re.compile(rf"(?:^\W*|\b(?:item|clause)\s*)(?P<item>\d{{1,2}})(?P<dot>)\s*(?P<letter>[a-k]){_ENDED}"),
    re.compile(rf"^\W*(?P<item>\d{{1,2}})(?P<dot>)\s+(?P<roman>x?i{{1,3}}|i?[vx]|vi{{1,3}}){_ENDED}"),
    re.compile(rf"^\W*(?P<item>\d{{1,2}})(?P<dot>)(?P<sub>{_CN_RUN}){_ENDED}"),
    re.compile(
        rf"{ALONE}(?P<item>{NUMBER})(?P<dot>)\s*(?:{ITEM})?\s*(?:的|里面?|里头|下面?)+\s*(?:那|这)?\s*一?个?\s*(?P<sub>\d{{1,2}})(?=\s|{_ENDED[3:-1]})"
    ),
    re.compile(rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:{ITEM}|号)\s*{LAST_TAIL}"),
    re.compile(r"\b(?P<last>last)\s*(?:sub-?)?(?:clause|point|part|paragraph|one)\s*(?:of|in|under)\s*(?:item\s*)?(?P<item>\d{1,2})\b"),
    re.compile(rf"\b(?:item\s*)?(?P<item>\d{{1,2}})(?:(?:st|nd|rd|th)\s+item)?'s\s+(?P<sub>{NTH})\b"),
    re.compile(rf"\b(?P<item>{NTH})\s+item\b"),
    re.compile(
        rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*{ITEM}\s*(?:的\s*(?P<sub>{NUMBER})(?=\s*(?:$|\?))|、\s*第\s*(?P<letter>{NUMBER})\s*(?:款|分项|小[项点条]))"
    ),
    re.compile(
        rf"{ALONE}(?:第\s*)?(?P<item>\d{{1,2}})\s*(?:的|里面?|下面?)?\s*(?:倒数第?\s*(?P<back>{NUMBER})|(?P<last>最后|最末))\s*一?\s*{CLAUSE}"
    ),
    re.compile(
        r"\b(?:sub-?)?(?:clause|part|para(?:graph)?|point)\s*(?:no\s*)?#?\(?\s*(?P<sub>\d{1,3})\s*\)?\s*(?:of|in|under)\s*(?:item\s*#?)?(?P<item>\d{1,3})\b"
    ),
    re.compile(
        rf"\b(?P<sub>{'|'.join(ORDINALS)})\s*(?:sub-?)?(?:clause|point|part|paragraph|one)?\s*(?:of|in|under)\s*(?:item\s*)?(?P<item>\d{{1,3}})\b"
    ),
    re.compile(
        rf"{ALONE}\(?(?:第\s*)?(?P<item>{NUMBER})\s*(?:{ITEM}|标准)?\s*\)?\s*{WITHIN}"
        rf"\(\s*(?:第\s*)?(?P<sub>{NUMBER})\s*(?:{CLAUSE})?\s*(?:\)|(?=[,、和及]\s*{NUMBER}\s*[,、和及)])|(?=\s*(?:$|\?)))"
    ),
    re.compile(rf"^\W*(?P<item>\d{{1,2}})(?P<dot>)(?:\s*\(\s*(?P<sub>{NTH})\s*\)|\s*的\s*(?P<letter>[一二三四五六七八九])\s*(?=$|\?|呢))"),
    re.compile(rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})(?P<dot>)\s*[-—.]\s*(?P<sub>{NUMBER})\s*(?:分项|款|条|项)(?!件|目)"),
    re.compile(
        rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})(?P<dot>)\s*(?:{ITEM}|号|标准|款)?\s*{WITHIN}第\s*\(?\s*(?P<sub>{NUMBER})\s*\)?\s*(?:{CLAUSE}|(?=要|讲|说|怎|呢|$|\?))"
    ),
    re.compile(rf"第\s*(?P<item>{NUMBER})\s*{ITEM}\s*之\s*\(?(?P<sub>{NUMBER})(?![\d年月日号次%天{CHINESE}])"),
    re.compile(rf"第\s*(?P<item>{NUMBER})\s*(?:{ITEM}|个项目)(?!指标|业务){TAIL}"),
    re.compile(
        rf"{ALONE}(?P<item>{NUMBER})(?P<dot>)\s*(?:{ITEM}\s*之|款|目|之|{ITEM})\s*第?\s*\(?(?P<sub>{NUMBER})(?![\d年月日号次%天{CHINESE}]|\s*(?:分项|款|小|条|个|部分|类|章))"
    ),
    re.compile(
        rf"(?<![\d第共.{CHINESE}])(?P<item>\d{{1,2}}|[{CHINESE}]{{2,4}})\s*(?:大?项(?!目)|条(?!件|款))"
        rf"(?=\s*(?:\(|第|所有|全部|各|每|下|的|要|需|准备|里|是|讲|说|怎|有|都|实地|现场|抽|书面|情况|记录|文件|制度|查|看|到底|呢|给|那|这|[{CHINESE}\d]*\s*(?:款|条|分项|小[项点条])|共|一共|总共|列|、|和|与|跟|包|分|列|念|发|拿|看|我|你|您|吧|哪|几|谁|归|负责|适用|海关|什么|啥|啊|嘛|吗|请|麻烦|帮|全|整|原文|内容|,|。|\?|!|$)|\s\s|(?<=\d\d项)了){TAIL}"
    ),
    re.compile(
        rf"(?:^|第|标准|条款|编号|\bitem|\bclause|\bno)\s*(?P<item>{NUMBER})(?P<dot>)\s*"
        r"(?:[/、:_#§*,。]|点|--|\bdot\b|\bpoint\b|\b(?:sub-?)?clause\b|\bcl\b\.?|(?<=\d)\s(?=\d))\s*"
        rf"\(?(?P<sub>{NUMBER})\)?(?=\s*(?:$|[?,。]|要|怎|讲|说|是|呢|需|有|条|款|分项|what|who|how))(?!\s*(?:条|款)(?:件|目))"
    ),
    re.compile(
        r"\bitems?\s*(?:no\.?\s*|number\s*|#\s*)?(?P<item>\d{1,3})\b"
        r"(?:\s*\(\s*(\d{1,3})\s*\)|\s*(?:'s)?\s*[,;:/]?\s*(?:sub-?\s?clause|sub-?item|sub|clause|paragraph|para|part|point|no\.?)\s*#?\(?(\d{1,3})\)?"
        rf"|(?:'s)?\s*,?\s*(?:the\s+)?({'|'.join(ORDINALS)})\b|(?:\s*[-–]\s*|\.)(\d{{1,2}})\b(?!\s*(?:to|-)))?"
    ),
    re.compile(r"\b(?:sub-?)?clauses?\s*(?P<item>\d{1,3})(?:\s*\(\s*(\d{1,3})\s*\)|[.\-](\d{1,3}))?(?!\d)"),
    re.compile(
        r"(?<![\d.\-/年月日])(?P<item>\d{1,2})\s*(?P<dot>[.\-·・])\s*\(?(?P<sub>\d{1,2})\)?(?![\d.\-/%年月日号]|\s*(?:个|年|月|天|次|米|%|倍|万|小时|分(?!项)|项|条))"
    ),
    re.compile(
        r"^(?:(?:那么|那|和|跟|还有|以及|换成|改成|关于|对于|如果是|要是|and|(?:what|how)\s+about|(?:the\s+)?same\s+(?:\w+\s+)?for|for|about|hi|hello|hey|ok|okay|请问|你好|问下|[查看说讲念]一下|看看|说说|讲讲|翻到|打开|想看|想问|我想|帮我|给我|麻烦)[\s,!]*)*(?:no\.?\s*|number\s*|#\s*|编号\s*)?(?P<bare>\d{1,2})"
        r"(?=\s*(?:号|的|呢|please|要|需|讲|说|怎|有|里|那|谁|归|适用|什么|啥|是|海关|写|内容|原文|查|抽|全|整|也|too\b|as\s+well\b|,|:|-|–|\?|$))(?!\s*(?:的?(?:年|月|天|次|个|人|%|点)|-\d|:\d))"
    ),
)
"""Groups: ``item`` and ``sub`` (or a tail of numbered groups), ``dot`` where a number with a point may be meant, ``bare`` where nothing else says so."""
RANGE = re.compile(rf"(?<![\d.{CHINESE}])(?:第|从)?\s*({NUMBER})\s*(?:项|条)?\s*{TO}\s*第?\s*({NUMBER})\s*(?:项(?!目)|条(?!件))")
FROM = re.compile(rf"从\s*第?\s*(\d{{1,2}})\s*{TO}\s*第?\s*(\d{{1,2}})(?!\s*(?:\d|[年月日号点天次人个]|%))")
ENGLISH = re.compile(r"\bitems\s*(\d{1,2})\s*(?:to|through|-|–)\s*(\d{1,2})(?![\d(])")
ITEMS = re.compile(r"\bitems\s*\d{1,2}(?:\s*(?:,\s*and|,|and|&)\s*\d{1,2})+(?![\d(])")
BESIDE = re.compile(
    rf"\s*{AND}\s*(?:第\s*)?\(?(?P<sub>{NUMBER})\)?(?=\s*(?:{AND}|{CLAUSE}|\)|要|各|分别|都|$|\?))(?!\s*(?:项|条(?:件|款)))"
)
SIBLING = re.compile(rf"\s*(?P<to>{TO})?(?:{AND})?\s*第?\s*\(\s*(?P<sub>{NUMBER})\s*\)")
MORE = re.compile(
    rf"\s*(?P<to>{TO})?(?:{AND})?\s*第?\s*(?P<item>{NUMBER})\s*(?P<unit>项(?!目)|条(?!件))?(?:\s*\(\s*(?P<sub>{NUMBER})\s*\))?"
)
LIST = re.compile(
    rf"(?:第|(?<![\d.{CHINESE}])(?=(?:\d|[{CHINESE}]{{2}})[^项条]*[项条]\s*(?:要|怎|都|各|分别|的|$|,|\?|呢|讲|说|是|有|需)))\s*"
    rf"({NUMBER})((?:\s*{AND}\s*第?\s*{NUMBER})+)\s*(?:项(?!目)|条(?!件))"
)
WITHIN_RANGE = re.compile(
    rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:(?:{ITEM}|号)\s*{WITHIN}|(?:的|之|里面?|下面?)\s*|(?=\())(?:从\s*)?"
    rf"(?:第\s*(?P<a>{NUMBER})\s*{CLAUSE}?|(?P<b>{NUMBER})\s*{CLAUSE}?|\(\s*(?P<c>{NUMBER}))\s*{TO}\s*第?\s*(?P<to>{NUMBER}|最后一?)\s*(?:{CLAUSE}|\))"
)
DOTTED_RANGE = re.compile(rf"(?<![\d.])(?P<item>\d{{1,2}})[.．](?P<a>\d{{1,2}})\s*{TO}\s*(?P=item)[.．](?P<to>\d{{1,2}})(?![\d.%])")
"""A range of clauses of one item: 24的第一条到第三条, 24(1-3), 24.1-24.3."""
LAST_FEW = re.compile(rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:{ITEM}|号)\s*{WITHIN}(?:最后|最?后面?|末)\s*(?P<few>{NUMBER})\s*{CLAUSE}")
FIRST_FEW = re.compile(rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:{ITEM}|号)?\s*{WITHIN}[前头]\s*(?P<few>{NUMBER})\s*{CLAUSE}")
NOTICE = re.compile(
    r"(?:公告|令|文)?\s*(?:\[?20\d\d\]?\s*年?)?\s*第\s*\d+\s*号(?:令|公告)?|20\d\d\s*[-年]\s*\d{1,3}|" + rf"{NUMBER}\s*分之\s*{NUMBER}"
)
NO_NUMBER = re.compile(rf"(?<![第{CHINESE}])一(?=下(?!面|边)|起|般|定|直|样|律|并|旦)|(?<=[万统唯周逐单同])一")
"""A one that counts nothing: 看一下, 一般, 万一."""
COUNT = re.compile(
    rf"(?:(?<![一总])共|总共|一共|合计|全部|这|那|哪|几|多少|all|total of)\s*(?:有\s*)?(?:{NUMBER}|几)\s*(?:项|条|款|items?|clauses?)(?!\s*(?:呢|[的里中]?\s*第))"
)
ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi")
SPELT = {word: n for word, n in IN_ENGLISH.items() if n < 40}
ENGLISH_NUMBERS = SPELT | {w: n for n, w in enumerate(ROMANS, 1)}
WRITTEN = "|".join(sorted(SPELT, key=len, reverse=True))
SPELLED = re.compile(rf"(\b(?:items?|clause|sub-?clause|sub|point|part|number)\s+)({WRITTEN})(\b)")
ROMAN = re.compile(r"(\(\s*)(x?i{1,3}|i?[vx]|vi{1,3})(\s*\))")
LETTER = re.compile(r"(?<=[\d)])(\s*(?:and|to|、|,|&|-|~|–|和|到)?\s*\(\s*)([a-i])(?=\s*\))")
"""A clause by its letter behind a number or another such clause: 24(c), 24(a)-(c)."""
SIGNS = str.maketrans("【】[]〔〕{}—–\\の", "()()()()---之")
NO = re.compile(r"\bno\.(?=\s*\d)")
MOST_CLAUSES = 15
"""A number in a row of clauses above this is an item's: 24(1)、25(2)、26."""
