"""A few dozen usual texts, on which a graph shows what its activations are like."""

from __future__ import annotations

from typing import Final

import numpy as np
from tokenizers import Tokenizer

from nlp.encoder.outliers import Feed

TEXTS: Final = (
    "好",
    "客服说三天内退款，今天第九天了，一分钱没见到。",
    "味道不错，下次还来！",
    "喝完半小时上吐下泻，家里老人已经送医院了，有人管吗？",
    "这个快递员态度真好，下雨天还送上楼😀",
    "谁知道这款手机发热正常吗",
    "笑死我了哈哈哈哈哈哈",
    "今天的天气很适合出去走走。",
    "你们家的会员到底能不能取消自动续费？点了八遍都没反应！！！",
    "【通知】本店将于周三上午十点至十二点进行系统维护，请提前安排。",
    "转发微博",
    "#早餐# 豆浆油条，二十年没变的味道",
    "房间小了点，隔音一般，不过前台很热心，早餐种类也多，总体还可以。",
    "滚，别再给我打电话了",
    "建议把字体调大一些，老人看着费劲",
    "我去年在这里上班，加班到十一点是常事，工资还拖了两个月",
    "價格便宜，包裝也完整，推薦",
    "据报道，该公司已就此事向公众致歉，并成立专项小组。",
    "12:30 排队，14:10 才吃上，服务员说系统坏了 2 次",
    "哭了，陪了我七年的猫今天走了",
    "呵呵，真行，买一送一原来是先涨一倍的价",
    "Great value, arrived two days early.",
    "worst app update ever, it logs me out every time i open it",
    "Does anyone know when the store opens on Sunday?",
    "@小明 你看看这个，跟我们上次遇到的一模一样",
    "太可怕了，电梯突然往下掉，手都在抖",
    "已经投诉到12315，等结果",
    "没想到能中奖，开心！！🎉🎉",
    "这种骗人的把戏也就骗骗老实人",
    "一般般吧，没有想象中那么好，也没有那么差。",
    "a",
    "请问可以开发票吗？抬头写公司的可以吗？谢谢",
)
"""All kinds that the service reads: short and long, both languages, signs, numbers, pictures."""


def sample_feeds(tokenizer: Tokenizer, *, longest: int) -> list[Feed]:
    """Inputs of a graph by name, one text each, (1, tokens) int64; at most `longest` tokens."""
    feeds: list[Feed] = []
    for encoding in tokenizer.encode_batch_fast(list(TEXTS)):
        ids = np.array([encoding.ids[:longest]], np.int64)
        feeds.append({"input_ids": ids, "attention_mask": np.ones_like(ids)})
    return feeds
