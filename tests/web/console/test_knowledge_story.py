"""An article with pictures: chosen, pasted and named while it is written, read on a phone (K2)."""

import base64
import io

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from models import Article
from tests.services.making import only

PASTE = """(area, data) => {
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  const pasted = { clipboardData, bubbles: true, cancelable: true };
  area.dispatchEvent(new ClipboardEvent('paste', pasted));
}"""
IS_SEEN = "image => image.complete && image.naturalWidth > 0"


def a_screenshot(words, size=(1800, 900)):
    picture = Image.new("RGB", size, "#f5f7fa")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle(
        (60, 60, size[0] - 60, size[1] - 60), fill="white", outline="#1971c2", width=6
    )
    drawing.text((120, 120), words, fill="#1a1a1a", font_size=120)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_pictures_are_put_in_while_it_is_written_and_seen_wherever_it_is_read_k2(
    open_desk, database, scene
):
    page = open_desk(scene.who("周工"), "/console/knowledge/new")
    page.get_by_label("标题").fill("怎么添加网络打印机")
    page.get_by_label("简短回答").fill("设置里点添加设备，选机身标签上的那台。")
    body = page.get_by_label("详细步骤")
    body.fill("1. 看机身左侧的标签")

    shot = {"name": "标签.png", "mimeType": "image/png", "buffer": a_screenshot("Label")}
    page.locator("#pictures").set_input_files([shot])
    expect(body).to_have_value("1. 看机身左侧的标签\n![标签](picture:1)\n")
    page.keyboard.type("机身左侧的标签")  # what the file is called stands chosen
    body.evaluate(PASTE, base64.b64encode(a_screenshot("Add")).decode())
    expect(body).to_have_value(
        "1. 看机身左侧的标签\n![机身左侧的标签](picture:1)\n![image](picture:2)\n"
    )
    page.locator("#pictures").set_input_files(
        [{"name": "手册.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}]
    )
    expect(page.get_by_role("status").filter(has_text="手册.pdf")).to_contain_text("只收 png")

    page.get_by_role("button", name="预览").click()
    seen = page.get_by_role("img", name="机身左侧的标签")
    expect(seen).to_have_js_property("complete", True)
    assert seen.evaluate(IS_SEEN)
    page.get_by_role("button", name="存为草稿").click()

    number = only(database, Article).number
    phone = open_desk(scene.who("周工"), f"/console/knowledge/{number}", width=390)
    seen = phone.get_by_role("img", name="机身左侧的标签")
    seen.scroll_into_view_if_needed()
    expect(seen).to_have_js_property("naturalWidth", 1600)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
