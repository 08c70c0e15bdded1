// The steps of tables as TOML: what they are told, and what is said of what is wrong, with its place.
#include <leat/actors/csv/blocks.hpp>

#include "support/folder.hpp"
#include "nodes/graphs.hpp"

using namespace leat;
using namespace leat::nodes;

namespace {

// A stage between parse and write, its kind on line 14.
std::string with(const std::string& kind, const std::string& options) {
  std::string text = changed("name = \"write\"", "name = \"step\"\nkind = \"" + kind + "\"\nfrom = \"parse\"\n" +
                                                     options + "\n[[stage]]\nname = \"write\"");
  std::size_t at = text.rfind("from = \"parse\"");
  return text.replace(at, 14, "from = \"step\"");
}

std::string probed(const std::string& text) {
  leat::tests::Folder folder;
  leat::tests::write_text(folder / "in.csv", "delay,carrier,line\n1,AA,to be\n2,UA,or not\n");
  std::string all;
  for (const Complaint& complaint : examine_probed(text, {{"data", folder / "in.csv"}}))
    all += located("g", complaint) + "\n";
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_steps)

BOOST_AUTO_TEST_CASE(each_can_be_written) {
  BOOST_TEST(probed(with("compute", "columns = [\"late = delay > 15\", \"name = upper(carrier)\"]")) == "");
  BOOST_TEST(probed(with("where", "condition = \"delay > 1 and carrier == 'AA'\"")) == "");
  BOOST_TEST(probed(with("rename", "columns = [\"delay as `the delay`\"]")) == "");
  BOOST_TEST(probed(with("cast", "types = { delay = \"f32\" }\nmisfits = \"null\"")) == "");
  BOOST_TEST(probed(with("fill", "columns = [\"delay = 0\"]")) == "");
  BOOST_TEST(probed(with("limit", "rows = 10")) == "");
  BOOST_TEST(probed(with("sample", "share = 0.5\nseed = 3")) == "");
  BOOST_TEST(probed(with("explode", "column = \"line\"")) == "");
  BOOST_TEST(probed(with("explode", "column = \"line\"\ndelimiter = \";\"")) == "");
  std::string both = with("union", "");
  BOOST_TEST(probed(both.replace(both.find("from = \"parse\"\n"), 15, "from = [\"parse\", \"parse\"]\n")) == "");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_expression_is_found_without_the_data) {
  says(with("compute", "columns = [\"late = delay > \"]"),
       {"16:11: stage step: columns: \"late = delay > \", at character 16: there is nothing where a value must be"});
  says(with("where", "condition = \"dealy = 1\""),
       {"16:13: stage step: condition: \"dealy = 1\", at character 7: write == to compare"});
  says(with("rename", "columns = [\"a = b\"]"),
       {"16:11: stage step: columns: \"a = b\", at character 3: write OLD as NEW"});
  says(with("limit", "rows = 0"), {"16:8: stage step: rows: 0 must be at least 1"});
}

BOOST_AUTO_TEST_CASE(what_depends_on_a_parameter_without_a_value_is_not_judged) {
  std::string text = with("compute", "columns = [\"late = delay > ${least}\"]");
  text.insert(text.find("[[stage]]"), "least = { type = \"real\", sentence = \"what is late\" }\n");
  says(text, {});
  BOOST_TEST(said(text, {{"least", "15"}}).empty());
}

BOOST_AUTO_TEST_CASE(columns_are_held_against_the_file) {
  std::string wrong = probed(with("where", "condition = \"dealy > 1\""));
  BOOST_TEST(wrong.find("where wants column dealy, which is not there, did you mean delay") != wrong.npos, wrong);
  wrong = probed(with("fill", "columns = [\"delay = 'none'\"]"));
  BOOST_TEST(wrong.find("fills a column that is i64") != wrong.npos, wrong);
}

BOOST_AUTO_TEST_SUITE_END()
