#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"
#include "nodes/commands.hpp"

using namespace leat;
using nodes::sniff_command;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(sniff)

BOOST_AUTO_TEST_CASE(what_is_taken_of_a_file_is_shown_with_its_reasons) {
  tests::Folder folder;
  tests::write_text(folder / "a.csv", "# made by hand\r\nid;price\r\n007;1,5\r\n008;2,5\r\n");
  auto answer = sniff_command({folder / "a.csv", "--decimal", ","});
  BOOST_TEST(answer.status == 0);
  BOOST_TEST(answer.errors == "");
  for (const char* line : {"passed over  1 line before", "delimiter    ;   (", "header       yes   (", "line end     CRLF",
                           "decimal      ,", "columns      2", "text  id", "f64   price"}) {
    BOOST_TEST(has(answer.out, line), line << " in " << answer.out);
  }
  answer = sniff_command({folder / "a.csv", "--types=price=text", "--header", "true", "--delimiter=;"});
  BOOST_TEST(has(answer.out, "delimiter    ;   (as told)"), answer.out);
  BOOST_TEST(has(answer.out, "text  price"), answer.out);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sniffed_is_one_sentence) {
  tests::Folder folder;
  tests::write_text(folder / "tie.csv", "a,b;c\nd,e;f\n");
  auto said = [](std::vector<std::string> words) {
    auto answer = sniff_command(words);
    BOOST_TEST(answer.status == 2);
    BOOST_TEST(answer.out == "");
    return answer.errors;
  };
  BOOST_TEST(has(said({}), "sniff needs a file"));
  BOOST_TEST(has(said({"a", "b"}), "takes one file"));
  BOOST_TEST(has(said({folder / "none.csv"}), "none.csv"));
  BOOST_TEST(has(said({folder / "tie.csv"}), "option delimiter"));
  BOOST_TEST(has(said({folder / "tie.csv", "--delimiter"}), "needs a value"));
  BOOST_TEST(has(said({folder / "tie.csv", "--delimiter", "ab"}), "one ASCII character"));
  BOOST_TEST(has(said({folder / "tie.csv", "--delimiter", ";", "--types", "x=f64"}), "column x"));
}

BOOST_AUTO_TEST_SUITE_END()
