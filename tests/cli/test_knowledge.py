"""Articles go out as files and come in again, with their pictures (K2)."""

import io

import pytest
from PIL import Image

from models import ArticlePicture, ArticleVersion
from tests.services.making import all_of, only


@pytest.fixture
def folder(tmp_path):
    """One article with a picture, as somebody wrote it elsewhere."""
    picture = io.BytesIO()
    Image.new("RGB", (80, 40), "navy").save(picture, "JPEG")
    made = tmp_path / "articles"
    (made / "pictures").mkdir(parents=True)
    (made / "pictures" / "7.jpg").write_bytes(picture.getvalue())
    head = "---\ntitle: 怎么扫描\nanswer: 按扫描键。\n---\n"
    (made / "scan.md").write_text(f"{head}![扫描键在右上角](picture:7)\n", encoding="utf-8")
    return made


def test_articles_come_in_with_their_pictures_or_not_at_all(
    run, database, folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("ITDESK_STORAGE__MEDIA", str(tmp_path / "media"))
    run("person", "add", "李工", "--role", "engineer")
    assert "怎么扫描" in run("knowledge", "import", folder, "--by", "李工").output

    picture = only(database, ArticlePicture)
    assert (picture.width, picture.height) == (80, 40)
    assert only(database, ArticleVersion).body == f"![扫描键在右上角](picture:{picture.id})"

    assert len(list((tmp_path / "media").glob("*/*.jpg"))) == 2  # and its small form

    (folder / "pictures" / "7.jpg").unlink()
    refused = run("knowledge", "import", folder, "--by", "李工")
    assert refused.exit_code == 1 and "pictures/7" in refused.output
    assert len(all_of(database, ArticleVersion)) == 1
