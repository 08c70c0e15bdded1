#include <leat/chunk/result.hpp>

namespace leat {
namespace {

void fill(std::string& mine, const std::string& more) {
  if (mine.empty()) mine = more;
}

}  // namespace

Error::Error(const Error& other)
    : kind(other.kind),
      thrown(other.thrown),
      sentence(other.sentence),
      subject_(other.subject_ ? std::make_unique<Subject>(*other.subject_) : nullptr) {}

Error Error::in(std::string_view place) const {
  Error said = *this;
  said.sentence = std::string(place).append(": ").append(sentence);
  return said;
}

Error Error::and_then(std::string_view more) const {
  Error said = *this;
  said.sentence.append(more);
  return said;
}

const Subject& Error::subject() const {
  static const Subject kNone;
  return subject_ ? *subject_ : kNone;
}

Error Error::about(const Subject& more) const {
  auto known = std::make_unique<Subject>(subject());
  fill(known->graph, more.graph);
  fill(known->stage, more.stage);
  fill(known->option, more.option);
  // A place is one thing.
  if (known->file.empty()) {
    known->file = more.file;
    known->line = more.line;
    known->column = more.column;
  }
  Error said = *this;
  said.subject_ = std::move(known);
  return said;
}

}  // namespace leat
