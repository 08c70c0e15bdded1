#include <leat/actors/input/block_tables.hpp>

#include <leat/actor/saturating.hpp>

#include <charconv>

namespace leat {
namespace {

// Keeps what is emitted; all else is the outer one's.
class Caught final : public Outbox {
 public:
  explicit Caught(Outbox& out) : out_(out) {}
  void emit(Chunk emitted) override { chunk = std::move(emitted); }
  Pool& pool() override { return out_.pool(); }
  StateBudget& budget() override { return out_.budget(); }
  void count(std::string_view name, std::uint64_t number) override { out_.count(name, number); }
  void report(std::string_view name, std::string value) override { out_.report(name, std::move(value)); }
  void sample(std::string_view name, double x, double y) override { out_.sample(name, x, y); }
  void progress(std::uint64_t done, std::uint64_t of) override { out_.progress(done, of); }
  void enough() override { out_.enough(); }
  std::shared_ptr<const Cutoff> cutoff() const override { return out_.cutoff(); }
  Wake waker() override { return out_.waker(); }
  void call_at(std::chrono::steady_clock::time_point when) override { out_.call_at(when); }

  Chunk chunk;

 private:
  Outbox& out_;
};

}  // namespace

Result<Step> BlockTables::pull(Outbox& out) {
  if (!block_) {
    from_ = blocks_.position();
    Caught caught(out);
    auto step = blocks_.pull(caught, cut_);
    if (!step || !caught.chunk) return step;
    block_ = std::move(caught.chunk);
    after_ = *step;
  }
  auto made = make(block_, at_, out);
  if (!made || *made == Step::more) return made;
  block_ = Chunk();
  at_ = 0;
  return after_;
}

Result<std::optional<SourcePosition>> BlockTables::position() const {
  auto position = block_ ? from_ : blocks_.position();
  if (position) position->at += " " + std::to_string(at_);
  return position;
}

Result<void> BlockTables::seek(const SourcePosition& to) {
  std::size_t space = std::min(to.at.rfind(' '), to.at.size());
  SourcePosition block{to.identity, to.at.substr(0, space)};
  std::string last = to.at.substr(space);
  std::uint64_t at = 0;
  if (last.empty() || std::from_chars(last.data() + 1, last.data() + last.size(), at).ec != std::errc()) {
    return invalid(blocks_.paths() + ": \"" + to.at + "\" is no position in it: begin again");
  }
  if (auto sought = blocks_.seek(block); !sought) return sought;
  block_ = Chunk();
  at_ = at;
  return {};
}

std::uint64_t BlockTables::state() const { return plus(blocks_.state(), blocks_.max_chunk()); }

}  // namespace leat
