"""Words that any question about evidence holds: what is left of a question without them says what it names."""

from __future__ import annotations

import re

from assistant.answers.question.words import words

_GENERIC = re.compile(
    r"那么|那|还有|另外|然后|呢|吗|啊|吧|呀|嘛|的|了|要不要|要|需要|应该|应当|是不是|是|有没有|有|什么|啥|哪些|哪|几|多少|多久|多长|时间|怎么|如何|怎样|谁|负责|部门|岗位|人员|管|"
    r"记录|台账|档案|保存|保留|留存|留|存|期限|年|月|天|次|每|一|两|二|三|回|实地|现场|查看|检查|检|查|看|海关|老师|认证|人员|来|书面|文件|制度|材料|资料|证据|抽查|抽|所有|全部|情况|说明|介绍|"
    r"准备|提供|交|提交|证明|凭证|佐证|痕迹|依据|本子|表格|登记簿|咋|接下来|交代|拿出来|写|内容|信息|东西|里头|的话|给|来着|这块|那块|必须|写清楚|清楚|做完|完|以后|之后|年份|往年|申明|包括|包含|格式|形式|电子|纸质|纸本|版|照片|视频|可以|行|能|用|算|够|不|都|也|还|再|就|我们|咱们|企业|公司|这个|这条|这项|这些|它|上面|刚才|该|其|具体|分别|一下|"
    r"适用|标准|指南|规定|要求|条款|条|项|原文|重新|新申请|申请|首次|头一回|头一次|初次|往前|追溯|频率|最|少|至少|最低|频次|别的|其他|其它|部分|方面|问|和|与|对|跟|给|把|被|从|到|里|里面|中|上|下|在|吗|他们|她们|人家|老师们|你们|大家|专家|官员|关员|到|去|要是|如果|万一|？|\?|，|,|。|！|、|\s|"
    r"\b(and|what|about|how|the|a|an|on|site|onsite|on-site|check|checks|checked|visit|inspection|records?|documents?|long|do|does|did|we|to|keep|kept|have|need|needs|must|should|be|is|are|it|they|them|that|this|those|these|for|of|in|"
    r"who|responsible|which|ones?|also|then|any|many|often|years?|written|policy|policies|interview|situation|prepare|show|ok|so|there|else|can|electronic|paper|format|photos?|back|far|new|applicants?|renewal|customs|officers?|officials?|inspectors?|certifiers?|will|look|at|if|"
    r"apply|applies|us|our|what's|evidence|same|with|would|they'll|sampled?|sampling|"
    r"proofs?|prove|files?|keeping|give|hand|happens?|next|place|took|take)(?:'s|'ll|'re)?\b"
)


def own_words(text: str) -> list[str]:
    """The words of a (folded) question that name a topic, without those that any question about evidence holds."""
    return words(_GENERIC.sub(" ", text))
