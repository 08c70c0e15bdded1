#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <leat/actors/csv/record.hpp>
#include <leat/actors/csv/scan.hpp>

using namespace leat::csv;

namespace {

// One byte after the other.
Scan scanned_simply(const std::string& text, char delimiter) {
  Scan out;
  std::uint64_t lines = 0;
  bool cell_start = true, blank = true, quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\0') out.nul = true;
    if (c == '\r' || (c == '\n' && (i == 0 || text[i - 1] != '\r'))) ++lines;
    if (quoted) {
      if (c != '"') continue;
      if (i + 1 < text.size() && text[i + 1] == '"') {
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '\n' || c == '\r') {
      if (!blank) ++out.rows;
      blank = cell_start = true;
      out.end = i + 1;
      out.lines = lines;
    } else {
      if (c == '"' && cell_start) quoted = true;
      blank = false;
      cell_start = c == delimiter;
    }
  }
  out.quoted = quoted;
  return out;
}

std::string characters(const std::string& from, std::size_t most) {
  return *rc::gen::resize(static_cast<int>(most),
                          rc::gen::container<std::string>(rc::gen::elementOf(from)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_scan)

BOOST_AUTO_TEST_CASE(a_scan_finds_what_a_simple_loop_finds) {
  BOOST_TEST(rc::check("scan", [] {
    auto from =
        *rc::gen::element<std::string>("a,\n", "a,\n\r\"", "aaaa,,\n\"\"",
                                       "aaaaaaaaaaaaaaaaaaaaaaa,\n\r\"", std::string("a,\n\0", 4));
    std::string text;
    // Long stretches without quotes in between, for the short way through.
    for (int i = 0; i < 4; ++i)
      text += characters(from, 200) + characters("a,\n", 200);
    Scan got = scan(text, ',');
    Scan wanted = scanned_simply(text, ',');
    RC_ASSERT(got.end == wanted.end);
    RC_ASSERT(got.rows == wanted.rows);
    RC_ASSERT(got.lines == wanted.lines);
    RC_ASSERT(got.nul == wanted.nul);
    RC_ASSERT(got.quoted == wanted.quoted);
  }));
}

// Words are of 64 bytes; those without quotes are read in another way.
BOOST_AUTO_TEST_CASE(a_quote_closes_at_any_byte_of_a_word_and_another_comes_after_plain_words) {
  for (std::size_t closes = 56; closes <= 72; ++closes) {
    for (std::size_t between : {0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 192}) {
      for (const char* after : {"\"c\n,d\nxx", "\",c\n\"d\ne\"\nxx", "\"\"\nc\n"}) {
        std::string text = "\"" + std::string(closes - 1, 'a') + "\"" + std::string(between, 'b') + after;
        Scan got = scan(text, ',');
        Scan wanted = scanned_simply(text, ',');
        bool same = got.end == wanted.end && got.rows == wanted.rows && got.lines == wanted.lines &&
                    got.quoted == wanted.quoted;
        BOOST_TEST(same, "closes at " << closes << ", then " << between << " letters and " << after);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(skipping_cells_stops_at_what_needs_a_closer_look) {
  BOOST_TEST(rc::check("skip", [] {
    auto text = characters("aaaaaaaaaaaa,,,,\"\n", 300) + "\n";
    auto count = *rc::gen::inRange<std::size_t>(1, 20);
    std::size_t at = 0, left = count;
    while (left && text[at] != '\n' && text[at] != '"')
      left -= text[at++] == ',';
    const char* got = skip_cells(text.data(), text.data() + text.size(), count, ',');
    RC_ASSERT(got == (left ? nullptr : text.data() + at));
  }));
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_record_is_skipped_where_its_cells_are_plain) {
  BOOST_TEST(rc::check("skip_rest", [] {
    auto from = *rc::gen::element<std::string>("aaaaaaaaaaaa,", "aaaaaaaaa,\n\r\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaa,\n");
    std::string text = characters(from, 300) + std::string(128, 'b');
    std::size_t stop = text.find_first_of("\n\r\"");
    auto cells = static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(stop, text.size())), ','));
    std::size_t count = *rc::gen::element(cells, cells + 1, cells > 0 ? cells - 1 : std::size_t{0});
    const char* got = skip_rest(text.data(), text.data() + text.size(), count, ',');
    bool plain = stop != std::string::npos && text[stop] != '"' && cells == count;
    RC_ASSERT(got == (plain ? text.data() + stop : nullptr));
  }));
}

BOOST_AUTO_TEST_CASE(a_short_text_ends_where_its_cell_does) {
  BOOST_TEST(rc::check("short text", [] {
    auto from = *rc::gen::element<std::string>("aaaaaa,\n", "abc\"\r,", "a\xc3\xa4,b\n\x8d\x2d\x2b\x0b\x0e");
    std::string text = characters(from, 24) + std::string(64, 'b');
    const char* end = text.data() + text.size();
    const char* got = end_of_short_text(text.data(), end, ',');
    const char* want = end_of_plain_cell(text.data(), end, ',');
    std::string_view cell(text.data(), static_cast<std::size_t>(want - text.data()));
    bool ascii = std::all_of(cell.begin(), cell.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    RC_ASSERT(got == (cell.size() < 16 && ascii && text[0] != '"' ? want : nullptr));
    RC_ASSERT(end_of_short_text(text.data(), text.data() + 31, ',') == nullptr);
  }));
}

BOOST_AUTO_TEST_SUITE_END()
