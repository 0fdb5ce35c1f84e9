"""Names of China, Korea and Vietnam: one syllable in all its spellings, and no other."""

import pytest

from screening import Designation, Kind, Name, Policy, compare
from screening.matching.index import Index
from screening.names.syllables import syllabic, systems_of

THRESHOLD = Policy().threshold


def texts(name: str) -> list[list[str]]:
    words = name.lower().replace("-", " ").split()
    return [[syllable.text for syllable in read.syllables] for read in syllabic(words, "-" in name)]


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Sung Hsueh-li", "SONG Xueli"),
        ("Tseng Kuo-tung", "ZENG Guodong"),
        ("Leung Chi Keung", "LIANG Zhiqiang"),
        ("郑晓东", "ZHENG Xiaodong"),
        ("鄭曉東", "Zheng Xiaodong"),
        ("任小长", "REN Xiaochang"),
        ("歐陽小東", "OUYANG Xiaodong"),
        ("Xiaodong Zheng", "ZHENG Xiaodong"),
        ("Roh Myung-chul", "NO MYONG CHOL"),
        ("Rhee Kwang-seok", "RI KWANG SOK"),
        ("림명철", "LIM Myung Chul"),
        ("양명철", "량명철"),
        ("Yoo Hyeon-u", "RYU HYON U"),
    ],
)
def test_one_name_is_found_in_every_spelling(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") >= THRESHOLD


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Cui Jie", "Cui Ji"),
        ("Tan Luo", "Tan Lu"),
        ("Sung Hsueh-li", "SONG Shuli"),
        ("Leung Chi Keung", "LIANG Zhiping"),
        ("郑晓东", "ZHENG Xiaotong"),
        ("Ri Myong Chol", "CHOE Myong Chol"),
        ("Kim Jong Chol", "Kim Jong Chun"),
        ("Nguyen Van Hai", "Nguyen Duc Hai"),
        ("Du Xiaodong", "Gu Xiaodong"),
        ("Ming Xiao Wei", "Xiao Ming Wei"),
    ],
)
def test_another_syllable_or_order_is_another_name(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") < THRESHOLD


@pytest.mark.parametrize("name", ["John Lee", "Maria Wang", "Ali Khan", "David Park", "Anna", "Ming", "Wang"])
def test_names_of_elsewhere_are_not_cut(name: str) -> None:
    assert texts(name) == []


def test_pinyin_is_not_read_as_wade_giles_unless_it_has_its_hyphen() -> None:
    assert compare("Chang Wei", "Zhang Wei", kind="person") < THRESHOLD
    assert compare("Chang Pi-wei", "Zhang Biwei", kind="person") >= THRESHOLD


def test_a_company_is_compared_by_its_words() -> None:
    assert compare("Zheng Gua Ltd", "Zheng Hua Ltd", kind="organization") > 0


def test_the_index_finds_a_name_by_its_syllables_and_forgets_it() -> None:
    index = Index()
    index.put(Designation(id="test:1", names=(Name("ZENG Guodong"),), kind=Kind.PERSON))

    found = index.search("Tseng Kuo-tung", None, THRESHOLD)

    assert [candidate.name.text for candidate, _, _ in found] == ["ZENG Guodong"]

    index.remove("test:1")

    assert index.search("Tseng Kuo-tung", None, THRESHOLD) == ()


@pytest.mark.parametrize(
    ("word", "any_system"),
    [
        *(("wang", True), ("xiaoxiaoxiaoxi", True), ("王", True), ("김", True)),
        *(("wang1", False), ("xiaoxiaoxiaoxia", False), ("wang王", False), ("иван", False)),
    ],
)
def test_a_word_is_syllables_whole_and_up_to_its_length_or_not_at_all(word: str, any_system: bool) -> None:
    assert bool(systems_of(word)) is any_system


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        *(("Чжан Вэй", "ZHANG Wei"), ("Чжан Вей", "ZHANG Wei"), ("Дэн Сяопин", "DENG Xiaoping")),
        *(("Сунь Сыдун", "SUN Sidong"), ("Чи Юйпэн", "CHI Yupeng"), ("Ван И", "WANG Yi")),
        *(("Ким Чен Ир", "KIM Jong Il"), ("Ким Чонир", "KIM Jong Il"), ("Чхве Рён Хэ", "CHOE Ryong Hae")),
        *(("Пак Пон Чжу", "PAK Pong Ju"), ("Хан Сон Мун", "HAN Song Mun"), ("Ли Су Ён", "RI Su Yong")),
    ],
)
def test_names_of_china_and_korea_are_read_in_russian_letters(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Ван Ли", "WANG Lei"),
        ("Ли Вэй", "ZHANG Wei"),
        ("Пак Чон Хи", "KIM Jong Un"),
        ("Иван Ли", "YI Wan Li"),
    ],
)
def test_another_syllable_or_a_russian_given_name_is_another_party(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person") < THRESHOLD
