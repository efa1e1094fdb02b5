"""What counts as use of data: real browsers, programs, robots, and how they ask."""
from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata.domain.usage import (
    Asked,
    Channel,
    Key,
    LeftOut,
    Measure,
    Sum,
    What,
    judge,
    last_months,
)

CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/131.0.0.0 Safari/537.36")
ANDROID = ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
           "Chrome/130.0.0.0 Mobile Safari/537.36")
PEOPLE = [
    CHROME, ANDROID,
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; U; Android 8.1.0; id-id; Redmi 5A Build/OPM1.171019.026) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/71.0 Mobile Safari/537.36 "
    "XiaoMi/MiuiBrowser/12.4.3-gn",
    # A telephone whose maker is called so.
    "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36",
    "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16",
]
PROGRAMS = [
    "curl/8.5.0", "Wget/1.21.4", "python-requests/2.32.3", "Python-urllib/3.11",
    "python-httpx/0.27.0", "R (4.3.1 x86_64-pc-linux-gnu x86_64 linux-gnu)",
    "libcurl/7.81.0 r-curl/5.2.1 httr/1.4.7", "Java/17.0.10", "ckanapi/1.0 (+action)",
    "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)", "QGIS/33415/Linux",
]
CATALOGS = ["ckanext-archiver", "CKAN/2.10 (satudata.go.id)", "uData/10.0 (harvest)"]
ROBOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
    "+http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; "
    "+https://openai.com/gptbot)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; "
    "+claudebot@anthropic.com)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0", "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "LinkChecker/10.1.0 (+https://linkchecker.github.io/linkchecker/)",
    "W3C-checklink/4.81 libwww-perl/6.67",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "HeadlessChrome/120.0.0.0 Safari/537.36",
    "python-requests/2.31.0 PencariDataBot/1.0", "", "   ",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_count_for_pages_and_files(agent: str) -> None:
    assert judge(Asked(What.HALAMAN, user_agent=agent)) is Channel.PERAMBAN
    assert judge(Asked(What.BERKAS, user_agent=agent)) is Channel.PERAMBAN


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_take_files_but_look_at_no_page(agent: str) -> None:
    assert judge(Asked(What.HALAMAN, user_agent=agent)) is LeftOut.PROGRAM
    assert judge(Asked(What.BERKAS, user_agent=agent)) is Channel.PROGRAM
    assert judge(Asked(What.TABEL, user_agent=agent)) is Channel.API


@pytest.mark.parametrize("agent", CATALOGS)
def test_catalogs_that_copy_are_kept_apart(agent: str) -> None:
    assert judge(Asked(What.BERKAS, user_agent=agent)) is Channel.PANEN
    assert judge(Asked(What.TABEL, user_agent=agent)) is Channel.PANEN
    assert judge(Asked(What.HALAMAN, user_agent=agent)) is LeftOut.PROGRAM


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_count_nowhere(agent: str) -> None:
    for what in What:
        status = 302 if what is What.TAUTAN else 200
        assert judge(Asked(what, status=status, user_agent=agent)) is LeftOut.ROBOT


def fetched(dest: str, mode: str, site: str) -> dict[str, str]:
    """Return what a browser says of why it asks (W3C, Fetch Metadata Request Headers)."""
    return {"sec-fetch-dest": dest, "sec-fetch-mode": mode, "sec-fetch-site": site}


@pytest.mark.parametrize(("asked", "said"), [
    (Asked(What.BERKAS, "HEAD"), LeftOut.METHOD),
    (Asked(What.HALAMAN, "HEAD"), LeftOut.METHOD),
    (Asked(What.HALAMAN, "POST"), LeftOut.METHOD),
    (Asked(What.TABEL, "POST"), Channel.API),  # CKAN's clients ask so
    (Asked(What.BERKAS, status=304), LeftOut.STATUS),
    (Asked(What.BERKAS, status=403), LeftOut.STATUS),
    (Asked(What.BERKAS, status=416), LeftOut.STATUS),
    (Asked(What.HALAMAN, status=302), LeftOut.STATUS),
    (Asked(What.HALAMAN, status=503), LeftOut.STATUS),
    (Asked(What.TAUTAN, status=302), Channel.PERAMBAN),
    (Asked(What.TAUTAN, status=200), LeftOut.STATUS),
    (Asked(What.BERKAS, status=206, content_range="bytes 0-99999/200000"), Channel.PERAMBAN),
    (Asked(What.BERKAS, status=206, content_range="bytes 0-99/100"), Channel.PERAMBAN),
    (Asked(What.BERKAS, status=206, content_range="bytes 100000-199999/200000"), LeftOut.PART),
    (Asked(What.BERKAS, status=206, content_range="bytes 0-1/200000"), LeftOut.PART),
    (Asked(What.BERKAS, status=206, content_range="bytes */200000"), LeftOut.PART),
    (Asked(What.BERKAS, status=206), LeftOut.PART),
    (Asked(What.HALAMAN, headers={"sec-purpose": "prefetch"}), LeftOut.PREFETCH),
    (Asked(What.HALAMAN, headers={"sec-purpose": "prefetch;prerender"}), LeftOut.PREFETCH),
    (Asked(What.BERKAS, headers={"purpose": "prefetch"}), LeftOut.PREFETCH),
    (Asked(What.BERKAS, headers={"x-moz": "prefetch"}), LeftOut.PREFETCH),
    # Chrome, Firefox and Safari: a click, a link in a mail, an address typed.
    (Asked(What.BERKAS, headers=fetched("document", "navigate", "same-origin")), Channel.PERAMBAN),
    (Asked(What.HALAMAN, headers=fetched("document", "navigate", "none")), Channel.PERAMBAN),
    # What our own pages fetch to show it.
    (Asked(What.BERKAS, headers=fetched("image", "no-cors", "same-origin")), LeftOut.PIECE),
    (Asked(What.BERKAS, headers=fetched("empty", "cors", "same-origin")), LeftOut.PIECE),
    (Asked(What.TABEL, headers=fetched("empty", "cors", "same-origin")), LeftOut.PIECE),
    (Asked(What.BERKAS, headers=fetched("iframe", "navigate", "same-origin")), LeftOut.PIECE),
    # Somebody else's application that draws a chart of it.
    (Asked(What.BERKAS, headers=fetched("empty", "cors", "cross-site")), Channel.PROGRAM),
    (Asked(What.TABEL, headers=fetched("empty", "cors", "cross-site")), Channel.API),
    (Asked(What.HALAMAN, headers=fetched("empty", "cors", "cross-site")), LeftOut.PIECE),
])
def test_how_it_was_asked_for_and_answered(asked: Asked, said: Channel | LeftOut) -> None:
    person = Asked(asked.what, asked.method, asked.status, CHROME, asked.headers,
                   asked.content_range)
    assert judge(person) is said


def test_a_key_is_read_as_it_was_written_and_nothing_else_is_one() -> None:
    key = Key(dt.date(2026, 11, 22), 'aneh","|id', "berkas", 3, Measure.UNDUHAN, Channel.API)
    assert Key.read(key.written()) == key
    for text in ("", "[]", "{}", "5", '["2026-11-22","a","b",1,"unduhan","lain"]',
                 '["2026-13-22","a","b",1,"unduhan","api"]', '[1,2,3,4,5,6]'):
        with pytest.raises(ValueError):
            Key.read(text)


def test_requests_of_rows_and_copies_of_catalogs_are_no_downloads() -> None:
    found = Sum()
    for measure, channel, count in (
            (Measure.DILIHAT, Channel.PERAMBAN, 7), (Measure.UNDUHAN, Channel.PERAMBAN, 3),
            (Measure.UNDUHAN, Channel.PROGRAM, 2), (Measure.UNDUHAN, Channel.API, 100),
            (Measure.UNDUHAN, Channel.PANEN, 50)):
        found.add(measure, channel, count)
    assert found.as_dict() == {"views": 7, "downloads": 5, "queries": 100, "harvests": 50}


def test_months_go_back_over_the_turn_of_a_year() -> None:
    assert last_months(dt.date(2026, 2, 28), 4) == [
        dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
