// Any bytes as a question, as an answer and as a job's snapshot: no crash, and what is understood is what would be said.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <leat/inspect/question.hpp>
#include <leat/inspect/snapshot_json.hpp>

using namespace leat;

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  if (auto question = inspect::parse_question(text)) {
    std::string line = inspect::question_line(*question);
    auto again = inspect::parse_question(line);
    require(again && inspect::question_line(*again) == line, "a question that is said otherwise");
  }
  if (auto answer = inspect::checked_answer(text)) require(*answer == text, "an answer that is given otherwise");
  if (auto snapshot = inspect::parse_snapshot(text)) {
    std::string json = inspect::snapshot_json(*snapshot);
    auto again = inspect::parse_snapshot(json);
    require(again && inspect::snapshot_json(*again) == json, "a snapshot that is said otherwise");
  }
  return 0;
}
