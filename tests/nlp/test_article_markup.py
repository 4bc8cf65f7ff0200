"""The markup of articles: what it makes, and that nothing else ever comes out (K1, S-051)."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.article_markup import TAGS, articles_in, as_html, as_text
from nlp.article_pictures import Picture, picture_mark, pictures_in, renumbered, searchable

AT = "/console/knowledge/"
ATTRIBUTES = {
    "a": {"href", "rel", "class"},
    "aside": {"class"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
}
KNOWN = {number: Picture(f"{AT}pictures/{number}", 640, 480) for number in (1, 2)}


class _Reader(HTMLParser):
    """What a browser sees: tags with their attributes, and the words between them."""

    def __init__(self):
        super().__init__()
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def seen(body):
    reader = _Reader()
    reader.feed(as_html(body, AT, KNOWN))
    reader.close()
    return reader


def check(body):
    for tag, attributes in seen(body).tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        if "href" in attributes:
            assert re.match(rf"https://|{AT}(ZS\d+|pictures/[12])$", attributes["href"])
        if "src" in attributes:
            assert re.fullmatch(f"{AT}pictures/[12]", attributes["src"])


def test_headings_steps_points_boxes_and_code_are_told_apart():
    body = (
        "## 先看\n第一行\n第二行\n\n1. 打开**设置**\n   再等一下\n2、按 [[Win]]\n"
        "- 一点\n> 记得存\n! 别关机\n```\nipconfig /flushdns\n```"
    )

    assert as_html(body, AT).split("\n") == [
        "<h3>先看</h3>",
        "<p>第一行<br>第二行</p>",
        "<ol><li>打开<strong>设置</strong><br>再等一下</li><li>按 <kbd>Win</kbd></li></ol>",
        "<ul><li>一点</li></ul>",
        '<aside class="article-note">记得存</aside>',
        '<aside class="article-warning">别关机</aside>',
        "<pre><code>ipconfig /flushdns</code></pre>",
    ]


def test_code_between_two_steps_does_not_count_them_anew():
    html = as_html("1. 输入\n```\nipconfig\n```\n2. 重启\n3. 再试", AT)

    assert html.endswith('<ol start="2"><li>重启</li><li>再试</li></ol>')


def test_a_link_leads_to_https_or_to_another_article():
    html = as_html("[公司门户](https://portal.example.com/a?b=1&c=2) 见 ZS0042", AT)

    assert 'href="https://portal.example.com/a?b=1&amp;c=2"' in html
    assert f'<a href="{AT}ZS0042">ZS0042</a>' in html
    assert articles_in("见 ZS0042、ZS0007，还有 ZS0042") == ("ZS0042", "ZS0007")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[点我](javascript:alert(1))",
        "[点我](data:text/html,<script>x</script>)",
        "[点我](http://plain.example.com)",
        '[点我](https://x.example.com/" onmouseover="alert(1))',
        "[<img src=x onerror=alert(1)>](https://x.example.com)",
        "**<b onclick=alert(1)>粗</b>**",
        "`</code><script>x</script>`",
        "```\n</code></pre><script>x</script>\n```",
        "```\n没有结尾 <iframe src=//x>",
        "[[<svg/onload=alert(1)>]]",
        "## <h1 style='x'>大</h1>",
        "> <form action=//x><button>",
        "1. <a href='javascript:x'>",
        "&lt;script&gt; &#60;script&#62;",
        "![图](https://x.example.com/a.png)",
        "![图](picture:https://x.example.com)",
        '![" onerror="alert(1)](picture:1)',
        "![<script>](picture:2)![a](picture:3)",
        "![a](picture:1/../../../logout)",
        "[a](https://x.example.com/\u202egpj.exe)",
        "ZS0042<script>",
        "\x00<\x00script>\ud800",
    ],
)
def test_hostile_text_stays_text(body):
    check(body)
    assert "script" not in {tag for tag, _ in seen(body).tags}


@given(
    st.lists(
        st.sampled_from(
            [*"*`[]()#>!-<&\"'\n\t 1.ZS02/:https打印\u202e\u2028", "![", "](picture:1)"]
        ),
        max_size=200,
    ).map("".join)
)
def test_nothing_but_the_closed_set_ever_comes_out(body):
    check(body)


def test_a_picture_stands_where_it_is_named_and_one_that_is_not_there_by_its_words():
    html = as_html(
        "1. 看这里\n   ![机身 标签](picture:1)\n2. 再看\n\n![没有](picture:7)", AT, KNOWN
    )

    assert html == (
        f'<ol><li>看这里<br><a class="article-picture" href="{AT}pictures/1">'
        f'<img src="{AT}pictures/1" alt="机身 标签" width="640" height="480" loading="lazy"'
        ' decoding="async"></a></li><li>再看</li></ol>\n<p>[没有]</p>'
    )
    assert as_html("![标签](picture:1)\n!别关机", AT, KNOWN).count("article-warning") == 1


def test_what_a_picture_shows_is_searched_and_its_number_is_not():
    assert searchable("看 ![机身标签](picture:42) 处") == "看 机身标签 处"
    assert as_text("![机身标签](picture:42)") == "[机身标签]"
    assert pictures_in("![a](picture:42) ![b](picture:7) ![a](picture:42)") == (42, 7)
    assert renumbered("![a](picture:42) ![b](picture:7)", {42: 3}) == (
        "![a](picture:3) ![b](picture:7)"
    )
    assert picture_mark("a](x)[\n", 5) == "![a (x)](picture:5)"


def test_marks_that_turn_text_round_are_gone():
    assert "\u202e" not in as_html("a\u202eb **c\u200d**", AT)


def test_as_text_it_can_be_said_in_chat():
    assert as_text("## 步骤\n1. 按 [[Win]]\n2. [门户](https://a.example.com)\n") == (
        "步骤\n1. 按 Win\n2. 门户（https://a.example.com）"
    )


def test_twenty_thousand_characters_take_no_time_worth_speaking_of():
    for hostile in ("**" * 10_000, "[" * 20_000, "`" * 20_000, "1. " * 7_000, " " * 20_000):
        assert len(as_html(hostile, AT)) < 400_000
